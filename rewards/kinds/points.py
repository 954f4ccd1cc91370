"""Points: what can be chosen on an occasion in the place of a thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from facts.language import N_
from facts.parts import Misfit
from facts.said import Said
from rewards.kinds.kind import Kind

if TYPE_CHECKING:
    from rewards.document import Reward
    from rewards.wording import Wording


class Points(Kind):
    """`points` are given at once, promotional ones that last `valid_days`. Only for nothing, and on an occasion."""

    name = "points"
    label = N_("Points")
    icon = "sparkles"
    own = frozenset({"points"})
    handed_over = False
    at_counter = False
    spent_at_once = True
    final = True
    won = False

    def check(self, reward: Reward) -> None:
        """Points are not sold, and not given whenever somebody likes."""
        if not reward.points:
            raise Misfit(Said("say how many points, such as points: 250"), "points")
        if reward.occasion is None:
            raise Misfit(
                Said("points are given on an occasion, such as occasion: {on: member.birthday}"), "occasion"
            )
        if reward.price or reward.prices:
            raise Misfit(Said("points are not paid with points: use price: 0 and no prices"), "price")

    def says(self, reward: Reward, say: Wording) -> str:
        """`250 points`."""
        return say.points(reward.points or 0)

    def promises(self, reward: Reward, say: Wording) -> list[str]:
        """How long they last, and that they go first."""
        return [
            say.text("They last {days}.", days=say.days(reward.valid_days)),
            say.text("They are used first, and count towards no tier."),
        ]
