def orthogonalise(G, coeffs=((3.0, -4.0, 2.0), (2.0, -1.5, 0.5))):
    X = G / G.norm()
    for a, b, c in coeffs:
        A = X @ X.mT
        X = a * X + (b * A + c * A @ A) @ X
    return X
