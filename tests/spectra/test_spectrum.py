"""Real matrices: files are read, not executed; spectra are those of another engine; advice does what it says."""

from __future__ import annotations

import json
import pickle
import zipfile
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import numpy
import pytest

torch = pytest.importorskip("torch", reason="torch is an extra")

from hypothesis import given  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from muon_theory import catalogue  # noqa: E402
from muon_theory.errors import UsageError  # noqa: E402
from muon_theory.spectra import (  # noqa: E402
    SpectrumProbe,
    measure,
    of_layers,
    read,
    recorded,
    singular_values,
    spectrum,
)
from muon_theory.spectra.measure import below, quantiles  # noqa: E402
from muon_theory.verification import verify  # noqa: E402

JORDAN = catalogue.get("jordan")


def falling(rows: int, columns: int, last: float, seed: int = 0):
    """Singular values from 1 down to 10^last."""
    generator = torch.Generator().manual_seed(seed)
    k = min(rows, columns)
    U, V = (torch.linalg.qr(torch.randn(n, k, generator=generator, dtype=torch.float64)).Q for n in (rows, columns))
    return (U * torch.logspace(0, last, k, dtype=torch.float64)) @ V.mT


def test_every_kind_of_file_gives_the_same_matrix(tmp_path):
    from safetensors.torch import save_file

    X = falling(6, 4, -1).float()
    numpy.save(tmp_path / "a.npy", X.numpy())
    numpy.savez(tmp_path / "a.npz", a=X.numpy(), b=numpy.zeros(3))
    save_file({"a": X.contiguous(), "bias": torch.zeros(3)}, tmp_path / "a.safetensors")
    torch.save({"state": {0: {"a": X, "step": torch.tensor(1.0)}}}, tmp_path / "a.pt")
    for suffix in (".npy", ".npz", ".safetensors", ".pt"):
        (found,) = read(tmp_path / f"a{suffix}").values()
        assert numpy.array_equal(found, X.double().numpy())
    assert list(read(tmp_path / "a.pt")) == ["state.0.a"]


def test_bf16_tensors_are_read(tmp_path):
    from safetensors.torch import save_file

    X = falling(3, 3, -1).bfloat16()
    save_file({"x": X}, tmp_path / "x.safetensors")
    assert numpy.array_equal(read(tmp_path / "x.safetensors")["x"], X.double().numpy())


class Trap:
    def __reduce__(self):
        return (Path.write_text, (Path("executed"), "yes"))


def test_no_file_is_executed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("t.pt").write_bytes(pickle.dumps({"x": Trap()}))
    torch.save({"x": Trap()}, "u.pt")
    numpy.save("t.npy", numpy.array([Trap()], dtype=object), allow_pickle=True)
    for name in ("t.pt", "u.pt", "t.npy"):
        with pytest.raises(UsageError) as caught:
            read(name)
        assert "\n" not in str(caught.value)
    assert not Path("executed").exists()


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("x.txt", b"1 2", "matrices are read from"),
        ("x.npy", b"nonsense", "save plain arrays"),
        ("x.npz", b"nonsense", "x.npz"),
        ("x.safetensors", b"\xff" * 64, "no safetensors file"),
        ("x.pt", b"nonsense", "save a state_dict"),
    ],
)
def test_a_broken_file_says_so_in_one_line(tmp_path, name, data, message):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UsageError, match=message) as caught:
        read(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_a_missing_file_an_empty_one_and_an_unknown_key(tmp_path):
    with pytest.raises(UsageError, match="no such file"):
        read(tmp_path / "x.npy")
    numpy.save(tmp_path / "v.npy", numpy.zeros(3))
    with pytest.raises(UsageError, match="no matrix of real numbers"):
        read(tmp_path / "v.npy")
    numpy.savez(tmp_path / "m.npz", weight=numpy.eye(2), other=numpy.eye(3))
    assert list(read(tmp_path / "m.npz", "wei")) == ["weight"]
    assert list(read(tmp_path / "m.npz", "o*")) == ["other"]
    with pytest.raises(UsageError, match="no matrix is called 'q'"):
        read(tmp_path / "m.npz", "q")
    with zipfile.ZipFile(tmp_path / "z.npz", "w") as z:
        z.writestr("a.npy", b"nonsense")
    with pytest.raises(UsageError):
        read(tmp_path / "z.npz")


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**16))
def test_singular_values_are_numpys(rows, columns, seed):
    X = numpy.random.default_rng(seed).integers(-9, 10, (rows, columns)).astype(float)
    X[0, 0] = 7
    right = numpy.linalg.svd(X / numpy.linalg.norm(X), compute_uv=False)
    assert numpy.allclose(singular_values(X), right, atol=1e-12)
    assert abs(measure("x", X).norm_ratio - right[0]) < 1e-12


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_quantiles_and_shares_count(values):
    found = quantiles(numpy.array(values))
    for share, q in found.items():
        assert sum(v <= q for v in values) >= float(share) * len(values) - 1e-6
        assert sum(v < q for v in values) <= float(share) * len(values) + 1e-6
    for edge, part in below(numpy.array(values)).items():
        assert abs(part - sum(v < float(edge) for v in values) / len(values)) < 1e-12


def test_huge_and_tiny_matrices_have_the_same_spectrum():
    X = falling(5, 4, -2)
    plain = measure("x", X.numpy())
    for k in (600, -600, 1000, -1000):
        assert numpy.allclose(measure("x", torch.ldexp(X, torch.tensor(k)).numpy()).values, plain.values)


def test_the_answer_has_what_the_interface_says():
    found = spectrum({"a": falling(12, 8, -2), "b": falling(4, 9, -1).numpy()}, JORDAN, lower=0.05)
    data = json.loads(json.dumps(found.to_json()))
    assert {"quantiles", "share_below", "norm_ratio", "image", "tier", "advice"} <= data.keys()
    assert data["tier"] is None
    assert set(data["share_below"]) == {"0.0001", "0.001", "0.01", "0.05", "0.1"}
    assert [layer["shape"] for layer in data["layers"]] == [[12, 8], [4, 9]]
    assert all(len(line) <= 80 for line in found.text(80).splitlines())


@pytest.mark.long
def test_the_advice_brings_the_share_into_the_band():
    found = spectrum(falling(40, 30, -3), JORDAN, share=0.9, band=(0.8, 1.2))
    steps = found.advice.schedule
    out = torch.tensor([float(steps(Fraction(s))) for s in found.values.tolist()])
    assert float(((out >= 0.8) & (out <= 1.2)).double().mean()) >= 0.9
    fewer = spectrum(falling(40, 30, -3), JORDAN, share=0.5, band=(0.8, 1.2))
    assert len(fewer.advice.schedule.steps) < len(steps.steps)


def test_what_is_certified_for_a_matrix_is_checked_and_true():
    X = falling(24, 16, -1)
    found = spectrum({"x": X}, JORDAN, dtype="bf16")
    assert found.certificates
    assert all(verify(certificate).proved for certificate in found.certificates)
    from muon_theory.confirmation import orthogonalize

    out = torch.linalg.svdvals(orthogonalize(X.bfloat16(), JORDAN).double())
    image = found.tier[0].image
    assert image.lo <= Fraction(float(out.min()))
    assert Fraction(float(out.max())) <= image.hi


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (torch.zeros(2, 2), "is zero"),
        (torch.tensor([[1.0, torch.nan]]), "not finite"),
        (torch.tensor([1.0, 2.0]), "no matrix"),
        ("no.npy", "no such file"),
        ({"a": "text"}, "no matrix is called|no matrix of real numbers"),
        (3, "no matrix"),
    ],
)
def test_what_has_no_spectrum_is_refused(source, message):
    with pytest.raises(UsageError, match=message):
        spectrum(source, JORDAN)


def test_a_probe_records_every_so_many_steps_and_comes_off():
    W, bias = torch.nn.Parameter(torch.randn(6, 4)), torch.nn.Parameter(torch.zeros(3))
    optimizer = torch.optim.SGD([W, bias], lr=0.1, momentum=0.9)
    probe = SpectrumProbe(optimizer, every=2, share=1.0)
    for _ in range(5):
        W.grad, bias.grad = torch.randn(6, 4), torch.ones(3)
        optimizer.step()
    assert [step for step, _ in probe.records] == [2, 4]
    assert all(found.shape == (6, 4) for _, found in probe.records)
    probe.close()
    optimizer.step()
    optimizer.step()
    assert len(probe.records) == 2


def test_a_probe_keeps_its_share_of_the_time():
    W = torch.nn.Parameter(torch.randn(300, 300))
    optimizer = torch.optim.SGD([W], lr=0.1, momentum=0.9)
    probe = SpectrumProbe(optimizer, every=1, share=0.001)
    for _ in range(20):
        W.grad = torch.ones(300, 300)
        optimizer.step()
    assert probe.skipped > 0
    with pytest.raises(UsageError):
        SpectrumProbe(optimizer, every=0)


def test_the_recorded_spectra_are_those_of_matrices_of_norm_one_and_agree_with_the_study():
    for one in recorded():
        assert len(one.values) == min(one.shape)
        assert list(one.values) == sorted(one.values, reverse=True)
        assert abs(float((one.values**2).sum()) - 1) < 1e-3
    study = json.loads(files("muon_theory.article").joinpath("records/training.json").read_text(encoding="utf-8"))
    pooled = [s for s in study["spectra"] if s["set"] == "jordan" and s["step"] > 1]
    for s in pooled:  # five seeds there, one here
        values = numpy.concatenate([one.values for one in recorded(s["step"])])
        for edge, share in s["below"].items():
            assert abs(float((values < float(edge)).mean()) - float(share)) < 0.05
    assert of_layers(recorded(120), JORDAN).advice.schedule is not None


def test_a_probe_shows_its_last_records_as_the_command_does():
    W = torch.nn.Parameter(torch.zeros(6, 4))
    optimizer = torch.optim.SGD([("layer.weight", W)], lr=0.1, momentum=0.9)
    probe = SpectrumProbe(optimizer, every=1, share=1.0)
    with pytest.raises(UsageError, match="nothing was measured in 0 steps"):
        probe.spectrum("jordan")
    for seed in (1, 2):
        W.grad = torch.randn(6, 4, generator=torch.Generator().manual_seed(seed))
        optimizer.step()
    found = probe.spectrum("jordan")
    assert [layer.name for layer in found.layers] == ["layer.weight"]
    assert found.remarks[0].startswith("measured after step 2, in ")
    assert 0 < probe.overhead < 1
