"""What shopping is worth under a programme, computed anew from plain parameters; imports nothing of the project.

Written from docs/engine.md. Every figure is an integer or an exact fraction; every date is a day of the
programme's calendar. Nobody spends points here, so a lot is whole until it expires.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd


@dataclass(frozen=True)
class Parameters:
    """A programme in plain figures. Money in minor units; factors as fractions."""

    zone: str
    points: int
    per: int
    rounding: str  # down, half_up
    pending_days: int
    expiry_months: int
    excluded: frozenset[str]  # departments that earn nothing
    excluded_skus: frozenset[str]
    factors: dict[str, Fraction]  # by department
    extra_department: str  # an order with something of it brings extra points, once
    extra_points: int
    extra_cap_per_day: int | None
    cap_per_day: int | None
    basis: str  # spend, points
    window: str  # calendar_year_this, calendar_year_next, rolling
    window_months: int
    levels: tuple[tuple[str, int, Fraction], ...]  # name, threshold (minor units or points), factor


@dataclass(frozen=True)
class Lot:
    """Points of one order and rule."""

    order_id: str
    rule: str
    points: int
    at: datetime
    active_from: datetime
    expires_at: datetime


@dataclass
class Result:
    """How one member stands."""

    lots: list[Lot]
    tier: str
    days: dict[date, int]
    reached: dict[str, str] = field(
        default_factory=dict[str, str]
    )  # with which order each tier was reached first

    def open(self, at: datetime) -> list[Lot]:
        """The lots that have not expired."""
        return [lot for lot in self.lots if lot.expires_at > at]

    def balance(self, at: datetime) -> int:
        """Points that are there, pending ones included."""
        return sum(lot.points for lot in self.open(at))

    def available(self, at: datetime) -> int:
        """Points that can be spent."""
        return sum(lot.points for lot in self.open(at) if lot.active_from <= at)


class Game:
    """What is played beside: nothing. `tests.oracle.badges` has one that multiplies what is earned for a while."""

    def boosted(self, factor: Fraction, day: date) -> Fraction:
        """A tier's factor with what is upon it that day."""
        return factor

    def bought(self, order_id: str, day: date, tier: str) -> None:
        """An order of a member who has this tier after it."""


def compute(
    lines: pd.DataFrame,
    programme: Parameters,
    now: datetime,
    game: Callable[[str], Game] = lambda member: Game(),
) -> dict[str, Result]:
    """How every member stands at `now`; each has a game of their own."""
    orders = _orders(lines, programme)
    found: dict[str, Result] = {}
    for member, own in orders.groupby("member", sort=False):
        ordered = own.sort_values(["at", "order_id"])
        found[str(member)] = _member(ordered.to_dict("records"), programme, now, game(str(member)))
    return found


def _orders(lines: pd.DataFrame, programme: Parameters) -> pd.DataFrame:
    """One row an order: spend, the weighed amount (as a fraction of minor units), whether it brings extra points."""
    earns = ~lines.department.isin(programme.excluded) & ~lines.sku.isin(programme.excluded_skus)
    factors = lines.department.map(programme.factors)
    whole = 1
    for factor in programme.factors.values():
        whole *= factor.denominator
    scaled = factors.map(lambda factor: int(factor * whole) if isinstance(factor, Fraction) else whole)
    table = pd.DataFrame(
        {
            "member": lines.member, "order_id": lines.order_id, "at": lines["at"], "spend": lines.amount,
            "weighed": (lines.amount * scaled).where(earns, 0),
            "extra": earns & (lines.department == programme.extra_department) & (lines.amount > 0),
        }
    )  # fmt: skip
    orders = table.groupby(["member", "order_id"], sort=False).agg(
        at=("at", "min"), spend=("spend", "sum"), weighed=("weighed", "sum"), extra=("extra", "any")
    )
    return orders.reset_index().assign(whole=whole)


def _member(orders: list[dict[Any, Any]], programme: Parameters, now: datetime, game: Game) -> Result:
    zone = ZoneInfo(programme.zone)
    ladder = Ladder(programme)
    lots: list[Lot] = []
    reached: dict[str, str] = {}
    used: dict[tuple[date, str], int] = defaultdict(int)
    for order in orders:
        at = pd.Timestamp(order["at"]).to_pydatetime()
        day = at.astimezone(zone).date()
        ladder.pass_time(day)
        factor = game.boosted(ladder.factor, day)
        exact = (
            Fraction(int(order["weighed"]), int(order["whole"])) * factor * programme.points / programme.per
        )
        grants: list[tuple[str, int, int | None]] = [("base", _whole(exact, programme.rounding), None)]
        if order["extra"]:
            grants.append(("extra", programme.extra_points, programme.extra_cap_per_day))
        earned = 0
        for rule, granted, cap in grants:
            points = granted
            for limit, key in ((cap, rule), (programme.cap_per_day, "*")):
                if limit is not None:
                    points = min(points, max(0, limit - used[day, key]))
            used[day, rule] += points
            used[day, "*"] += points
            earned += points
            if points:
                active = (
                    _midnight(day + timedelta(days=programme.pending_days), zone)
                    if programme.pending_days
                    else at
                )
                expires = _midnight(_months_on(day, programme.expiry_months) + timedelta(days=1), zone)
                lots.append(Lot(str(order["order_id"]), rule, points, at, active, expires))
        before = ladder.level
        ladder.climb(day, int(order["spend"]) if programme.basis == "spend" else earned)
        if ladder.level > before:
            for name, *_ in programme.levels[: ladder.level + 1]:
                reached.setdefault(name, str(order["order_id"]))
        game.bought(str(order["order_id"]), day, ladder.tier)
    ladder.pass_time(now.astimezone(zone).date())
    return Result(lots, ladder.tier, ladder.days, reached)


class Ladder:
    """The tier of one member, day by day."""

    def __init__(self, programme: Parameters) -> None:
        self.programme = programme
        self.level = 0
        self.today: date | None = None
        self.days: dict[date, int] = {}

    @property
    def tier(self) -> str:
        return self.programme.levels[self.level][0]

    @property
    def factor(self) -> Fraction:
        return self.programme.levels[self.level][2]

    def climb(self, day: date, amount: int) -> None:
        """Count what was done, and rise at once."""
        self.days[day] = self.days.get(day, 0) + amount
        self.level = max(self.level, self.earned(day))

    def pass_time(self, to: date) -> None:
        """Every midnight up to the start of `to`: a level that is no longer earned falls to the one that is."""
        day = self.today
        while self.level and day is not None and day < to:
            day += timedelta(days=1)
            self.level = min(self.level, self.earned(day))
        self.today = to

    def earned(self, day: date) -> int:
        """The highest level that the window gives on `day`."""
        kind = self.programme.window
        if kind == "rolling":
            months = self.programme.window_months
            sums = [
                sum(amount for when, amount in self.days.items() if when <= day < _months_on(when, months))
            ]
        else:
            years = [day.year, day.year - 1] if kind == "calendar_year_next" else [day.year]
            sums = [sum(amount for when, amount in self.days.items() if when.year == year) for year in years]
        return max(i for i, level in enumerate(self.programme.levels) if max(sums) >= level[1])


def _whole(exact: Fraction, rounding: str) -> int:
    return int(exact) if rounding == "down" else int(exact + Fraction(1, 2))


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
