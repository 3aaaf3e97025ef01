RAW = [(3, -4, 2), (2, -1.5, 0.5)]
s = 2
COEFFS = [(a / s, b / s**3, c / s**5) for a, b, c in RAW]
