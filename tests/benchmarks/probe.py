"""What `SpectrumProbe` costs a training step, side by side in one run: `python -m tests.benchmarks.probe`.

The peer is the same loop without it; the ratio of the fastest rounds is printed beside the probe's own account.
"""

from __future__ import annotations

import time

import torch

from muon_theory.spectra import SpectrumProbe

WIDTH, LAYERS, STEPS, ROUNDS = 128, 4, 30, 3


def round_of(every: int | None) -> tuple[float, SpectrumProbe | None]:
    """Seconds a step of a small network, trained with torch's Muon."""
    torch.manual_seed(0)
    model = torch.nn.Sequential(*(torch.nn.Linear(WIDTH, WIDTH, bias=False) for _ in range(LAYERS)))
    optimizer = torch.optim.Muon(model.named_parameters(), lr=1e-3)
    probe = None if every is None else SpectrumProbe(optimizer, every=every)
    x = torch.randn(64, WIDTH)
    began = time.perf_counter()
    for _ in range(STEPS):
        optimizer.zero_grad()
        model(x).square().mean().backward()
        optimizer.step()
    return (time.perf_counter() - began) / STEPS, probe


def main() -> None:
    torch.set_num_threads(1)
    for every in (1, 10):
        plain, watched, last = [], [], None
        for _ in range(ROUNDS):
            plain.append(round_of(None)[0])
            seconds, last = round_of(every)
            watched.append(seconds)
        assert last is not None
        print(
            f"every {every}: {min(watched) / min(plain):.3f} of the step without it; its own account "
            f"{last.overhead:.2%}, {len(last.records)} measured, {last.skipped} left out"
        )


if __name__ == "__main__":
    main()
