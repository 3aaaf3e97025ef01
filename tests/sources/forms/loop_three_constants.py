A0 = 3.4445
B0 = -4.7750
C0 = 2.0315


def orthogonalize(G, steps=5):
    a, b, c = A0, B0, C0
    X = G.bfloat16()
    if G.size(-2) > G.size(-1):
        X = X.mT
    X = X / (X.norm() + 1e-7)
    for _ in range(steps):
        A = X @ X.mT
        B = b * A + c * A @ A
        X = a * X + B @ X
    if G.size(-2) > G.size(-1):
        X = X.mT
    return X
