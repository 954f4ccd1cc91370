"""Giving points, or what is in a wallet beside them, more time by hand: one lot, or all, to the end of a day."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from facts.events import OWN_SOURCE, Fact
from facts.ids import id_for
from facts.language import N_
from facts.refusals import Refusal
from members import idling
from members.actions.reasons import checked_reason
from members.actions.record import Outcome, record
from members.actions.staff import deed, said_in, weight_of, within_limits
from members.audit import audit
from members.programme.versions import versions
from members.tables import FactRow
from rewards.expiry import ends
from rewards.extending import EXTENDED
from rewards.lots import EARNED, POINTS
from rewards.tables import Lot

AHEAD_MAX = timedelta(days=366)
ALL_OF = "wallet|"  # how a choice begins that means all of a wallet


def extend(
    session: Session,
    member_id: UUID,
    until: date,
    reason: str,
    actor: str,
    now: datetime,
    *,
    lot: str = "",
    request_id: str = "",
    agreed_by: str = "",
) -> Outcome:
    """Let points that end before it last to the end of the day `until`, for a reason that the member reads too.

    `lot` is the cause of one lot, or `wallet|<slug>` for all that a wallet beside points has; without it all points are
    meant, those that end by inactivity too. They count as if they were given: above what one may adjust alone a second
    person is needed (`agreed_by`). The same `request_id` is one extension.
    """
    reason, salt = checked_reason(reason), secrets.token_hex(16)
    name = str(id_for(now, member_id.hex, actor, request_id or salt))
    fact_id = f"extended:{member_id}:{request_id}" if request_id else f"extended:{name}"
    mine = (FactRow.member_id == member_id, FactRow.source == OWN_SOURCE, FactRow.fact_id == fact_id)
    if session.exec(select(FactRow.fact_id).where(*mine)).first():
        return Outcome("duplicate", member_id)
    wallet, amount = reached(session, member_id, until, lot, now)
    weighs = weight_of(session, wallet, amount, now)
    if not agreed_by:
        within_limits(session, member_id, weighs, actor, fact_id, now)
    other = {} if wallet == POINTS else {"wallet": wallet}
    data = {
        "extension_id": name,
        "until": until.isoformat(),
        "lot": "" if lot.startswith(ALL_OF) else lot,
        "reason": reason,
        "actor": actor,
        "salt": salt,
        **other,
    }
    fact = Fact(OWN_SOURCE, fact_id, EXTENDED, now, f"member:{member_id}", data)
    outcome = record(session, [fact], now)[0]
    if outcome.refusal:
        raise outcome.refusal
    more = {"until": until.isoformat(), "lot": lot, "fact": fact_id}
    detail = deed(wallet, said_in(session, wallet, now)(amount), weighs, more)
    detail |= {"agreed_by": agreed_by} if agreed_by else {}
    audit(session, actor, EXTENDED, f"member:{member_id}", detail, now)
    return outcome


def lot_of(session: Session, member_id: UUID, cause: str) -> str:
    """The lot with this cause, as it is or as its entry has it, with a revision behind it."""
    either = col(Lot.cause).in_([cause, cause.rpartition("|")[0]])
    found = session.exec(select(Lot.cause).where(Lot.member_id == member_id, either)).first()
    if found is None:
        raise Refusal("lot_unknown", N_("There are no such points."), path="lot", status=404)
    return found


def wallet_of(session: Session, member_id: UUID, lot: str, now: datetime) -> str:
    """The wallet that a lot is in, or that is meant as a whole. Refuses one that never ends, or is no more."""
    if lot.startswith(ALL_OF):
        wallet = lot.removeprefix(ALL_OF)
    elif lot:
        wallet = (
            session.exec(select(Lot.wallet).where(Lot.member_id == member_id, Lot.cause == lot)).first()
            or POINTS
        )
    else:
        wallet = POINTS
    if not versions(session).at(now).spendable(wallet):
        raise Refusal("wallet_unknown", N_("There is no such wallet."), path="wallet", status=404)
    return wallet


def reached(session: Session, member_id: UUID, until: date, lot: str, now: datetime) -> tuple[str, int]:
    """Of which wallet how much, in its smallest unit, would last longer; refuses a day that is none for this, and one
    that reaches nothing.
    """
    line = versions(session)
    zone = line.at(now).zone
    if not now.astimezone(zone).date() < until <= (now + AHEAD_MAX).astimezone(zone).date():
        raise Refusal(
            "extension_day", N_("Choose a day from tomorrow on, a year from today at most."), path="until"
        )
    end = ends(until.toordinal(), zone)
    assert end is not None
    wallet, whole = wallet_of(session, member_id, lot, now), not lot or lot.startswith(ALL_OF)
    query = select(func.coalesce(func.sum(Lot.remaining), 0)).where(
        Lot.member_id == member_id, Lot.kind == EARNED, Lot.wallet == wallet, col(Lot.remaining) > 0,
        col(Lot.expires_at) > now, col(Lot.expires_at) < end,
    )  # fmt: skip
    amount = int(session.exec(query if whole else query.where(Lot.cause == lot)).one())
    if not lot and line.keeping:
        idle = idling.moments(session, [member_id], line).get(member_id, [])
        amount += sum(count for at, count in idle if now < at < end)
    if not amount:
        none = (
            N_("No points end before that day.") if wallet == POINTS else N_("Nothing ends before that day.")
        )
        raise Refusal("extension_empty", none, path="until", status=409)
    return wallet, amount
