"""Giving a tier by hand, until a day, and taking it off again: with a reason, and in the audit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from facts.dates import day_of
from facts.events import OWN_SOURCE, Fact
from facts.ids import id_for
from facts.language import N_
from facts.refusals import Refusal
from members.actions.reasons import checked_reason
from members.actions.record import record
from members.actions.staff import within_limits
from members.alone import PINNED
from members.audit import audit
from members.books import fold_of
from members.merged import latest_of
from members.parts import parts
from members.programme import versions
from members.programme.document import Programme
from members.standing import standing_of
from members.tables import FactRow, Standing
from members.views.standing import unknown
from rewards.pins import end_of, given

YEARS_MAX = 10
UNPINNED = "tier.unpinned"


@dataclass(frozen=True, slots=True)
class Pin:
    """A tier that was given by hand: until and including a day (None for no end), and why."""

    tier: str
    until: date | None
    reason: str
    actor: str


def pin(session: Session, member_id: UUID, tier: str, until: str, reason: str, actor: str, now: datetime,
        *, request_id: str = "", agreed_by: str = "") -> None:  # fmt: skip
    """Give a tier up to and including the day `until` (ISO 8601; "" for no end), in the place of one given before.

    The same `request_id` is one gift. What is earned goes on beside it, and is what the member has afterwards. What
    the tier is welcomed with counts as if it were given by hand: above what one may give alone a second person is
    needed (`agreed_by`).
    """
    reason, member_id = checked_reason(reason), latest_of(session, member_id)
    version = versions(session).at(now)
    if tier not in [level.slug for level in version.programme.tiers.levels[1:]]:
        raise Refusal("tier_unknown", N_("There is no such tier to be given."), path="tier", status=404)
    last = _day(until)
    today = day_of(now, version.zone)
    if last and not today <= last.toordinal() <= today + YEARS_MAX * 366:
        raise Refusal("until_past", N_("Choose a last day from today on, at most {years} years ahead."),
                      path="until", years=YEARS_MAX)  # fmt: skip
    name = str(id_for(now, member_id.hex, tier, request_id or f"{actor}{until}"))
    data = {"pin_id": name, "tier": tier, "reason": reason, "actor": actor}
    data |= {"until": last.isoformat()} if last else {}
    fact_id = f"{PINNED}:{member_id}:{request_id}" if request_id else f"{PINNED}:{name}"
    worth = worth_of(version.programme, tier)
    if worth and not agreed_by:
        within_limits(session, member_id, worth, actor, fact_id, now)
    more: dict[str, Any] = {"points": worth} if worth else {}
    more |= {"agreed_by": agreed_by} if agreed_by else {}
    _record(
        session, member_id, Fact(OWN_SOURCE, fact_id, PINNED, now, f"member:{member_id}", data), now, more
    )


def worth_of(programme: Programme, tier: str) -> int:
    """The points with which a tier by invitation is welcomed, a reward at its price; 0 for one that is earned too."""
    level = next((one for one in programme.tiers.levels if one.slug == tier), None)
    if level is None or level.entry is None or not level.invite_only:
        return 0
    reward = programme.reward(level.entry.reward) if level.entry.reward else None
    return level.entry.points + (reward.price if reward else 0)


def unpin(session: Session, member_id: UUID, reason: str, actor: str, now: datetime) -> None:
    """Take the tier that was given off again, before its last day."""
    reason, member_id = checked_reason(reason), latest_of(session, member_id)
    if pin_of(session, member_id, now) is None:
        raise Refusal("tier_not_pinned", N_("No tier was given to them by hand."), path="tier", status=409)
    name = str(id_for(now, member_id.hex, actor))
    data = {"pin_id": name, "reason": reason, "actor": actor}
    fact = Fact(OWN_SOURCE, f"{UNPINNED}:{name}", UNPINNED, now, f"member:{member_id}", data)
    _record(session, member_id, fact, now, {})


def pin_of(session: Session, member_id: UUID, now: datetime) -> Pin | None:
    """The tier that was given by hand and holds now; None without."""
    state = session.exec(select(Standing.state).where(Standing.member_id == member_id)).first()
    line = versions(session)
    for slug, until, since in given(fold_of(state, line).climb) if state else ():
        end = end_of((slug, until, since), line)
        if end is None or end > now:
            said = _said(session, member_id, slug, datetime.fromisoformat(since))
            return Pin(slug, date.fromordinal(until) if until else None, said["reason"], said["actor"])
    return None


def _said(session: Session, member_id: UUID, slug: str, at: datetime) -> dict[str, Any]:
    """What was said when a tier was given, here or on another account of the same person; nothing where it is gone."""
    given_then = (FactRow.type == PINNED, FactRow.occurred_at == at)
    for account in (member_id, *parts(session, [member_id])):
        query = select(FactRow.data).where(FactRow.member_id == account, *given_then)
        for text in session.exec(query.order_by(col(FactRow.fact_id).desc())):
            said: dict[str, Any] = json.loads(text)
            if said["tier"] == slug:
                return said
    return {"reason": "", "actor": ""}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise Refusal("until_malformed", N_("Write the last day such as 2026-12-31."), path="until") from None


def _record(session: Session, member_id: UUID, fact: Fact, now: datetime, more: dict[str, Any]) -> None:
    before = _tier(session, member_id, now)
    outcome = record(session, [fact], now)[0]
    if outcome.refusal:
        raise outcome.refusal
    if outcome.status == "recorded":
        detail = {name: fact.data[name] for name in ("tier", "until") if name in fact.data}
        audit(session, fact.data["actor"], fact.type, f"member:{member_id}", {**detail, **more, "fact": fact.id}, now,
              before={"tier": before}, after={"tier": _tier(session, member_id, now)})  # fmt: skip


def _tier(session: Session, member_id: UUID, now: datetime) -> str:
    standing = standing_of(session, member_id, now)
    if standing is None:
        raise unknown()
    return standing.level.slug
