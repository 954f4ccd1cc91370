"""The keys as staff see them: what each may do, since when, and what waits for a second person."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from badges.credentials.tables import IssuerKey
from facts.language import N_, Language
from members import issuer, keys
from members.actions.keys import ISSUER, MADE, RENEWED, ROTATED, WITHDRAWN
from members.approving import WAITING
from members.key_cards import ApiKeyCard, IssuerKeyCard, KeysCard, ScopeCard
from members.keys import Scope
from members.programme.versions import versions
from members.roles import ROLES, Capability, Person
from members.tables import ApiKey
from members.views.team import moment
from members.way_tables import Approval, Staff

ENDED_MAX = 10
SCOPES: dict[str, str] = {
    Scope.EVENTS_WRITE: N_("Send events such as orders"),
    Scope.MEMBERS_READ: N_("Read how members stand"),
    Scope.CATALOGUE_READ: N_("Read the rewards"),
    Scope.REDEEM: N_("Redeem rewards and take vouchers"),
    Scope.SIMULATE: N_("Try events out without recording them"),
}
ALONE = N_("There is no other owner who could agree. Invite one, or let whoever runs the machine agree:")
ASKED = {
    MADE: N_("Make the API key “{name}” for {source}: {scopes}"),
    RENEWED: N_("Renew the API key “{name}” of {source}: {scopes}"),
    ROTATED: N_("Renew the key that signs badges"),
    WITHDRAWN: N_("Withdraw the key {name}: what it signed is good no more"),
}


def asked_words(action: str, detail: dict[str, Any], say: Language) -> str:
    """What somebody asked for, for whoever is to agree."""
    scopes = (
        say.listed([scope_name(one, say) for one in detail.get("scopes", ())]) if "scopes" in detail else ""
    )
    name = detail["name"] if action != WITHDRAWN else short(detail["name"])
    return say.text(ASKED[action], name=name, source=detail.get("source", ""), scopes=scopes)


def scope_name(scope: str, say: Language) -> str:
    """What a scope lets a key do; its own word for one that is no more."""
    return say.text(SCOPES[scope]) if scope in SCOPES else scope


def short(name: str) -> str:
    """The beginning of a key's thumbprint, by which people tell keys apart."""
    return f"{name[:10]}…"


def keys_card(session: Session, person: Person, now: datetime, say: Language) -> KeysCard:
    """All keys in use, and the ones that ended last."""
    zone = versions(session).at(now).zone
    waits = _waiting(session, now)
    mine = sum(len(things) for things in waits.values())
    return KeysCard(
        api=tuple(_key(one, waits, now, zone, say) for one in _rows(session, now)),
        signing=tuple(_signing(one, waits, zone, say) for one in issuer.list_all(session)),
        scopes=tuple(ScopeCard(one, f"scope_{at}", scope_name(one, say)) for at, one in enumerate(Scope)),
        words=say.plural(
            "{n} request about keys waits for a second person.",
            "{n} requests about keys wait for a second person.",
            mine,
        )
        if mine
        else "",
        alone="" if _another(session, person) else say.text(ALONE),
    )  # fmt: skip


def _rows(session: Session, now: datetime) -> list[ApiKey]:
    """What is good first, the newest first, then what ended lately."""
    rows = sorted(keys.list_all(session), key=lambda one: one.created_at, reverse=True)
    good = [one for one in rows if one.revoked_at is None or one.revoked_at > now]
    over = sorted((one for one in rows if one not in good), key=lambda one: str(one.revoked_at), reverse=True)
    return [*good, *over[:ENDED_MAX]]


def _key(one: ApiKey, waits: dict[str, set[str]], now: datetime, zone: ZoneInfo, say: Language) -> ApiKeyCard:
    asked = f"key:{one.name}" in waits.get(RENEWED, set())
    if one.revoked_at is None:
        state, tone = (say.text("To be renewed"), "caution") if asked else (say.text("In use"), "good")
    elif one.revoked_at > now:
        state, tone = say.text("Good until {when}", when=moment(one.revoked_at, say, zone)), "caution"
    else:
        state, tone = say.text("Ended on {when}", when=moment(one.revoked_at, say, zone)), "plain"
    return ApiKeyCard(
        key=one.digest.hex()[:16],
        name=one.name,
        source=one.source,
        scopes=" · ".join(scope_name(scope, say) for scope in one.scopes.split()),
        made=say.text("Made on {when}", when=moment(one.created_at, say, zone)),
        state=state,
        tone=tone,
        open=one.revoked_at is None,
    )


def _signing(one: IssuerKey, waits: dict[str, set[str]], zone: ZoneInfo, say: Language) -> IssuerKeyCard:
    asked = f"issuer_key:{one.name}" in waits.get(WITHDRAWN, set())
    if one.withdrawn_at:
        state, tone = say.text("Withdrawn: nothing that it signed is good"), "plain"
    elif asked:
        state, tone = say.text("To be withdrawn"), "caution"
    elif one.retired_at:
        state, tone = say.text("Signs no more; what it signed is good"), "plain"
    elif ISSUER in waits.get(ROTATED, set()):
        state, tone = say.text("To be renewed"), "caution"
    else:
        state, tone = say.text("Signs badges"), "good"
    when = moment(one.created_at, say, zone)
    return IssuerKeyCard(one.name, short(one.name), say.text("Made on {when}", when=when), state, tone,
                         one.retired_at is None, one.withdrawn_at is None and not asked)  # fmt: skip


def _waiting(session: Session, now: datetime) -> dict[str, set[str]]:
    """What was asked for about keys: the things, by action."""
    query = select(Approval.action, Approval.object).where(
        Approval.status == WAITING, Approval.expires_at > now, col(Approval.action).in_(list(ASKED))
    )
    found: dict[str, set[str]] = {}
    for action, thing in session.exec(query):
        found.setdefault(action, set()).add(thing)
    return found


def _another(session: Session, person: Person) -> bool:
    """Whether somebody else could agree."""
    able = [role for role, may in ROLES.items() if Capability.APPROVE in may]
    query = select(func.count()).select_from(Staff)
    return bool(
        session.exec(
            query.where(Staff.status == "active", col(Staff.role).in_(able), Staff.staff_id != person.id)
        ).one()
    )
