FAST = True
if FAST:
    COEFFS = [(3, -4, 2), (2, -1.5, 0.5)]
else:
    COEFFS = [(1.5, -0.5)]
