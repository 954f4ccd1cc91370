"""What is measured: how often, how much, how many different ones, and the largest single one.

Each measure keeps a small JSON state per member: amounts by bucket of its window (see `windows`), which a fact
moves in constant time and which never holds more than the window needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Protocol

from pydantic import Field as Bound

from facts.criteria.filters import CLOSED, ORDERS, Filter
from facts.criteria.seen import Place, Seen
from facts.criteria.shared import UpTo, Where, Whole
from facts.criteria.windows import EVER, Window, bucket, oldest, within
from facts.orders import QUANTITY_DIGITS, OrderLine
from facts.parts import Misfit, Money
from facts.said import Said

State = Any
OBJECTS_MAX = 500  # objects whose counts `largest` keeps at once; the least recent go first
COLLECTED_MAX = 1000  # different ones that a collection keeps in mind when nobody asks for more
AtLeast = Annotated[int, Bound(ge=1, le=1_000_000_000)]
Kind = Annotated[Window, Bound(discriminator="kind")]


class Measure(Protocol):
    """What all criteria can do. States are JSON values; None is the state of somebody with whom nothing happened."""

    @property
    def target(self) -> str:
        """From which value on it is fulfilled, as a decimal string."""
        ...

    @property
    def decimals(self) -> int | None:
        """How many decimals a value's last digits stand for; None for those of the currency."""
        ...

    @property
    def most(self) -> int | None:
        """The highest value that there can be; None where there is no end."""
        ...

    def filters(self) -> Iterator[Filter | str]:
        """The facts that can move it; a bare type where any fact of the type can."""
        ...

    def step(self, state: State, seen: Seen, enough: int) -> State:
        """The state after one more event. What lies beyond `enough` need not be counted."""
        ...

    def value(self, state: State, day: int, place: Place) -> int:
        """What it comes to on a day."""
        ...


def _kept(state: list[list[int]] | None, window: Window, day: int) -> list[list[int]]:
    """The buckets that still count on a day."""
    first = oldest(window, day)
    return [pair for pair in state or () if pair[0] >= first]


def _summed(state: list[list[int]] | None, window: Window, day: int) -> int:
    last = bucket(window, day)
    return sum(amount for at, amount in _kept(state, window, day) if at <= last)


@dataclass(frozen=True, slots=True)
class Count(Whole, UpTo, Where):
    """How many facts, or with `of: lines` how many lines of orders."""

    __pydantic_config__ = CLOSED

    kind: Literal["count"]
    at_least: AtLeast
    where: Filter = ORDERS
    of: Literal["facts", "lines"] = "facts"
    window: Kind = EVER

    def step(self, state: State, seen: Seen, enough: int) -> State:
        """One more, or the number of lines."""
        return _add(
            self.window, self.where, state, seen, lambda lines: len(lines) if self.of == "lines" else 1
        )

    def value(self, state: State, day: int, place: Place) -> int:
        """How many there are within the window."""
        return _summed(state, self.window, day)


@dataclass(frozen=True, slots=True)
class Sum(UpTo, Where):
    """How much: the `amount` of the fitting lines, money; or their `quantity`."""

    __pydantic_config__ = CLOSED

    kind: Literal["sum"]
    at_least: Money
    where: Filter = ORDERS
    of: Literal["amount", "quantity"] = "amount"
    window: Kind = EVER

    def __post_init__(self) -> None:
        """Only orders have amounts."""
        if self.where.type != "order.paid":
            raise Misfit(
                Said("a sum adds up orders, order.paid; to count others use kind: count"), "where", "type"
            )

    @property
    def decimals(self) -> int | None:
        """Minor units of the currency, or millionths of a quantity."""
        return None if self.of == "amount" else QUANTITY_DIGITS

    def step(self, state: State, seen: Seen, enough: int) -> State:
        """What the fitting lines come to."""
        return _add(self.window, self.where, state, seen, self._of)

    def _of(self, lines: list[OrderLine]) -> int:
        if self.of == "amount":
            return sum([line.amount for line in lines])
        return sum([line.quantity for line in lines])

    def value(self, state: State, day: int, place: Place) -> int:
        """How much there is within the window."""
        return _summed(state, self.window, day)


def _add(
    window: Window, where: Filter, state: State, seen: Seen, amount: Callable[[list[OrderLine]], int]
) -> State:
    if not within(window, seen.day, seen.place):
        return state
    lines = where.lines(seen)
    more = 0 if lines is None else amount(lines)
    if not more:
        return state
    kept, at = _kept(state, window, seen.day), bucket(window, seen.day)
    for i, (there, before) in enumerate(kept):
        if there == at:
            return [*kept[:i], [at, before + more], *kept[i + 1 :]]
    return [*kept, [at, more]]


@dataclass(frozen=True, slots=True)
class Distinct(Whole, UpTo, Where):
    """How many different ones: a collection. `level` is the depth of a category, 1 for the top.

    With `among` only these count: "7 of 9 departments". `of: day` counts days with a fitting fact.
    """

    __pydantic_config__ = CLOSED

    kind: Literal["distinct"]
    of: Literal["category", "sku", "brand", "tag", "channel", "partner", "day"]
    at_least: Annotated[int, Bound(ge=1, le=1000)]
    where: Filter = ORDERS
    level: Annotated[int, Bound(ge=1, le=10)] = 1
    among: tuple[str, ...] = ()
    window: Kind = EVER

    def __post_init__(self) -> None:
        """A collection must be complete at some time."""
        if self.among and self.at_least > len(set(self.among)):
            said = Said(
                "at_least is {at_least}, and among names only {number}",
                at_least=self.at_least,
                number=len(set(self.among)),
            )
            raise Misfit(said, "at_least")

    @property
    def most(self) -> int | None:
        """All of those that count."""
        return len(set(self.among)) or None

    def step(self, state: State, seen: Seen, enough: int) -> State:
        """Those that are new, and when each was seen last."""
        lines = self.where.lines(seen) if within(self.window, seen.day, seen.place) else None
        if lines is None:
            return state
        first, at = oldest(self.window, seen.day), bucket(self.window, seen.day)
        if state and first == at:
            have = {name for name, last in state if last == at}
            if len(have) == len(state):
                return self._more(state, have, seen, lines, enough)
        return self._renewed(state, seen, lines, enough)

    def _more(self, state: State, have: set[str], seen: Seen, lines: list[OrderLine], enough: int) -> State:
        """Those that are new beside others of the same period: so go nearly all steps, however many there are."""
        if len(have) >= enough:
            return state
        more = [[name, state[0][1]] for name in self._names(seen, lines) if name not in have]
        return [*state, *more] if more else state

    def _renewed(self, state: State, seen: Seen, lines: list[OrderLine], enough: int) -> State:
        """The same where some are too old to count."""
        first, at = oldest(self.window, seen.day), bucket(self.window, seen.day)
        have: dict[str, int] = {name: last for name, last in state or () if last >= first}
        if len(have) >= enough and self.window.kind != "rolling":
            return state
        have |= dict.fromkeys(self._names(seen, lines), at)
        found = [[name, last] for name, last in have.items()]
        return found if found != state else state

    def _names(self, seen: Seen, lines: list[OrderLine]) -> list[str]:
        if self.of == "day":
            names = [str(seen.day)]
        elif self.of in ("channel", "partner"):
            names = [str(seen.data.get(self.of, ""))]
        elif self.of == "tag":
            names = [tag for line in lines for tag in line.product[3]]
        else:
            names = [self._name(line) for line in lines]
        return sorted({name for name in names if name and (not self.among or name in self.among)})

    def _name(self, line: OrderLine) -> str:
        sku, category, brand, _ = line.product
        if self.of == "category":
            return category[self.level - 1] if len(category) >= self.level else ""
        return sku if self.of == "sku" else brand

    def value(self, state: State, day: int, place: Place) -> int:
        """How many different ones within the window."""
        first = oldest(self.window, day)
        return sum(last >= first for _, last in state or ())


@dataclass(frozen=True, slots=True)
class Largest(UpTo, Where):
    """The largest single one: an order's `amount`, or how often one object is named (`per` its field).

    "One review with 10 helpful votes" counts `x.review_helpful` per `review_id`. At most 500 objects are kept in
    mind, those that were named last.
    """

    __pydantic_config__ = CLOSED

    kind: Literal["largest"]
    at_least: Money
    of: Literal["amount", "count"] = "amount"
    per: str = ""
    where: Filter = ORDERS
    window: Kind = EVER

    def __post_init__(self) -> None:
        """Say per what to count, and keep to windows that can be kept in mind."""
        if self.of == "count" and not self.per:
            raise Misfit(Said("say per what to count: per: review_id counts for each review apart"), "of")
        if self.of == "amount" and (self.per or self.where.type != "order.paid"):
            raise Misfit(Said("the largest amount is an order's: leave out per, and use order.paid"), "of")
        if self.window.kind == "rolling":
            said = Said("the largest one is measured ever, by calendar, in a campaign or from joining on")
            raise Misfit(said, "window", "kind")

    @property
    def decimals(self) -> int | None:
        """Minor units of the currency for amounts."""
        return None if self.of == "amount" else 0

    def step(self, state: State, seen: Seen, enough: int) -> State:
        """The amount when it is larger than before, or one more for its object."""
        lines = self.where.lines(seen) if within(self.window, seen.day, seen.place) else None
        if lines is None:
            return state
        at = bucket(self.window, seen.day)
        have: dict[str, int] = dict(state[1]) if state and state[0] == at else {}
        if self.of == "amount":
            name, found = "", max(have.get("", 0), sum(line.amount for line in lines))
        else:
            name = str(seen.data.get(self.per, ""))
            found = have.pop(name, 0) + 1
        if not name and self.of == "count":
            return state
        have[name] = found
        while len(have) > OBJECTS_MAX:
            del have[next(iter(have))]
        return [at, list(map(list, have.items()))]

    def value(self, state: State, day: int, place: Place) -> int:
        """The largest within the window."""
        if not state or state[0] != bucket(self.window, day):
            return 0
        return max(found for _, found in state[1])
