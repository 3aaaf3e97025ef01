"""The command line: a thin skin over the Python interface, one verb a module."""

from __future__ import annotations

import io
import os
import sys

from cyclopts import App, CycloptsError, Parameter, UnusedCliTokensError

from muon_theory import __version__
from muon_theory.cli.examples import epilogue
from muon_theory.cli.waiting import waiting
from muon_theory.errors import MissingDependencyError, MuonTheoryError, ParseError

STATUS = "Exit status: 0 proved or done, 1 refuted or an error found, 2 cannot be run as asked, 3 undecided."

app = App(
    name="muon-theory",
    help="Analyse, certify and check the Newton-Schulz coefficients of the Muon optimizer.",
    version=__version__,
    help_format="plaintext",
    help_epilogue=STATUS,
    default_parameter=Parameter(negative=()),
)

VERBS = {
    "presets": "the published schedules of the catalogue",
    "certify": "prove or refute that a schedule is safe, with certificates",
    "constants": "what convergence proofs with an inexact orthogonalisation ask for",
    "check": "verify certificate files with the independent checker",
    "explain": "show a certificate as a proof for people",
    "thresholds": "where a map or a family changes its behaviour, as algebraic numbers",
    "orbits": "follow one orbit at a precision that raises itself, and classify it",
    "derive": "the symbolic derivations, step by step",
    "confirm": "compare real matrices with the theory (needs torch)",
    "conform": "run somebody's Newton-Schulz function against its laws (needs torch)",
    "conform-step": "run whole steps of somebody's optimizer against their laws (needs torch)",
    "spectrum": "where real matrices' singular values lie, and what serves them (needs torch)",
    "audit": "is a list what it claims to be, and safe as it is used?",
    "design": "optimal schedules, with a bound that none can beat",
    "recommend": "which schedule for how many matrix products?",
    "atlas": "certified phase diagrams: boxes of parameters with proved properties",
    "report": "a folder to open in a browser: on a schedule, a family, an audit, or the article",
    "export": "a certificate as a Coq theorem, a schedule as source or as arguments of an optimizer",
}
"""Each verb is a function of the module of its name, loaded when it is used: heavy libraries stay out of the others."""

for _verb, _help in VERBS.items():
    _name = _verb.replace("-", "_")
    app.command(
        f"muon_theory.cli.{_name}:{_name}", name=_verb, help=_help, help_epilogue=f"{epilogue(_verb)}\n\n{STATUS}"
    )

app.register_install_completion_command(help="complete verbs and options in this shell from now on, and exit")

INTERNAL_ERROR = 101


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status; every failure is one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # for terminals that have no φ
    words = sys.argv[1:] if arguments is None else arguments
    try:
        with waiting(words[0] if words and words[0] in VERBS else app.name[0]):
            status = app(words, exit_on_error=False, print_error=False, result_action="return_value")
        sys.stdout.flush()
    except ParseError as error:
        return _fail(f"{error.typed}\n  {error.pointer().replace(chr(10), chr(10) + '  ')}", error.exit_status)
    except MuonTheoryError as error:
        return _fail(error.typed, error.exit_status)
    except CycloptsError as error:
        return _fail(_usage(error), 2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left unprinted goes nowhere
        return 0
    except KeyboardInterrupt:
        return _fail("stopped", 130)
    except ModuleNotFoundError as error:
        missing = MissingDependencyError.of((error.name or "a package").partition(".")[0])
        return _fail(missing.typed, missing.exit_status)
    except Exception as error:  # the last resort: a defect of ours, never a traceback for the user
        if os.environ.get("MUON_THEORY_TRACEBACK"):
            raise
        where = f"{type(error).__name__}: {error}"
        return _fail(
            f"internal error: {where} (set MUON_THEORY_TRACEBACK=1 to see where, and please report it)", INTERNAL_ERROR
        )
    return status if isinstance(status, int) else 0


def _usage(error: CycloptsError) -> str:
    """What was wrong with the words of the command line, in one line."""
    verb = next((word for word in error.command_chain or () if word in VERBS), None)
    text = " ".join(str(error).split())
    if isinstance(error, UnusedCliTokensError) and error.unused_tokens:
        text = f"there is no place for {' '.join(map(repr, error.unused_tokens))}: leave it out"
    return f"{text} (see muon-theory {f'{verb} ' if verb else ''}--help)"


def _fail(message: str, status: int) -> int:
    print(f"muon-theory: {message}", file=sys.stderr)
    return status
