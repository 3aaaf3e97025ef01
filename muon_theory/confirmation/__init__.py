"""Real matrices: test inputs with known singular values, the iteration as it runs, and what comes out against theory.

Importing this package loads torch.  Nothing here proves anything: its words are CONFIRMED and CONTRADICTED.
"""

from muon_theory.errors import MissingDependencyError

try:
    import torch as _torch  # noqa: F401
except ModuleNotFoundError as error:
    raise MissingDependencyError.of("torch", "running the iteration") from error

from muon_theory.confirmation.enclosure import norm_bound, singular_interval
from muon_theory.confirmation.inputs import Input, build, with_singular_values
from muon_theory.confirmation.iteration import run_steps
from muon_theory.confirmation.kernel import Emulated, Kernel, Native, kernel_for
from muon_theory.confirmation.measure import gelfand, observed
from muon_theory.confirmation.orthogonal import orthogonalize
from muon_theory.confirmation.posteriori import a_posteriori
from muon_theory.confirmation.reference import orbit, phi
from muon_theory.confirmation.result import Case, Confirmation, Record
from muon_theory.confirmation.run import confirm, record
from muon_theory.confirmation.spectra import SPECTRA, Spectrum, escape_edge, safe_edge

__all__ = [
    "SPECTRA",
    "Case",
    "Confirmation",
    "Emulated",
    "Input",
    "Kernel",
    "Native",
    "Record",
    "Spectrum",
    "a_posteriori",
    "build",
    "confirm",
    "escape_edge",
    "gelfand",
    "kernel_for",
    "norm_bound",
    "observed",
    "orbit",
    "orthogonalize",
    "phi",
    "record",
    "run_steps",
    "safe_edge",
    "singular_interval",
    "with_singular_values",
]
