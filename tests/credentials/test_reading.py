"""What strangers show us: bounded, strict, and never a reason to open an address."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import time
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badges.credentials import baking, canon, integrity, tokens
from badges.credentials.baking import NotAPicture, baked, text_in
from badges.credentials.keys import base64url, from_base64url
from badges.credentials.reading import Unreadable, Why, presented
from badges.credentials.shape import DOCUMENT, fits
from members.views.credentials import Finding, verify
from tests.credentials.shop import NOW, Shop


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def a_png(*more: bytes) -> bytes:
    """One white pixel."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return (
        baking.SIGNATURE
        + head
        + b"".join(more)
        + chunk(b"IDAT", zlib.compress(b"\0\xff"))
        + chunk(b"IEND", b"")
    )


def an_itxt(text: bytes, *, compressed: int = 0, keyword: bytes = baking.KEYWORD) -> bytes:
    return chunk(b"iTXt", keyword + b"\0" + bytes((compressed, 0)) + b"\0\0" + text)


def why(raw: bytes) -> Why:
    with pytest.raises(Unreadable) as refused:
        presented(raw)
    return refused.value.why


NOT_CREDENTIALS = {
    "nothing": b"  \n ",
    "prose": b"hello",
    "not UTF-8": b"\xff\xfe",
    "a list": b"[]",
    "broken": b'{"a": 1',
    "NaN": b'{"a": NaN}',
    "twice": b'{"id": "a", "id": "b"}',
    "half a pair": b'{"a": "\\ud800"}',
    "deep": b'{"a":' * 40 + b"1" + b"}" * 40,
    "very deep": b'{"a":' * 9000 + b"1" + b"}" * 9000,
    "long number": b'{"a": ' + b"9" * 5000 + b"}",
    "an empty token": b"..",
    "a token of noise": b"a.b.c",
    "a token of another spelling": b"eyJhbGciOiJFZERTQSJ9.e30=.AA",
    "a token of a list": b"eyJhbGciOiJFZERTQSJ9.W10.AA",
}


@pytest.mark.parametrize("name", NOT_CREDENTIALS)
def test_what_is_no_credential_is_refused(name: str) -> None:
    assert why(NOT_CREDENTIALS[name]) is (Why.NOTHING if name == "nothing" else Why.NOT_ONE)


def test_what_is_too_long_is_refused_before_it_is_read() -> None:
    assert why(b"{" + b" " * 65_536 + b"}") is Why.TOO_LONG
    assert why(b"x" * 10_000_000) is Why.TOO_LONG


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_noise_never_does_more_than_be_refused(raw: bytes) -> None:
    for data in (raw, baking.SIGNATURE + raw, b"{" + raw + b"}", a_png(an_itxt(raw))):
        with contextlib.suppress(Unreadable):
            assert not presented(data).ours


@settings(max_examples=200, deadline=None)
@given(at=st.integers(0, 10_000), value=st.integers(0, 255))
def test_a_damaged_picture_is_refused_or_still_says_the_same(at: int, value: int) -> None:
    whole = baked(a_png(), "a credential")
    damaged = bytearray(whole)
    damaged[at % len(whole)] = value
    try:
        assert (
            text_in(bytes(damaged)) == "a credential" if damaged == whole else text_in(bytes(damaged)) is None
        )
    except NotAPicture:
        assert damaged != whole


def test_what_was_baked_in_comes_out_and_the_picture_stays() -> None:
    png = a_png(chunk(b"tEXt", b"Title\0Bread"), an_itxt(b"something else", keyword=b"openbadges"))
    first = baked(png, "eins «ä»")
    assert text_in(png) is None
    assert text_in(first) == "eins «ä»"
    assert text_in(baked(first, "two")) == "two"
    assert baked(first, "two").replace(an_itxt(b"two"), b"") == png


BAD_PICTURES = {
    "cut short": baked(a_png(), "x")[:-20],
    "a length beyond the end": baking.SIGNATURE + b"\xff\xff\xff\xff" + b"iTXt" + b"\0" * 40,
    "no end": baking.SIGNATURE + chunk(b"IHDR", b"\0" * 13),
    "two credentials": a_png(an_itxt(b"{}"), an_itxt(b"{}")),
    "compressed": a_png(an_itxt(zlib.compress(b"\0" * 50_000_000), compressed=1)),
    "marked as compressed": a_png(an_itxt(b"{}", compressed=1)),
    "too long a text": a_png(an_itxt(b"x" * 70_000)),
    "not UTF-8": a_png(an_itxt(b"\xff\xfe")),
    "no room for the flags": a_png(chunk(b"iTXt", baking.KEYWORD + b"\0")),
    "parts without end": baking.SIGNATURE + chunk(b"tEXt", b"") * 20_000,
}


@pytest.mark.parametrize("name", BAD_PICTURES)
def test_pictures_that_are_none_are_refused(name: str) -> None:
    assert why(BAD_PICTURES[name]) is Why.NO_PICTURE


def test_a_picture_without_a_credential_says_so() -> None:
    assert why(a_png()) is Why.NO_CREDENTIAL


def hostile(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Documents that would make a verifier work, or fetch, if it took them for credentials."""
    ring = [{"id": f"_:b{i}", "criteria": {"id": f"_:b{(i + 1) % 60}"}} for i in range(60)]
    return {
        "a context elsewhere": {
            **document,
            "@context": [*document["@context"], "http://169.254.169.254/latest"],
        },
        "a context inside": {
            **document,
            "issuer": {**document["issuer"], "@context": "https://evil.example/c"},
        },
        "a context of one's own": {
            **document,
            "@context": [*document["@context"], {"name": "https://evil.example/"}],
        },
        "blank nodes in a ring": {**document, "evidence": ring},
        "another member": {**document, "extra": 1},
        "a list for one": {**document, "name": [document["name"]]},
        "a number for a text": {**document, "name": 1},
        "one for true": _with(document, "hashed", 1),
        "two holders": _twice(document),
        "two proofs": {**document, "proof": [document["proof"], document["proof"]]},
        "a graph": {"@graph": [document], **document},
    }


def _with(document: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    copy = json.loads(json.dumps(document))
    copy["credentialSubject"]["identifier"][0][name] = value
    return copy


def _twice(document: dict[str, Any]) -> dict[str, Any]:
    copy = json.loads(json.dumps(document))
    copy["credentialSubject"]["identifier"] *= 2
    return copy


def test_hostile_documents_are_turned_away_at_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither canonicalised nor followed: the shape is looked at first."""
    document = json.loads(shop.issued().document)
    assert fits(document, DOCUMENT)

    def nobody(*_: Any) -> Any:
        raise AssertionError("somebody reached out")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    monkeypatch.setattr(socket.socket, "connect", nobody)
    monkeypatch.setattr(integrity, "digest", nobody)
    for name, changed in hostile(document).items():
        shown = presented(json.dumps(changed).encode())
        started = time.process_time()
        finding = verify(shop.session, shown, shop.issuer, NOW).finding
        assert (name, shown.ours, finding) == (name, False, Finding.TAMPERED)
        assert time.process_time() - started < 1


def test_no_context_is_ever_fetched() -> None:
    with pytest.raises(ValueError):
        canon.digest({"@context": "https://evil.example/context", "name": "x"})


TOKEN_HEADERS = [
    {"alg": "none"},
    {"alg": "HS256"},
    {"alg": "EdDSA", "jwk": {"kty": "OKP", "crv": "Ed25519", "x": "AA"}},
    {"alg": "EdDSA", "crit": ["b64"], "b64": False},
    {"alg": "EdDSA", "jku": "https://evil.example/keys"},
    {"alg": ["EdDSA"]},
]


@pytest.mark.parametrize("header", TOKEN_HEADERS, ids=str)
def test_a_token_chooses_neither_its_key_nor_its_algorithm(shop: Shop, header: dict[str, Any]) -> None:
    token = shop.issued().token
    with pytest.raises(ValueError):
        tokens.key_named(base64url(json.dumps(header).encode()) + "." + token.split(".", 1)[1])
    kid = {} if "kid" in header else {"kid": json.loads(from_base64url(token.split(".")[0]))["kid"]}
    made = base64url(json.dumps({**header, **kid}).encode()) + "." + token.split(".", 1)[1]
    for text in (made, made.rpartition(".")[0] + "."):
        finding = verify(shop.session, presented(text.encode()), shop.issuer, NOW).finding
        assert finding is Finding.TAMPERED
