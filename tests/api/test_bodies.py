"""Bodies: what is JSON as we can keep it, and what is refused, however it is hidden."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.api.bodies import DEPTH_MAX, decode
from facts.refusals import Refusal


def nested(depth: int, inmost: Any, wide: int = 0) -> Any:
    """`inmost` inside as many containers, by turns lists and objects, with `wide` more beside it."""
    value: Any = inmost
    for level in range(depth):
        beside: list[Any] = [{}] * wide
        value = {"in": value} if level % 2 else [value, *beside]
    return value


@pytest.mark.parametrize(
    "value",
    [
        0,
        "",
        "[{" * 100,
        "back\\u0000slash",
        "Ёлка 🎄",
        nested(DEPTH_MAX, "x"),
        nested(DEPTH_MAX, {}),
        nested(DEPTH_MAX, "x", wide=2),
        [{"category": ["a", "b"]} for _ in range(100)],
    ],
)
def test_what_can_be_kept_is_read_as_it_is(value: Any) -> None:
    for ascii_only in (True, False):
        assert decode(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@pytest.mark.parametrize(
    "value",
    [
        "\0",
        "\ud800",
        "low \udfff",
        "\udc00\ud800",
        "🎄\udbff",
        ["x", {"a": ["\0"]}],
        {"\0": 1},
        {"\ude00": {}},
    ],
)
def test_what_no_database_stores_is_refused(value: Any) -> None:
    with pytest.raises(Refusal, match="cannot be stored"):
        decode(json.dumps(value).encode())
    with pytest.raises(Refusal, match="cannot be stored"):
        decode(json.dumps(value).replace("\\ud", "\\uD").replace("\\uDf", "\\uDF").encode())


@pytest.mark.parametrize(
    "value",
    [
        nested(DEPTH_MAX + 1, "x"),
        nested(DEPTH_MAX + 1, {"a": 1}),
        [*range(50), {"a": nested(DEPTH_MAX, 0)}],
        nested(300, []),
    ],
)
def test_what_is_nested_too_deeply_is_refused(value: Any) -> None:
    with pytest.raises(Refusal, match="nested too deeply"):
        decode(json.dumps(value).encode())


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff",
        b'"\0"',
        b'"\xed\xa0\x80"',
        b"NaN",
        b'{"a": 1, "a": 1}',
        b"[" * 100_000,
        b"\xef\xbb\xbf{}",
        b"1 2",
    ],
)
def test_what_is_no_json_is_refused(raw: bytes) -> None:
    with pytest.raises(Refusal, match="not JSON"):
        decode(raw)
