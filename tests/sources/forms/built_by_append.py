COEFFS = []
COEFFS.append((3, -4, 2))
COEFFS.append((2, -1.5, 0.5))
