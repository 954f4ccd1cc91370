"""Codes of links that people share: two words and two digits, easily said and typed. Nothing in them is personal."""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from facts.language import N_
from facts.refusals import Refusal
from members import books, funnel, sets
from members.alias_words import WORDS
from members.programme.versions import in_force
from members.referral_tables import ReferralCode
from rewards.referrals import Offer

_CODE = re.compile(r"[a-z]{3,12}-[a-z]{3,12}-[0-9]{2,6}")
TRIES = 8


def read(typed: str) -> str:
    """A code as somebody types it, or pastes the whole link, tagged or not; "" for what is none."""
    plain = re.split("[?~]", typed.strip().lower(), maxsplit=1)[0]
    words = plain.rstrip("/").rsplit("/", 1)[-1]
    words = "-".join(re.findall(r"[a-z0-9]+", words))
    return words if _CODE.fullmatch(words) else ""


def _new(digits: int) -> str:
    first, second = WORDS["en"]
    number = secrets.randbelow(9 * 10 ** (digits - 1)) + 10 ** (digits - 1)
    return f"{secrets.choice(first)}-{secrets.choice(second)}-{number}".lower()


def known(session: Session, member_id: UUID, now: datetime) -> ReferralCode | None:
    """A member's link for what is offered now, when it has been made."""
    offer = in_force(session, now).programme.referrals.offer(now)
    return _known(session, member_id, offer, now) if offer else None


def _known(session: Session, member_id: UUID, offer: Offer, now: datetime) -> ReferralCode | None:
    """The first one with these terms, however they were written down, that leads somewhere still."""
    query = select(ReferralCode).where(ReferralCode.member_id == member_id, ReferralCode.offer == offer.slug)
    links = session.exec(query.order_by(col(ReferralCode.created_at))).all()
    return next((link for link in links if terms_of(link.terms) == offer and not over(link, now)), None)


def over(link: ReferralCode, at: datetime) -> bool:
    """Whether a link led nowhere any more at a moment."""
    end = terms_of(link.terms).over_at(link.created_at)
    return end is not None and at >= end


def mine(session: Session, member_id: UUID, now: datetime) -> ReferralCode | None:
    """A member's link for what is offered now, made on first need; None when nothing is offered.

    As long as the terms are the same, so is the link. With other terms there is another one; the old one keeps its own.
    """
    offer = in_force(session, now).programme.referrals.offer(now)
    if offer is None:
        return None
    books.lock(session, [member_id])  # two tabs make one link
    return _known(session, member_id, offer, now) or _make(session, member_id, offer, now)


def _make(session: Session, member_id: UUID, offer: Offer, now: datetime) -> ReferralCode:
    columns = ("code", "member_id", "offer", "terms", "created_at", "clicked", "shared", "named")
    before = select(ReferralCode.named).where(ReferralCode.member_id == member_id)
    named = session.exec(before.order_by(col(ReferralCode.created_at).desc()).limit(1)).first() or False
    terms = offer.model_dump_json()
    for number in range(TRIES):
        code = _new(2 + number)
        row = (code, member_id, offer.slug, terms, now, 0, 0, named)
        if sets.insert(session, ReferralCode, columns, [row], "ON CONFLICT (code) DO NOTHING", ("code",)):
            made = session.get(ReferralCode, code)
            assert made is not None
            funnel.made(session, member_id, terms)
            return made
    raise RuntimeError("no code is free")


def by_code(session: Session, typed: str) -> ReferralCode:
    """The link with a code; refuses what leads nowhere."""
    code = read(typed)
    found = session.get(ReferralCode, code) if code else None
    if found is None:
        raise Refusal(
            "code_unknown", N_("Nobody has this code. Look at it again, please."), path="code", status=404
        )
    return found


def terms_of(terms: str) -> Offer:
    """The offer that a link or a referral keeps."""
    return Offer.model_validate_json(terms)
