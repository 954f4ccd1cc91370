"""Which facts and when, in words: what follows "3 orders" in "3 orders in Bakery on a Monday within 30 days"."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from facts.criteria.filters import Field, Filter
from facts.criteria.windows import Calendar, Ever, Fixed, FromJoining, Rolling, Window
from facts.language import N_, Language
from facts.money import minor, minor_digits

WEEKDAYS = {
    "mon": N_("on a Monday"),
    "tue": N_("on a Tuesday"),
    "wed": N_("on a Wednesday"),
    "thu": N_("on a Thursday"),
    "fri": N_("on a Friday"),
    "sat": N_("on a Saturday"),
    "sun": N_("on a Sunday"),
}
PERIODS = {
    "day": N_("within one day"),
    "week": N_("within one calendar week"),
    "month": N_("within one calendar month"),
    "quarter": N_("within one quarter"),
    "year": N_("within one calendar year"),
}
FIELDS = {
    "order": N_("purchase number"),
    "rating": N_("rating"),
    "photos": N_("photos"),
    "verified": N_("verified"),
    "score": N_("score"),
    "network": N_("network"),
    "page": N_("page"),
    "sku": N_("product"),
    "years": N_("years"),
}
Head = Literal["orders", "money"]


def either(names: tuple[str, ...] | list[str], language: Language) -> str:
    """`A, B or C`."""
    return language.listed(list(names), either=True)


def filtered(where: Filter, language: Language, currency: str, head: Head = "orders") -> Iterator[str]:
    """The words for a filter. After `money` an order's floor is said otherwise than after `orders`."""
    floor = minor(where.amount_min, minor_digits(currency))
    if floor:
        worth = language.money(floor, currency, short=True)
        yield (
            language.text("of {money} or more", money=worth)
            if head == "orders"
            else language.text("in orders of {money} or more", money=worth)
        )
    for names, said in _named(where, language):
        if names:
            yield said(either(names, language))
    if where.fields:
        yield f"({language.listed([_field(one, language) for one in where.fields])})"
    yield from _days(where, language)
    yield from _hours(where, language)


def _named(where: Filter, language: Language) -> Iterator[tuple[list[str], Callable[[str], str]]]:
    last = [language.category(path[-1]) for path in where.categories]
    yield last, lambda names: language.text("in {names}", names=names)
    yield list(where.brands), lambda names: language.text("of the brand {names}", names=names)
    yield list(where.skus), lambda names: language.text("with product {names}", names=names)
    yield list(where.tags), lambda names: language.text("marked {names}", names=names)
    yield list(where.channels), lambda names: language.text("through {names}", names=names)
    yield list(where.partners), lambda names: language.text("at partner {names}", names=names)


def _field(field: Field, language: Language) -> str:
    name = language.text(FIELDS[field.name]) if field.name in FIELDS else field.name.replace("_", " ")
    if field.at_least is not None:
        return language.text("{name}: {n} or more", name=name, n=field.at_least)
    if field.equals is True:
        return name
    if field.equals is False:
        return language.text("not {name}", name=name)
    return language.text("{name}: {value}", name=name, value=field.equals)


def _days(where: Filter, language: Language) -> Iterator[str]:
    days = set(where.weekdays)
    if days == {"sat", "sun"}:
        yield language.text("at the weekend")
    elif days == {"mon", "tue", "wed", "thu", "fri"}:
        yield language.text("from Monday to Friday")
    elif days:
        yield either([language.text(WEEKDAYS[day]) for day in WEEKDAYS if day in days], language)


def _hours(where: Filter, language: Language) -> Iterator[str]:
    if where.hours is None or where.hours == (0, 24):
        return
    since, until = (language.digits(f"{hour:02}:00") for hour in where.hours)
    if where.hours[0] == 0:
        yield language.text("before {time}", time=until)
    elif where.hours[1] == 24:
        yield language.text("after {time}", time=since)
    else:
        yield language.text("between {since} and {until}", since=since, until=until)


def windowed(window: Window, language: Language) -> Iterator[str]:
    """The words for a window; none for ever."""
    match window:
        case Ever():
            return
        case Calendar():
            yield language.text(PERIODS[window.unit])
        case Rolling():
            yield language.plural("within {n} day", "within {n} days", window.days)
        case FromJoining():
            yield language.plural("within {n} day of joining", "within {n} days of joining", window.days)
        case Fixed():
            since, until = language.date(window.since, "medium"), language.date(window.until, "medium")
            yield (
                language.text("on {day}", day=since)
                if since == until
                else language.text("from {since} to {until}", since=since, until=until)
            )
