import itertools
COEFFS = [*itertools.repeat((3, -4, 2), 2)]
