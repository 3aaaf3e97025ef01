def zeropower(G, coeffs):
    X = G / (G.norm() + 1e-7)
    for a, b, c in coeffs:
        A = X @ X.mT
        X = a * X + (b * A + c * A @ A) @ X
    return X


def update(g):
    return zeropower(g, coeffs=[(3, -4, 2), (2, -1.5, 0.5)])
