import torch


def newton_schulz(G, coeffs, steps):
    a, b, c = coeffs
    X = G.bfloat16() / (G.norm() + 1e-7)
    for _ in range(steps):
        A = X @ X.mT
        X = a * X + (b * A + c * A @ A) @ X
    return X


class Muon(torch.optim.Optimizer):
    def __init__(self, params, coeffs=(3.0, -4.0, 2.0), ns_steps=2):
        defaults = dict(coeffs=coeffs, ns_steps=ns_steps)
        super().__init__(params, defaults)

    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                p.add_(newton_schulz(p.grad, group["coeffs"], group["ns_steps"]))
