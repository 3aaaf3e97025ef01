"""The table of docs/optimizers: whole steps of what is installed, `python -m tests.optimizers.packages [NAME…]`."""

from __future__ import annotations

import importlib
import sys
from importlib.metadata import PackageNotFoundError, version

from muon_theory.errors import UsageError
from muon_theory.optimizers import StepConformance, conform_step

EXAMPLES = 15
SUBJECTS: dict[str, tuple[str, str, dict[str, object]]] = {
    "torch": ("torch", "torch.optim:Muon", {}),
    "torch, no Nesterov": ("torch", "torch.optim:Muon", {"nesterov": False}),
    "muon-optimizer": ("muon-optimizer", "muon:SingleDeviceMuon", {}),
    "pytorch-optimizer": ("pytorch-optimizer", "pytorch_optimizer:Muon", {}),
    "pytorch-optimizer, AdaMuon": ("pytorch-optimizer", "pytorch_optimizer:AdaMuon", {}),
    "pytorch-optimizer, NorMuon": ("pytorch-optimizer", "pytorch_optimizer:NorMuon", {}),
    "timm": ("timm", "timm.optim.muon:Muon", {}),
    "timm, AdaMuon": ("timm", "timm.optim.muon:Muon", {"algo": "adamuon"}),
    "heavyball": ("heavyball", "heavyball:Muon", {}),
    "optax": ("optax", "optax.contrib:muon", {}),
}
HEADER = "| optimizer | version | found out | contradicted | notes and refusals |\n|---|---|---|---|---|"


def found_out(found: StepConformance) -> str:
    """What was recovered, in a cell."""
    data = found.to_json()["recovered"]
    parts = [data.get("momentum") or "momentum unknown"]
    parts += [f"β = {data['beta']:g}"] if data.get("beta") else []
    parts += ["Nesterov"] if data.get("nesterov") else []
    parts += [f"decay {data['decay']}"] if data.get("decay") else []
    parts += [data["scale"]] if data.get("scale") else []
    parts += [f"norm {data['norm']}"] if data.get("norm") else []
    parts += [f"convolutions as {how}" for how in [data["readings"].get("convolution")] if how in ("rows", "columns")]
    parts += [f"sides from {found.recovered.least}"] if found.recovered.least > 1 else []
    return ", ".join(parts) if data["iteration"] or data.get("norm") else "another method: " + ", ".join(parts)


def named(name: str) -> str:
    """The first cell."""
    _, optimizer, arguments = SUBJECTS[name]
    return f"`{optimizer}`" + "".join(f", {key}={value}" for key, value in arguments.items())


def row(name: str, examples: int = EXAMPLES) -> str:
    """The line of the table.  Raises UsageError or PackageNotFoundError."""
    package, optimizer, arguments = SUBJECTS[name]
    number = version(package).partition("+")[0]
    found = conform_step(optimizer, arguments=arguments, examples=examples)
    broken = [f"`{law.law}`: {law.counterexample}" for law in found.laws if law.verdict == "contradicted"]
    noted = [law.law for law in found.laws if law.verdict == "note"]
    refused = [layer for layer, how in found.to_json()["recovered"]["readings"].items() if how == "refused"]
    rest = [f"notes: {', '.join(noted)}"] if noted else []
    rest += [f"refuses {', '.join(refused)}"] if refused else []
    cells = (
        named(name),
        f"{package} {number}",
        found_out(found),
        "; ".join(broken) or "nothing",
        "; ".join(rest),
    )
    return "| " + " | ".join(cells) + " |"


def table(names: list[str]) -> str:
    """All lines that can be made here."""
    lines = [HEADER]
    for name in names:
        try:
            importlib.import_module(SUBJECTS[name][1].partition(":")[0])
            lines.append(row(name))
        except (ImportError, PackageNotFoundError, UsageError) as error:
            print(f"{name}: not run: {error}", file=sys.stderr)
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(sys.argv[1:] or list(SUBJECTS)))
