"""Early access: a pass that opens something before others can have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from facts.language import N_
from facts.said import Said
from rewards.kinds.kind import Kind, needs

if TYPE_CHECKING:
    from rewards.document import Reward
    from rewards.wording import Wording


class EarlyAccess(Kind):
    """`access` says to what. The pass is active from the moment it is had until its days, or `access_until`, are over.

    It is looked at as often as needed and not used up; as nobody can tell whether it was used, it is final.
    """

    name = "early_access"
    label = N_("Early access")
    icon = "key-round"
    own = frozenset({"access", "access_until"})
    handed_over = False
    at_counter = False
    lasts = True
    final = True
    hint = N_("This is your pass. It can be shown again and again while it is active.")

    def check(self, reward: Reward) -> None:
        """A pass to nowhere opens nothing."""
        needs(reward, "access", Said("early access says to what, such as access: {en: …}"))

    def promises(self, reward: Reward, say: Wording) -> list[str]:
        """To what, and that it begins at once."""
        return [
            say.words(reward.access or {}),
            say.text("Your pass is active at once and cannot be given back."),
        ]
