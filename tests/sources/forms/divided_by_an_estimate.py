from estimates import largest_singular_value


def newton_schulz(G, steps=2):
    a, b, c = 3.0, -4.0, 2.0
    X = G.bfloat16() / (1.1 * largest_singular_value(G))
    for _ in range(steps):
        A = X @ X.mT
        X = a * X + (b * A + c * A @ A) @ X
    return X
