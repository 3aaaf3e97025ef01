import torch


def orthogonalize(G):
    X = G.bfloat16()
    A = X @ X.mT
    s = torch.rsqrt(torch.clamp_min(A.abs().sum(dim=-1), min=1e-7))
    X = X * s.unsqueeze(-1)
    A = A * s.unsqueeze(-1) * s.unsqueeze(-2)
    X = 3 * X + (-4 * A + 2 * A @ A) @ X
    A = X @ X.mT
    return 2 * X + (-1.5 * A + 0.5 * A @ A) @ X
