"""The moment of joy: one sentence for what was reached while a page is open, however much it was at once."""

from __future__ import annotations

from typing import Any

from facts.language import Language
from members.cards import HeldCard

NAMED_MAX = 3


def joy(before: Any, after: Any, language: Language) -> str:
    """What `after` has that `before` had not, in one sentence; "" when it is nothing.

    Cards without `held` have no game. Who wants to hear of nothing has cards that hold nothing, so nothing is new.
    """
    had = {one.key for one in getattr(before, "held", ())}
    new: list[HeldCard] = [one for one in getattr(after, "held", ()) if one.key not in had]
    if not new:
        return ""
    if len(new) == 1:
        return new[0].sentence
    names = [one.name for one in new[:NAMED_MAX]]
    if len(new) > NAMED_MAX:
        rest = len(new) - NAMED_MAX
        names.append(language.plural("{n} other", "{n} others", rest))
    return language.text("Reached at once: {names}", names=language.listed(names))
