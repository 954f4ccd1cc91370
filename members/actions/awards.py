"""What staff do to badges by hand: give one, or take it away, with a reason that the member reads."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from badges.document import Badge
from badges.tables import Award
from facts.events import OWN_SOURCE, Fact
from facts.ids import id_for
from facts.language import N_
from facts.refusals import Refusal
from members import alone
from members.actions.reasons import checked_reason
from members.actions.record import record
from members.audit import audit
from members.programme import versions


def grant(session: Session, member_id: UUID, badge: str, level: int, reason: str, actor: str, now: datetime,
          *, request_id: str = "") -> None:  # fmt: skip
    """Give a badge, up to a level. The same `request_id` is one grant."""
    reason = checked_reason(reason)
    checked_badge(session, badge, level, now)
    if level in _held(session, member_id, badge, now):
        raise Refusal("badge_held", N_("They have this badge already."), path="badge", status=409)
    _within_limits(session, badge, level, actor, now)
    name = request_id or str(id_for(now, member_id.hex, badge, actor))
    data = {"grant_id": name, "badge": badge, "reason": reason, "actor": actor, "level": level}
    _record(session, "badge.granted", name, member_id, data, now)
    if level not in _held(session, member_id, badge, now):
        raise Refusal("badge_scarce", N_("No more of these are left to give."), path="badge", status=409)
    audit(session, actor, "badge.granted", f"member:{member_id}", {"badge": badge, "level": level}, now)


def _within_limits(session: Session, badge: str, level: int, actor: str, now: datetime) -> None:
    """Refuse to go round the limits of lists (`bulk.too_much`) by giving to one after the other."""
    version, before = versions(session).at(now), alone.done(session, actor, now)
    worth = alone.worth_of(version.programme, badge, level)
    limit = version.points.adjustment_limit
    if before.members >= version.points.bulk_limit or (worth and before.worth + worth > limit):
        said = N_(
            "This is more than one person gives in a day. Make a list of it: a second person agrees to that."
        )
        raise Refusal("badges_need_second", said, path="badge", status=409)


def revoke(session: Session, member_id: UUID, badge: str, reason: str, actor: str, now: datetime) -> None:
    """Take a badge away, all its levels; it is not earned again by itself. What it gave stays."""
    reason = checked_reason(reason)
    if not _held(session, member_id, badge, now):
        raise Refusal("badge_not_held", N_("They do not have this badge."), path="badge", status=409)
    name = str(id_for(now, member_id.hex, badge, actor))
    _record(
        session, "badge.revoked", name, member_id, {"badge": badge, "reason": reason, "actor": actor}, now
    )
    audit(session, actor, "badge.revoked", f"member:{member_id}", {"badge": badge}, now)


def _held(session: Session, member_id: UUID, badge: str, now: datetime) -> set[int]:
    """The levels that are held now."""
    mine = (col(Award.member_id) == member_id, col(Award.kind) == "badge", col(Award.slug) == badge)
    query = select(Award.level, Award.expires_at).where(*mine, col(Award.revoked_at).is_(None))
    return {level for level, until in session.exec(query).all() if until is None or until > now}


def checked_badge(session: Session, badge: str, level: int, now: datetime, *, retired: bool = False) -> Badge:
    """The badge that is in force now, if it has this level; `retired` ones are taken away, and not given."""
    found = versions(session).at(now).programme.badge(badge)
    if found is None or (found.retired and not retired):
        raise Refusal("badge_unknown", N_("There is no such badge."), path="badge", status=404)
    if not 1 <= level <= len(found.thresholds()):
        raise Refusal("level_unknown", N_("This badge has no level {level}."), path="level", level=level)
    return found


def _record(
    session: Session, kind: str, name: str, member_id: UUID, data: dict[str, Any], now: datetime
) -> None:
    fact = Fact(OWN_SOURCE, f"{kind}:{name}", kind, now, f"member:{member_id}", data)
    outcome = record(session, [fact], now)[0]
    if outcome.refusal:
        raise outcome.refusal
