"""The staff as they see each other: who they are, when they were seen last, and who was invited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from facts.columns import Utc
from facts.language import N_, Language
from members import approving
from members.actions.team import ACTIVE, START, names
from members.approving import id_of
from members.programme.versions import versions
from members.roles import STAFF_ROLES, Capability, Person
from members.tables import BrowserSession
from members.team_cards import ChoiceCard, ColleagueCard, DeskCard, InvitedCard, TeamCard
from members.views.saying import timed
from members.way_tables import Invitation, Login, Passkey, Staff

ROLE_NAMES = {
    "owner": N_("Owner"),
    "marketer": N_("Marketer"),
    "support": N_("Support"),
    "cashier": N_("Cashier"),
    "analyst": N_("Analyst"),
}
MACHINE = {"staff:command-line": N_("The command line"), "engine": N_("The programme itself")}
INVITED_MAX = 50


def desk(session: Session, person: Person, paths: tuple[str, ...], now: datetime, say: Language) -> DeskCard:
    """Who somebody of the staff is, and which of the pages are theirs (`paths`)."""
    row = session.get(Staff, person.id)
    count = approving.waiting(session, now) if person.may(Capability.APPROVE) else 0
    return DeskCard(
        name=row.name if row else "",
        role=role_name(person.role, say),
        paths=paths,
        home=paths[0] if paths else "",
        waiting=say.number(count) if count else "",
    )


def role_name(role: str, say: Language) -> str:
    """What a role is called; its own word for one that is no more."""
    return say.text(ROLE_NAMES[role]) if role in ROLE_NAMES else role


def called(session: Session, actors: set[str], say: Language) -> dict[str, str]:
    """What the actors are called: colleagues by their name, others by their role."""
    known = names(session, actors)
    return {actor: known.get(actor) or unnamed(actor, say) for actor in actors}


def unnamed(actor: str, say: Language) -> str:
    """What an actor without a name is called: the machine, the programme, or their role."""
    kind, _, rest = actor.partition(":")
    if actor in MACHINE or kind in MACHINE:
        return say.text(MACHINE.get(actor) or MACHINE[kind])
    if kind in ROLE_NAMES:
        return f"{role_name(kind, say)} ({rest[:13]})"
    return say.text("A member") if kind == "member" else actor


def moment(at: datetime, say: Language, zone: ZoneInfo) -> str:
    """A day and a time of day."""
    return timed(say.date(at, "medium", zone), at, say, zone)


def team_card(session: Session, person: Person, now: datetime, say: Language) -> TeamCard:
    """Everybody who is staff now, and the invitations that are open."""
    people = session.exec(select(Staff).where(Staff.status == ACTIVE).order_by(col(Staff.created_at))).all()
    ids, zone, may = (
        [one.staff_id for one in people],
        versions(session).at(now).zone,
        person.may(Capability.EDIT_TEAM),
    )
    seen, ways = _seen(session, ids), _ways(session, ids)
    roles = tuple(ChoiceCard(role, role_name(role, say)) for role in STAFF_ROLES)
    return TeamCard(
        people=tuple(
            ColleagueCard(
                key=one.staff_id,
                name=one.name,
                email=one.email,
                role=role_name(one.role, say),
                role_key=one.role,
                seen=say.text("Last seen {when}", when=moment(seen[one.staff_id], say, zone))
                if one.staff_id in seen
                else say.text("Not seen yet"),
                ways=_ways_words(*ways.get(one.staff_id, (0, 0)), say),
                open=may and one.staff_id != person.id,
            )
            for one in people
        ),
        invited=tuple(_invited(one, say, zone) for one in _open(session, now)),
        roles=roles,
        may_edit=may,
    )


def _open(session: Session, now: datetime) -> Sequence[Invitation]:
    mine = (
        col(Invitation.used_at).is_(None),
        col(Invitation.expires_at) > now,
        Invitation.invited_by != START,
    )
    return session.exec(
        select(Invitation).where(*mine).order_by(col(Invitation.created_at)).limit(INVITED_MAX)
    ).all()


def _invited(one: Invitation, say: Language, zone: ZoneInfo) -> InvitedCard:
    words = say.text(
        "{role}, until {when}", role=role_name(one.role, say), when=moment(one.expires_at, say, zone)
    )
    return InvitedCard(one.digest.hex(), one.email, words)


def _seen(session: Session, ids: list[str]) -> dict[str, datetime]:
    newest = func.max(func.coalesce(col(BrowserSession.seen_at), col(BrowserSession.created_at)), type_=Utc())
    mine = (col(BrowserSession.person).in_(ids), col(BrowserSession.role).in_(STAFF_ROLES))
    rows = session.exec(
        select(BrowserSession.person, newest).where(*mine).group_by(col(BrowserSession.person))
    )
    return dict(rows.all())


def _ways(session: Session, ids: list[str]) -> dict[str, tuple[int, int]]:
    counted: list[dict[str, int]] = []
    for table in (Passkey, Login):
        mine = (table.role == "staff", col(table.person).in_(ids))
        rows = session.exec(select(table.person, func.count()).where(*mine).group_by(col(table.person)))
        counted.append(dict(rows.all()))
    return {one: (counted[0].get(one, 0), counted[1].get(one, 0)) for one in ids}


def _ways_words(passkeys: int, providers: int, say: Language) -> str:
    said = [say.plural("{n} passkey", "{n} passkeys", passkeys)] if passkeys else []
    if providers:
        said.append(say.plural("{n} linked account", "{n} linked accounts", providers))
    return say.listed(said) if said else say.text("No way to come in again yet")


__all__ = ["ROLE_NAMES", "called", "desk", "id_of", "moment", "role_name", "team_card", "unnamed"]
