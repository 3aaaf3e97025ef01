RAW = [(3, -4, 2), (2, -1.5, 0.5)]
COEFFS = [r for i, r in enumerate(RAW) if i < 2]
