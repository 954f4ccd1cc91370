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
from members.views.audit_names import Names
from members.views.audit_words import ACTIONS, named
from members.views.team import called, moment, unnamed
from members.way_tables import Staff

PAGE, STRETCH = 30, 500
TEXT_MAX, CHANGES_MAX = 240, 12
WORD_LENGTH_MAX = 200
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
    version = versions(session).at(now)
    zone = version.zone
    rows = _rows(session, _conditions(session, wanted, zone), PAGE + 1, before)
    names = Names(session, rows[:PAGE], version, say, members=person.may(Capability.SEE_MEMBERS))
    who = called(session, {one.actor for one in rows}, say)
    people = session.exec(select(Staff.staff_id, Staff.name).order_by(col(Staff.name))).all()
    return AuditCard(
        rows=tuple(_row(one, who, person, zone, say, names) for one in rows[:PAGE]),
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


def _row(
    one: Audit, who: dict[str, str], person: Person, zone: ZoneInfo, say: Language, names: Names
) -> AuditRow:
    kind, _, rest = one.object.partition(":")
    linked = kind == "member" and person.may(Capability.SEE_MEMBERS)
    return AuditRow(
        key=str(one.seq),
        when=moment(one.at, say, zone),
        who=who[one.actor],
        what=named(one.action, say),
        code=one.action,
        thing=one.object,
        name=names.of(one.object),
        path=f"/staff/member?id={rest}" if linked else "",
        changes=tuple(_changes(json.loads(one.detail), names))[:CHANGES_MAX],
    )


def _changes(detail: dict[str, Any], names: Names) -> Iterator[str]:
    """How it was and how it is, name by name, and what else there is to know."""
    was, now_is = detail.pop("before", None), detail.pop("after", None)
    names, say = names.within(detail.get("wallet")), names.say.language
    arrow = "\u2190" if say.dir == "rtl" else "\u2192"

    def of(field: str, value: Any) -> str:
        return say.isolated(_short(names.told(field, value)))

    if isinstance(was, dict) or isinstance(now_is, dict):
        old, new = _named(was), _named(now_is)
        for name in sorted({*old, *new}):
            if old.get(name) != new.get(name):
                yield f"{names.field(name)}: {of(name, old.get(name))} {arrow} {of(name, new.get(name))}"
    elif was is not None or now_is is not None:
        yield f"{of('', was)} {arrow} {of('', now_is)}"
    for name, value in sorted(detail.items()):
        if value in ("", [], {}):
            continue
        yield f"{names.field(name)}: {of(name, value)}"


def _named(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _short(value: Any) -> str:
    if value is None or value == "":
        return "–"
    said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return said if len(said) <= TEXT_MAX else f"{said[: TEXT_MAX - 1]}…"
