def COEFFS : List (Rat × Rat × Rat) := [(3, -4, 2), (2, -3/2, 1/2)] -- (9, -9)
