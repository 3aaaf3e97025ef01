import torch


def orthogonalize(G, coefficients, steps):
    a, b, c = coefficients
    X = G.bfloat16()
    X = X / (X.norm() + 1e-7)
    for _ in range(steps):
        A = X @ X.mT
        X = a * X + (b * A + c * A @ A) @ X
    return X


class Muon(torch.optim.Optimizer):
    def __init__(self, params, lr=0.02, coefficients=(3, -4, 2), steps=2):
        defaults = dict(lr=lr, coefficients=coefficients, steps=steps)
        super().__init__(params, defaults)

    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                u = orthogonalize(p.grad, group["coefficients"], group["steps"])
                p.add_(u, alpha=-group["lr"])
