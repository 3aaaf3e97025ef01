A = [3, 2]
B = [-4, -1.5]
C = [2, 0.5]
COEFFS = list(zip(A, B, C))
