"""`check.py` and the Coq library's `accepted` decide alike: on thousands of texts near certificates, and on odd JSON.

What they are meant to differ in stands in docs/coq.md, with the figures of `python -m tests.exports.agreement`.
"""

import pytest

from muon_theory.exports.coqc import compile_library
from tests.checker import rejected
from tests.exports.agreement import PUT, STORED, Near, decide, dumped, near, table

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


def alike(places, library, seconds=600):
    """Both answers to all texts, if they are the same."""
    found = decide(places, library, seconds)
    assert not any(one.differs for one in found), table(found)
    return found


@pytest.mark.long
@pytest.mark.coq
def test_odd_json_is_read_alike(library):
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
    alike([Near("sign-safe-two-steps", "sign-safe", data, tuple(texts))], library)


@pytest.mark.coq
def test_texts_near_a_certificate_are_decided_alike(library):
    found = alike([near("converges-cubic-minus-one", 200)], library)
    assert len(found) > 100
    assert 3 < sum(one.reason == "" for one in found) < len(found) - 3


@pytest.mark.coq
@pytest.mark.long
def test_a_sample_near_every_kind_is_decided_alike(library):
    found = alike([near(name, 16) for name in sorted(STORED)], library)
    assert len(found) > 700


@pytest.mark.coq
@pytest.mark.exhaustive
@pytest.mark.long
@pytest.mark.parametrize("name", sorted(STORED))
def test_thousands_of_texts_near_every_kind_are_decided_alike(library, name, capsys):
    found = alike([near(name, 400, 1)], library, 3600)
    with capsys.disabled():
        print(f"\n{table(found).splitlines()[0]}")


@pytest.mark.coq
@pytest.mark.long
def test_the_checker_s_corpora_are_decided_alike(library):
    """Every defect of the reject corpus but those of size, and what it was made from."""
    files = [data for path in sorted(rejected.FOLDER.glob("*.json")) if len(data := path.read_bytes()) < 5_000]
    found = alike([Near("reject", "the reject corpus", b"{}", tuple(dict.fromkeys(files)))], library)
    assert sum(not one.limit for one in found) > 150
