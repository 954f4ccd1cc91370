"""An amount of money off an order."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from facts.language import N_
from facts.said import Said
from rewards.kinds.kind import Kind

if TYPE_CHECKING:
    from rewards.document import Reward
    from rewards.wording import Wording


class Fixed(Kind):
    """`value` is the amount, in the programme's currency."""

    name = "fixed"
    label = N_("Money off")
    icon = "banknote"
    worth = True

    def check(self, reward: Reward) -> None:
        """Nothing off is no reward."""
        if Decimal(reward.value) <= 0:
            raise ValueError(Said('a fixed reward has a value of money, such as "5.00"'))

    def says(self, reward: Reward, say: Wording) -> str:
        """`$5 off`."""
        return say.text("{money} off", money=say.decimal(reward.value))
