"""The audit as staff reads it: who did what to what, when, and how it was before and after. Paged by its numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from facts.language import N_, Language
from facts.refusals import Refusal
from members.programme.versions import versions
from members.roles import STAFF_ROLES, Capability, Person
from members.tables import Audit
from members.team_cards import AuditCard, AuditRow, ChoiceCard
from members.views.team import called, moment, unnamed
from members.way_tables import Staff

PAGE, STRETCH = 30, 500
TEXT_MAX, CHANGES_MAX = 120, 12
WORD_LENGTH_MAX = 200
ACTIONS = {
    "points.adjusted": N_("Points given or taken"),
    "points.extended": N_("Points kept longer"),
    "stock.set": N_("Stock counted"),
    "codes.uploaded": N_("Codes uploaded"),
    "codes.alert": N_("Few codes left"),
    "programme.applied": N_("Programme published"),
    "reward.drafted": N_("Reward drafted"),
    "badge.published": N_("Badge published"),
    "challenge.published": N_("Challenge published"),
    "offer.published": N_("Offer for friends published"),
    "offer.retired": N_("Offer for friends retired"),
    "offer.put_first": N_("Offer for friends put first"),
    "advocates.viewed": N_("Who brings most looked at"),
    "referrals.exported": N_("Figures of friends exported"),
    "tier.pinned": N_("Tier given by hand"),
    "tier.unpinned": N_("Tier taken off again"),
    "badge.granted": N_("Badge given by hand"),
    "badge.revoked": N_("Badge taken away"),
    "badges.granted_in_bulk": N_("Badge given to many"),
    "badges.revoked_in_bulk": N_("Badge taken from many"),
    "case.released": N_("Case released"),
    "case.rejected": N_("Case rejected"),
    "case.viewed": N_("Case looked at"),
    "friend.paid": N_("Friend paid for"),
    "friend.refused": N_("Friend not paid for"),
    "member.viewed": N_("Member looked at"),
    "member.merged": N_("Accounts made one"),
    "member.merge_undone": N_("Accounts are two again"),
    "claim_code.made": N_("Claim code made"),
    "members.searched": N_("Members searched"),
    "staff.invited": N_("Colleague invited"),
    "staff.joined": N_("Colleague came"),
    "staff.role_changed": N_("Role changed"),
    "staff.owner_kept": N_("The only owner stays one"),
    "staff.removed": N_("Colleague removed"),
    "approval.asked": N_("Second person asked"),
    "approval.agreed": N_("Second person agreed"),
    "approval.refused": N_("Second person refused"),
    "key.created": N_("API key made"),
    "key.renewed": N_("API key renewed"),
    "key.revoked": N_("API key ended"),
    "issuer_key.made": N_("Badge key made"),
    "issuer_key.withdrawn": N_("Badge key withdrawn"),
    "import.begun": N_("Import of members begun"),
    "import.finished": N_("Members imported"),
    "import.undone": N_("Import of members taken back"),
    "audit.exported": N_("Audit exported"),
    "data.exported": N_("Records exported"),
    "counter.sold": N_("Purchase at the counter"),
    "counter.undone": N_("Purchase undone"),
    "counter.joined": N_("Joined at the counter"),
    "redemption.handed_over": N_("Reward handed over"),
    "redemption.used": N_("Voucher taken"),
}
COLUMNS = ("seq", "at", "actor", "action", "object", "detail", "hash")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: a person (a staff id, or an actor), an action, an object, a local day; "" for any."""

    actor: str = ""
    action: str = ""
    object: str = ""
    day: str = ""

    @classmethod
    def of(cls, given: dict[str, Any]) -> Wanted:
        """From a form or an address."""
        return cls(
            *(
                str(given.get(name) or "").strip()[:WORD_LENGTH_MAX]
                for name in ("actor", "action", "object", "day")
            )
        )

    def query(self) -> str:
        """The same as part of an address."""
        named = {"actor": self.actor, "action": self.action, "object": self.object, "day": self.day}
        return urlencode({name: value for name, value in named.items() if value})


def audit_card(
    session: Session, wanted: Wanted, person: Person, now: datetime, say: Language, before: int | None = None
) -> AuditCard:
    """The newest rows that are wanted, from before the number `before`."""
    zone = versions(session).at(now).zone
    rows = _rows(session, _conditions(session, wanted, zone), PAGE + 1, before)
    who = called(session, {one.actor for one in rows}, say)
    people = session.exec(select(Staff.staff_id, Staff.name).order_by(col(Staff.name))).all()
    return AuditCard(
        rows=tuple(_row(one, who, person, zone, say) for one in rows[:PAGE]),
        older=str(rows[PAGE - 1].seq) if len(rows) > PAGE else "",
        actors=(
            *(ChoiceCard(staff_id, name) for staff_id, name in people),
            ChoiceCard("staff:command-line", unnamed("staff:command-line", say)),
        ),
        actions=tuple(ChoiceCard(action, say.text(words)) for action, words in ACTIONS.items()),
        query=wanted.query(),
        may_export=person.may(Capability.EXPORT_DATA),
    )


def audit_rows(session: Session, wanted: Wanted, now: datetime) -> Iterator[tuple[Any, ...]]:
    """All rows that are wanted, newest first, as `COLUMNS`: for an export."""
    conditions, before = _conditions(session, wanted, versions(session).at(now).zone), None
    while rows := _rows(session, conditions, STRETCH, before):
        for one in rows:
            yield (one.seq, one.at, one.actor, one.action, one.object, json.loads(one.detail), one.hash.hex())
        before = rows[-1].seq


def _rows(
    session: Session, conditions: list[ColumnElement[bool]], count: int, before: int | None
) -> list[Audit]:
    query = select(Audit).where(*conditions)
    if before is not None:
        query = query.where(col(Audit.seq) < before)
    return list(session.exec(query.order_by(col(Audit.seq).desc()).limit(count)).all())


def _conditions(session: Session, wanted: Wanted, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.actor:
        one = wanted.actor
        found.append(col(Audit.actor).in_([one] if ":" in one else [f"{role}:{one}" for role in STAFF_ROLES]))
    if wanted.action:
        found.append(col(Audit.action) == wanted.action)
    if wanted.object:
        found.append(col(Audit.object) == wanted.object)
    if wanted.day:
        found += _within(session, wanted.day, zone)
    return found


def _within(session: Session, day: str, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    """A local day, as moments and as the numbers between which they lie, so that the order by number stays cheap."""
    try:
        first = datetime.combine(date.fromisoformat(day), time(), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refusal("day_malformed", N_("Write a day such as 2026-11-22."), path="day") from None
    after = first + timedelta(days=1)
    at, seq = col(Audit.at), col(Audit.seq)
    lowest = session.exec(select(Audit.seq).where(at >= first).order_by(at, seq).limit(1)).first()
    highest = session.exec(
        select(Audit.seq).where(at < after).order_by(at.desc(), seq.desc()).limit(1)
    ).first()
    if lowest is None or highest is None:
        return [seq < 0]
    return [at >= first, at < after, seq >= lowest, seq <= highest]


def _row(one: Audit, who: dict[str, str], person: Person, zone: ZoneInfo, say: Language) -> AuditRow:
    kind, _, rest = one.object.partition(":")
    linked = kind == "member" and person.may(Capability.SEE_MEMBERS)
    return AuditRow(
        key=str(one.seq),
        when=moment(one.at, say, zone),
        who=who[one.actor],
        what=say.text(ACTIONS[one.action]) if one.action in ACTIONS else one.action,
        code=one.action,
        thing=one.object,
        path=f"/staff/member?id={rest}" if linked else "",
        changes=tuple(_changes(json.loads(one.detail)))[:CHANGES_MAX],
    )


def _changes(detail: dict[str, Any]) -> Iterator[str]:
    """How it was and how it is, name by name, and what else there is to know."""
    was, now_is = detail.pop("before", None), detail.pop("after", None)
    if isinstance(was, dict) or isinstance(now_is, dict):
        old, new = _named(was), _named(now_is)
        for name in sorted({*old, *new}):
            if old.get(name) != new.get(name):
                yield f"{name}: {_short(old.get(name))} → {_short(new.get(name))}"
    elif was is not None or now_is is not None:
        yield f"{_short(was)} → {_short(now_is)}"
    for name, value in sorted(detail.items()):
        if value in ("", [], {}):
            continue
        yield f"{name}: {_short(value)}"


def _named(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _short(value: Any) -> str:
    if value is None or value == "":
        return "–"
    said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return said if len(said) <= TEXT_MAX else f"{said[: TEXT_MAX - 1]}…"
