"""Whom a provider means: people are known by (issuer, subject), and an e-mail address alone never opens an account.

An account is linked by who is signed in to it already. Staff come in when they are linked, or when a group that the
shop trusts gives them a role; then the group rules their role at every sign-in, and there is no way past it.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, func, or_, select

from facts.ids import id_from
from facts.language import N_
from facts.refusals import Refusal
from members import letting_know
from members.actions import team
from members.actions.joining import joined
from members.actions.team import ACTIVE, BY_GROUP, GONE
from members.audit import audit
from members.roles import MEMBER, Person
from members.tables import Identity, Member
from members.way_tables import Login, Passkey, Staff

CLOSED = {"merged", "erased"}
STAFF = "staff"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Vouched:
    """What a provider says of somebody. `email` is empty unless it was verified there."""

    provider: str
    issuer: str
    subject: str
    email: str = ""
    name: str = ""
    groups: tuple[str, ...] = ()


def enter(session: Session, one: Vouched, side: str, now: datetime) -> Person | None:
    """Who comes in with this login as `member` or `staff`; None when nobody does (any more)."""
    row = session.get(Login, (one.issuer, one.subject, side), with_for_update=True)
    person = alive(session, row.person, side) if row else None
    if row and person:
        row.used_at = now
        session.add(row)
    return person


def alive(session: Session, person: str, side: str) -> Person | None:
    """The person with this id, while they may come in."""
    if side == MEMBER:
        member = session.get(Member, UUID(person))
        return Person(person, MEMBER) if member and member.status not in CLOSED else None
    staff = session.get(Staff, person)
    return Person(person, staff.role) if staff and staff.status == ACTIVE else None


def by_group(session: Session, person: Person) -> bool:
    """Whether a provider's group made this person one of the staff: then they come in by that provider alone."""
    staff = None if person.is_member else session.get(Staff, person.id)
    return staff is not None and staff.invited_by.startswith(BY_GROUP)


def enter_staff(session: Session, one: Vouched, roles: Mapping[str, str], now: datetime) -> Person:
    """Which of the staff comes in. `roles` says what a group of the provider makes of somebody, the first one counts.

    Who came by a group before goes with it, and comes by that provider alone. Refuses whoever the shop does not know.
    """
    role = next((role for group, role in roles.items() if group in one.groups), "")
    row = session.get(Login, (one.issuer, one.subject, STAFF))
    staff = session.get(Staff, row.person, with_for_update=True) if row else None
    if staff and staff.invited_by == _group_of(one):
        _follow_group(session, staff, role, now)
    if staff is None and row is None and role:
        _join_by_group(session, one, role, now)
    elsewhere = staff and staff.invited_by.startswith(BY_GROUP) and staff.invited_by != _group_of(one)
    found = None if elsewhere else enter(session, one, STAFF, now)
    if found is None:
        raise Refusal(
            "staff_unknown",
            N_("This account is not one of the staff’s. Ask an owner for an invitation."),
            status=403,
            keeps=True,
        )
    return found


def _group_of(one: Vouched) -> str:
    return f"{BY_GROUP}{one.provider}"


def _follow_group(session: Session, staff: Staff, role: str, now: datetime) -> None:
    """The role that the groups give now; without one they are let go, until a group has them again.

    The only owner stays one. Whoever was removed by hand is no group's any more, and does not come back by it.
    """
    before, status = (staff.role, staff.status), ACTIVE if role else GONE
    if before == (role or staff.role, status):
        return
    actor = staff.invited_by
    if team.is_last_owner(session, staff):
        log.warning("the groups of %s would leave the shop without an owner; the only one stays", actor)
        audit(session, f"engine:{actor}", "staff.owner_kept", f"staff:{staff.staff_id}", {"role": role}, now)
        return
    staff.role, staff.status, staff.gone_at = role or staff.role, status, None if role else now
    session.add(staff)
    session.flush()
    team.out(session, staff, before[0], f"engine:{actor}", now)
    audit(session, f"engine:{actor}", "staff.role_changed", f"staff:{staff.staff_id}", {}, now,
          before={"role": before[0], "status": before[1]}, after={"role": staff.role, "status": status})  # fmt: skip


def _join_by_group(session: Session, one: Vouched, role: str, now: datetime) -> None:
    if not one.email:
        raise Refusal(
            "staff_no_email", N_("Your provider did not say which e-mail address is yours."), status=403
        )
    if session.exec(select(Staff.staff_id).where(Staff.email == one.email)).first():
        raise _first()
    staff = Staff(staff_id=str(id_from(now, secrets.token_bytes(10))), name=one.name or one.email.partition("@")[0],
                  email=one.email, role=role, created_at=now, invited_by=_group_of(one))  # fmt: skip
    session.add(staff)
    session.add(_row(one, STAFF, staff.staff_id, now))
    session.flush()
    audit(session, f"engine:{staff.invited_by}", "staff.joined", f"staff:{staff.staff_id}",
          {"invited_by": staff.invited_by}, now, after={"role": role})  # fmt: skip


def _first() -> Refusal:
    return Refusal(
        "sign_in_first",
        N_(
            "There is an account with this e-mail address already. Sign in to it first, and then link the two."
        ),
        status=409,
    )


def check_new(session: Session, one: Vouched) -> None:
    """Refuse to make a new account where one waits to be linked: only who signs in to it may do that."""
    if one.email and joined(session, f"email:{one.email}"):
        raise _first()


def link(session: Session, person: Person, one: Vouched, now: datetime, *, first: bool = False) -> None:
    """Let this login open the account of `person`, who is signed in. Doing it twice changes nothing.

    `first`: the account was made with it, so there is nothing to let its owner know.
    """
    side = MEMBER if person.is_member else STAFF
    row = session.get(Login, (one.issuer, one.subject, side), with_for_update=True)
    if (row is None or row.person != person.id) and by_group(session, person):
        said = N_("You come in with the shop’s account; another one is not for you.")
        raise Refusal("way_by_group", said, status=409)
    if row and row.person != person.id:
        if alive(session, row.person, side):
            raise Refusal("login_taken", N_("This opens another account already."), status=409)
        row.person = person.id  # the account that it opened is closed
        session.add(row)
    if row is None:
        session.add(_row(one, side, person.id, now))
        session.flush()
    if row is None and not first:
        note(session, person, "way.linked", {"provider": one.provider}, now)
        letting_know.tell(session, person, N_("Another account can open yours from now on."), now)


def _row(one: Vouched, side: str, person: str, now: datetime) -> Login:
    return Login(
        issuer=one.issuer, subject=one.subject, role=side, person=person, created_at=now, used_at=now
    )


def unlink(session: Session, person: Person, ident: str, now: datetime) -> None:
    """Take a login away, by its `ident`; never the last way in."""
    keep_a_way(session, person)
    found = next((row for row in of(session, person) if ident_of(row) == ident), None)
    if found:
        session.delete(found)
        session.flush()
        note(session, person, "way.unlinked", {"issuer": found.issuer}, now)
        letting_know.tell(session, person, N_("A linked account was taken off yours."), now)


def of(session: Session, person: Person) -> Sequence[Login]:
    """The logins of a person, the oldest first."""
    side = MEMBER if person.is_member else STAFF
    mine = (Login.person == person.id, Login.role == side)
    return session.exec(select(Login).where(*mine).order_by(col(Login.created_at))).all()


def ident_of(row: Login) -> str:
    """What a form names a login by."""
    return hashlib.sha256(f"{row.issuer}\x00{row.subject}".encode()).hexdigest()[:16]


def keep_a_way(session: Session, person: Person) -> None:
    """Refuse to take away the last way in: a passkey, a login, for members an address too. One at a time."""
    table, key = (Member, UUID(person.id)) if person.is_member else (Staff, person.id)
    session.get(table, key, with_for_update=True)
    if ways_in(session, person) <= 1:
        raise Refusal("last_way", N_("This is your only way in. Add another one first."), status=409)


def ways_in(session: Session, person: Person) -> int:
    """How many ways in somebody has: passkeys, logins, for members addresses too."""
    side = MEMBER if person.is_member else STAFF
    ways = sum(
        session.exec(select(func.count()).where(row.person == person.id, row.role == side)).one()
        for row in (Login, Passkey)
    )
    if person.is_member:
        sent = or_(col(Identity.key).startswith("email:"), col(Identity.key).startswith("phone:"))
        ways += session.exec(select(func.count()).where(Identity.member_id == UUID(person.id), sent)).one()
    return ways


def note(session: Session, person: Person, action: str, detail: dict[str, str], now: datetime) -> None:
    """What staff change about their ways in goes into the audit; a member's is their own affair."""
    if not person.is_member:
        audit(session, person.actor, action, f"staff:{person.id}", detail, now)
