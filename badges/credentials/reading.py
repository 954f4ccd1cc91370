"""What somebody shows us: a credential as JSON, as a token, or baked into a picture. Nobody's word yet.

Everything is bounded before it is looked at: the picture, the text in it, how deep it nests. An address in it is
never opened.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, NoReturn, cast

from badges.credentials import baking, tokens
from badges.credentials.shape import DOCUMENT, PAYLOAD, fits

TEXT_BYTES_MAX = 65_536
DEPTH_MAX = 16
Kind = Literal["document", "token"]


class Why(StrEnum):
    """Why something cannot be checked."""

    NOTHING = "nothing"
    NO_CREDENTIAL = "no_credential"
    NO_PICTURE = "no_picture"
    TOO_LONG = "too_long"
    NOT_ONE = "not_one"


class Unreadable(Exception):
    """Not a credential that we can check."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Presented:
    """A credential as it was shown. `ours`: it has the one shape of ours; otherwise no claim of it may be used."""

    kind: Kind
    text: str
    claims: dict[str, Any]
    ours: bool

    @property
    def method(self) -> str:
        """The key that it names, or ""."""
        if self.kind == "token":
            try:
                return tokens.key_named(self.text)
            except ValueError:
                return ""
        return self._inside("proof", "verificationMethod")

    @property
    def issuer(self) -> str:
        """The issuer that it names, or ""."""
        named = self.claims.get("issuer")
        return named if isinstance(named, str) else self._inside("issuer", "id")

    def _inside(self, name: str, inner: str) -> str:
        part = self.claims.get(name)
        value = cast("dict[str, Any]", part).get(inner) if isinstance(part, dict) else None
        return value if isinstance(value, str) else ""


def presented(raw: bytes) -> Presented:
    """The credential in a text or a picture; raises `Unreadable`."""
    text = _text(raw).strip()
    if not text:
        raise Unreadable(Why.NOTHING)
    if len(text) > TEXT_BYTES_MAX:
        raise Unreadable(Why.TOO_LONG)
    if text.startswith("{"):
        claims = _decoded(text)
        return Presented("document", text, claims, fits(claims, DOCUMENT))
    return _token(text)


def _text(raw: bytes) -> str:
    if baking.is_png(raw):
        try:
            found = baking.text_in(raw)
        except baking.NotAPicture:
            raise Unreadable(Why.NO_PICTURE) from None
        if found is None:
            raise Unreadable(Why.NO_CREDENTIAL)
        return found
    if len(raw) > TEXT_BYTES_MAX:
        raise Unreadable(Why.TOO_LONG)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(Why.NOT_ONE) from None


def _token(text: str) -> Presented:
    try:
        payload = tokens.payload_of(text)
    except ValueError:
        raise Unreadable(Why.NOT_ONE) from None
    claims = _decoded(payload)
    return Presented("token", text, claims, fits(claims, PAYLOAD))


def _decoded(text: str | bytes) -> dict[str, Any]:
    """A JSON object (RFC 8259), read strictly: no name twice, no NaN, no half of a surrogate pair."""
    try:
        value: Any = json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Unreadable(Why.NOT_ONE) from None
    if not isinstance(value, dict) or _depth(value) > DEPTH_MAX:
        raise Unreadable(Why.NOT_ONE)
    return cast("dict[str, Any]", value)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a name is there twice")
    return made


def _constant(name: str) -> NoReturn:
    raise ValueError(name)


def _depth(value: Any, so_far: int = 0) -> int:
    """How deep it nests; stops counting beyond the limit."""
    if so_far > DEPTH_MAX or not isinstance(value, dict | list):
        return so_far
    parts = cast("dict[str, Any]", value).values() if isinstance(value, dict) else cast("list[Any]", value)
    return max((_depth(part, so_far + 1) for part in parts), default=so_far)
