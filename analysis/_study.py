"""How a study runs: it takes certificates of `muon_theory.article` by name, or makes its own (`d-…`); the checker
proves each, and the study asserts what they say.

python analysis/NAME.py            assert the claim
python analysis/NAME.py --write    and write its certificates to analysis/certificates
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from muon_theory import article
from muon_theory.article import kit, proof
from muon_theory.certificate import Certificate, load, write
from muon_theory.schedule import Schedule
from muon_theory.verification import verify

CERTIFICATES = Path(__file__).parent / "certificates"
RECORDS = Path(article.__file__).parent / "records"
"""Those that `muon_theory.article` reads, because their search takes long."""


def place(file: str) -> Path:
    """Where a certificate is committed."""
    return (RECORDS if file.removesuffix(".json") in kit.STORED else CERTIFICATES) / file


class Prove(Protocol):
    """The proved certificate of that name: of `muon_theory.article`, or the one that `make` makes."""

    def __call__(self, name: str, make: Callable[[], Certificate] | None = None) -> Certificate: ...


Study = Callable[[Prove], None]


def run(study: Study, anew: bool = True) -> dict[str, Certificate]:
    """The certificates that the study uses, by file name; AssertionError if one is refused or says something else.

    Unless `anew`, those that it makes itself are read from where they are committed.
    """
    used: dict[str, Certificate] = {}

    def prove(name: str, make: Callable[[], Certificate] | None = None) -> Certificate:
        if make is not None:
            assert name.startswith("d-"), f"{name}: a certificate that a study makes is called d-…"
            own = make() if anew else load(place(f"{name}.json"))[0]
            verification = verify(own)
            assert verification.proved, f"{name}: {verification.reason}"
            used[f"{name}.json"] = own
            return own
        made = proof(name)
        assert made.verification.proved, f"{name}: {made.verification.reason}"
        used[made.file] = made.certificate
        return made.certificate

    study(prove)
    return used


def coefficients(certificate: Certificate) -> list[str]:
    """The one map of a constant schedule, as texts."""
    assert isinstance(certificate.subject, Schedule)
    assert certificate.subject.constant
    return certificate.subject.rows()[0]


def main(study: Study) -> None:
    used = run(study)
    for file, certificate in used.items():
        print(f"proved  {file}: {certificate.statement}")
    if sys.argv[1:] == ["--write"]:
        for file, certificate in used.items():
            write(place(file), certificate.data)
        print(f"wrote {len(used)} certificates")
