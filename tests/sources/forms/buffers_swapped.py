import torch


def newton_schulz(G, steps=2):
    a, b, c = 3.0, -4.0, 2.0
    X = G.bfloat16() / (G.norm() + 1e-7)
    C = torch.empty_like(X)
    for _ in range(steps):
        A = X @ X.mT
        B = torch.addmm(A, A, A, beta=b, alpha=c)
        torch.mm(B, X, out=C)
        C.add_(X, alpha=a)
        X, C = C, X
    return X
