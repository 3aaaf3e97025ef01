RAW = [(3, -4, 2), (2, -1.5, 0.5)]
COEFFS = tuple(tuple(x for x in r) for r in RAW)
