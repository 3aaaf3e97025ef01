HEAD = [(3, -4, 2)]
COEFFS = HEAD + [(2, -1.5, 0.5)]
