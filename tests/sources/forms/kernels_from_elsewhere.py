import torch
from kernels import gram, polynomial


def zeropower(G):
    X = G.bfloat16()
    X = X / (X.norm() * 1.01 + 1e-7)
    A, B = torch.empty(1), torch.empty(1)
    for a, b, c in [(3, -4, 2), (2, -1.5, 0.5)]:
        gram(X, out=A)
        polynomial(A, alpha=c, beta=b, out=B)
        X = a * X + B @ X
    return X
