"""A code of another shop, from those that it gave us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from facts.language import N_
from facts.said import Said
from rewards.kinds.kind import Kind, needs

if TYPE_CHECKING:
    from rewards.document import Reward


class PartnerCode(Kind):
    """Its `terms` are the partner's, its `link` leads to them. Our till does not know the code."""

    name = "partner_code"
    label = N_("A code for a partner's shop")
    icon = "ticket"
    handed_over = False
    at_counter = False
    pooled = True
    won = False
    hint = N_("Type it in at the partner's shop.")

    def check(self, reward: Reward) -> None:
        """Its holder must know where it is good, and for what."""
        needs(
            reward,
            "terms",
            Said("a partner's code says in its terms where it is good and for what, such as terms: {en: …}"),
        )
        needs(
            reward,
            "link",
            Said("a partner's code leads to their shop, such as link: https://partner.example/"),
        )
