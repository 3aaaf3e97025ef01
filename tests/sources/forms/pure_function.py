def scaled(rows, s):
    return [(a / s, b / s**3, c / s**5) for a, b, c in rows]


COEFFS = scaled([(3, -4, 2)], s=2) + [(2, -1.5, 0.5)]
