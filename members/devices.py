"""The browsers that a member comes with, by a cookie of their own: a keyed hash of it is kept with each member."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from facts.language import N_, Language
from members import sets
from members.own_tables import Device

TOKEN_LENGTH_MAX = 128
BROWSERS = (  # the first that is named is the one it is: each calls itself by its ancestors' names too
    ("Edg", "Edge"), ("OPR/", "Opera"), ("YaBrowser", "Yandex"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"), ("Linux", "Linux"),
)  # fmt: skip
ON = N_("{browser} on {system}")
SOME = N_("A browser")


def fresh() -> str:
    """A new token for the cookie."""
    return secrets.token_urlsafe(32)


def digest(token: str, secret: bytes) -> bytes:
    """What the database keeps of a device's cookie."""
    return hmac.new(secret, b"device\x00" + token.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()


def possible(token: str) -> bool:
    """Whether it may be a token of ours."""
    return 32 <= len(token) <= TOKEN_LENGTH_MAX


def label(agent: str) -> str:
    """What a browser says it is: `Chrome/Android`, or "" for one that says nothing we know."""
    browser = next((name for sign, name in BROWSERS if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    return f"{browser}/{system}" if browser and system else ""


def named(label: str, say: Language) -> str:
    """A label for people: “Chrome on Android”."""
    browser, _, system = label.partition("/")
    return say.text(ON, browser=browser, system=system) if browser and system else say.text(SOME)


def known(session: Session, member_id: UUID, digest: bytes | None) -> bool:
    """Whether this member has proved on this device, with a code, who they are."""
    if digest is None:
        return False
    query = select(Device.trusted_at).where(Device.member_id == member_id, Device.digest == digest)
    return session.exec(query).first() is not None


def remember(
    session: Session, member_id: UUID, digest: bytes, label: str, now: datetime, *, trusted: bool
) -> bool:
    """Keep that the member was here with this device; whether it is new to them.

    A device stays trusted since the first time that it was.
    """
    won = sets.insert(
        session, Device, ("member_id", "digest", "label", "first_at", "seen_at", "trusted_at"),
        [(member_id, digest, label, now, now, now if trusted else None)],
        "ON CONFLICT (member_id, digest) DO NOTHING", ("member_id",),
    )  # fmt: skip
    if won:
        return True
    row = session.get(Device, (member_id, digest), populate_existing=True)
    assert row is not None
    row.seen_at, row.label = now, label or row.label
    if trusted and row.trusted_at is None:
        row.trusted_at = now
    session.add(row)
    return False


def of(session: Session, member_id: UUID) -> list[Device]:
    """All devices of a member, the one seen last first."""
    query = select(Device).where(Device.member_id == member_id).order_by(col(Device.seen_at).desc())
    return list(session.exec(query))
