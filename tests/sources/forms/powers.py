s = 2
ROWS = [(6.0, -32.0, 64.0), (4.0, -12.0, 16.0)]
COEFFS = [(a / s, b / s**3, c / s**5) for a, b, c in ROWS]
