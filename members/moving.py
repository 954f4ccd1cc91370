"""Moving in: what is known of somebody in another programme, and what is found when they are looked up here."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

CREATE, ADD, UPDATE, SAME, KEPT, ERROR = "create", "add", "update", "same", "kept", "error"


@dataclass(frozen=True, slots=True)
class PastEntry:
    """Points that came or went in the other programme; `name` tells one from the others of the same person."""

    name: str
    at: datetime
    points: int
    reason: str


@dataclass(frozen=True, slots=True)
class Said:
    """That somebody agreed to something there (or did not): for what, over which channel, when, to which text."""

    purpose: str
    channel: str
    given: bool
    at: datetime
    version: str
    text: str


@dataclass(slots=True)
class Newcomer:
    """Somebody of another programme. `keys` are identity keys: `customer:<source>:<id>`, `email:…`, `phone:…`.

    `name_there` is what they are known by there, with which a second run finds them again; `line` and `lines` say where
    in the file they stand. `lots` are as in `facts.import_shapes`, with those that are over at `read_at`: an unchanged
    file stays unchanged as time goes by. `until` is a day, as ISO 8601, or "".
    """

    line: int
    name_there: str
    keys: tuple[str, ...]
    name: str = ""
    birthday: str = ""
    language: str = ""
    joined: datetime | None = None
    lots: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    tier: str = ""
    until: str = ""
    entries: list[PastEntry] = field(default_factory=list[PastEntry])
    consents: list[Said] = field(default_factory=list[Said])
    read_at: datetime | None = None

    @property
    def points(self) -> int:
        """The balance that comes over; what is over when the file is read is left out."""
        return sum(int(lot["points"]) for lot in self.lots_at(self.read_at))

    def lots_at(self, at: datetime | None) -> list[dict[str, Any]]:
        """The lots that are not over at a moment; all of them at none."""
        ends = ((lot, lot.get("expires_at")) for lot in self.lots)
        return [lot for lot, end in ends if at is None or not end or datetime.fromisoformat(end) > at]


@dataclass(slots=True)
class Finding:
    """What would be done, or was done, about a line. `parts` are what changes; `problem` says why nothing is."""

    newcomer: Newcomer
    digest: bytes
    did: str
    member_id: UUID | None = None
    parts: tuple[str, ...] = ()
    problem: str = ""
    right: str = ""
    before: dict[str, Any] = field(default_factory=dict[str, Any])
    before_number: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """One import: where its facts come from (`import:<name>`), the key of its digests, and what to do with an address
    that somebody has here already: `report` it, or `add` to their account. `taken` are the accounts that lines of the
    file were added to.
    """

    source: str
    secret: bytes
    known: str = "report"
    taken: dict[UUID, bytes] = field(default_factory=dict[UUID, bytes])

    def digest(self, name_there: str) -> bytes:
        """What somebody is remembered by; without the secret nobody can tell whether an address is among them."""
        return hmac.digest(self.secret, f"import\x1f{self.source}\x1f{name_there}".encode(), "sha256")

    def sign(self, value: Any) -> str:
        """A short digest of what the file said, to see whether it has changed."""
        plain = json.dumps(value, sort_keys=True, default=str, ensure_ascii=False)
        return hmac.digest(self.secret, plain.encode("utf-8", "replace"), "sha256").hex()[:24]

    def content(self, one: Newcomer) -> dict[str, Any]:
        """What the file says of somebody, part by part, as digests; empty parts are left out."""
        found: dict[str, Any] = {"about": self.sign([one.name, one.birthday, one.language, one.keys])}
        if one.lots:
            found["balance"] = self.sign(one.lots)
        if one.tier:
            found["tier"] = self.sign([one.tier, one.until])
        if one.consents:
            found["consents"] = self.sign(
                [(c.purpose, c.channel, c.given, c.at, c.version) for c in one.consents]
            )
        return found | (
            {"entries": sorted({short(entry.name) for entry in one.entries})} if one.entries else {}
        )


def unpacked(content: str) -> dict[str, Any]:
    """What `ImportedPerson.content` or `ImportedLine.before` says; nothing for ""."""
    return json.loads(content) if content else {}


def short(name: str) -> str:
    """The name of a past entry, short enough for a fact's id."""
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:16]


def parts_of(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, ...]:
    """The parts that are different. Past entries that the file does not tell any more stay."""
    said = before.get("said", {})
    changed = [name for name in ("balance", "tier", "about", "consents") if said.get(name) != after.get(name)]
    if set(after.get("entries", ())) - set(said.get("entries", ())):
        changed.append("history")
    return tuple(changed)
