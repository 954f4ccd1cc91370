"""What staff can take away of bringing friends, as rows: offers, the funnel, who brings most, and every friend."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from facts.language import SOURCE, language
from facts.money import Rounding, decimal_text, ratio
from members.funnel import ALL_OFFERS
from members.funnel_tables import Advocate, FunnelCount
from members.programme.versions import Version, versions
from members.referral_tables import Referral
from members.roles import Capability, Person
from members.sets import table_of
from members.views.friends import alias
from members.views.staff_referrals import PERIODS, STEPS, counted, today, total, worth
from members.views.staff_referrals_offers import keeping, links
from rewards.referrals import Offer, Share

Row = tuple[Any, ...]
ADVOCATES_MAX = 10_000
STRETCH = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted: of one offer ("" all), in the last `days`, by whom."""

    offer: str
    days: int
    person: Person

    @classmethod
    def of(cls, given: dict[str, str], person: Person) -> Asked:
        """From an address; a stretch that is no choice is 30 days."""
        days = given.get("days", "")
        known = int(days) if days.isascii() and days.isdecimal() and len(days) < 5 else 0
        return cls(given.get("offer", "")[:60], known if known in PERIODS else 30, person)


def offers(session: Session, asked: Asked, now: datetime) -> Iterator[Row]:
    """Each offer with its terms, its links, its figures in the time, and what a friend who bought has cost."""
    version = versions(session).latest
    kept, own = links(session), version.programme.languages[0]
    yield (
        "offer", "name", "sharer_points", "sharer_reward", "friend_points", "friend_reward", "paid", "order_min",
        "hold_days", "opens", "closes", "retired", "links", "links_with_old_terms", *STEPS, "points_given",
        "cost_per_friend_who_bought", "currency",
    )  # fmt: skip
    for one in version.programme.referrals.offers:
        if asked.offer in ("", one.slug):
            yield _offer(session, one, keeping(kept.get(one.slug, []), one), own, version, asked, now)


def _offer(
    session: Session,
    one: Offer,
    kept: tuple[int, int],
    own: str,
    version: Version,
    asked: Asked,
    now: datetime,
) -> Row:
    found = counted(session, one.slug, asked.days, today(version, now))
    bought, points = total(found, "bought"), total(found, "points")
    each = (
        ratio(worth(points, version) + total(found, "money"), bought, Rounding.HALF_UP)
        if bought > 0
        else None
    )
    return (
        one.slug, one.name.get(own, ""), *_share(one.sharer), *_share(one.friend), one.paid, one.order_min,
        one.hold_days, one.opens or "", one.closes or "", "yes" if one.retired else "no", *kept,
        *(total(found, step) for step in STEPS), points,
        "" if each is None else decimal_text(each, version.digits), version.programme.currency,
    )  # fmt: skip


def _share(share: Share | None) -> tuple[int, str]:
    return (share.points, share.reward or "") if share else (0, "")


def funnel(session: Session, asked: Asked, now: datetime) -> Iterator[Row]:
    """The counts by day, offer and channel."""
    version = versions(session).latest
    last = today(version, now)
    at = table_of(FunnelCount).c
    key = (at.day, at.offer, at.channel, at.step)
    within = (at.day > last - asked.days) & (at.day <= last)
    query = select_columns(*key, func.sum(at.amount)).where(within).group_by(*key).order_by(*key)
    if asked.offer:
        query = query.where(at.offer == asked.offer)
    yield ("day", "offer", "channel", "step", "amount")
    for day, offer, channel, step, amount in session.execute(query):
        if amount:
            yield (date.fromordinal(day).isoformat(), offer, channel, step, int(amount))


def advocates(session: Session, asked: Asked, now: datetime) -> Iterator[Row]:
    """Who has brought friends, since the beginning: by id for staff who may see members, by an alias for all."""
    may = asked.person.may(Capability.SEE_MEMBERS)
    query = select(Advocate).where(Advocate.offer == (asked.offer or ALL_OFFERS), Advocate.joined > 0)
    best = query.order_by(col(Advocate.bought).desc(), col(Advocate.joined).desc(), col(Advocate.member_id))
    yield ("alias", "member_id", "joined", "bought", "again", "points")
    for row in session.exec(best.limit(ADVOCATES_MAX)):
        name = alias(row.member_id, language(SOURCE))
        yield (name, str(row.member_id) if may else "", row.joined, row.bought, row.again, row.points)


def friends(session: Session, asked: Asked, now: datetime) -> Iterator[Row]:
    """Every friend who came, on which offer and by which way, and what became of it."""
    may = asked.person.may(Capability.SEE_MEMBERS)
    query = select(Referral).order_by(col(Referral.member_id), col(Referral.referral_id))
    if asked.offer:
        query = query.where(Referral.offer == asked.offer)
    yield (
        "referral_id",
        "offer",
        "channel",
        "way",
        "came_at",
        "purchases",
        "points",
        "reason",
        "sharer_id",
        "friend_id",
    )
    for row in session.exec(query.execution_options(yield_per=STRETCH)):
        said: list[list[Any]] = json.loads(row.said)
        told: dict[str, Any] = json.loads(row.counted or "{}")
        whose = (str(row.member_id), str(row.friend_id)) if may else ("", "")
        bought = sum(one[1] == "bought" for one in said)
        points = told.get("steps", {}).get("points", 0)
        yield (
            str(row.referral_id),
            row.offer,
            row.channel,
            row.way,
            row.came_at,
            bought,
            points,
            row.reason,
            *whose,
        )


FILES: dict[str, Callable[[Session, Asked, datetime], Iterator[Row]]] = {
    "offers": offers,
    "funnel": funnel,
    "advocates": advocates,
    "friends": friends,
}
