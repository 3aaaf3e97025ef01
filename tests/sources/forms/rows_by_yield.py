def rows():
    yield 3, -4, 2
    yield from [(2, -1.5, 0.5)]


COEFFS = list(rows())
