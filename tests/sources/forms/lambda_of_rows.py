make = lambda k: [(3, -4, 2)] * k
COEFFS = make(2)
