"""When points are lost: never, some time after they were earned, on days of the calendar, or when nothing was done
for long. Pure.
"""

from __future__ import annotations

import re
from calendar import isleap
from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from facts.dates import midnight, months_after, year_end
from facts.events import DATA, INTERNAL
from facts.parts import Misfit, Part
from facts.said import Said

ORDER, REDEEMED = "order.paid", "redemption.made"
OWN_FIELDS = {
    "days": ("rolling", "inactivity"),
    "round_to": ("rolling", "inactivity"),
    "dates": ("calendar",),
    "days_min": ("calendar",),
    "activities": ("inactivity",),
}
"""The kinds that have a field; `months` may stand anywhere, since every document that was exported has it."""
PERIODS = {"month": 1, "quarter": 3, "year": 12}
_DAY = re.compile(r"(\d\d)-(\d\d)\Z", re.ASCII)


class Expiry(Part):
    """When points are lost, always at the end of a day of the programme's zone.

    `rolling`: `months` (or `days`) after they were earned, with `round_to` at the end of that month, quarter or year.
    `calendar`: on the next of the `dates` (`12-31`) on which they are at least `days_min` days old. `inactivity`: all
    together, so long after the last of the `activities` (an order, unless others are named). Members who want letters
    are told so many days before as `warn_days` says.
    """

    kind: Literal["never", "rolling", "calendar", "inactivity"] = "never"
    months: Annotated[int, Field(ge=1, le=120)] = 12
    days: Annotated[int, Field(ge=1, le=3650)] | None = None
    round_to: Literal["month", "quarter", "year"] | None = None
    dates: Annotated[list[str], Field(max_length=366)] = []
    days_min: Annotated[int, Field(ge=0, le=366)] = 0
    activities: Annotated[list[str], Field(max_length=50)] = []
    warn_days: Annotated[list[Annotated[int, Field(ge=1, le=30)]], Field(max_length=10)] = [30, 7, 1]

    @field_validator("activities")
    @classmethod
    def _happen(cls, activities: list[str]) -> list[str]:
        known = doings()
        for i, kind in enumerate(activities):
            if kind not in known and not kind.startswith("x."):
                raise Misfit(
                    Said(
                        "nobody does “{kind}”: use {known}, or x.<own name>",
                        kind=kind,
                        known=", ".join(known),
                    ),
                    i,
                )
        return activities

    @field_validator("dates")
    @classmethod
    def _are_days(cls, dates: list[str]) -> list[str]:
        for i, text in enumerate(dates):
            if not _real(text):
                raise Misfit(Said("“{text}” is no day of the year: write 12-31", text=text), i)
        return dates

    @model_validator(mode="after")
    def _holds_together(self) -> Expiry:
        for name, kinds in OWN_FIELDS.items():
            if self.kind not in kinds and getattr(self, name):
                said = Said(
                    "{name} belongs to {known}: leave it out, or choose another kind",
                    name=name,
                    known=", ".join(kinds),
                )
                raise Misfit(said, name)
        if self.kind == "calendar" and not self.dates:
            raise Misfit(Said('say on which days, such as ["12-31"]'), "dates")
        if self.days is not None and self.months != Expiry.model_fields["months"].default:
            raise Misfit(Said("say months or days, not both"), "days")
        if len(set(self.warn_days)) < len(self.warn_days):
            raise Misfit(Said("name each number of days once"), "warn_days")
        return self

    @property
    def counted(self) -> frozenset[str]:
        """The types of facts that keep points alive; none unless they end by inactivity."""
        return frozenset(self.activities or [ORDER]) if self.kind == "inactivity" else frozenset()

    def last_day(self, day: int) -> int | None:
        """The last day (an ordinal) of points earned on `day`; None for points without a date of their own."""
        if self.kind == "rolling":
            return self.after(day)
        return _next_of(tuple(self.dates), day + self.days_min) if self.kind == "calendar" else None

    def after(self, day: int) -> int:
        """The last day of so many months or days after `day`, rounded."""
        last = months_after(day, self.months) if self.days is None else day + self.days
        return last if self.round_to is None else _end_of(last, PERIODS[self.round_to])


def doings() -> list[str]:
    """The types of facts, beside a shop's own, that can keep points alive: what members do."""
    about = ("order.placed", "order.delivered", "order.cancelled", "order.refunded")
    return sorted([*(kind for kind in DATA if kind not in INTERNAL and kind not in about), REDEEMED])


def ends(last: int | None, zone: ZoneInfo) -> datetime | None:
    """The moment after a last day."""
    return None if last is None else midnight(last + 1, zone)


def _real(text: str) -> bool:
    found = _DAY.match(text)
    try:
        return bool(found and date(2024, int(found[1]), int(found[2])))
    except ValueError:
        return False


@lru_cache(maxsize=50_000)
def _end_of(day: int, months: int) -> int:
    """The last day of the period of so many months, counted from January, that a day lies in."""
    when = date.fromordinal(day)
    month = (when.month - 1) // months * months + months
    if month == PERIODS["year"]:
        return year_end(when.year)
    return date(when.year, month + 1, 1).toordinal() - 1


@lru_cache(maxsize=50_000)
def _next_of(dates: tuple[str, ...], day: int) -> int:
    """The first of these days of the year on or after a day; 29 February is the 28th in years without one."""
    year = date.fromordinal(day).year
    return min(found for each in (year, year + 1) for text in dates if (found := _on(text, each)) >= day)


def _on(text: str, year: int) -> int:
    month, day = int(text[:2]), int(text[3:])
    return date(year, month, 28 if (month, day) == (2, 29) and not isleap(year) else day).toordinal()
