ALL = [(9, -9, 9), (3, -4, 2), (2, -1.5, 0.5)]
STEPS = 2
COEFFS = ALL[-STEPS:]
