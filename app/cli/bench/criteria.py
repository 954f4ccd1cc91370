"""A programme with many criteria, about things that people really buy, so that every order moves some of them."""

from __future__ import annotations

from itertools import cycle, islice, product
from typing import Any

from badges.document import Badge
from members.programme import Programme

ACTIVE = 200
DEPARTMENTS = ("GROCERY", "DRUG GM", "PRODUCE", "MEAT-PCKGD", "MEAT", "DELI", "PASTRY", "NUTRITION")
SHELVES = (
    "GROCERY > SOFT DRINKS", "GROCERY > FLUID MILK PRODUCTS", "GROCERY > BAKED BREAD/BUNS/ROLLS", "GROCERY > CHEESE",
    "GROCERY > BAG SNACKS", "GROCERY > YOGURT", "GROCERY > SOUP", "GROCERY > FROZEN PIZZA", "GROCERY > COLD CEREAL",
    "GROCERY > EGGS", "GROCERY > COFFEE", "GROCERY > SPICES & EXTRACTS", "MEAT > BEEF", "MEAT > CHICKEN",
    "MEAT > PORK", "PRODUCE > TROPICAL FRUIT", "PRODUCE > SALAD MIX", "PRODUCE > ONIONS", "PRODUCE > POTATOES",
    "PRODUCE > APPLES", "PRODUCE > CITRUS", "DELI > DELI MEATS", "DELI > CHEESES", "DRUG GM > CANDY - PACKAGED",
    "DRUG GM > BABY FOODS",
)  # fmt: skip
ASKED: tuple[dict[str, Any], ...] = (
    {"kind": "count", "at_least": 5},
    {"kind": "sum", "at_least": "20", "window": {"kind": "calendar", "unit": "month"}},
    {"kind": "distinct", "of": "sku", "at_least": 10},
    {"kind": "count", "at_least": 4, "window": {"kind": "rolling", "days": 30}},
    {"kind": "streak", "every": "week", "at_least": 4, "freezes": 1},
    {"kind": "largest", "at_least": "15"},
)


def with_criteria(programme: Programme, active: int = ACTIVE) -> Programme:
    """The programme with as many badges as it takes to have `active` criteria in all."""
    more = active - len(programme.badges) - len(programme.challenges)
    pairs = islice(cycle(product(ASKED, (*SHELVES, *DEPARTMENTS))), max(0, more))
    made = [_badge(number, asked, place) for number, (asked, place) in enumerate(pairs)]
    return programme.model_copy(update={"badges": [*programme.badges, *made]})


def _badge(number: int, asked: dict[str, Any], place: str) -> Badge:
    """The more often one thing is asked about one place, the later it is reached."""
    levels = {"levels": [str((number // 198 + 1) * 5 * step) for step in range(1, 11)]}
    return Badge.model_validate(
        {"slug": f"many-{number}", "name": {"en": f"Many {number}"},
         "criterion": asked | {"where": {"categories": [place]}}, **levels}
    )  # fmt: skip
