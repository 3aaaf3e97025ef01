from itertools import chain, islice, repeat
COEFFS = list(islice(chain([(3, -4, 2)], repeat((2, -1.5, 0.5))), 3))
