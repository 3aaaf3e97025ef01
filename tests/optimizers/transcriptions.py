"""Optimizers written for these tests: an honest Muon, and each defect of a public thread as one change to it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import torch
from torch.distributed.tensor import DTensor, distribute_tensor

JORDAN = (3.4445, -4.7750, 2.0315)


def iterate(X, steps=5):
    """Five steps of Jordan's map on X/‖X‖, in X's own dtype; safe from overflow."""
    X = X / X.abs().amax(dim=(-2, -1), keepdim=True).clamp(min=torch.finfo(X.dtype).tiny)
    return after_norm(X / X.norm(dim=(-2, -1), keepdim=True).clamp(min=torch.finfo(X.dtype).tiny), steps)


def after_norm(X, steps=5, coefficients=JORDAN):
    tall = X.shape[-2] > X.shape[-1]
    X = X.mT if tall else X
    a, b, c = coefficients
    for _ in range(steps):
        A = X @ X.mT
        X = a * X + (b * A + c * A @ A) @ X
    return X.mT if tall else X


class Muon(torch.optim.Optimizer):
    """P ← (1 - ηλ)P - η√max(1, m/n)·φ(X/‖X‖), with flattened convolutions; what has one dimension is left to SGD."""

    def __init__(self, params, lr=0.02, momentum=0.95, nesterov=True, weight_decay=0.0):
        super().__init__(params, {"lr": lr, "momentum": momentum, "nesterov": nesterov, "weight_decay": weight_decay})

    def polar(self, X):
        return iterate(X)

    def matrix(self, X):
        return X.reshape(len(X), -1)

    def size(self, P, O):
        return math.sqrt(max(1, O.shape[-2] / O.shape[-1]))

    def orthogonalised(self, P, X):
        M = self.matrix(X)
        O = self.polar(M)
        return O.reshape(X.shape) * self.size(P, O)

    def accumulate(self, M, G, group):
        M.lerp_(G, 1 - group["momentum"])
        return G.lerp(M, group["momentum"]) if group["nesterov"] else M.clone()

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            for P in group["params"]:
                if P.grad is not None:
                    self.move(P, P.grad, group)
        return loss

    def move(self, P, G, group):
        if P.dim() < 2:
            P.add_(G, alpha=-group["lr"])
            return
        M = self.state[P].setdefault("momentum_buffer", torch.zeros_like(P))
        X = self.accumulate(M, G, group)
        P.mul_(1 - group["lr"] * group["weight_decay"])
        P.add_(self.orthogonalised(P, X), alpha=-group["lr"])


class Moonlight(Muon):
    """0.2·√max(m, n), a sum of gradients."""

    def size(self, P, O):
        return 0.2 * math.sqrt(max(O.shape[-2:]))

    def accumulate(self, M, G, group):
        M.mul_(group["momentum"]).add_(G)
        return G.add(M, alpha=group["momentum"]) if group["nesterov"] else M.clone()


class ThreeProjections(Muon):
    """A fused projection of 12 rows is three matrices of four."""

    def orthogonalised(self, P, X):
        if tuple(X.shape) != (12, 4):
            return super().orthogonalised(P, X)
        return torch.cat([iterate(part) for part in X.chunk(3)])


class Coupled(Muon):
    """Weight decay as a penalty in the gradient."""

    def move(self, P, G, group):
        super().move(P, G.add(P, alpha=group["weight_decay"]), {**group, "weight_decay": 0.0})


class LargeOnly(Muon):
    """What has a side below 4 is moved by the gradient."""

    def orthogonalised(self, P, X):
        return super().orthogonalised(P, X) if min(self.matrix(X).shape) >= 4 else X


class Adaptive(Muon):
    """Each row of the update is brought to one norm, as adaptive variants do."""

    def polar(self, X):
        O = iterate(X)
        return O / O.norm(dim=-1, keepdim=True).clamp(min=1e-8) * torch.arange(1, len(O) + 1).unsqueeze(1)


class AtRandom(Muon):
    """Entries of the update are rounded up or down by chance, as stochastic rounding does; right on average."""

    def polar(self, X):
        O = iterate(X)
        return O * (1 + 2**-8 * (2 * torch.rand_like(O) - 1))


class Added(Muon):
    """The average of the gradients is added to the gradient."""

    def accumulate(self, M, G, group):
        M.lerp_(G, 1 - group["momentum"])
        return G + M


class Corrected(Muon):
    """The bias of the average towards 0 is divided out, of momentum and gradient each."""

    def accumulate(self, M, G, group):
        self.steps = getattr(self, "steps", 0) + 1
        beta = group["momentum"]
        M.lerp_(G, 1 - beta)
        return beta / (1 - beta ** (self.steps + 1)) * M + (1 - beta) / (1 - beta**self.steps) * G


# Defects -------------------------------------------------------------------------------------------------------------


class ScaleOfTheKernel(Muon):
    """timm 2791, ultralytics 25846, KellerJordan/Muon 60: the scale is read off the parameter, kh/kw for a kernel."""

    def size(self, P, O):
        return math.sqrt(max(1, P.shape[-2] / P.shape[-1]))


class AcrossLayers(Muon):
    """dion 121: parameters of one shape are stacked, and the stack is flattened as if its first axis were rows."""

    @torch.no_grad()
    def step(self, closure=None):
        loss = None if closure is None else closure()
        for group in self.param_groups:
            ready = [P for P in group["params"] if P.grad is not None and P.dim() >= 2]
            for shape in {P.shape for P in ready}:
                same = [P for P in ready if P.shape == shape]
                X = torch.stack([P.grad for P in same])
                O = iterate(X.reshape(len(same), -1) if len(same) > 1 else X[0].reshape(len(X[0]), -1))
                for P, update in zip(same, O.reshape(len(same), *shape), strict=True):
                    P.add_(update, alpha=-group["lr"])
        return loss


class PoisonedMomentum(Muon):
    """DeepSpeed 8432: a step with an overflow is skipped, after the gradient went into the momentum."""

    def move(self, P, G, group):
        if P.dim() >= 2 and not torch.isfinite(G).all():
            M = self.state[P].setdefault("momentum_buffer", torch.zeros_like(P))
            M.lerp_(G, 1 - group["momentum"])
            return
        super().move(P, G, group)


class OncePerMicroBatch(Muon):
    """DeepSpeed 8600: a hook takes each micro-batch's gradient into the momentum, and orthogonalises the last."""

    def __init__(self, params, **options):
        super().__init__(params, **options)
        self.updates = {}
        for group in self.param_groups:
            for P in group["params"]:
                if P.dim() >= 2:
                    P.register_post_accumulate_grad_hook(self.hook(group))

    def hook(self, group):
        @torch.no_grad()
        def run(P):
            M = self.state[P].setdefault("momentum_buffer", torch.zeros_like(P))
            part = P.grad - self.updates.get(P, (None, 0))[1]
            X = self.accumulate(M, part, group)
            self.updates[P] = (X, P.grad.clone())

        return run

    def move(self, P, G, group):
        if P in self.updates:
            P.add_(self.orthogonalised(P, self.updates.pop(P)[0]), alpha=-group["lr"])
        else:
            super().move(P, G, group)


class EpsFloor(Muon):
    """Emerging-Optimizers 229: a norm below 1e-7 counts as 1e-7."""

    def polar(self, X):
        return after_norm(torch.nn.functional.normalize(X, p=2, dim=(-2, -1), eps=1e-7))


class Aliasing(Muon):
    """pytorch 194664: the cast to bf16 is the buffer itself where it is bf16, and is normalised in place."""

    def accumulate(self, M, G, group):
        M.lerp_(G, 1 - group["momentum"])
        return G.lerp(M, group["momentum"]) if group["nesterov"] else M

    def polar(self, X):
        Y = X.bfloat16()
        return after_norm(Y.div_(Y.norm().clamp(min=1e-7)))


class CastBeforeNorm(Muon):
    """DeepSpeed 8533: fp16 ends at 65504, so a scaled gradient is infinite before it is normalised."""

    def polar(self, X):
        Y = X.half()
        Y = torch.nan_to_num(Y / Y.norm(dim=(-2, -1), keepdim=True).clamp(min=1e-6))
        return after_norm(Y.float()).to(X.dtype)


class NaNAfterZero(Muon):
    """dion 24: the update is brought to the norm it had, 0/0 for a zero gradient."""

    def polar(self, X):
        O = iterate(X)
        return O * (O.norm() / O.norm())


class NothingOrthogonalised(Muon):
    """DeepSpeed 8438, 8442: every parameter looks one-dimensional, and Muon never runs."""

    def orthogonalised(self, P, X):
        return X


class OneSlot(Muon):
    """Updates are collected in one flat buffer, whose place does not move on: pytorch-optimizer 3.5 to 3.7."""

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            ready = [P for P in group["params"] if P.grad is not None and P.dim() >= 2]
            buffer, at = torch.zeros(sum(P.numel() for P in ready)), 0
            for P in ready:
                M = self.state[P].setdefault("momentum_buffer", torch.zeros_like(P))
                O = self.orthogonalised(P, self.accumulate(M, P.grad, group))
                buffer[: P.numel()] = O.flatten()
            for P in ready:
                P.add_(buffer[at : at + P.numel()].view_as(P), alpha=-group["lr"])
                at += P.numel()


class LostState(Muon):
    """The momentum lives outside of optimizer.state, and a saved run goes on without it."""

    def __init__(self, params, **options):
        super().__init__(params, **options)
        self.own = {}

    def move(self, P, G, group):
        if P.dim() < 2:
            return super().move(P, G, group)
        M = self.own.setdefault(P, torch.zeros_like(P))
        P.add_(self.orthogonalised(P, self.accumulate(M, G, group)), alpha=-group["lr"])
        return None


class OtherCoefficients(Muon):
    """A digit of one coefficient is another than declared."""

    def polar(self, X):
        return after_norm(X / X.norm().clamp(min=1e-12), coefficients=(3.4445, -4.7750, 2.0215))


class FewerSteps(Muon):
    """Four steps run where five are declared."""

    def polar(self, X):
        return iterate(X, steps=4)


class Narrow(Muon):
    """The iteration runs in bf16, whatever the momentum's format is."""

    def polar(self, X):
        return iterate(X.bfloat16()).to(X.dtype)


class CoarseState(Muon):
    """The momentum is kept in bf16, whatever the parameter's format is."""

    def move(self, P, G, group):
        if P.dim() < 2:
            return super().move(P, G, group)
        M = self.state[P].setdefault("momentum_buffer", torch.zeros_like(P, dtype=torch.bfloat16))
        wide = M.to(P.dtype)
        X = self.accumulate(wide, G, group)
        M.copy_(wide)
        P.mul_(1 - group["lr"] * group["weight_decay"])
        P.add_(self.orthogonalised(P, X), alpha=-group["lr"])
        return None


class Compiled(Muon):
    """A step that asks whether it is compiled, and then takes another number of steps."""

    def polar(self, X):
        return iterate(X, steps=3 if torch.compiler.is_compiling() else 5)


class WritesIntoTheGradient(Muon):
    """grad.lerp_ instead of grad.lerp: who looks at the gradient after the step sees another."""

    def accumulate(self, M, G, group):
        M.lerp_(G, 1 - group["momentum"])
        return G.lerp_(M, group["momentum"])


class HiddenInfinity(Muon):
    """nan_to_num: an overflow becomes an update like any other."""

    def polar(self, X):
        return iterate(torch.nan_to_num(X, nan=0.0, posinf=1.0, neginf=-1.0))

    def accumulate(self, M, G, group):
        return super().accumulate(M, torch.nan_to_num(G, nan=0.0, posinf=1.0, neginf=-1.0), group)


class NormOfTheKernel(Adaptive):
    """timm 2791: the update of an adaptive variant is brought to the norm 0.2·√(mn), with kh × kw for m × n."""

    matrix_first = False

    def orthogonalised(self, P, X):
        O = self.polar(self.matrix(X))
        m, n = O.shape if self.matrix_first else X.shape[-2:]
        return (O * (0.2 * math.sqrt(m * n) / O.norm().clamp(min=1e-12))).reshape(X.shape)


class NormOfTheMatrix(NormOfTheKernel):
    """The same as it was mended."""

    matrix_first = True


class LocalParts(Muon):
    """DeepSpeed 8437, Megatron 6380: each process orthogonalises the part of the momentum that it holds."""

    def orthogonalised(self, P, X):
        if not isinstance(X, DTensor):
            return super().orthogonalised(P, X)
        part = X.to_local()
        O = iterate(part) * self.size(P, X) if part.numel() else part
        return DTensor.from_local(O, X.device_mesh, X.placements, shape=X.shape, stride=X.stride())


class WholeMatrices(LocalParts):
    """The same as it was mended: the matrix is gathered first."""

    def orthogonalised(self, P, X):
        if not isinstance(X, DTensor):
            return super().orthogonalised(P, X)
        whole = X.full_tensor()
        return distribute_tensor(iterate(whole) * self.size(P, whole), X.device_mesh, X.placements)


THREE = {"blocks": {"fused": [4, 4, 4]}}


@dataclass(frozen=True)
class Thread:
    """A defect of public threads, what must catch it, and the same code without it, which must not be accused."""

    defect: type
    law: str
    verdict: str = "contradicted"
    mended: type = Muon
    arguments: dict = field(default_factory=dict)
    contract: dict | None = None
    split: str = ""

    @property
    def name(self):
        return self.defect.__name__

    def told(self):
        """The threads, and the defect in words."""
        where, _, what = " ".join(self.defect.__doc__.split()).partition(": ")
        return where, what.rstrip(".")


class WholeFused(Muon):
    """DeepSpeed 8367, 8384, 8580: a fused projection is orthogonalised whole, and three projections are declared."""


THREADS = (
    Thread(ScaleOfTheKernel, "scale rule"),
    Thread(NormOfTheKernel, "scale rule", mended=NormOfTheMatrix),
    Thread(AcrossLayers, "independent"),
    Thread(WholeFused, "contract", mended=ThreeProjections, contract=THREE),
    Thread(PoisonedMomentum, "overflow"),
    Thread(OncePerMicroBatch, "micro-batches"),
    Thread(LocalParts, "sharded rows ×2", mended=WholeMatrices, split="rows"),
    Thread(NothingOrthogonalised, "orthogonal"),
    Thread(CastBeforeNorm, "scale"),
    Thread(EpsFloor, "range", verdict="note"),
    Thread(Aliasing, "state", arguments={"nesterov": False}),
    Thread(NaNAfterZero, "zero"),
)
"""Of each defect that people reported."""
OTHERS = (Thread(HiddenInfinity, "overflow"), Thread(LostState, "saved"), Thread(OneSlot, "independent"))
"""Defects that no thread is about."""
