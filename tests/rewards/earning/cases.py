"""Rules and orders written shortly, and a way to let rules run over an order."""

from __future__ import annotations

from typing import Any

from facts.orders import Order, OrderLine
from rewards.earning import Rule
from rewards.earning.case import Case, Grant
from tests.engine.wording import a_programme
from tests.rewards.paper import terms_of


def rules(*texts: str) -> tuple[Rule, ...]:
    """Rules as YAML flow mappings, in the order in which they run."""
    return terms_of(a_programme(earning="\n".join(f"  - {{{text}}}" for text in texts))).rules


def rule(text: str) -> Any:
    """One rule."""
    return rules(text)[0]


def line(sku: str, amount: int, *, pieces: float = 1, category: tuple[str, ...] = (), brand: str = "",
         tags: tuple[str, ...] = (), tax: int = 0, discount: int = 0, paid: int = 0) -> OrderLine:  # fmt: skip
    """A line of an order, in cents."""
    product = (sku, category, brand, tags)
    return OrderLine(sku, product, int(pieces * 10**6), amount, tax, discount, paid)


def order(*lines: OrderLine, shipping: int = 0, currency: str = "USD") -> Order:
    """An order of these lines."""
    return Order("A", currency, list(lines), shipping)


def a_case(what: Order | str, tier: str = "member", factor: int = 1000) -> Case:
    """An order that was paid, or a deed of a type."""
    if isinstance(what, str):
        return Case.of(what, {}, None, tier, factor)
    return Case.of("order.paid", {"order_id": "A"}, what, tier, factor)


def run(case: Case, *texts: str) -> dict[str, Grant]:
    """What each rule grants, by slug."""
    found: dict[str, Grant] = {}
    for one in rules(*texts):
        if one.wants(case):
            grant = one.apply(case)
            if grant:
                found[one.slug] = grant
    return found


def points(case: Case, *texts: str) -> dict[str, int]:
    """The points that each rule grants, by slug."""
    return {slug: grant.points for slug, grant in run(case, *texts).items()}
