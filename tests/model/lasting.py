"""How long points last, day by day: the words of docs/engine.md, with a calendar in the hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache

from tests.model.arithmetic import add_months, midnight

FAR = datetime(9999, 1, 1, tzinfo=UTC)
MONTHS = {"month": 1, "quarter": 3, "year": 12}
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Lasting:
    """`never`, `rolling` (months or days, rounded up to the end of a period), `calendar` or `inactivity`."""

    kind: str = "rolling"
    months: int = 12
    days: int | None = None
    round_to: str | None = None
    dates: tuple[str, ...] = ()
    days_min: int = 0
    activities: tuple[str, ...] = ("paid",)

    def text(self) -> str:
        """The policy as YAML."""
        names = {"paid": "order.paid", "review": "review.posted", "redeem": "redemption.made"}
        time = f"months: {self.months}" if self.days is None else f"days: {self.days}"
        time += f", round_to: {self.round_to}" if self.round_to else ""
        if self.kind == "calendar":
            dates = ", ".join(f'"{day}"' for day in self.dates)
            return f"{{kind: calendar, dates: [{dates}], days_min: {self.days_min}}}"
        if self.kind == "inactivity":
            doings = ", ".join(names[one] for one in self.activities)
            return f"{{kind: inactivity, {time}, activities: [{doings}]}}"
        return f"{{kind: rolling, {time}}}" if self.kind == "rolling" else "{kind: never}"

    def end_of(self, day: date) -> datetime | None:
        """When points of a day end; None where that depends on what is done."""
        if self.kind == "inactivity":
            return None
        if self.kind == "never":
            return FAR
        return midnight((self.after(day) if self.kind == "rolling" else self.next_date(day)) + DAY)

    @property
    def forever(self) -> datetime | None:
        """The end of points that last without a day: what is not used goes, where points end so."""
        return None if self.kind == "inactivity" else FAR

    def idle(self, born: date, active: date | None) -> datetime:
        """When points without a date of their own end, of whom something was done on a day last."""
        return midnight(self.after(max(born, active or born)) + DAY) if self.kind == "inactivity" else FAR

    def after(self, day: date) -> date:
        """So much later, and on to the end of the period."""
        last = add_months(day, self.months) if self.days is None else day + timedelta(days=self.days)
        return period_end(last, MONTHS[self.round_to]) if self.round_to else last

    def next_date(self, day: date) -> date:
        """The first of the dates on which points of a day are old enough."""
        day += timedelta(days=self.days_min)
        while day not in falls_on(self.dates, day.year):
            day += DAY
        return day


@cache
def period_end(day: date, months: int) -> date:
    """The last day of the month, the quarter or the year."""
    while not ((day + DAY).day == 1 and day.month % months == 0):
        day += DAY
    return day


@cache
def falls_on(dates: tuple[str, ...], year: int) -> set[date]:
    """The days of a year that are meant; 29 February is the day before 1 March."""
    found = [(int(text[:2]), int(text[3:])) for text in dates]
    return {date(year, 3, 1) - DAY if one == (2, 29) else date(year, *one) for one in found}
