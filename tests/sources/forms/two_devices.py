import torch


def zeropower(G, fused=None):
    X = G.to(torch.bfloat16)
    X = X / (X.norm() + 1e-7)
    if G.is_cuda:
        for a, b, c in [(3, -4, 2), (2, -1.5, 0.5)]:
            A = X @ X.mT
            X = torch.addmm(X, torch.addmm(A, A, A, beta=b, alpha=c), X, beta=a)
    else:
        for a, b, c in [(3, -4, 2), (2, -1.5, 0.5)]:
            A = X.mT @ X
            X = a * X + X @ (b * A + c * A @ A)
    return X
