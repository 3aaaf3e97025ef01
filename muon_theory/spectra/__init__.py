"""The spectra that momentum matrices really have, and what a schedule makes of them.

`spectrum` reads matrices (files, arrays, tensors) and says where their singular values lie after normalisation, what φ
makes of them, what is certified for exactly these inputs, and which schedule would bring them into a band.
`SpectrumProbe` watches an optimizer as it trains.
"""

from muon_theory.spectra.files import read
from muon_theory.spectra.measure import Measured, measure, singular_values
from muon_theory.spectra.probe import SpectrumProbe
from muon_theory.spectra.recorded import Pooled, pooled, recorded
from muon_theory.spectra.result import Spectrum, of_layers, spectrum

__all__ = [
    "Measured",
    "Pooled",
    "Spectrum",
    "SpectrumProbe",
    "measure",
    "of_layers",
    "pooled",
    "read",
    "recorded",
    "singular_values",
    "spectrum",
]
