RAW = [(3, -4, 2), (0, 0, 0), (2, -1.5, 0.5)]
COEFFS = [r for r in RAW if r[0] > 1]
