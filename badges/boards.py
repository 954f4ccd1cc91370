"""Boards in the programme document: who did most of something in a period, what the places bring, and leagues."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field, model_validator

from badges.document import Prize
from facts.criteria import Count, Criterion, Distinct, Ever, Largest, Sum, period_days, period_of
from facts.dates import day_of, midnight
from facts.language import N_
from facts.parts import Misfit, Part, Slug, Words
from facts.said import Said

PLACE_MAX = 100
Periods = Literal["day", "week", "month", "season", "ever"]
CALENDAR = ("day", "week", "month")


class PlacePrize(Part):
    """What a place brings when a period is closed: `places` is one place, `"1"`, or several, `"2-10"`."""

    places: Annotated[str, Field(pattern=r"^[1-9]\d{0,2}(-[1-9]\d{0,2})?$")]
    prize: Prize

    @model_validator(mode="after")
    def _can_be_paid(self) -> PlacePrize:
        first, last = self.between
        if not first <= last <= PLACE_MAX:
            raise Misfit(Said("places run upwards and end at {most}, such as 2-10", most=PLACE_MAX), "places")
        self.prize.check_plain(N_("a place brings points or a badge; leave out {name}"))
        return self

    @property
    def between(self) -> tuple[int, int]:
        """The first and the last place."""
        first, _, last = self.places.partition("-")
        return int(first), int(last or first)


class Leagues(Part):
    """Small circles that start together. `divisions` are named from the lowest up.

    When a period is over the best `up` of each circle climb a division, and the last `down` go down one.
    """

    divisions: Annotated[list[Words], Field(min_length=2, max_length=10)]
    size: Annotated[int, Field(ge=4, le=50)] = 20
    up: Annotated[int, Field(ge=1, le=20)] = 5
    down: Annotated[int, Field(ge=0, le=20)] = 5

    @model_validator(mode="after")
    def _some_stay(self) -> Leagues:
        if self.up + self.down >= self.size:
            raise Misfit(
                Said("up and down together must be fewer than the {size} of a circle", size=self.size), "up"
            )
        return self


class Board(Part):
    """A list of places. The score is what `criterion` comes to within the period, on the programme's own calendar.

    The criterion's `at_least` is the score from which on somebody is listed. A `season` lasts from `opens` to `closes`.
    `settles_days` after a period has ended it is closed once and for all: places are kept, and prizes given.
    """

    slug: Slug
    name: Words
    description: Words | None = None
    criterion: Criterion
    period: Periods = "month"
    opens: AwareDatetime | None = None
    closes: AwareDatetime | None = None
    tiers: list[Slug] = []
    prizes: Annotated[list[PlacePrize], Field(max_length=20)] = []
    settles_days: Annotated[int, Field(ge=0, le=31)] = 2
    leagues: Leagues | None = None
    icon: str = "trophy"
    paused: bool = False
    retired: bool = False

    @model_validator(mode="after")
    def _fits(self) -> Board:
        if not isinstance(self.criterion, Count | Sum | Distinct | Largest):
            raise Misfit(
                Said("a board needs a number: use kind count, sum, distinct or largest"), "criterion", "kind"
            )
        if not isinstance(self.criterion.window, Ever):
            raise Misfit(
                Said("the board's period says over which time: leave out window"), "criterion", "window"
            )
        if self.period == "season" and not (self.opens and self.closes):
            raise Misfit(Said("a season lasts from opens to closes: give both"), "period")
        if self.opens and self.closes and self.closes <= self.opens:
            raise Misfit(Said("it closes before it opens"), "closes")
        if self.leagues and self.period not in CALENDAR:
            raise Misfit(
                Said("leagues go on from one period to the next: use period day, week or month"), "leagues"
            )
        if self.period == "ever" and self.prizes:
            raise Misfit(Said("a board that never ends has no last place: use another period"), "prizes")
        return self

    def open_at(self, at: datetime) -> bool:
        """Whether facts of that moment count."""
        return (self.opens is None or self.opens <= at) and (self.closes is None or at < self.closes)

    def period_at(self, at: datetime, zone: ZoneInfo) -> int:
        """The number of the period in which a moment lies: of its day, week or month, or of the season's first day."""
        if self.period == "ever":
            return 0
        if self.period == "season":
            assert self.opens is not None
            return day_of(self.opens, zone)
        return period_of(day_of(at, zone), self.period)

    def has(self, period: int, zone: ZoneInfo) -> bool:
        """Whether a period is one of this board: a season that opens on another day is another season."""
        if self.period != "season":
            return True
        assert self.opens is not None
        return period == day_of(self.opens, zone)

    def span(self, period: int, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
        """When a period begins and ends; None for one without an end."""
        if self.period == "ever":
            return None
        if self.period == "season":
            assert self.opens is not None
            assert self.closes is not None
            return self.opens, self.closes
        first, after = period_days(period, self.period)
        return midnight(first, zone), midnight(after, zone)

    def prize(self, place: int) -> Prize | None:
        """What a place brings."""
        found = (one.prize for one in self.prizes if one.between[0] <= place <= one.between[1])
        return next(found, None)
