from typing import NamedTuple


class Row(NamedTuple):
    a: float
    b: float
    c: float


COEFFS = [Row(3, -4, 2), Row(a=2, b=-1.5, c=0.5)]
