"""What a member would have if they spent so much by a day, in words."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlmodel import Session

from facts.dates import day_of
from facts.language import Language
from facts.money import minor
from members.forecast_cards import ForecastCard
from members.forecasting import Forecast, forecast
from members.programme.versions import Version, in_force
from members.views.saying import day, last_day, tone, wording
from members.views.wallets import of_orders
from rewards.document import Basis
from rewards.earning.points_per_money import PointsPerMoney
from rewards.lots import POINTS
from rewards.wording import Wording

AHEAD_DAYS = 366
LEAST, STEPS = 100, 100  # units of money at the end of the slider at least; steps on it


def most_of(version: Version) -> int:
    """Where the slider ends, in whole units of money: enough for the highest tier, by the rule that pays for money."""
    ladder = version.programme.tiers
    asked = [level.asked(ladder.basis) for level in ladder.levels]
    spend, points = (
        max(one.get(what.value, 0) for one in asked) for what in (Basis.SPEND, Basis.POINTS_EARNED)
    )
    main = next(
        (rule for rule in version.rules if isinstance(rule, PointsPerMoney) and not rule.wallet), None
    )
    if main is not None:
        unit = 10**version.digits
        spend = max(spend, -(-points * minor(main.per, version.digits) // (main.points * unit)))
    return max(LEAST, -(-spend // STEPS) * STEPS)


def foresee(
    session: Session, member_id: UUID, spend: int, by: str, now: datetime, language: Language
) -> ForecastCard:
    """What an order of `spend` whole units of money would bring, on the day `by` (ISO 8601; today at the earliest)."""
    version = in_force(session, now)
    say, zone = wording(version, language), version.zone
    at = _moment(by, version, now)
    amount = max(1, min(spend, most_of(version))) * 10**version.digits
    found = forecast(session, member_id, amount, at)
    then = in_force(session, at)
    index = then.programme.tiers.index(found.tier)
    level = then.programme.tiers.levels[index]
    order = say.text("{money} on {day}", money=say.money(amount), day=day(at, say, zone, now))
    kept = say.text("kept until {day}", day=last_day(found.until, say, zone, now)) if found.until else ""
    main, *beside = _sums(found, then, wording(then, language))
    return ForecastCard(order, main, tuple(beside), say.words(level.name), tone(index), kept)


def _sums(found: Forecast, version: Version, say: Wording) -> list[str]:
    """What an order would bring, for each wallet into which orders bring something."""
    return [
        say.points(found.points) if slug == POINTS
        else say.text("{wallet}: {about}", wallet=say.purses[slug].name,
                      about=say.of(slug).points(found.beside.get(slug, 0)))
        for slug in of_orders(version)
    ]  # fmt: skip


def _moment(by: str, version: Version, now: datetime) -> datetime:
    """Noon of the day, there where the shop is; now for today, and for what is no day ahead."""
    try:
        wanted = date.fromisoformat(by)
    except ValueError:
        return now
    today = date.fromordinal(day_of(now, version.zone))
    if not today < wanted <= today + timedelta(days=AHEAD_DAYS):
        return now
    return datetime.combine(wanted, time(12), version.zone)
