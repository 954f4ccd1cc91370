"""Gifts in sentences: how points can be given, for the rules page."""

from __future__ import annotations

from members.programme.versions import Version
from rewards.wording import Wording


def about_gifts(version: Version, say: Wording) -> list[str]:
    """How points are given to somebody else, a sentence each; none where they cannot be."""
    terms = version.programme.gifts
    if terms is None:
        return []
    said = [
        say.text(
            "You can give points to somebody else: {points} a day at most.", points=say.points(terms.per_day)
        ),
        say.text(
            "A gift can be taken for {days}, and called back until then.", days=say.days(terms.days_to_take)
        ),
        say.text("Points that were given last as long as they did before."),
    ]
    if terms.least > 1 or terms.limit < terms.per_day:
        said.append(
            say.text(
                "A gift is from {least} to {most}.",
                least=say.language.number(terms.least),
                most=say.points(terms.limit),
            )
        )
    if terms.min_age_days:
        said.append(
            say.text("You can give once you have been here for {days}.", days=say.days(terms.min_age_days))
        )
    said.append(
        say.text("Only what you earned with purchases can be given, or got from the shop or as a gift.")
        if terms.promotional
        else say.text(
            "Only what you earned with purchases can be given, or got from the shop or as a gift; promotional points "
            "cannot."
        )
    )
    return said
