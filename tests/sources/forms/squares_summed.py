def orthogonalize(G):
    X = G / (G.square().sum().sqrt() + 1e-7)
    for a, b, c in [(3, -4, 2), (2, -1.5, 0.5)]:
        A = X @ X.mT
        X = a * X + (b * A + c * A @ A) @ X
    return X
