"""Letting somebody know that their ways in have changed: so that nobody adds one behind their back.

By e-mail; who has only a phone number is sent a text message.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from facts.language import N_, SOURCE, language
from facts.refusals import Refusal
from members import letters
from members.own_tables import Profile
from members.programme.versions import in_force
from members.roles import MEMBER, Person
from members.tables import Identity, Member
from members.way_tables import Staff
from rewards.wording import Wording

LASTS = timedelta(days=2)
BECOMES_ONE = N_("Another account becomes part of yours, and what opens it opens yours from now on.")
GOES_OVER = N_("This account becomes part of another one, with its points and its ways in.")
IF_NOT_YOU = N_("If this was not you, sign in, end the other sessions, and look at your ways in.")


def tell(session: Session, person: Person, msgid: str, now: datetime) -> None:
    """Post the sentence to the person's address, in their language; nothing for who has none."""
    subject, code = _where(session, person)
    channel, _, address = subject.partition(":")
    if address:
        _post(session, channel, address, code, person, msgid, now)


def tell_of_merge(session: Session, member_id: UUID, into_id: UUID, now: datetime) -> None:
    """Tell both accounts, at the addresses that they have before `member_id` becomes part of `into_id`."""
    tell(session, Person(str(into_id), MEMBER), BECOMES_ONE, now)
    tell(session, Person(str(member_id), MEMBER), GOES_OVER, now)


def tell_at(session: Session, subject: str, member_id: UUID, msgid: str, now: datetime) -> None:
    """Post the sentence to an address that is, or was, a member's: `email:…` or `phone:…`."""
    channel, _, address = subject.partition(":")
    member = session.get(Member, member_id)
    _post(
        session,
        channel,
        address,
        member.language if member else "",
        Person(str(member_id), MEMBER),
        msgid,
        now,
    )


def _post(
    session: Session, channel: str, address: str, code: str, person: Person, msgid: str, now: datetime
) -> None:
    say = language(code or SOURCE)
    programme = in_force(session, now).programme
    shop = Wording(say, programme.currency, programme.languages[0]).words(programme.name)
    title = say.text("News of your account at {shop}", shop=shop)
    text = f"{say.text(msgid)}\n\n{say.text(IF_NOT_YOU)}"
    letters.post(session, channel, address, title, text, now, person=person.id, lasts=LASTS)


def address_of(session: Session, member_id: UUID, channel: str) -> str:
    """Where a member wants news: the address that they chose, or of this channel the one that they have had longest."""
    profile = session.get(Profile, member_id)
    chosen = session.get(Identity, profile.letters_to) if profile and profile.letters_to else None
    if chosen and chosen.member_id == member_id and chosen.key.startswith(f"{channel}:"):
        return chosen.key.partition(":")[2]
    mine = select(Identity.key).where(
        Identity.member_id == member_id, col(Identity.key).startswith(f"{channel}:")
    )
    found = session.exec(mine.order_by(col(Identity.since), col(Identity.key)).limit(1)).first()
    return found.partition(":")[2] if found else ""


def choose_address(session: Session, member_id: UUID, key: str) -> None:
    """Have news sent to one of one's own addresses (`email:…`, `phone:…`)."""
    one = session.get(Identity, key)
    if (
        one is None
        or one.member_id != member_id
        or not key.startswith((f"{letters.EMAIL}:", f"{letters.PHONE}:"))
    ):
        raise Refusal("address_unknown", N_("This is none of your addresses."), path="address", status=404)
    profile = session.get(Profile, member_id) or Profile(member_id=member_id, salt=secrets.token_bytes(16))
    profile.letters_to = key
    session.add(profile)
    session.flush()


def _where(session: Session, person: Person) -> tuple[str, str]:
    """The oldest address at which they read e-mail, or else text messages; and in which language."""
    if not person.is_member:
        staff = session.get(Staff, person.id)
        return (f"{letters.EMAIL}:{staff.email}", staff.language) if staff else ("", "")
    member_id = UUID(person.id)
    mine = (
        select(Identity.key)
        .where(Identity.member_id == member_id)
        .order_by(col(Identity.since), col(Identity.key))
    )
    found = (
        session.exec(mine.where(col(Identity.key).startswith(f"{channel}:")).limit(1)).first()
        for channel in (letters.EMAIL, letters.PHONE)
    )
    member = session.get(Member, member_id)
    return next((one for one in found if one), ""), member.language if member else ""
