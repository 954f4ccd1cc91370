"""The conditions of a rule in sentences: what follows a rule on the rules page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from facts.criteria.told import Told, what
from rewards.earning.when import PERCENT, Asking, When
from rewards.wording import Wording

HERE_MAX = 3  # numbers that tell how a row goes on


def conditions(asking: Asking, say: Wording) -> list[str]:
    """The conditions, a sentence for each sort."""
    said = list(_season(asking.when, say))
    if not asking.plain:
        asked = what(asking.where, Told(say.language, say.currency))
        said.append(say.text("Only for this: {asked}.", asked=asked))
    return [*said, *_purchases(asking.when, say), *_paid(asking.when, say)]


def _season(when: When, say: Wording) -> Iterator[str]:
    since, until = (say.language.date(day, "medium") if day else "" for day in (when.since, when.until))
    if since and until:
        yield say.text("Only from {since} to {until}.", since=since, until=until)
    elif since:
        yield say.text("Only from {since} on.", since=since)
    elif until:
        yield say.text("Only until {until}.", until=until)
    if when.dates:
        yield say.text(
            "Only on {days}.", days=say.language.listed([_day(one, say) for one in when.dates], either=True)
        )


def _day(text: str, say: Wording) -> str:
    if len(text) > len("12-25"):
        return say.language.date(date.fromisoformat(text), "medium")
    return say.language.date(date.fromisoformat(f"2024-{text}"), "day")


def _purchases(when: When, say: Wording) -> Iterator[str]:
    if when.purchases == [1]:
        yield say.text("Only with your first order.")
    elif when.purchases:
        numbers = say.language.listed(
            [say.language.number(one) for one in sorted(when.purchases)], either=True
        )
        yield say.text("Only with your order number {numbers}.", numbers=numbers)
    if when.purchase_every:
        here = (say.language.number(when.purchase_every * times) for times in range(1, HERE_MAX + 1))
        yield say.text("Only with your orders number {numbers} and so on.", numbers=", ".join(here))


def _paid(when: When, say: Wording) -> Iterator[str]:
    if when.points_paid is None:
        return
    least, most = when.points_paid
    low, high = (say.language.percent(percent / PERCENT) for percent in when.points_paid)
    if most == 0:
        yield say.text("Only for orders that are paid without points.")
    elif least == 0:
        yield say.text("Only when at most {share} of the order is paid with points.", share=high)
    elif most == PERCENT:
        yield say.text("Only when at least {share} of the order is paid with points.", share=low)
    else:
        yield say.text("Only when {low} to {high} of the order is paid with points.", low=low, high=high)


def going_on(asking: Asking, say: Wording) -> str:
    """What is said of a rule whose hours, days or season it is just now."""
    hours = asking.where.hours
    if hours and hours[1] < 24:
        return say.text("Now, until {time}", time=say.language.digits(f"{hours[1]:02}:00"))
    return say.text("Now") if asking.when.timed else ""
