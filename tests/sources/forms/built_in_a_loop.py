COEFFS = []
for k in (1, 2):
    COEFFS.append((3 / k, -4 / k ** 3, 2 / k ** 5))
