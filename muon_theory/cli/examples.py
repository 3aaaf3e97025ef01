"""Two examples for each verb, as they stand below its options; the tests run them."""

from __future__ import annotations

EXAMPLES: dict[str, tuple[str, str]] = {
    "presets": ("presets", "presets jordan"),
    "certify": (
        "certify jordan --lower 1/100 --out jordan.json",
        'certify --coefficients "3.4445,-4.7750,2.0315" --lower 0.01',
    ),
    "constants": ("constants jordan", "constants polar_express_101 --lower 1/100 --format json"),
    "check": ("check jordan.json", "check jordan.json --expect jordan"),
    "explain": ("explain jordan.json", "explain jordan.json --out proof.txt"),
    "thresholds": (
        "thresholds --family quintic --slope-at-one -49/50 --digits 20",
        "thresholds article --digits 12",
    ),
    "orbits": ("orbits jordan --x0 1/2", "orbits article --basin --digits 12"),
    "derive": ("derive", "derive a4"),
    "confirm": ("confirm jordan --shape 16,12 --dtype fp32", "confirm jordan --shape 16,12 --dtype bf16 --order gram"),
    "conform": (
        "conform muon.py:newton_schulz --law odd --examples 5",
        "conform muon.py:newton_schulz --law zero --examples 5",
    ),
    "conform-step": ("conform-step torch.optim:Muon", "conform-step torch.optim:Muon --format json"),
    "spectrum": (
        "spectrum momentum.pt --schedule jordan",
        "spectrum momentum.pt --schedule jordan --dtype bf16",
    ),
    "audit": ("audit jordan", "audit optimizer.py::COEFFS --format github"),
    "design": ("design --degree 5 --steps 5 --lower 1/1000", "design --degree 3 --steps 2 --lower 0.1 --decimals 4"),
    "recommend": ("recommend --budget 15", "recommend --budget 9 --lower 1/100"),
    "atlas": ("atlas list", "atlas quintic --depth 2 --out atlas"),
    "report": ("report jordan --out jordan-report", "report --out out --pdf"),
    "export": ("export jordan.json --to coq", "export jordan --to python"),
}


def epilogue(verb: str) -> str:
    """What stands below the options of a verb."""
    return "Examples:\n" + "\n".join(f"  muon-theory {line}" for line in EXAMPLES[verb]) if verb in EXAMPLES else ""
