def rows(name):
    if name == "fast":
        return [(3, -4, 2), (2, -1.5, 0.5)]
    if name == "slow":
        return [(1.5, -0.5, 0)] * 2
    raise ValueError(name)


def zeropower(G, name="fast"):
    X = G / (G.norm() + 1e-7)
    for a, b, c in rows(name):
        A = X @ X.mT
        X = a * X + (b * A + c * A @ A) @ X
    return X
