"""Whom staff at the counter mean: a card that was scanned, its number, a phone number or an e-mail address."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from uuid import UUID

from sqlmodel import Session

from app import limits
from facts.language import N_
from facts.refusals import Refusal
from members.actions import card, joining
from members.actions.card import Presented
from members.addresses import region_of, subject_of
from members.merged import latest_of
from members.programme.versions import in_force
from members.roles import STAFF_ROLES, Person
from members.tables import Identity, Member

DIGITS_OF_A_CARD = 14
NOBODY = N_("Nobody here has this address yet. They can join now.")


def key_of(person: Person) -> str:
    """By what a phone knows again who put purchases aside: nothing that says who that is. A role may change."""
    return _key(person.id)


def old_keys_of(person: Person) -> list[str]:
    """The keys that phones may still hold from when a role was part of them."""
    return [_key(f"{role}:{person.id}") for role in sorted(STAFF_ROLES)]


def _key(who: str) -> str:
    return hashlib.sha256(limits.hidden(f"counter:{who}").encode()).hexdigest()[:24]


def whom(session: Session, typed: str, secret: bytes, now: datetime) -> Presented:
    """The member who is meant; a card's code is used up. Refuses, with a sentence for staff, who is nobody."""
    if _is_card(typed):
        found = card.present(session, typed, secret, now)
        return Presented(latest_of(session, found.member_id), found.proved)
    member = joining.account_of(session, _address(session, typed))
    if member is None:
        raise Refusal("nobody_known", NOBODY, path="who", status=404)
    return Presented(member.member_id, proved=False)


def subject_for(session: Session, member: str, typed: str, *, new: bool = False) -> str:
    """The subject of a fact: `member:<id>` for who is known, else the address (which then waits for its owner).

    A card is taken by its number: what a phone kept for later has a code that is over. With `new`, the address itself.
    """
    if new:
        return _address(session, typed)
    if member:
        return f"member:{_there(session, member)}"
    if _is_card(typed):
        owner = session.get(Identity, f"card:{card.read(typed).number}")
        if owner is None:
            raise Refusal("card_unknown", N_("Nobody has a card with this number."), path="who", status=404)
        return f"member:{latest_of(session, owner.member_id)}"
    address = _address(session, typed)
    known = joining.account_of(session, address)
    return f"member:{known.member_id}" if known else address


def card_number(typed: str) -> str:
    """The number of the card that is meant, "" for something else: a number has a rate of its own."""
    return card.read(typed).number if _is_card(typed) else ""


def _there(session: Session, member: str) -> UUID:
    try:
        found = session.get(Member, UUID(member))
    except ValueError:
        found = None
    if found is None:
        raise Refusal("member_unknown", N_("There is no such member."), status=404)
    return latest_of(session, found.member_id)


def _is_card(typed: str) -> bool:
    if "@" in typed or typed.lstrip().startswith("+"):
        return False
    return "." in typed or sum(one.isdigit() for one in typed) >= DIGITS_OF_A_CARD


def _address(session: Session, typed: str) -> str:
    if not typed:
        text = N_("Scan a card, or type its number, a phone number or an e-mail address.")
        raise Refusal("nobody_meant", text, path="who")
    zone = in_force(session, datetime.now(UTC)).programme.timezone
    return subject_of(typed, region_of(zone))
