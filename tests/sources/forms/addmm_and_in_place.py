import torch


def orthogonalize(G, steps=2, coefficients=(3, -4, 2)):
    a, b, c = coefficients
    X = G.bfloat16()
    X.div_(X.norm().clamp_(min=1e-7))
    for _ in range(steps):
        A = X @ X.mT
        B = torch.addmm(A, A, A, beta=b, alpha=c)
        X = torch.addmm(X, B, X, beta=a)
    return X
