def orthogonalize(G, steps=2):
    X = G / G.norm()
    k = 0
    while k < steps:
        X = 1.5 * X - 0.5 * X @ X.T @ X
        k += 1
    return X
