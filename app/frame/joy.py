"""The moment of joy: one sentence for what was reached, however much it was at once, and the pictures of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from facts.language import Language
from members.joy_cards import HeldCard, JoyCard
from members.news import NAMED_MAX, news, without_tier


def joy(before: Any, after: Any, language: Language, told: frozenset[str] = frozenset()) -> JoyCard:
    """What `after` has that `before` had not, and what is `told` beside it; no words when it is nothing.

    A tier is among what is told, or it is no news: another one may have come without a climb.

    Cards without `held` have no game. Who wants to hear of nothing has cards that hold nothing, so nothing is new.
    """
    had = held_in(before)
    held: Sequence[HeldCard] = getattr(after, "held", ())
    return gathered(held, news(had, without_tier(held_in(after))) | told, language)


def held_in(card: Any) -> list[str]:
    """The keys of what a card holds."""
    return [one.key for one in getattr(card, "held", ())]


def gathered(held: Sequence[HeldCard], new: frozenset[str], language: Language) -> JoyCard:
    """What is `new` of all that is `held`, in one sentence."""
    found = [one for one in held if one.key in new]
    if not found:
        return JoyCard()
    pictures = tuple(one.picture for one in found if one.picture)[:NAMED_MAX]
    if len(found) == 1:
        return JoyCard(found[0].sentence, pictures)
    names = [one.name for one in found[:NAMED_MAX]]
    if len(found) > NAMED_MAX:
        rest = len(found) - NAMED_MAX
        names.append(language.plural("{n} other", "{n} others", rest))
    return JoyCard(language.text("Reached at once: {names}", names=language.listed(names)), pictures)
