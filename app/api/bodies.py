"""Request bodies: read up to a cap, and decoded strictly, so that nothing odd reaches the engine.

JSON as RFC 8259 has it, in UTF-8: no NaN, no name twice in an object, no NUL and no half of a surrogate pair
(no database stores them), no deeper than anybody needs.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn, cast

from starlette.requests import ClientDisconnect, Request

from app.door import in_worker
from facts.refusals import Refusal

BODY_BYTES_MAX = 4_000_000
INLINE_BYTES_MAX = 16_384  # what is decoded on the event loop itself: larger bodies go to a worker thread
DEPTH_MAX = 32

Branch = dict[str, Any] | list[Any]

# UTF-8 has no half of a pair and JSON no bare NUL: only an escape brings one in. A whole pair is looked at too.
_DOUBTFUL = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


async def json_body(request: Request, media_types: tuple[str, ...]) -> Any:
    """The decoded body of a request in one of `media_types`; refuses with 400, 413 or 415."""
    sent = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if sent not in media_types:
        expected = " or ".join(media_types)
        raise Refusal("media_type", "Send this as {expected}.", status=415, expected=expected)
    raw = await _bytes(request)
    return decode(raw) if len(raw) <= INLINE_BYTES_MAX else await in_worker(decode, raw)


async def _bytes(request: Request) -> bytes:
    """The body, given up as soon as it is longer than the cap."""
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:20]) > BODY_BYTES_MAX:
        raise _too_long()
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > BODY_BYTES_MAX:
                raise _too_long()
            chunks.append(chunk)
    except ClientDisconnect:
        raise Refusal("disconnected", "The body broke off.", status=400) from None
    return b"".join(chunks)


def _too_long() -> Refusal:
    text = "The body is longer than {limit} bytes: send less at once."
    return Refusal("body_too_long", text, status=413, limit=BODY_BYTES_MAX)


def decode(raw: bytes) -> Any:
    """The value in JSON text; refuses with the place of the first thing that is wrong."""
    try:
        text = raw.decode("utf-8")
        value = _JSON.decode(text)
    except UnicodeDecodeError as error:
        raise _malformed("the text is not UTF-8", f"byte {error.start + 1}") from None
    except json.JSONDecodeError as error:
        raise _malformed(error.msg, f"line {error.lineno}, column {error.colno}") from None
    except (RecursionError, ValueError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise _malformed(reason, "the body") from None
    if isinstance(value, dict | list) and text.count("{") + text.count("[") > DEPTH_MAX:
        _check_depth(cast("Branch", value), 1)
    if _DOUBTFUL.search(text):
        _check_texts(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))
        raise ValueError(f"the name {twice[:80]!r} is there twice in one object")
    return made


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


_JSON = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)


def _check_depth(branch: Branch, depth: int) -> None:
    for item in branch.values() if isinstance(branch, dict) else branch:
        if depth > DEPTH_MAX:
            raise _malformed("it is nested too deeply", "the body")
        if isinstance(item, dict | list):
            _check_depth(cast("Branch", item), depth + 1)


def _check_texts(value: Any) -> None:
    if isinstance(value, str):
        if "\0" in value or not _encodes(value):
            raise _malformed("a text holds a character that cannot be stored", "the body")
    elif isinstance(value, dict):
        for name, item in cast("dict[str, Any]", value).items():
            _check_texts(name)
            _check_texts(item)
    elif isinstance(value, list):
        for item in cast("list[Any]", value):
            _check_texts(item)


def _encodes(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _malformed(reason: str, place: str) -> Refusal:
    return Refusal("json_malformed", "This is not JSON as we can read it: {reason} ({place}).", status=400,
                   reason=reason, place=place)  # fmt: skip
