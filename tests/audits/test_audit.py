"""Audits: published lists pass or fail as known, slips of the pen are found, findings carry witnesses that hold."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import muon_theory.audits as package
from muon_theory import catalogue
from muon_theory.audits import (
    RULES,
    Audit,
    Certifier,
    Finding,
    Gate,
    Limits,
    Overrides,
    Severity,
    audit_all,
    audit_each,
    format_of,
    margin,
    of_found,
    with_proofs,
)
from muon_theory.audits.near import Slip, near_miss
from muon_theory.audits.orbit import first_unsafe, orbit
from muon_theory.audits.published import known_rows
from muon_theory.errors import UndecidedError
from muon_theory.interval import Interval
from muon_theory.normalisation import Normalisation
from muon_theory.number import Reading
from muon_theory.polynomial import OddPolynomial
from muon_theory.schedule import Schedule
from muon_theory.sources import read
from muon_theory.verification import Verdict

CAP = Fraction(3, 2)
EVERYTHING = audit_all(certify=None)
SETS = {e.id: e for e in catalogue.entries()}


def audit(
    subject: Schedule | catalogue.Entry | str,
    certify: Certifier | None = None,
    dtype: str | None = None,
    cap: Fraction = CAP,
    select: tuple[str, ...] = (),
) -> Audit:
    """Without proofs unless asked for: most rules need none, and are tested faster so."""
    return package.audit(subject, Limits(cap=cap), certify, Gate(select), Overrides(dtype=dtype))


def rules(result: Audit) -> dict[str, Finding]:
    return {f.rule: f for f in result.findings}


def rows(name: str) -> Schedule:
    """The published rows of an entry as a user would type them: no name, no entry."""
    return Schedule(SETS[name].published(), "typed")


IMAGE, SAFE = Interval.of("0.5", "1.2"), Interval.of("1.1", "1.2")


@dataclass(frozen=True)
class Certificate:
    """What a certifier would say, made up."""

    verdict: Verdict = Verdict.PROVED
    image: Interval | None = IMAGE
    safe_sigma_max: Interval | None = SAFE


# near misses ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "entry", "slip", "severity"),
    [
        ("3.4445,-4.7750,2.3015", "jordan", Slip.TRANSPOSED, Severity.WARNING),
        ("3.4445,4.7750,2.0315", "jordan", Slip.SIGN, Severity.ERROR),
        ("3.4445,-4.7750,-2.0315", "jordan", Slip.SIGN, Severity.ERROR),
        ("3.4455,-4.7750,2.0315", "jordan", Slip.DIGIT, Severity.WARNING),
        ("3.445,-4.7750,2.0315", "jordan", Slip.DROPPED, Severity.WARNING),
        ("34.445,-4.7750,2.0315", "jordan", Slip.POINT, Severity.WARNING),
        ("3.4445,2.0315,-4.7750", "jordan", Slip.PERMUTED, Severity.WARNING),
        ("3.4445,-4.7750", "jordan", Slip.MISSING, Severity.WARNING),
        ("3.25,3.51,1.26", "article", Slip.SIGN, Severity.ERROR),
        ("3955/1024,-8306/1024,5018/1024", "you6", Slip.DIGIT, Severity.WARNING),
        ("8.28721201814563,-23.595887519098837,17.300387312530933", "polar_express_raw", Slip.DIGIT, Severity.NOTE),
    ],
)
def test_slips_of_the_pen(text: str, entry: str, slip: Slip, severity: Severity) -> None:
    schedule = Schedule.parse(text)
    miss = near_miss(schedule.steps[0].coefficients)
    assert miss is not None
    assert miss.slip is slip
    assert SETS[entry].rows[miss.known.position] == miss.known.texts
    finding = rules(audit(schedule))["near-miss"]
    assert finding.severity is severity
    assert finding.fix == f"if {miss.known.entry} is meant, write {', '.join(miss.known.texts)}"


@given(st.data())
def test_any_changed_digit_of_any_row_is_found(data: st.DataObject) -> None:
    known = data.draw(st.sampled_from(known_rows()))
    i = data.draw(st.integers(0, len(known.texts) - 1))
    numerator, *denominator = known.texts[i].split("/")
    at = data.draw(st.sampled_from([k for k, c in enumerate(numerator) if c.isdigit()]))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != numerator[at]]))
    changed = "/".join([numerator[:at] + digit + numerator[at + 1 :], *denominator])
    texts = (*known.texts[:i], changed, *known.texts[i + 1 :])
    row = OddPolynomial.of(*texts).coefficients
    assume(row not in {k.row for k in known_rows()})
    miss = near_miss(row, known.position)
    assert miss is not None
    assert sum(p != q for p, q in zip(miss.row, miss.known.row, strict=False)) <= len(row)
    if miss.known == known and miss.slip is Slip.DIGIT:
        assert miss.matters == (miss.size > Fraction(1, 10**4))


@given(st.sampled_from(known_rows()))
def test_published_rows_are_no_near_misses(known: object) -> None:
    assert near_miss(known.row, known.position) is None  # type: ignore[attr-defined]


@given(st.tuples(*[st.integers(1, 96)] * 3))
def test_unrelated_rows_are_no_near_misses(parts: tuple[int, int, int]) -> None:
    row = tuple(Fraction(n, 97) for n in parts)
    assert near_miss(row) is None


def test_rounded_lists_are_one_note() -> None:
    rounded = [[str(round(Fraction(c), 6)) for c in row] for row in SETS["polar_express_raw"].rows[:5]]
    findings = [f for f in audit(Schedule.of(rounded)).findings if f.rule == "near-miss"]
    assert [f.severity for f in findings] == [Severity.NOTE]
    assert "5 of the rows agree with dao_polar_express_105" in findings[0].message


def test_rounded_coefficients_are_no_slips() -> None:
    assert "near-miss" not in rules(audit(catalogue.get("jordan", None, Reading.BFLOAT16)))


# witnesses -----------------------------------------------------------------------------------------------------------


@given(st.sampled_from(["jordan", "you5", "tinygrad_septic", "cubic5"]), st.fractions(0, 1, max_denominator=64))
def test_orbits_enclose_the_exact_values(name: str, x: Fraction) -> None:
    assume(x > 0)
    schedule = catalogue.get(name, 3 if SETS[name].length == 1 else None)
    value = x
    for f, seen in zip(schedule.steps[:3], orbit(schedule, x).values, strict=False):
        value = f(value)
        assert value in seen
        assert seen.width < Fraction(1, 10**30)


def test_safe_schedules_have_no_witness_and_unsafe_ones_have_true_ones() -> None:
    assert first_unsafe(catalogue.get("jordan"), Fraction(1), CAP) is None
    found = first_unsafe(catalogue.get("aol_v1"), Fraction(1), CAP)
    assert found is not None
    assert found.flips
    assert catalogue.get("aol_v1").steps[0](found.start) < 0


def test_errors_of_the_catalogue() -> None:
    """Of the published lists, those that flip or leave the cap on the inputs their normalisation admits."""
    wrong = {a.name: {f.rule for f in a.findings if f.severity is Severity.ERROR} for a in EVERYTHING}
    assert {name: found for name, found in wrong.items() if found} == {
        "aol_v1": {"sign-unsafe"},
        "article_misprint": {"misprint", "near-miss", "above-cap"},
        **{f"su_10592_{shape}_T3": {"above-cap"} for shape in ("1024x1024", "2048x1024", "2048x2048")},
        **{f"su_10592_{shape}_T3": {"above-cap"} for shape in ("4096x4096", "8192x8192")},
    }


@pytest.mark.parametrize("name", ["polar_express_raw", "su_mclip_11059_polar", "nvidia_cans", "cubic5"])
def test_lists_without_room_for_bfloat16(name: str) -> None:
    finding = rules(audit(name))["no-margin"]
    assert finding.severity is Severity.WARNING
    assert finding.witness is not None
    assert finding.witness.startswith("x ≈ 1.00784")


@pytest.mark.parametrize("name", ["polar_express_101", "dao_polar_express_105", "modded_polar_express", "jordan"])
def test_lists_with_room(name: str) -> None:
    assert not {"no-margin", "sign-unsafe", "above-cap"} & set(rules(audit(name, dtype="bfloat16")))


def test_margin_and_formats() -> None:
    assert margin(format_of("bfloat16 / float32")) == Fraction(2, 255)
    assert margin(format_of("float32 (refuses bf16)")) == Fraction(2, 2**24 - 1)
    assert margin(format_of("any")) == 0
    for u in (Fraction(1, 256), Fraction(1, 2048)):
        assert (1 + u) / (1 - u) - 1 == 2 * u / (1 - u)


# the order and the number of rows ------------------------------------------------------------------------------------


def part(name: str, choose: slice) -> Schedule:
    return replace(rows(name), steps=rows(name).steps[choose])


@pytest.mark.parametrize(
    ("choose", "severity", "words"),
    [
        (slice(-3, None), Severity.WARNING, "the 3 rows are the 5 rows of you5 without the first 2"),
        (slice(0, 4), Severity.NOTE, "the 4 rows are the 5 rows of you5 without the last 1"),
        (slice(None, None, -1), Severity.ERROR, "in reverse order"),
    ],
)
def test_parts_of_a_list(choose: slice, severity: Severity, words: str) -> None:
    finding = rules(audit(part("you5", choose)))["truncated"]
    assert finding.severity is severity
    assert words in finding.message


def test_lost_and_shuffled_rows() -> None:
    steps = rows("you6").steps
    lost = rules(audit(Schedule((*steps[:2], *steps[3:]))))["truncated"]
    assert lost.fix == "put row 3 back"
    shuffled = rules(audit(Schedule((steps[1], steps[0], *steps[2:]))))["truncated"]
    assert shuffled.message.endswith("in another order")


@given(st.sampled_from([e for e in catalogue.entries() if e.length > 1]))
def test_whole_lists_are_not_truncated(entry: catalogue.Entry) -> None:
    for schedule in (rows(entry.id), entry.schedule(entry.length)):
        if not schedule.constant:
            assert "truncated" not in rules(audit(schedule))


def test_extension_of_users() -> None:
    messages = [f.message for f in audit("you5").findings if f.rule == "extension"]
    assert len(messages) == 1  # optax refuses fewer steps than rows, and runs no more than the rows
    assert "'cycle'" in messages[0]
    assert "NVIDIA" in messages[0]


# safety, readings, names ---------------------------------------------------------------------------------------------


def test_safety_twice_and_never() -> None:
    assert "the factor 1.01 is folded into the rows and 1.01 into the norm" in (
        rules(audit("polar_express_101"))["double-safety"].message
    )
    assert "double-safety" not in rules(audit("nvidia_polar_express"))
    missing = [f.message for f in audit(rows("dao_polar_express_105")).findings if f.rule == "safety-missing"]
    assert any("dao_polar_express_105 before its safety factor 1.05" in m for m in missing)
    assert "safety-missing" not in rules(audit("dao_polar_express_105"))


def test_reading_that_changes_the_verdict() -> None:
    finding = rules(audit("su_single"))["reading"]
    assert "rounded to bfloat16" in finding.message
    rounded = catalogue.get("su_single", None, Reading.BFLOAT16)
    assert first_unsafe(rounded, Fraction(1), CAP) is not None
    assert "reading" not in rules(audit("jordan"))


def test_reading_by_certificate() -> None:
    def certify(schedule: Schedule, lower: Fraction, upper: Fraction, cap: Fraction) -> Certificate:
        return Certificate(Verdict.PROVED if schedule.reading is Reading.DECIMAL else Verdict.UNDECIDED)

    assert rules(audit("jordan", certify=certify))["reading"].witness == "verdict undecided after rounding"


def test_duplicates_are_named() -> None:
    typed = Schedule.parse("3.4445,-4.7750,2.0315")
    assert rules(audit(typed, select=("duplicate",)))["duplicate"].fix == "use the preset jordan"
    assert "duplicate" not in rules(audit(typed))  # true, and seldom news


def test_a_name_alone_does_not_make_an_entry() -> None:
    assert "extension" in rules(audit(catalogue.get("you5")))
    assert "extension" not in rules(audit(replace(rows("you6"), name="you5")))


def test_small_singular_values() -> None:
    assert "0.0075936" in (rules(audit("bernstein-newhouse"))["small-singular-values"].witness or "")
    assert "small-singular-values" not in rules(audit("polar_express_101"))


# certified numbers ---------------------------------------------------------------------------------------------------


def certified(**values: object) -> dict[str, Finding]:
    return rules(audit("jordan", certify=lambda *_: Certificate(**values)))  # type: ignore[arg-type]


def test_the_certifier_gets_the_range_with_its_margin() -> None:
    seen: list[tuple[Fraction, Fraction]] = []

    def certify(schedule: Schedule, lower: Fraction, upper: Fraction, cap: Fraction) -> Certificate:
        seen.append((upper, cap))
        return Certificate()

    audit("jordan", certify=certify)
    audit("polar_express_101", dtype="float32", cap=Fraction(2), certify=certify)
    assert seen[0] == (1 + Fraction(2, 255), CAP)
    assert (Fraction(100, 101) * (1 + Fraction(2, 2**24 - 1)), Fraction(2)) in seen


def test_bracket_below_the_bound_is_an_error_of_the_normalisation() -> None:
    finding = certified(safe_sigma_max=Interval.of("0.8", "0.9"))["normalisation"]
    assert finding.severity is Severity.ERROR
    assert finding.fix == "divide by a norm 1.25 times larger"


def test_bracket_between_bound_and_margin() -> None:
    sure = certified(safe_sigma_max=Interval.of("1", "1.001"))["no-margin"]
    unsure = certified(safe_sigma_max=Interval.of("1", "1.5"))["no-margin"]
    assert (sure.severity, unsure.severity) == (Severity.WARNING, Severity.NOTE)
    assert "no-margin" not in certified(safe_sigma_max=Interval.of("1.1", "1.5"))


@pytest.mark.parametrize(
    ("verdict", "severity"), [(Verdict.REFUTED, Severity.ERROR), (Verdict.UNDECIDED, Severity.WARNING)]
)
def test_what_is_not_proved_is_said(verdict: Verdict, severity: Severity) -> None:
    assert certified(verdict=verdict)["not-proved"].severity is severity
    assert "not-proved" not in certified(verdict=Verdict.PROVED)


def test_unbounded_normalisation_is_noted() -> None:
    schedule = replace(catalogue.get("jordan"), normalisation=Normalisation.SPECTRAL_ESTIMATE)
    assert "guarantees no bound" in rules(audit(schedule))["normalisation"].message


@pytest.mark.parametrize(
    ("name", "verdict", "expected"),
    [
        ("jordan", Verdict.PROVED, set()),
        ("you6", Verdict.PROVED, set()),
        ("cubic5", Verdict.REFUTED, {"no-margin"}),
        ("aol_v1", Verdict.REFUTED, {"sign-unsafe", "normalisation"}),
    ],
)
def test_with_the_certifier_of_the_package(name: str, verdict: Verdict, expected: set[str]) -> None:
    result = package.audit(name)
    assert result.certified is not None
    assert result.certified.verdict is verdict
    assert {f.rule for f in result.findings if f.severity is not Severity.NOTE} == expected
    safe = result.certified.safe_sigma_max
    assert safe is not None
    schedule = catalogue.get(name)
    assert first_unsafe(schedule, safe.lo, CAP) is None
    assert orbit(schedule, safe.hi * (1 + Fraction(1, 1000))).unsafe(CAP)
    assert with_proofs(schedule, Fraction(1, 1000), Fraction(1, 2), CAP).verdict is Verdict.PROVED


def test_a_certifier_that_gives_up_is_reported() -> None:
    def certify(schedule: Schedule, lower: Fraction, upper: Fraction, cap: Fraction) -> Certificate:
        raise UndecidedError("more digits are needed")

    finding = rules(audit("jordan", certify=certify))["not-proved"]
    assert (finding.severity, finding.witness) == (Severity.WARNING, "more digits are needed")


# form ----------------------------------------------------------------------------------------------------------------


def test_the_machine_form() -> None:
    result = audit("article-misprint", certify=lambda *_: Certificate())
    data = json.loads(json.dumps(result.to_json()))
    assert data["name"] == "article_misprint"
    assert data["safe_sigma_max"] == "1.1"
    assert data["image"] == ["0.5", "1.2"]
    assert data["slope"] == str(float(Fraction("3.25") ** 5))[:13]
    assert set(data["findings"][0]) == {"rule", "severity", "message", "witness", "fix", "path", "line"}
    assert result.worst is Severity.ERROR


def test_related_entries_are_only_noted() -> None:
    result = audit("lipschitz_hard_cap")
    assert [f.rule for f in result.findings] == ["not-certifiable"]
    assert result.to_json()["slope"] is None


def test_every_rule_explains_itself_and_uses_its_own_name() -> None:
    for rule in RULES.values():
        assert rule.page.startswith(f"# {rule.id}: {rule.title}\n\n")
        assert rule.find.__doc__ is None or rule.find.__doc__.strip().endswith(".")
    seen = {f.rule for a in EVERYTHING for f in a.findings}
    assert seen <= set(RULES)
    assert all("\n" not in f.message for a in EVERYTHING for f in a.findings)


ROW = "3.2982187133085143, -2.424541981026706{}, 0.48632008358844075"


@pytest.mark.parametrize("last", ["", "2"])
def test_last_digits_that_were_computed_otherwise_are_no_forgotten_factor(last: str) -> None:
    subject = Schedule.parse(ROW.format(last).replace("0.48632008358844075", "0.486320083588440745"))
    findings = audit(subject, certify=None).findings
    assert not [f for f in findings if f.rule == "partial-safety"]
    said = [f.message for f in findings if f.rule == "near-miss"]
    assert len(said) == 1
    assert said[0].endswith("but for their last digits")


def test_rows_that_no_loop_runs_are_judged_by_the_norm_they_are_published_with() -> None:
    entry = catalogue.entry("aol_ga")
    rows = ", ".join("(" + ", ".join(row) + ")" for row in entry.rows)
    found = read("m.py", f"ns_consts = [{rows}]").found[0]
    assert of_found(found, Overrides()).assumed["normalisation"] == "aol, with which aol_ga is published"


def test_how_far_small_values_come_is_not_said_where_the_number_of_steps_is_not_known() -> None:
    found = read("m.py", "ns_coeffs = (3.4445, -4.7750, 2.0315)").found[0]
    assert not audit(of_found(found, Overrides()), certify=None).findings
    said = audit(of_found(found, Overrides(steps=5)), certify=None).findings
    assert [f.rule for f in said] == ["small-singular-values"]


def test_a_line_that_begins_with_a_place_is_never_broken() -> None:
    path = f"{'a_folder_with_a_long_name/' * 5}m.py"
    name = "orthogonalize_with_a_long_name"
    found = read(path, f"SETS = {{'{name}': [(3.4445, -4.7750, 2.0315)]}}  # ns_coeffs").found
    assert found
    text = audit_each([of_found(f, Overrides()) for f in found], certify=None).text(60)
    assert text.startswith(f"{path}:1: SETS[{name}]: 5 steps, safe")
    assert text.split("\n")[0].endswith("slope 484.8762871")
