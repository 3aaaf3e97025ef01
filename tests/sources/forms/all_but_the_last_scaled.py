RAW = [(3, -4, 2), (2, -1.5, 0.5)]
COEFFS = [(a / 2, b / 8, c / 32) for a, b, c in RAW[:-1]] + [RAW[-1]]
