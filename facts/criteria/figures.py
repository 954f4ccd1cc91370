"""What a score is, in words: "5 orders", "$120", "7 different departments"."""

from __future__ import annotations

from typing import Any

from facts.criteria.measures import Count, Distinct, Largest, Sum
from facts.criteria.nouns import DIFFERENT, LINES, noun_of
from facts.criteria.told import Told
from facts.language import Language


def score_words(criterion: Any, value: int, language: Language, currency: str) -> str:
    """What a criterion with a number came to; `value` is in its own units."""
    told = Told(language, currency)
    if isinstance(criterion, Count):
        return (LINES if criterion.of == "lines" else noun_of(criterion.where.type)).many(language, value)
    if isinstance(criterion, Distinct):
        name = "department" if criterion.of == "category" and criterion.level == 1 else criterion.of
        return DIFFERENT[name].many(language, value)
    if isinstance(criterion, Largest) and criterion.of == "count":
        return noun_of(criterion.where.type).many(language, value)
    if isinstance(criterion, Sum) and criterion.of == "quantity":
        n, amount = told.quantity(value)
        return language.plural("{amount} item", "{amount} items", n, amount=amount)
    return told.money(value)
