import drjit as dr


def newton_schulz(X, steps=2):
    a, b, c = 3.0, -4.0, 2.0
    X = X * dr.rcp(dr.norm(X, axis=(-2, -1), keepdims=True) + 1e-7)
    for _ in range(steps):
        A = dr.matmul(X, X, Bt=True)
        X = dr.fma(a, X, dr.fma(b, A, c * (A @ A)) @ X)
    return X
