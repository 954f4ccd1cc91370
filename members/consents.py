"""Consents: for what, and over which channel, a member may be written to, and which of their data the game may use.

The purposes are a closed list. Each has its text, and `VERSION` names the texts: whoever changes one raises it. What a
member decides is a new row with the text as they read it; nothing is ever changed, so that it can be shown later.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from facts.language import N_, language
from facts.refusals import Refusal
from members import books
from members.own_tables import Consent, Profile
from members.views.standing import unknown

VERSION = "1"
EMAIL, SMS, SITE = "email", "phone", "site"
SIGNED_LENGTH = 16  # bytes: 128 bits of a keyed hash cannot be guessed


@dataclass(frozen=True, slots=True)
class Purpose:
    """One thing that may be agreed to: its name, the text that is agreed to, and over which channels it can be had."""

    name: str
    title: str
    text: str
    channels: tuple[str, ...]


PURPOSES = (
    Purpose("programme", N_("News of my points"),
            N_("Write to me when points arrive, when some are about to expire, and when a reward waits for me."),
            (EMAIL, SMS)),
    Purpose("offers", N_("Offers"), N_("Write to me about offers and what is new in the shop."), (EMAIL, SMS)),
    Purpose("profiling", N_("Offers made for me"),
            N_("Use what I buy to choose which offers and challenges I see."), (SITE,)),
)  # fmt: skip
BY_NAME = {one.name: one for one in PURPOSES}
CHANNELS = {EMAIL: N_("By e-mail"), SMS: N_("By text message"), SITE: N_("On these pages")}


def decide(
    session: Session,
    member_id: UUID,
    purpose: str,
    channel: str,
    given: bool,
    now: datetime,
    *,
    language_code: str = "en",
    way: str = "",
) -> bool:
    """Write a member's decision down, with the text as they read it; whether it is another than before.

    `way` says where it was made (`join`, `me`, `unsubscribe`, `counter`). Refuses what is not in the closed list.
    """
    asked = BY_NAME.get(purpose)
    if asked is None or channel not in asked.channels:
        raise Refusal("consent_unknown", N_("There is nothing of this kind to agree to."), path="purpose")
    if not books.lock(session, [member_id]):
        raise unknown()
    mine = (Consent.member_id == member_id, Consent.purpose == purpose, Consent.channel == channel)
    last = session.exec(select(Consent).where(*mine).order_by(col(Consent.seq).desc()).limit(1)).first()
    if last.given == given if last else not given:
        return False
    words = language(language_code)
    session.add(Consent(member_id=member_id, purpose=purpose, channel=channel, seq=(last.seq if last else 0) + 1,
                        given=given, at=now, version=VERSION, language=words.code, text=words.text(asked.text),
                        way=way))  # fmt: skip
    session.flush()
    return True


def given(session: Session, member_id: UUID) -> set[tuple[str, str]]:
    """The purposes and channels that a member agrees to now."""
    latest = (
        select(Consent.purpose, Consent.channel, func.max(Consent.seq).label("seq"))
        .where(Consent.member_id == member_id)
        .group_by(col(Consent.purpose), col(Consent.channel))
        .subquery()
    )
    same = (
        (col(Consent.purpose) == latest.c.purpose)
        & (col(Consent.channel) == latest.c.channel)
        & (col(Consent.seq) == latest.c.seq)
    )
    query = select(Consent.purpose, Consent.channel).join(latest, same)
    mine = query.where(Consent.member_id == member_id, col(Consent.given).is_(True))
    return {(purpose, channel) for purpose, channel in session.exec(mine)}


def willing(session: Session, members: Sequence[UUID], purpose: str) -> list[UUID]:
    """Who of these agrees now to messages of this purpose, over any channel; `may_write` has the last word."""
    theirs = (col(Consent.member_id).in_(members), Consent.purpose == purpose)
    query = (
        select(Consent.member_id, Consent.channel, Consent.given).where(*theirs).order_by(col(Consent.seq))
    )
    latest = {(member_id, channel): given for member_id, channel, given in session.exec(query)}
    return sorted({member_id for (member_id, _), given in latest.items() if given})


def may_write(session: Session, member_id: UUID, purpose: str, channel: str) -> bool:
    """Whether a message of this purpose may be sent: agreed to, and the member neither pauses nor has left."""
    profile = session.get(Profile, member_id)
    if profile and (profile.paused_at or profile.left_at or profile.erased_at):
        return False
    return (purpose, channel) in given(session, member_id)


def history(session: Session, member_id: UUID) -> Sequence[Consent]:
    """Every decision of a member, the first one first."""
    order = (col(Consent.at), col(Consent.purpose), col(Consent.channel), col(Consent.seq))
    return session.exec(select(Consent).where(Consent.member_id == member_id).order_by(*order)).all()


# --- leaving with one click (RFC 8058) --------------------------------------------------------------------


def unsubscribe_token(member_id: UUID, purpose: str, channel: str, secret: bytes) -> str:
    """What stands at the end of an unsubscribe address: whom and what it is about, signed. It never expires."""
    plain = f"{member_id.hex}.{purpose}.{channel}"
    return f"{plain}.{_signed(plain, secret)}"


def unsubscribe_address(site: str, member_id: UUID, purpose: str, channel: str, secret: bytes) -> str:
    """What a letter of this purpose carries as its `unsubscribe`; `site` is the programme's public address."""
    return f"{site}/unsubscribe/{unsubscribe_token(member_id, purpose, channel, secret)}"


def unsubscribe_named(token: str, secret: bytes) -> tuple[UUID, str, str] | None:
    """The member, purpose and channel of a token; None for one that we did not sign."""
    plain, _, signed = token.rpartition(".")
    if not hmac.compare_digest(_signed(plain, secret).encode(), signed.encode("utf-8", "replace")):
        return None
    try:
        name, purpose, channel = plain.split(".")
        return UUID(hex=name), purpose, channel
    except ValueError:
        return None


def _signed(plain: str, secret: bytes) -> str:
    made = hmac.digest(secret, b"unsubscribe." + plain.encode("utf-8", "replace"), "sha256")
    return base64.urlsafe_b64encode(made[:SIGNED_LENGTH]).decode().rstrip("=")
