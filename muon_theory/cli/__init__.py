"""The command line: a thin skin over the Python interface, one verb a module."""

from __future__ import annotations

import os
import sys

from cyclopts import App, CycloptsError

from muon_theory import __version__
from muon_theory.errors import MuonTheoryError, ParseError

app = App(
    name="muon-theory",
    help="Analyse, certify and check the Newton-Schulz coefficients of the Muon optimizer.",
    version=__version__,
    help_format="plaintext",
)

VERBS = {
    "presets": "muon_theory.cli.presets:presets",
    "derive": "muon_theory.cli.derive:derive",
    "orbits": "muon_theory.cli.orbits:orbits",
    "thresholds": "muon_theory.cli.thresholds:thresholds",
    "certify": "muon_theory.cli.certify:certify",
    "check": "muon_theory.cli.check:check",
    "confirm": "muon_theory.cli.confirm:confirm",
    "audit": "muon_theory.cli.audit:audit",
    "report": "muon_theory.cli.report:report",
    "export": "muon_theory.cli.export:export",
    "explain": "muon_theory.cli.explain:explain",
}
"""Each verb is loaded when it is used: heavy libraries stay out of the others."""

for _name, _target in VERBS.items():
    app.command(_target, name=_name)

INTERNAL_ERROR = 101


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status; every failure is one line on stderr."""
    try:
        status = app(
            sys.argv[1:] if arguments is None else arguments,
            exit_on_error=False,
            print_error=False,
            result_action="return_value",
        )
        sys.stdout.flush()
    except ParseError as error:
        return _fail(f"{error}\n  {error.pointer().replace(chr(10), chr(10) + '  ')}", error.exit_status)
    except MuonTheoryError as error:
        return _fail(str(error), error.exit_status)
    except CycloptsError as error:
        return _fail(" ".join(str(error).split()) + " (see muon-theory --help)", 2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left unprinted goes nowhere
        return 0
    except KeyboardInterrupt:
        return _fail("stopped", 130)
    except Exception as error:  # the last resort: a defect of ours, never a traceback for the user
        if os.environ.get("MUON_THEORY_TRACEBACK"):
            raise
        where = f"{type(error).__name__}: {error}"
        return _fail(
            f"internal error: {where} (set MUON_THEORY_TRACEBACK=1 to see where, and please report it)", INTERNAL_ERROR
        )
    return status if isinstance(status, int) else 0


def _fail(message: str, status: int) -> int:
    print(f"muon-theory: {message}", file=sys.stderr)
    return status
