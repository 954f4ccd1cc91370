"""An experience: a tasting, a class, an evening behind the scenes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from facts.language import N_
from facts.said import Said
from rewards.kinds.kind import Kind, needs

if TYPE_CHECKING:
    from rewards.document import Reward


class Experience(Kind):
    """Its `terms` say when and where; its code, shown at the door, is the ticket."""

    name = "experience"
    label = N_("An experience")
    icon = "sparkles"
    worth = True
    hint = N_("Show this at the door. It is good once.")

    def check(self, reward: Reward) -> None:
        """Nobody buys a ticket without knowing for when and where."""
        needs(
            reward,
            "terms",
            Said("an experience says in its terms when and where it is, such as terms: {en: …}"),
        )
