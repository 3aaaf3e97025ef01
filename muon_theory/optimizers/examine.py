"""`conform_step`: the laws tried on small cases, and what breaks them shrunk to something that can be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from math import prod
from pathlib import Path
from typing import Any

import torch
from hypothesis import strategies as st

from muon_theory.conformance.arrays import Torch
from muon_theory.conformance.generate import smallest
from muon_theory.conformance.law import Broken, chosen, shown
from muon_theory.conformance.tally import LawResult, Tally
from muon_theory.conformance.xfails import known_failures
from muon_theory.errors import UsageError
from muon_theory.evidence import Standing
from muon_theory.optimizers.case import Case
from muon_theory.optimizers.contract import Contract, Reading
from muon_theory.optimizers.iteration import PLAIN_GRADIENT, fit
from muon_theory.optimizers.laws import LAWS, Law
from muon_theory.optimizers.layers import BY_NAME, LAYERS
from muon_theory.optimizers.processes import BY_TORCH
from muon_theory.optimizers.recover import Recovered, recover
from muon_theory.optimizers.result import StepConformance
from muon_theory.optimizers.sharded import examine_sharded
from muon_theory.optimizers.specimen import Specimen, StepError
from muon_theory.optimizers.subject import Subject
from muon_theory.schedule import Schedule

EXPONENTS = (1, -1, 3, -3, 8, -8, 14, -14, 15, 16, 20, 30, 45, 56)
"""Gradients of about 1 have room for 2^-14 above any eps; the square of a norm of 2^6 times 2^56 is within fp32."""
PROBE = Case((4, 4), ((3, 1, 0, 0, -1, 2, 0, 0, 0, 1, 5, 0, 0, 0, 2, 4),))
SMALL = Case((2, 2), ((1, 0, 0, 2),))
WITNESSES = ("state", "update", "scale rule", "decay")
"""Laws that show on one input that a declaration is not kept."""
RUNS = 4
"""Of the same step, to see whether they agree; and how often their largest distance is allowed where they do not."""
MODEL = "the first steps of the small model"


def conform_step(
    optimizer: str | Callable[..., object],
    schedule: Schedule | str | None = None,
    *,
    contract: Contract | Mapping[str, object] | None = None,
    arguments: Mapping[str, object] | None = None,
    laws: Sequence[str] | None = None,
    examples: int = 25,
    seed: int = 0,
    compiled: bool = False,
    sharded: Sequence[int] = (),
    splits: Sequence[str] = BY_TORCH,
    xfails: str | Path | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> StepConformance:
    """Whole steps of an optimizer against the laws that a step obeys.

    `muon_theory.conform_step` says what the arguments mean.  `schedule` is the contract's `coefficients`; what is not
    said is found out, and where steps contradict what is said, the law `contract` says so.  The search is
    deterministic in the seed.

    Raises UsageError: the optimizer cannot be found, made or stepped; a name is unknown.

    >>> found = conform_step("torch.optim:Muon", laws=["zero"], examples=2)
    >>> found.verdict, str(found.recovered.contract.scale)
    (<Standing.CONFIRMED: 'confirmed'>, '√max(1, m/n)')
    """
    if isinstance(schedule, str):
        schedule = Schedule.parse(schedule)
    said = contract if isinstance(contract, Contract) else Contract.of(contract or {})
    if schedule is not None:
        said = replace(said, coefficients=schedule, steps=len(schedule.steps))
    specimen = (
        Specimen.named(optimizer, arguments) if isinstance(optimizer, str) else Specimen.of(optimizer, "", arguments)
    )
    every = chosen(LAWS, laws)
    with Torch().calm():
        found = recover(specimen, said)
        agreed, differences = _agreed(said, found)
        subject = _subject(specimen, agreed, compiled)
        if subject.noise:
            remark = (
                f"two runs of one step differ, by up to {subject.noise / RUNS:.2g} of it: {RUNS} times that is allowed"
            )
            found = replace(found, remarks=(*found.remarks, remark))
        results = [_shown(differences, subject, examples, seed), _orthogonal(subject)]
        for n, law in enumerate(every):
            if progress:
                progress(n, len(every), law.name)
            results.append(examine(subject, law, examples, seed))
        if sharded:
            if not isinstance(optimizer, str):
                raise UsageError("sharded steps import the optimizer in every process: name it as module:Class")
            results += examine_sharded(
                optimizer, arguments, found=agreed, processes=sharded, splits=splits, progress=progress
            )
    known = known_failures(xfails, specimen.name, [*(law.name for law in LAWS), *(r.law for r in results)])
    marked = tuple(replace(r, expected=known.get(r.law, "")) for r in results)
    return StepConformance(specimen.name, found, said.to_json(), marked, seed)


def _agreed(said: Contract, found: Recovered) -> tuple[Recovered, LawResult]:
    """What the laws compare with: the declaration, completed by what was found; and the law `contract`."""
    contract, iteration, off = found.contract, found.iteration, []
    own, seen = said.to_json(), found.contract.to_json()
    seen.setdefault("blocks", {})
    if said.coefficients is not None and found.misses:
        off.append(
            f"coefficients are not those of {said.coefficients.name}, whose φ the update misses by {found.misses:.2g}, "
            "more than by rounding"
        )
    for name, value in own.items():
        if name in seen and not _equal(value, seen[name]):
            off.append(_differs(name, value, seen[name], said, found.contract))
        contract = replace(contract, **{name: getattr(said, name)})
    if iteration is not None:
        schedule, arithmetic = said.coefficients or iteration.schedule, said.computes or iteration.arithmetic
        if said.steps and schedule.constant:
            schedule = schedule.repeated(said.steps)
        iteration = replace(iteration, schedule=schedule, arithmetic=arithmetic)
    law, statement = "contract", "steps do what the contract says"
    if not own:
        verdict = LawResult(law, statement, "skipped", reason="nothing is declared: what was found out is the contract")
    elif off:
        verdict = LawResult(law, statement, "contradicted", 1, counterexample=MODEL, seen="; ".join(off))
    else:
        verdict = LawResult(law, statement, "confirmed", 1)
    return replace(found, contract=contract, iteration=iteration), verdict


def _shown(difference: LawResult, subject: Subject, examples: int, seed: int) -> LawResult:
    """With one small input on which the step is not what is declared, where a law finds one."""
    if difference.verdict != "contradicted":
        return difference
    for law in chosen(LAWS, WITNESSES):
        found = examine(subject, law, examples, seed)
        if found.verdict == "contradicted":
            seen = f"{difference.seen}: {found.seen}"
            return replace(difference, counterexample=found.counterexample, seen=seen)
    return difference


def _orthogonal(subject: Subject) -> LawResult:
    """The law that something is orthogonalised at all."""
    found = subject.found
    law = LawResult("orthogonal", "the update is φ of the momentum for a known φ", "confirmed", 1)
    if found.iteration is not None:
        return law
    why = "; ".join(found.remarks)
    if PLAIN_GRADIENT not in found.remarks:
        return replace(law, verdict="undecided", examples=0, reason=why)
    D, G = subject.moves(SMALL)[0], SMALL.gradient(0).double()
    if fit(D, G).misfit > 1e-3:
        return replace(law, verdict="contradicted", counterexample=MODEL, seen=why)
    return replace(law, verdict="contradicted", counterexample=str(SMALL), seen=f"P moves by {shown(D)}: {why}")


def _equal(said: object, seen: object) -> bool:
    if isinstance(said, float) and isinstance(seen, float):
        return abs(said - seen) < 0.02
    if isinstance(said, list) and isinstance(seen, list) and len(said) != len(seen):  # then `steps` says it
        return all(row == said[0] for row in (*said, *seen))
    return bool(said == seen)


def _differs(name: str, value: object, seen: object, said: Contract, found: Contract) -> str:
    """What is, and what is declared."""
    if name == "coefficients" and said.coefficients and found.coefficients:
        return f"coefficients are those of {found.coefficients.name}, and {said.coefficients.name} is declared"
    return f"{name} {'are' if name == 'steps' else 'is'} {_word(seen)}, and {_word(value)} is declared"


def _word(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name} {list(sizes)}" for name, sizes in value.items()) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _subject(specimen: Specimen, found: Recovered, compiled: bool) -> Subject:
    plain = Subject(specimen, found)
    one = PROBE
    optimizer = specimen.build([torch.nn.Parameter(torch.zeros(4, 4))])
    saves = all(callable(getattr(optimizer, name, None)) for name in ("state_dict", "load_state_dict"))
    dtypes = []
    for dtype in ("fp32", "bf16"):
        try:
            plain.run(replace(one, dtype=dtype))
        except StepError:
            continue
        dtypes.append(dtype)
    keeps = bool(plain.run(one).state["P"])
    first, *others = (plain.moves(one)[0] for _ in range(RUNS))
    noise = RUNS * max(float((D - first).norm()) for D in others) / max(float(first.norm()), 1e-300)
    return replace(
        plain,
        keeps=keeps,
        saves=saves,
        noise=noise,
        dtypes=tuple(dtypes) or ("fp32",),
        compiling="" if compiled else "ask for it with --compiled",
    )


# The search ----------------------------------------------------------------------------------------------------------


@st.composite
def cases(draw: st.DrawFn, law: Law, subject: Subject, layer: str = "") -> Case:
    """Inputs of the law: small integers, few steps; a parameter of that layer, or a small matrix."""
    side = st.integers(subject.found.least, subject.found.least + 3)
    shape: tuple[int, ...] = BY_NAME[layer].shape if layer else (draw(side), draw(side))
    size = prod(shape)
    entries = st.integers(-9, 9)
    numbers = st.lists(entries, min_size=size, max_size=size).filter(any).map(tuple)
    count = draw(st.integers(1, 3)) if "steps" in law.draws else 1
    gradients = tuple(draw(numbers) for _ in range(count))
    start = draw(numbers) if "start" in law.draws else ()
    exponent = draw(st.sampled_from(EXPONENTS)) if "exponent" in law.draws else 0
    dtype = draw(st.sampled_from(subject.dtypes)) if "dtype" in law.draws else "fp32"
    split = draw(st.integers(2, 4)) if "split" in law.draws else 1
    return Case(shape, gradients, start, exponent, dtype, layer, "decay" in law.draws, split)


def _kinds(law: Law, subject: Subject) -> list[str]:
    """Small matrices, and where it matters each layer of the small model that can be stepped."""
    if "layers" not in law.draws:
        return [""]
    return ["", *(x.name for x in LAYERS if subject.found.readings.get(x.name) is not Reading.REFUSED)]


def examine(subject: Subject, law: Law, examples: int, seed: int) -> LawResult:
    """Try the law; where a case breaks it, the smallest that does is the counterexample."""
    if reason := law.reason(subject):
        return LawResult(law.name, law.statement, "skipped", reason=reason)
    tally = Tally[Case](law.name, law.statement, lambda case: _checked(law, subject, case), StepError)
    if "fixed" in law.draws:
        one = SMALL if subject.found.least <= 2 else PROBE
        worst = one if tally.breaks(one) else None
    else:
        kinds = _kinds(law, subject)
        share = max(2, examples // len(kinds))
        tried = (smallest(cases(law, subject, k), tally.breaks, share, f"{seed} {law.name} {k}") for k in kinds)
        worst = next((case for case in tried if case is not None), None)
    return tally.result(worst, lambda case: (len(str(case)),))


def _checked(law: Law, subject: Subject, case: Case) -> None:
    """The law's check; where steps differ by chance one run may be far off, but not all of them."""
    for _ in range(RUNS - 1 if subject.noise and "fixed" not in law.draws else 0):
        with suppress(Broken, StepError):
            return law.check(subject, case)
    return law.check(subject, case)


def assert_conforms_step(optimizer: str | Callable[..., Any], **options: Any) -> StepConformance:
    """Fail unless no law is contradicted; the message has the counterexamples.  Arguments as `conform_step` takes."""
    __tracebackhide__ = True
    found = conform_step(optimizer, **options)
    if found.verdict is Standing.CONTRADICTED:
        broken = (r for r in found.laws if r.severity == "defect")
        raise AssertionError("\n".join(f"{r.law}: {r.counterexample}: {r.seen}" for r in broken))
    return found
