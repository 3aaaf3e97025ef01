"""`check.py` and the Coq library's `accepted` decide alike: on thousands of texts near certificates, and on odd JSON.

What they are meant to differ in stands in docs/coq.md: `check.py` has limits, and the rest could only show at a margin.
"""

import random

import pytest

from muon_theory.exports.coq import compile_library
from muon_theory.verification import verify
from tests.checker import accepted, rejected
from tests.exports.agreement import PUT, decisions, disagreements, dumped, of_bytes, of_fields

STORED = {
    name: {k: v for k, v in certificate.items() if k != "provenance"} for name, certificate in accepted.stored().items()
}
SMALL = sorted(name for name, certificate in STORED.items() if len(dumped(certificate)) < 1_300)
ODD = [
    *(b"@" + put for put in PUT),
    b'"\\u0075pper":"1"', b'"upper" : "1" ,"upper":"1"', b'"upper":"1","\\u0075pper":"1"', b'"upper":"1",',
    b'"upper":"01"',
    b'"upper":"1/1"', b'"upper":"2/2"', b'"upper":"-0"', b'"upper":"+1"', b'"upper":"1 "', b'"upper":"1.0"',
    b'"upper":1',
    b'"upper":1.0', b'"upper":"\\u0031"',
    b'"upper":"\xef\xbc\x91"', b'"upper":"1","provenance":1', b'"upper":"5/4"', b'"upper":"4/5"',
]  # fmt: skip
"""Put in the place of a claim's "upper":"1"."""
PROVENANCE = [
    b"1", b"-0", b"01", b"1.", b"-", b"1e5", b"true", b"nul", b"NaN", b"-Infinity", b"[]", b"[1,]", b"{}", b"{,}",
    b'{"a":{"b":[1,2,{"c":null}]}}', b'{"a":1,"\\u0061":2}', b'"\\ud83d\\ude00"',
    b'{"\\ud83d\\ude00":1,"\xf0\x9f\x98\x80":2}',
    b'"\\ud800"', b'{"\\ud800":1,"\\ud800\\ud800":2}', b'"\xed\xa0\x80"', b'"\xc0\x80"', b'"\xe0\x80\x80"',
    b'"\xff"', b'"\xf4\x8f\xbf\xbf"',
    b'"\xf4\x90\x80\x80"', b'"\\/\\b\\f\\n\\r\\t\\"\\\\"', b'"\\x"', b'"\\u12"', b'"\\u00zz"', b'"\n"', b'"\x7f"',
    b"9" * 4300, b"9" * 4301,
    b"[" * 60 + b"]" * 60, b"[[]", b"[]]", b"// no", b"1 2", b"\xef\xbb\xbf1",
]  # fmt: skip


@pytest.fixture(scope="module")
def library(coqc):
    return compile_library()


def near(name, count, seed=0):
    """So many texts with one field changed, and a third as many with some bytes changed; fewer where each is long."""
    certificate = STORED[name]
    if "family" in certificate:
        count //= 4
    data = dumped(certificate)
    if "certificates" in certificate:
        return data, list(of_bytes(data, count, seed))
    fields = list(of_fields(certificate))
    random.Random(seed).shuffle(fields)
    return data, [*fields[:count], *of_bytes(data, count // 3, seed)]


@pytest.mark.coq
def test_odd_json_is_read_alike(library, tmp_path):
    data = dumped(STORED["sign-safe-two-steps"])
    place = b'"upper":"1"'
    start = data.index(place)
    texts = [data[:start] + odd + data[start + len(place) :] for odd in ODD]
    texts += [data[:-1] + b',"provenance":' + value + b"}" for value in PROVENANCE]
    texts += [
        b"",
        b" ",
        b"\xef\xbb\xbf" + data,
        data + b" \n\t\r",
        data + b"x",
        data * 2,
        b"[" + data + b"]",
        b"1",
        data[:-1],
    ]
    assert disagreements(data, texts, library, tmp_path) == []


@pytest.mark.coq
@pytest.mark.parametrize("name", ["converges-cubic-minus-one"])
def test_mutants_are_decided_alike(library, tmp_path, name):
    data, texts = near(name, 120)
    assert disagreements(data, texts, library, tmp_path) == []
    assert 3 < sum(verify(text).proved for text in texts) < len(texts) - 3


@pytest.mark.coq
@pytest.mark.long
@pytest.mark.parametrize("name", SMALL)
def test_thousands_of_mutants_are_decided_alike(library, tmp_path, name):
    data, texts = near(name, 90, 1)
    assert disagreements(data, texts, library, tmp_path) == []


@pytest.mark.coq
@pytest.mark.exhaustive
@pytest.mark.long
@pytest.mark.parametrize("name", SMALL)
def test_all_mutants_are_decided_alike(library, tmp_path, name):
    data, texts = near(name, 4_000, 2)
    wrong = [
        bad
        for i in range(0, len(texts), 500)
        for bad in disagreements(data, texts[i : i + 500], library, tmp_path, seconds=3600)
    ]
    assert wrong == []


@pytest.mark.coq
@pytest.mark.long
def test_the_checker_s_corpora_are_decided_alike(library, tmp_path):
    """Every defect of the reject corpus but those of size, and what it was made from."""
    files = [data for path in sorted(rejected.FOLDER.glob("*.json")) if len(data := path.read_bytes()) < 5_000]
    seen = [verify(data) for data in files]
    kept = [(data, s) for data, s in zip(files, seen, strict=True) if not s.reason.startswith("limit: ")]
    told = decisions(b"{}", [data for data, _ in kept], library, tmp_path)
    assert [s.reason for (_, s), ok in zip(kept, told, strict=True) if ok is not s.proved] == []
    assert len(kept) > 150
