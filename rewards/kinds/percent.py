"""A percentage off an order."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from facts.language import N_
from facts.said import Said
from rewards.kinds.kind import Kind

if TYPE_CHECKING:
    from rewards.document import Reward
    from rewards.wording import Wording


class Percent(Kind):
    """`value` is the percentage."""

    name = "percent"
    label = N_("A percentage off")
    icon = "percent"

    def check(self, reward: Reward) -> None:
        """Nothing off is no reward, and more than all cannot be taken off."""
        if not 0 < Decimal(reward.value) <= 100:
            raise ValueError(Said("a percent reward has a value above 0 and at most 100"))

    def says(self, reward: Reward, say: Wording) -> str:
        """`10% off`."""
        return say.text(
            "{percent} off", percent=say.language.percent(Decimal(reward.value) / 100, exact=True)
        )
