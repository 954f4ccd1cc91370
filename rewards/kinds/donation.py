"""A donation: points become help for others, and the pot of all members shows what they came to together."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from facts.language import N_
from facts.said import Said
from rewards.kinds.kind import Kind, needs

if TYPE_CHECKING:
    from rewards.document import Reward
    from rewards.wording import Wording


class Donation(Kind):
    """`value` is the money that the shop gives for one, if it is money; otherwise the pot counts points.

    `thanks` is what the giver reads. It is given at once, and nothing of it is left to be used or given back.
    """

    name = "donation"
    label = N_("A donation")
    icon = "heart"
    own = frozenset({"thanks"})
    worth = True
    handed_over = False
    at_counter = False
    spent_at_once = True
    final = True
    won = False
    potted = True

    def check(self, reward: Reward) -> None:
        """Whoever gives is thanked."""
        needs(reward, "thanks", Said("a donation thanks whoever gives, such as thanks: {en: …}"))

    def says(self, reward: Reward, say: Wording) -> str:
        """`A donation of $5`."""
        if Decimal(reward.value) > 0:
            return say.text("A donation of {money}", money=say.decimal(reward.value))
        return say.text(self.label)

    def promises(self, reward: Reward, say: Wording) -> list[str]:
        """That it is for good."""
        return [say.text("It goes to the pot at once and cannot be taken back.")]
