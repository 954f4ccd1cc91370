"""What things are called in sentences: the facts that are counted, and the things that are collected.

Each noun has three forms, because languages bend them differently: alone, counted ("3 orders"), and as a part of
a goal ("2 of 3 orders").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from facts.language import Language


@dataclass(frozen=True, slots=True)
class Noun:
    """A thing in its three forms; `of` takes what is done, and the goal."""

    one: Callable[[Language], str]
    many: Callable[[Language, int], str]
    of: Callable[[Language, int, int], str]


FACTS: dict[str, Noun] = {
    "order.paid": Noun(
        lambda say: say.text("an order"),
        lambda say, n: say.plural("{n} order", "{n} orders", n),
        lambda say, done, n: say.plural("{done} of {n} order", "{done} of {n} orders", n, done=done),
    ),
    "review.posted": Noun(
        lambda say: say.text("a review"),
        lambda say, n: say.plural("{n} review", "{n} reviews", n),
        lambda say, done, n: say.plural("{done} of {n} review", "{done} of {n} reviews", n, done=done),
    ),
    "survey.answered": Noun(
        lambda say: say.text("a survey answered"),
        lambda say, n: say.plural("{n} survey answered", "{n} surveys answered", n),
        lambda say, done, n: say.plural("{done} of {n} survey", "{done} of {n} surveys", n, done=done),
    ),
    "social.shared": Noun(
        lambda say: say.text("a post shared"),
        lambda say, n: say.plural("{n} post shared", "{n} posts shared", n),
        lambda say, done, n: say.plural("{done} of {n} post", "{done} of {n} posts", n, done=done),
    ),
    "visit": Noun(
        lambda say: say.text("a visit"),
        lambda say, n: say.plural("{n} visit", "{n} visits", n),
        lambda say, done, n: say.plural("{done} of {n} visit", "{done} of {n} visits", n, done=done),
    ),
    "member.signed_up": Noun(
        lambda say: say.text("joining the programme"),
        lambda say, n: say.text("joining the programme"),
        lambda say, done, n: say.plural("{done} of {n} step", "{done} of {n} steps", n, done=done),
    ),
    "profile.completed": Noun(
        lambda say: say.text("a completed profile"),
        lambda say, n: say.text("a completed profile"),
        lambda say, done, n: say.plural("{done} of {n} step", "{done} of {n} steps", n, done=done),
    ),
    "member.birthday": Noun(
        lambda say: say.text("a birthday"),
        lambda say, n: say.plural("{n} birthday", "{n} birthdays", n),
        lambda say, done, n: say.plural("{done} of {n} step", "{done} of {n} steps", n, done=done),
    ),
    "member.anniversary": Noun(
        lambda say: say.text("a year of membership"),
        lambda say, n: say.plural("{n} year of membership", "{n} years of membership", n),
        lambda say, done, n: say.plural("{done} of {n} step", "{done} of {n} steps", n, done=done),
    ),
    "redemption.made": Noun(
        lambda say: say.text("a reward fetched with points"),
        lambda say, n: say.plural("{n} reward fetched with points", "{n} rewards fetched with points", n),
        lambda say, done, n: say.plural("{done} of {n} reward", "{done} of {n} rewards", n, done=done),
    ),
    "challenge.joined": Noun(
        lambda say: say.text("a challenge taken on"),
        lambda say, n: say.plural("{n} challenge taken on", "{n} challenges taken on", n),
        lambda say, done, n: say.plural("{done} of {n} challenge", "{done} of {n} challenges", n, done=done),
    ),
    "referral.joined": Noun(
        lambda say: say.text("a friend who joined"),
        lambda say, n: say.plural("{n} friend who joined", "{n} friends who joined", n),
        lambda say, done, n: say.plural("{done} of {n} friend", "{done} of {n} friends", n, done=done),
    ),
    "referral.bought": Noun(
        lambda say: say.text("a purchase of a friend"),
        lambda say, n: say.plural("{n} purchase of friends", "{n} purchases of friends", n),
        lambda say, done, n: say.plural("{done} of {n} purchase", "{done} of {n} purchases", n, done=done),
    ),
}
"""What members do, by type of fact."""

LINES = Noun(
    lambda say: say.text("a line of a receipt"),
    lambda say, n: say.plural("{n} line of receipts", "{n} lines of receipts", n),
    lambda say, done, n: say.plural("{done} of {n} line", "{done} of {n} lines", n, done=done),
)

DIFFERENT: dict[str, Noun] = {
    "department": Noun(
        lambda say: say.text("a department"),
        lambda say, n: say.plural("{n} different department", "{n} different departments", n),
        lambda say, done, n: say.plural(
            "{done} of {n} department", "{done} of {n} departments", n, done=done
        ),
    ),
    "category": Noun(
        lambda say: say.text("a category"),
        lambda say, n: say.plural("{n} different category", "{n} different categories", n),
        lambda say, done, n: say.plural("{done} of {n} category", "{done} of {n} categories", n, done=done),
    ),
    "sku": Noun(
        lambda say: say.text("a product"),
        lambda say, n: say.plural("{n} different product", "{n} different products", n),
        lambda say, done, n: say.plural("{done} of {n} product", "{done} of {n} products", n, done=done),
    ),
    "brand": Noun(
        lambda say: say.text("a brand"),
        lambda say, n: say.plural("{n} different brand", "{n} different brands", n),
        lambda say, done, n: say.plural("{done} of {n} brand", "{done} of {n} brands", n, done=done),
    ),
    "tag": Noun(
        lambda say: say.text("a kind of product"),
        lambda say, n: say.plural("{n} different kind of product", "{n} different kinds of product", n),
        lambda say, done, n: say.plural(
            "{done} of {n} kind of product", "{done} of {n} kinds of product", n, done=done
        ),
    ),
    "channel": Noun(
        lambda say: say.text("a shop"),
        lambda say, n: say.plural("{n} different shop", "{n} different shops", n),
        lambda say, done, n: say.plural("{done} of {n} shop", "{done} of {n} shops", n, done=done),
    ),
    "partner": Noun(
        lambda say: say.text("a partner"),
        lambda say, n: say.plural("{n} different partner", "{n} different partners", n),
        lambda say, done, n: say.plural("{done} of {n} partner", "{done} of {n} partners", n, done=done),
    ),
    "day": Noun(
        lambda say: say.text("a day"),
        lambda say, n: say.plural("{n} different day", "{n} different days", n),
        lambda say, done, n: say.plural("{done} of {n} day", "{done} of {n} days", n, done=done),
    ),
}
"""What can be collected."""


def noun_of(kind: str) -> Noun:
    """The noun for a type of fact. A shop's own `x.review_helpful` is called “review helpful”, as it was written."""
    known = FACTS.get(kind)
    if known:
        return known
    what = kind.removeprefix("x.").replace(".", " ").replace("_", " ")
    return Noun(
        lambda say: say.text("“{what}”", what=what),
        lambda say, n: say.plural("{n} time “{what}”", "{n} times “{what}”", n, what=what),
        lambda say, done, n: say.plural(
            "{done} of {n} time “{what}”", "{done} of {n} times “{what}”", n, done=done, what=what
        ),
    )
