RAW = [(2, -1.5, 0.5), (3, -4, 2)]
COEFFS = list(reversed(RAW))
