"""Letting somebody know, by e-mail, that their ways in have changed: so that nobody adds one behind their back."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from facts.language import N_, SOURCE, language
from members import letters
from members.programme.versions import in_force
from members.roles import MEMBER, Person
from members.tables import Identity, Member
from members.way_tables import Staff
from rewards.wording import Wording

LASTS = timedelta(days=2)
IF_NOT_YOU = N_("If this was not you, sign in, end the other sessions, and look at your ways in.")


def tell(session: Session, person: Person, msgid: str, now: datetime) -> None:
    """Post the sentence to the person's address, in their language; nothing for who has none."""
    address, code = _where(session, person)
    if address:
        _post(session, letters.EMAIL, address, code, person, msgid, now)


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


def _where(session: Session, person: Person) -> tuple[str, str]:
    if not person.is_member:
        staff = session.get(Staff, person.id)
        return (staff.email, staff.language) if staff else ("", "")
    member_id = UUID(person.id)
    mine = (Identity.member_id == member_id, col(Identity.key).startswith("email:"))
    key = session.exec(select(Identity.key).where(*mine).order_by(col(Identity.since))).first()
    member = session.get(Member, member_id)
    return (key or "").removeprefix("email:"), member.language if member else ""
