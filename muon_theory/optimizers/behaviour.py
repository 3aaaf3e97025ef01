"""Laws about what a step does beside computing: to gradients, state, other parameters, and when called oddly."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from dataclasses import replace

import torch

from muon_theory.conformance.arrays import quiet
from muon_theory.conformance.law import Broken, Noted, Silent, shown
from muon_theory.optimizers.case import Case
from muon_theory.optimizers.specimen import StepError, states, step, stepped
from muon_theory.optimizers.subject import Subject
from muon_theory.optimizers.values import distance, rounding

Tensor = torch.Tensor
Held = dict[str, torch.nn.Parameter]


def held(**values: Tensor) -> Held:
    """Parameters of these values."""
    return {name: torch.nn.Parameter(value.clone()) for name, value in values.items()}


def made(subject: Subject, case: Case) -> tuple[Held, torch.optim.Optimizer]:
    """The parameter of the case, and an optimizer of it."""
    P = held(P=case.parameter())
    return P, subject.specimen.build([P["P"]])


def same(seen: Tensor, right: Tensor, what: str, exactly: bool = False, noise: float = 0.0) -> None:
    """Equal, or as near as two orders of summation, or two runs, leave the same computation."""
    seen, right = seen.double(), right.double()
    if torch.equal(seen, right):
        return
    if exactly or not torch.allclose(seen, right, rtol=1e-2, atol=(2e-2 + noise) * float(right.abs().max())):
        raise Broken(f"{what} is {shown(seen)}, not {shown(right)}")


def finite(X: Tensor, what: str) -> None:
    """No NaN, no infinity."""
    if not bool(torch.isfinite(X).all()):
        raise Broken(f"{what} is {shown(X.double())}")


def micro_batches(subject: Subject, case: Case) -> None:
    """backward() twice, each with a part of the gradient, then one step; hooks of the optimizer run as they do."""
    whole, parts = held(P=case.parameter()), held(P=case.parameter())
    optimizers = [subject.specimen.build([p["P"]]) for p in (whole, parts)]
    for t in range(len(case.gradients)):
        G = case.gradient(t)
        for p, optimizer, pieces in zip((whole, parts), optimizers, ([G], _pieces(G, case.split)), strict=True):
            p["P"].grad = None
            for piece in pieces:
                try:
                    torch.autograd.backward((p["P"] * piece).sum())
                except RuntimeError as error:
                    raise StepError(f"backward() raises {error}") from error
            stepped(optimizer)
    same(parts["P"].detach(), whole["P"].detach(), f"P after {case.split} micro-batches a step", noise=subject.noise)


def _pieces(G: Tensor, count: int) -> list[Tensor]:
    """Summands of G: rows in turn, so that each part alone has another direction."""
    flat = G.reshape(-1)
    index = torch.arange(flat.numel()) % count
    return [torch.where(index == i, flat, 0.0).reshape(G.shape) for i in range(count)]


def independent(subject: Subject, case: Case) -> None:
    """Beside a parameter of the same shape with other gradients, P moves as it does alone."""
    alone = subject.run(case)
    other = [tuple(7 - x for x in reversed(g)) for g in case.gradients]
    shift = replace(case, gradients=tuple(other))
    beside = [{"P": case.gradient(t), "Q": shift.gradient(t)} for t in range(len(other))]
    trace = subject.specimen.run({"P": case.parameter(), "Q": case.parameter()}, beside)
    same(trace.parameters[-1]["P"], alone.parameters[-1]["P"], "P beside another parameter", noise=subject.noise)


def zero(subject: Subject, case: Case) -> None:
    """First a zero gradient, then the case's: parameter and state stay finite, and the zero moves nothing."""
    P, optimizer = made(subject, case)
    step(optimizer, P, {"P": torch.zeros(case.shape)})
    finite(P["P"].detach(), "after a zero gradient P")
    same(P["P"].detach(), case.parameter(), "after a zero gradient P", exactly=True)
    for key, value in states(optimizer, P)["P"].items():
        finite(value, f"after a zero gradient state[{key!r}]")
    step(optimizer, P, {"P": case.gradient(0)})
    finite(P["P"].detach(), "after a zero and another gradient P")


def frozen(subject: Subject, case: Case) -> None:
    """Q has no gradient, R needs none; P has one."""
    values = held(P=case.parameter(), Q=case.parameter() + 1, R=case.parameter() + 2)
    values["R"].requires_grad_(False)
    optimizer = subject.specimen.build(list(values.values()))
    step(optimizer, values, {"P": case.gradient(0)})
    for name, shift in (("Q", 1), ("R", 2)):
        same(values[name].detach(), case.parameter() + shift, f"{name}, which has no gradient,", exactly=True)
    if torch.equal(values["P"].detach(), case.parameter()):
        raise Broken("P, which has a gradient, stays where it was")


def gradient(subject: Subject, case: Case) -> None:
    """p.grad after the step."""
    P, optimizer = made(subject, case)
    step(optimizer, P, {"P": case.gradient(0)})
    kept = P["P"].grad
    if kept is not None and not torch.equal(kept, case.gradient(0)):
        raise Noted(f"after the step P.grad is {shown(kept.double())}, not {shown(case.gradient(0).double())}")


def overflow(subject: Subject, case: Case) -> None:
    """A finite step, one with an infinite entry, a finite one.

    If P stayed at the infinite gradient, the step was skipped: then the state must not have moved, and the next step
    must be as if nothing had been.  If P became NaN, everybody sees it, and that is an answer.
    """
    P, optimizer = made(subject, case)
    step(optimizer, P, {"P": case.gradient(0)})
    before, kept = P["P"].detach().clone(), states(optimizer, P)["P"]
    G = case.gradient(0).clone()
    G.reshape(-1)[0] = torch.inf
    with contextlib.suppress(StepError):  # refusing is an answer, if nothing was done
        step(optimizer, P, {"P": G})
    if not torch.equal(P["P"].detach(), before):
        if bool(torch.isfinite(P["P"].detach()).all()):
            raise Broken(
                f"a gradient with an infinite entry moves P to {shown(P['P'].detach().double())}: nobody notices"
            )
        return
    for key, value in states(optimizer, P)["P"].items():
        if key in kept and not torch.equal(value, kept[key]):
            raise Broken(
                f"P stayed, but state[{key!r}] went from {shown(kept[key].double())} to {shown(value.double())}"
            )
    step(optimizer, P, {"P": case.gradient(0)})
    finite(P["P"].detach(), "after a skipped step and a finite one P")


def saved(subject: Subject, case: Case) -> None:
    """All steps but the last; then the state goes to a file and into a new optimizer, and both take the last step."""
    P, optimizer = made(subject, case)
    *first, last = range(len(case.gradients))
    if not first:
        raise Silent
    for t in first:
        step(optimizer, P, {"P": case.gradient(t)})
    Q = held(P=P["P"].detach())
    other = subject.specimen.build([Q["P"]])
    file = io.BytesIO()
    torch.save(optimizer.state_dict(), file)
    file.seek(0)
    with quiet():
        other.load_state_dict(torch.load(file, weights_only=False))
    for values, one in ((P, optimizer), (Q, other)):
        step(one, values, {"P": case.gradient(last)})
    same(Q["P"].detach(), P["P"].detach(), "P after save and load", noise=subject.noise)


def closure(subject: Subject, case: Case) -> None:
    """A closure that makes the gradient: called once, with gradients on; what it returns comes back."""
    P, plain = held(P=case.parameter()), subject.run(case).parameters[0]["P"]
    optimizer = subject.specimen.build([P["P"]])
    calls = []

    def loss() -> Tensor:
        calls.append(torch.is_grad_enabled())
        P["P"].grad = case.gradient(0).clone()
        return torch.tensor(2.5)

    try:
        answer = stepped(optimizer, loss)
    except StepError as error:
        if calls or "argument" not in str(error):
            raise
        raise Noted(f"step takes no closure: {error}") from error
    if not calls:
        raise Broken("the closure is never called")
    if calls != [True]:
        raise Broken(f"the closure is called {len(calls)} times, with gradients {'on' if all(calls) else 'off'}")
    same(P["P"].detach(), plain, "P after step(closure)", noise=subject.noise)
    if answer is None or float(answer) != 2.5:
        raise Broken(f"step(closure) returns {answer}, not the closure's 2.5")


def foreach(subject: Subject, case: Case) -> None:
    """foreach=True against foreach=False."""
    with_it, without = (subject.run(case, foreach=on).parameters[-1]["P"] for on in (True, False))
    same(with_it, without, "P with foreach=True", noise=subject.noise)


def compiled(subject: Subject, case: Case) -> None:
    """torch.compile(optimizer.step) against the plain one; of a pair of functions, what JAX compiles.

    A compiler may round elsewhere: what rounding explains between two honest steps is allowed.
    """
    plain = subject.moves(case, plain=True)[0]
    seen = subject.moves(case)[0] if subject.specimen.functional else -_compiled(subject, case)
    distance(seen, plain, rounding(subject, case, plain), "the compiled move")


def _compiled(subject: Subject, case: Case) -> Tensor:
    """P_1 - P_0 of a step that torch compiled anew: it falls back to the plain one after a few shapes."""
    torch.compiler.reset()
    P, optimizer = made(subject, case)
    run: Callable[[], object] = torch.compile(lambda: optimizer.step())
    P["P"].grad = case.gradient(0)
    try:
        with quiet():
            run()
    except Exception as error:  # whatever the compiler raises is the finding
        raise StepError(f"compiling step() raises {type(error).__name__}") from error
    finally:
        torch.compiler.reset()
    return P["P"].detach().double() - case.parameter().double()
