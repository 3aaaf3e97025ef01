"""Studies of one's own: a claim as a sentence, asserted from certificates that the checker proved.

A study is a function; its certificates live in a folder beside it and are compared with those made today.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from muon_theory.certificate import AnyCertificate, Certificate, bundle, write
from muon_theory.display import Shown
from muon_theory.errors import UsageError
from muon_theory.verification import verify

Found = TypeVar("Found", bound=Shown | Certificate)  # type: ignore[type-arg]


class Prove(Protocol):
    """`prove(name, make)` makes a certificate, or a result that has some, has the checker prove it, and returns it."""

    def __call__(self, name: str, make: Callable[[], Found]) -> Found: ...


@dataclass(frozen=True, slots=True)
class Study:
    """A claim and the folder of its certificates; see `study`."""

    claim: str
    assertion: Callable[[Prove], object]
    certificates: Path

    def __call__(self) -> dict[str, bytes]:
        """Assert the claim.  Returns the certificate files by name.

        Raises
        ------
        AssertionError
            The checker refuses a certificate, or it does not say what the study asserts.
        """
        made: dict[str, bytes] = {}

        def prove(name: str, make: Callable[[], Found]) -> Found:
            if not re.fullmatch(r"[A-Za-z0-9][\w.-]*", name, re.ASCII) or f"{name}.json" in made:
                raise UsageError(f"{name!r}: give each certificate a name of its own, of letters, digits, - and .")
            found = make()
            proofs: Sequence[AnyCertificate] = (found,) if isinstance(found, Certificate) else found.certificates
            assert proofs, f"{name}: there is no certificate in what was made"
            data = bundle(proofs)
            seen = verify(data)
            assert seen.proved, f"{name}: the checker refuses it: {seen.reason}"
            made[f"{name}.json"] = data
            return found

        self.assertion(prove)
        return made

    def changed(self) -> tuple[str, ...]:
        """Certificate files of the folder that are missing, left over, or not what the study makes today."""
        made = self()
        kept = {p.name: p.read_bytes() for p in self.certificates.glob("*.json")} if self.certificates.is_dir() else {}
        return tuple(sorted(name for name in made.keys() | kept.keys() if made.get(name) != kept.get(name)))

    def main(self, arguments: Sequence[str] | None = None) -> int:
        """As a script: assert the claim; with `--write`, write its certificates.  Returns the exit status."""
        made = self()
        print(f"holds: {self.claim}")
        for name, data in made.items():
            print(f"  {name}: {len(data)} bytes, accepted by the checker")
        if list(sys.argv[1:] if arguments is None else arguments) == ["--write"]:
            self.certificates.mkdir(parents=True, exist_ok=True)
            for name, data in made.items():
                write(self.certificates / name, data)
            print(f"wrote {len(made)} files to {self.certificates}")
        return 0


def study(claim: str, certificates: str | Path) -> Callable[[Callable[[Prove], object]], Study]:
    """Make a study of a function that is given `prove`.

    Parameters
    ----------
    claim
        The sentence that it asserts.
    certificates
        The folder of its certificates.

    >>> import muon_theory as mt
    >>> @study("five steps of Jordan's map leave [1/10, 1] below 1.2", "certificates")
    ... def below(prove):
    ...     found = prove("band", lambda: mt.certify("jordan", lower="1/10"))
    ...     assert found.image.hi < mt.rational("1.2")
    >>> sorted(below())
    ['band.json']
    """
    return lambda assertion: Study(claim, assertion, Path(certificates))
