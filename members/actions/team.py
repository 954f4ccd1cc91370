"""Who the staff are: invited by a link, given a role, and let go. What is risky is left to `members.actions.approvals`.

An actor is `<role>:<staff id>`, or whoever sits at the command line. Names and addresses stay in the staff's own rows.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select, update

from facts.ids import id_from
from facts.language import N_, Language
from facts.refusals import Refusal
from members import addresses, letters, sessions
from members.approving import id_of, withdraw_all
from members.audit import audit
from members.roles import STAFF_ROLES, Person
from members.sessions import digest
from members.way_tables import Invitation, Passkey, Staff

OWNER, START = "owner", "start"
ACTIVE, GONE = "active", "gone"
BY_GROUP = (
    "group:"  # how `invited_by` begins of who came by a provider's group, until they are removed by hand
)
START_LASTS, LASTS = timedelta(hours=24), timedelta(days=3)
NAME_LENGTH_MAX = 80


def first_owner(session: Session, now: datetime, actor: str = "engine:start") -> str | None:
    """The token of a link for the first owner; None when there is an owner. A new one replaces the one before."""
    if _owners(session):
        return None
    mine = (col(Invitation.invited_by) == START, col(Invitation.used_at).is_(None))
    session.exec(update(Invitation).where(*mine, col(Invitation.expires_at) > now).values(expires_at=now))
    return _invite(session, OWNER, "", START, actor, now, START_LASTS)


def invite(session: Session, email: str, role: str, actor: str, now: datetime, *, agreed_by: str = "") -> str:
    """The token of a link by which somebody with this e-mail address becomes one of the staff, for three days.

    Another owner is not invited by one person alone; whoever runs the machine may (`agreed_by`).
    """
    _known(role)
    if role == OWNER and not agreed_by:
        raise _second()
    email = addresses.email(email, path="email")
    found = session.exec(select(Staff).where(Staff.email == email, Staff.status == ACTIVE)).first()
    if found:
        raise Refusal("staff_there", N_("This person is one of the staff already."), path="email", status=409)
    return _invite(session, role, email, actor, actor, now, LASTS)


def _invite(
    session: Session, role: str, email: str, invited_by: str, actor: str, now: datetime, lasts: timedelta
) -> str:
    token = secrets.token_urlsafe(32)
    session.add(Invitation(digest=digest(token), email=email, role=role, invited_by=invited_by, created_at=now,
                           expires_at=now + lasts))  # fmt: skip
    session.flush()
    audit(
        session,
        actor,
        "staff.invited",
        f"invitation:{digest(token).hex()[:16]}",
        {},
        now,
        after={"role": role},
    )
    return token


def invitation(session: Session, token: str, now: datetime, *, to_use: bool = False) -> Invitation:
    """The invitation behind a link, while it is good; locked when it is `to_use`. Refuses all others alike (404)."""
    known = sessions.possible(token)
    found = session.get(Invitation, digest(token), with_for_update=to_use or None) if known else None
    if found is None or found.used_at is not None or found.expires_at <= now:
        raise Refusal(
            "invitation_over", N_("This link is not good (any more). Ask for a new one."), status=404
        )
    return found


def accept(session: Session, token: str, name: str, email: str, now: datetime) -> Person:
    """Become one of the staff, for whom a session may be opened. The address of an invitation stays as it is.

    Somebody who was here before and comes again is the same person, with the new role.
    """
    asked = invitation(session, token, now, to_use=True)
    name = " ".join(name.replace("\x00", "").split())
    if not 1 <= len(name) <= NAME_LENGTH_MAX:
        raise Refusal("name_missing", N_("Say what your colleagues call you."), path="name")
    email = asked.email or addresses.email(email, path="email")
    row = session.exec(select(Staff).where(Staff.email == email).with_for_update()).first()
    if row and row.status == ACTIVE:
        raise Refusal("staff_there", N_("This person is one of the staff already."), path="email", status=409)
    if row is None:
        row = Staff(staff_id=str(id_from(now, secrets.token_bytes(10))), name=name, email=email, role=asked.role,
                    created_at=now, invited_by=asked.invited_by)  # fmt: skip
    row.name, row.role, row.status, row.gone_at = name, asked.role, ACTIVE, None
    row.invited_by = asked.invited_by
    session.add(row)
    asked.used_at, asked.used_by = now, row.staff_id
    session.add(asked)
    session.flush()
    person = Person(row.staff_id, row.role)
    audit(session, person.actor, "staff.joined", f"staff:{row.staff_id}", {"invited_by": asked.invited_by}, now,
          after={"role": row.role})  # fmt: skip
    return person


def change_role(
    session: Session, staff_id: str, role: str, actor: str, now: datetime, *, agreed_by: str = ""
) -> None:
    """Give somebody another role. They come in anew. To be an owner takes a second person who agrees."""
    _known(role)
    row = _somebody_else(session, staff_id, actor)
    if row.role == role:
        raise Refusal("role_same", N_("They have this role already."), path="role", status=409)
    if role == OWNER and not agreed_by:
        raise _second()
    _keep_an_owner(session, row)
    before, row.role = row.role, role
    session.add(row)
    session.flush()
    out(session, row, before, actor, now)
    detail = {"agreed_by": agreed_by} if agreed_by else {}
    audit(session, actor, "staff.role_changed", f"staff:{staff_id}", detail, now, before={"role": before},
          after={"role": role})  # fmt: skip


def remove(session: Session, staff_id: str, actor: str, now: datetime) -> None:
    """Let somebody go: every session ends at once, and no passkey or provider lets them in again.

    Their logins stay, so that a group of the provider knows whom it must not bring back, under any address.
    """
    row = _somebody_else(session, staff_id, actor)
    _keep_an_owner(session, row)
    row.status, row.gone_at = GONE, now
    if row.invited_by.startswith(BY_GROUP):
        row.invited_by = actor
    session.add(row)
    for way in session.exec(select(Passkey).where(Passkey.role == "staff", Passkey.person == staff_id)).all():
        session.delete(way)
    session.flush()
    out(session, row, row.role, actor, now)
    audit(session, actor, "staff.removed", f"staff:{staff_id}", {}, now, before={"role": row.role})


def take_back(session: Session, name: str, actor: str, now: datetime) -> None:
    """End an invitation that nobody has opened; `name` is its digest, in hexadecimal."""
    known = len(name) == 64 and all(one in "0123456789abcdef" for one in name)
    row = session.get(Invitation, bytes.fromhex(name), with_for_update=True) if known else None
    if row is None or row.used_at is not None or row.expires_at <= now:
        raise Refusal(
            "invitation_over", N_("This link is not good (any more). Ask for a new one."), status=404
        )
    _end_invitation(session, row, actor, now)


def _end_invitation(session: Session, row: Invitation, actor: str, now: datetime) -> None:
    row.expires_at = now
    session.add(row)
    name = row.digest.hex()[:16]
    audit(session, actor, "staff.not_invited", f"invitation:{name}", {}, now, before={"role": row.role})


def post_invitation(session: Session, email: str, link: str, now: datetime, say: Language) -> None:
    """Send an invitation's link by e-mail."""
    subject = say.text("You are invited to look after the shop")
    text = say.text(
        "Open this link once to become one of the staff. It is good for three days: {link}", link=link
    )
    letters.post(
        session, letters.EMAIL, addresses.email(email, path="email"), subject, text, now, lasts=LASTS
    )


def staff_person(session: Session, staff_id: str) -> Person | None:
    """Somebody of the staff as the door knows them; None for who is not, or no longer, one of them."""
    row = session.get(Staff, staff_id)
    return Person(row.staff_id, row.role) if row and row.status == ACTIVE else None


def _second() -> Refusal:
    said = N_("Making somebody an owner takes a second person who agrees.")
    return Refusal("role_needs_second", said, path="role", status=409)


def _known(role: str) -> None:
    if role not in STAFF_ROLES:
        raise Refusal("role_unknown", N_("There is no such role."), path="role")


def _somebody_else(session: Session, staff_id: str, actor: str) -> Staff:
    row = session.get(Staff, staff_id, with_for_update=True, populate_existing=True)
    if row is None or row.status != ACTIVE:
        raise Refusal(
            "staff_unknown", N_("There is nobody like this among the staff."), path="staff", status=404
        )
    if id_of(actor) == staff_id:
        raise Refusal("staff_oneself", N_("Somebody else has to do this: nobody changes their own role."),
                      path="staff", status=409)  # fmt: skip
    return row


def _keep_an_owner(session: Session, row: Staff) -> None:
    if is_last_owner(session, row):
        raise Refusal("owner_last", N_("This is the only owner. Make somebody else an owner first."),
                      path="staff", status=409)  # fmt: skip


def is_last_owner(session: Session, row: Staff) -> bool:
    """Whether the shop would have no owner without them."""
    return row.role == OWNER and row.status == ACTIVE and _owners(session) < 2


def _owners(session: Session) -> int:
    """How many owners there are; their rows are locked, so that two do not go at once."""
    query = select(Staff.staff_id).where(Staff.role == OWNER, Staff.status == ACTIVE)
    return len(session.exec(query.order_by(col(Staff.staff_id)).with_for_update()).all())


def out(session: Session, row: Staff, role: str, actor: str, now: datetime) -> None:
    """End what somebody has open under the role they had, what they asked for, and whom they invited."""
    for one in {role, row.role}:
        sessions.end_all(session, Person(row.staff_id, one), now)
    withdraw_all(session, f"{role}:{row.staff_id}", actor, now)
    theirs = col(Invitation.invited_by).in_([f"{one}:{row.staff_id}" for one in STAFF_ROLES])
    still = (col(Invitation.used_at).is_(None), Invitation.expires_at > now)
    for asked in session.exec(select(Invitation).where(theirs, *still).with_for_update()).all():
        _end_invitation(session, asked, actor, now)


def names(session: Session, actors: set[str]) -> dict[str, str]:
    """What colleagues call the actors among these who are, or were, staff."""
    ids = {id_of(actor): actor for actor in actors}
    found = session.exec(select(Staff.staff_id, Staff.name).where(col(Staff.staff_id).in_(ids))).all()
    return {ids[staff_id]: name for staff_id, name in found}


def how_many(session: Session) -> int:
    """How many people are staff."""
    return session.exec(select(func.count()).select_from(Staff).where(Staff.status == ACTIVE)).one()
