SETS = {"fast": [(3, -4, 2), (2, -1.5, 0.5)], "slow": [(1.5, -0.5, 0)] * 2}


def zeropower(G, name):
    X = G / (G.norm() + 1e-7)
    for a, b, c in SETS[name]:
        A = X @ X.mT
        X = a * X + (b * A + c * A @ A) @ X
    return X
