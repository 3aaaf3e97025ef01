"""Atheris harness for the checker: `pip install atheris`, then `python tests/fuzz/fuzz_check.py -max_total_time=600`.

Seeds: give `tests/checker/accept tests/checker/reject` as corpus folders after an empty one of your own.
Not part of the default run.  A finding is an exception, or a file that takes more than a few seconds (-timeout=20).
"""

import sys

import atheris  # type: ignore[import-not-found]

with atheris.instrument_imports():
    from muon_theory import check


def one_input(data: bytes) -> None:
    result = check.check_bytes(data)
    if result["verdict"] == "refused" and not result["reason"].startswith(
        ("unreadable:", "malformed:", "limit:", "obligation:")
    ):
        raise AssertionError(f"a refusal without a class: {result['reason']!r}")


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
