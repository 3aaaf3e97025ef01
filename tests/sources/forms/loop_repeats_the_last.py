from itertools import chain, islice, repeat

ROWS = [(3, -4, 2), (2, -1.5, 0.5)]


def orthogonalize(G):
    X = G / (G.norm() + 1e-7)
    for a, b, c in islice(chain(ROWS, repeat(ROWS[-1])), 3):
        A = X @ X.mT
        X = a * X + (b * A + c * A @ A) @ X
    return X
