"""Which badges and challenges of the demo shopping gives, and with which order: computed anew from the lines.

Written from docs/engine.md and the words of the badges; imports nothing but the other oracle, which knows the tiers. An
award is `(member, slug, level, order_id)`; the challenges' milestones are levels as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

import pandas as pd

from tests.oracle.programme import Game, Parameters, compute

Award = tuple[str, str, int, str]
COUNTERS = {"PRODUCE", "MEAT", "MEAT-PCKGD", "DELI", "PASTRY", "SEAFOOD", "FLORAL", "NUTRITION", "SALAD BAR"}
HARVEST = {"PRODUCE", "MEAT", "DELI", "PASTRY", "SEAFOOD", "FLORAL"}


@dataclass(frozen=True)
class Basket:
    """One order on the shop's calendar."""

    order_id: str
    day: date
    hour: int
    cents: int
    departments: frozenset[str]
    categories: frozenset[str]
    fish: int

    @property
    def month(self) -> int:
        """One more for the next."""
        return self.day.year * 12 + self.day.month

    @property
    def week(self) -> date:
        """Its Monday."""
        return self.day - timedelta(days=self.day.weekday())


def baskets(lines: pd.DataFrame, zone: str) -> Iterator[tuple[str, list[Basket]]]:
    """Each member's orders, in order of time; `lines` have a `category` beside their department."""
    local = lines["at"].dt.tz_convert(zone)
    lines = lines.assign(day=local.dt.date, hour=local.dt.hour)
    lines = lines.sort_values(["member", "at", "order_id"], kind="stable")
    for member, own in lines.groupby("member", sort=False):
        yield str(member), [_basket(str(name), order) for name, order in own.groupby("order_id", sort=False)]


def _basket(name: str, order: pd.DataFrame) -> Basket:
    departments = [str(one) for one in order.department.dropna()]
    return Basket(
        name, order.day.iloc[0], int(order.hour.iloc[0]), int(order.amount.sum()), frozenset(departments),
        frozenset(str(one) for one in order.category.dropna()), departments.count("SEAFOOD"),
    )  # fmt: skip


def awards(lines: pd.DataFrame, zone: str) -> set[Award]:
    """Everything that is won by shopping alone."""
    return {
        (member, slug, level, order_id)
        for member, orders in baskets(lines, zone)
        for slug, won in WON.items()
        for level, order_id in won(orders)
    }


class SilverMonth(Game):
    """Six orders in a month as Silver or Gold, and for seven days, that one among them, all else earns a tenth more.

    Factors are kept in thousandths, and cut off there.
    """

    def __init__(self, member: str, won: set[Award]) -> None:
        self.member, self.won = member, won
        self.orders: dict[tuple[int, int], int] = {}
        self.ends: list[date] = []

    def boosted(self, factor: Fraction, day: date) -> Fraction:
        """A tenth more for each that has not ended."""
        for _ in (end for end in self.ends if day < end):
            factor = Fraction(int(factor * 1100), 1000)
        return factor

    def bought(self, order_id: str, day: date, tier: str) -> None:
        """One more, if the tier is right."""
        if tier in ("silver", "gold"):
            month = (day.year, day.month)
            self.orders[month] = self.orders.get(month, 0) + 1
            if self.orders[month] == 6:
                self.won.add((self.member, "silver-month", 1, order_id))
                self.ends.append(day + timedelta(days=7))


def tier_awards(lines: pd.DataFrame, programme: Parameters, now: datetime) -> set[Award]:
    """What is won by climbing, and by shopping up there."""
    won: set[Award] = set()
    for member, result in compute(lines, programme, now, lambda member: SilverMonth(member, won)).items():
        if "gold" in result.reached:
            won.add((member, "gold", 1, result.reached["gold"]))
    return won


Won = Callable[[list[Basket]], Iterable[tuple[int, str]]]


def climbs(values: Iterable[tuple[int, str]], levels: list[int]) -> Iterator[tuple[int, str]]:
    """The order with which a rising value first is at each level."""
    ahead = list(enumerate(levels, 1))
    for value, order_id in values:
        while ahead and value >= ahead[0][1]:
            yield ahead.pop(0)[0], order_id


def counted(levels: list[int], fits: Callable[[Basket], bool | int]) -> Won:
    """How many orders fit (or how many things are in them)."""

    def won(orders: list[Basket]) -> Iterator[tuple[int, str]]:
        total = pd.Series([int(fits(one)) for one in orders]).cumsum()
        return climbs(zip(map(int, total), [one.order_id for one in orders], strict=True), levels)

    return won


def collected(levels: list[int], names: Callable[[Basket], Iterable[str]]) -> Won:
    """How many different ones."""

    def won(orders: list[Basket]) -> Iterator[tuple[int, str]]:
        have: set[str] = set()
        return climbs(
            ((len(have), one.order_id) for one in orders if have.update(names(one)) is None), levels
        )

    return won


def each_period(period: Callable[[Basket], object], won: Won) -> Won:
    """Anew in each period."""

    def again(orders: list[Basket]) -> Iterator[tuple[int, str]]:
        for which in dict.fromkeys(map(period, orders)):
            yield from won([one for one in orders if period(one) == which])

    return again


def weekly(orders: list[Basket]) -> Iterator[tuple[int, str]]:
    """Weeks in a row; of those whose Sunday lies in one month, two may be missed."""
    length, last = 0, None
    frozen: list[date] = []
    values: list[tuple[int, str]] = []
    for one in orders:
        if one.week == last:
            continue
        missed = (
            [] if last is None else list(pd.date_range(last, one.week, freq="7D", inclusive="neither").date)
        )
        for week in missed:
            sunday = week + timedelta(days=6)
            if sum((kept.year, kept.month) == (sunday.year, sunday.month) for kept in frozen) >= 2:
                length = 0
                break
            frozen.append(sunday)
        length, last = length + 1, one.week
        values.append((length, one.order_id))
    return climbs(values, [4, 8, 13, 26])


def all_year(orders: list[Basket]) -> Iterator[tuple[int, str]]:
    """Twelve months, none of them missed."""
    seen: set[int] = set()
    for one in orders:
        seen.add(one.month)
        if all(one.month - back in seen for back in range(12)):
            yield 1, one.order_id
            return


def fresh(orders: list[Basket]) -> Iterator[tuple[int, str]]:
    """Eight within thirty days; sixty days after the day it is lost, and begins again from nothing."""
    begin = date.min
    for i, one in enumerate(orders):
        if one.day < begin:
            continue
        since = max(begin, one.day - timedelta(days=29))
        if "PRODUCE" in one.departments and sum(
            "PRODUCE" in other.departments and other.day >= since for other in orders[: i + 1]
        ) >= 8:  # fmt: skip
            yield 1, one.order_id
            begin = one.day + timedelta(days=61)


def roast(orders: list[Basket]) -> Iterator[tuple[int, str]]:
    """All three, each on a Sunday."""
    wanted = {"MEAT", "PRODUCE", "PASTRY"}
    return collected([3], lambda one: wanted & one.departments if one.day.weekday() == 6 else ())(orders)  # type: ignore[return-value]


def harvest(orders: list[Basket]) -> Iterator[tuple[int, str]]:
    """Four of six counters in one month, once."""
    found = each_period(lambda one: one.month, collected([4], lambda one: HARVEST & one.departments))(orders)
    return iter(list(found)[:1])


def first_month(orders: list[Basket]) -> Iterator[tuple[int, str]]:
    """Three orders within thirty days, that of the first one among them."""
    soon = [one for one in orders if one.day < orders[0].day + timedelta(days=30)]
    return iter([(1, soon[2].order_id)] if len(soon) > 2 else [])


def spent(orders: list[Basket]) -> Iterator[tuple[int, str]]:
    """A month's money."""
    return climbs(
        zip(
            map(int, pd.Series([one.cents for one in orders]).cumsum()),
            [one.order_id for one in orders],
            strict=True,
        ),
        [10_000, 20_000, 40_000],
    )


WON: dict[str, Won] = {
    "first-basket": counted([1], lambda one: True),
    "regular": counted([10, 25, 50, 100, 200], lambda one: True),
    "green-basket": counted(list(range(10, 101, 10)), lambda one: "PRODUCE" in one.departments),
    "round-the-shop": collected([7], lambda one: COUNTERS & one.departments),
    "explorer": collected([50, 100, 150], lambda one: one.categories),
    "every-week": weekly,
    "all-year-round": all_year,
    "big-shop": counted([1], lambda one: one.cents >= 20_000),
    "feast": counted([1], lambda one: one.cents >= 35_000),
    "crack-of-dawn": counted([3], lambda one: 5 <= one.hour < 7),
    "bouquet": counted([3], lambda one: "FLORAL" in one.departments),
    "fresh-month": fresh,
    "sunday-roast": roast,
    "fishmonger": counted([5], lambda one: one.fish),
    "christmas-eve": counted([1], lambda one: (one.day.month, one.day.day) == (12, 24)),
    "monthly-basket": each_period(lambda one: one.month, spent),
    "greens-this-week": each_period(
        lambda one: one.week, counted([2], lambda one: "PRODUCE" in one.departments)
    ),
    "first-month": first_month,
    "harvest": harvest,
}
