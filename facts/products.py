"""Products: which lines of an order are meant, and out of many questions those that an event can move at all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Protocol

from facts.orders import OrderLine, Product

Facet = tuple[str, object]
"""Something that an event has: its `type`, or the `sku`, `category`, `brand` or `tag` of one of its lines."""
PRODUCTS_MAX = 5_000  # products whose facets are remembered


class Wanted(Protocol):
    """Which products: each field that is given must fit; none given means all."""

    @property
    def skus(self) -> Sequence[str]:
        """Exactly these."""
        ...

    @property
    def categories(self) -> Sequence[Sequence[str]]:
        """Paths from the top; what lies below them as well."""
        ...

    @property
    def brands(self) -> Sequence[str]:
        """Of these brands."""
        ...

    @property
    def tags(self) -> Sequence[str]:
        """With one of these tags."""
        ...


def fits(wanted: Wanted, product: Product) -> bool:
    """Whether a product is wanted."""
    sku, category, brand, tags = product
    return (
        (not wanted.skus or sku in wanted.skus)
        and (not wanted.brands or brand in wanted.brands)
        and (not wanted.tags or not set(wanted.tags).isdisjoint(tags))
        and (not wanted.categories or any(category[: len(path)] == tuple(path) for path in wanted.categories))
    )


def facets_wanted(wanted: Wanted) -> Iterator[Facet]:
    """The facets of which an order has one at least when a line of it is wanted; none when any line is.

    One kind of facet is enough, since all that are given must fit.
    """
    if wanted.skus:
        yield from (("sku", sku) for sku in wanted.skus)
    elif wanted.categories:
        yield from (("category", tuple(path)) for path in wanted.categories)
    elif wanted.brands:
        yield from (("brand", brand) for brand in wanted.brands)
    else:
        yield from (("tag", tag) for tag in wanted.tags)


def type_facet(kind: str) -> Facet:
    """The facet of all events of a type."""
    return ("type", kind)


class Facets:
    """All that an event has: its type, and its lines' SKUs, categories at each depth, brands and tags."""

    def __init__(self, kind: str, lines: Sequence[OrderLine]) -> None:
        self._lines = lines
        self._numbers: dict[Facet, list[int]] = {}
        known: dict[Product, frozenset[Facet]] = {}
        for number, line in enumerate(lines):
            facets = known.get(line.product)
            if facets is None:
                facets = known[line.product] = _facets_of(line.product)
            for facet in facets:
                self._numbers.setdefault(facet, []).append(number)
        self.all = {type_facet(kind), *self._numbers}

    def lines(self, wanted: Wanted) -> list[OrderLine]:
        """The lines that are wanted, in their order; `wanted` must give a field at least."""
        held = [there for facet in facets_wanted(wanted) if (there := self._numbers.get(facet))]
        numbers = held[0] if len(held) == 1 else sorted({number for there in held for number in there})
        found = [self._lines[number] for number in numbers]
        fields = (wanted.skus, wanted.categories, wanted.brands, wanted.tags)
        several = sum(map(bool, fields)) > 1
        return [line for line in found if fits(wanted, line.product)] if several else found


@lru_cache(maxsize=PRODUCTS_MAX)
def _facets_of(product: Product) -> frozenset[Facet]:
    sku, category, brand, tags = product
    found: set[Facet] = {("sku", sku), ("brand", brand)}
    found.update(("tag", tag) for tag in tags)
    found.update(("category", category[:depth]) for depth in range(1, len(category) + 1))
    return frozenset(found)


class Asked:
    """Questions by their numbers, found by what moves them: `moved_by` the facets of each, None for any event."""

    def __init__(self, moved_by: Iterable[Collection[Facet] | None]) -> None:
        self._always: list[int] = []
        self._by_facet: dict[Facet, list[int]] = {}
        for number, facets in enumerate(moved_by):
            if facets is None:
                self._always.append(number)
            for facet in facets or ():
                self._by_facet.setdefault(facet, []).append(number)
        self._known = frozenset(self._by_facet)

    def by(self, facets: set[Facet]) -> list[int]:
        """The numbers of the questions that an event with these facets can move, rising."""
        shared = self._known & facets
        if not shared:
            return self._always
        found = set(self._always)
        for facet in shared:
            found.update(self._by_facet[facet])
        return sorted(found)
