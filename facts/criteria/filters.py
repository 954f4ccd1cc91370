"""Which facts a criterion means, and which lines of an order. Each field that is given must fit."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict

from facts.criteria.seen import Seen
from facts.events import DATA
from facts.language import N_
from facts.money import minor
from facts.orders import OrderLine
from facts.parts import Misfit, Money
from facts.products import Facet, facets_wanted, type_facet
from facts.said import Said

CLOSED = ConfigDict(extra="forbid")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
ORDER = "order.paid"
NOT_COUNTED = {
    "order.placed": N_("an order counts when it is paid: use order.paid"),
    "order.delivered": N_("deliveries are not counted yet: use order.paid"),
    "order.refunded": N_("a refund changes its order, and is not counted itself"),
    "order.cancelled": N_("a cancelled order does not count at all"),
    "redemption.captured": N_("use redemption.made"),
    "redemption.cancelled": N_("use redemption.made: what was called off does not count"),
    "gift.given": N_("gifts go in circles, and are not counted: use order.paid"),
    "gift.taken": N_("gifts go in circles, and are not counted: use order.paid"),
    "gift.cancelled": N_("gifts go in circles, and are not counted: use order.paid"),
    "gift.received": N_("gifts go in circles, and are not counted: use order.paid"),
}


def _path(value: Any) -> Any:
    return tuple(part.strip() for part in value.split(">")) if isinstance(value, str) else value


Path = Annotated[tuple[str, ...], BeforeValidator(_path)]


@dataclass(frozen=True, slots=True)
class Field:
    """What a field of a fact must be: `equals` a value, or a number of `at_least`."""

    __pydantic_config__ = CLOSED

    name: str
    equals: str | int | bool | None = None
    at_least: int | None = None

    def __post_init__(self) -> None:
        """Say what is missing."""
        if (self.equals is None) == (self.at_least is None):
            raise Misfit(
                Said("say what {name} must be: either equals: … or at_least: …", name=self.name), "name"
            )

    def fits(self, data: dict[str, Any]) -> bool:
        """Whether the fact's field is so."""
        value = data.get(self.name)
        if self.at_least is not None:
            return isinstance(value, int) and not isinstance(value, bool) and value >= self.at_least
        return value == self.equals or (self.equals is False and value is None)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which facts: of a `type`, and of an order the lines that fit all of `skus`, `categories`, `brands`, `tags`.

    A category is a path from the top, `GROCERY > PASTRY`, and means everything below it. `amount_min` is what the
    fitting lines of one order come to, money. `hours` are `[from, until)` on the member's clock, 0 to 24.
    """

    __pydantic_config__ = CLOSED

    type: str = ORDER
    skus: tuple[str, ...] = ()
    categories: tuple[Path, ...] = ()
    brands: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    amount_min: Money = "0"
    weekdays: tuple[Weekday, ...] = ()
    hours: tuple[int, int] | None = None
    fields: tuple[Field, ...] = field(default=())

    def __post_init__(self) -> None:
        """Refuse what could never fit, and say what would."""
        if self.type in NOT_COUNTED:
            raise Misfit(Said(NOT_COUNTED[self.type]), "type")
        if self.type not in DATA and not self.type.startswith("x."):
            known = sorted(set(DATA) - set(NOT_COUNTED))
            near = get_close_matches(self.type, known, n=1)
            if near:
                raise Misfit(Said("there is no such fact; did you mean “{word}”?", word=near[0]), "type")
            said = Said("there is no such fact; there are {known}, and x.<your own>", known=", ".join(known))
            raise Misfit(said, "type")
        about_orders = (*self.skus, *self.categories, *self.brands, *self.tags, *self.partners)
        if self.type != ORDER and (about_orders or Decimal(self.amount_min)):
            raise Misfit(
                Said("“{type}” has no lines: products and amounts belong to order.paid", type=self.type),
                "type",
            )
        if self.hours and not 0 <= self.hours[0] < self.hours[1] <= 24:
            said = Said("hours are [from, until), such as [17, 20]; from is before until, both within a day")
            raise Misfit(said, "hours")
        if any(not path or not all(path) for path in self.categories):
            raise Misfit(Said("a category is a path such as GROCERY > PASTRY"), "categories")

    @property
    def about_lines(self) -> bool:
        """Whether some lines of an order are meant and others are not."""
        return bool(self.skus or self.categories or self.brands or self.tags)

    def facets(self) -> list[Facet]:
        """What an event must have one of, so that this filter can be moved by it."""
        return list(facets_wanted(self)) or [type_facet(self.type)]

    def lines(self, seen: Seen) -> list[OrderLine] | None:
        """The lines that are meant; None when the fact is not meant at all."""
        event = seen.event
        if event.type != self.type or not self.fits_time(seen) or not self._fits_data(event.data):
            return None
        if event.order is None:
            return []
        lines = event.facets.lines(self) if self.about_lines else event.order.lines
        if not lines and self.about_lines:
            return None
        floor = self.amount_min != "0" and Decimal(self.amount_min)
        if floor and sum(line.amount for line in lines) < minor(self.amount_min, seen.digits):
            return None
        return lines

    def fits_time(self, seen: Seen) -> bool:
        """Whether the clock shows a time that is meant."""
        if self.weekdays and WEEKDAYS[seen.weekday] not in self.weekdays:
            return False
        return self.hours is None or self.hours[0] <= seen.hour < self.hours[1]

    def _fits_data(self, data: dict[str, Any]) -> bool:
        if self.channels and data.get("channel", "") not in self.channels:
            return False
        if self.partners and data.get("partner", "") not in self.partners:
            return False
        return not self.fields or all(one.fits(data) for one in self.fields)


ORDERS = Filter()
"""Any order."""
