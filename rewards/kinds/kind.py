"""What all kinds of rewards have in common: what one checks, what it says of itself, and how it is had."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from facts.language import N_
from facts.parts import Misfit
from facts.said import Said

if TYPE_CHECKING:
    from rewards.document import Reward
    from rewards.wording import Wording

AT_THE_TILL = N_("Show this at the till, or type it in at checkout.")


class Kind:
    """A kind of reward: one file here, and one line in `KINDS`. What differs from the plainest is said here.

    `own` are the fields that only this kind (and others that name them) may have. `worth`: its value is money, in the
    programme's currency. `handed_over`: staff can give it away by hand. `at_counter`: it is of use to somebody who
    stands in the shop. `spent_at_once`: nothing is left to be used. `lasts`: it is not used up when its code is looked
    at. `final`: it cannot be given back. `pooled`: its codes are always uploaded ones. `won`: a badge, a challenge or a
    friend may bring it. `potted`: what all members gave for it is counted together.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    icon: ClassVar[str] = "gift"
    own: ClassVar[frozenset[str]] = frozenset()
    worth: ClassVar[bool] = False
    handed_over: ClassVar[bool] = True
    at_counter: ClassVar[bool] = True
    spent_at_once: ClassVar[bool] = False
    lasts: ClassVar[bool] = False
    final: ClassVar[bool] = False
    pooled: ClassVar[bool] = False
    won: ClassVar[bool] = True
    potted: ClassVar[bool] = False
    hint: ClassVar[str] = AT_THE_TILL

    def check(self, reward: Reward) -> None:
        """Refuse (`Misfit`) what a reward of this kind cannot be; its fields are right each for itself."""

    @property
    def may_pool(self) -> bool:
        """Whether its codes may be uploaded ones, or our own, as the shop likes."""
        return not (self.pooled or self.spent_at_once or self.lasts)

    def says(self, reward: Reward, say: Wording) -> str:
        """What kind of thing it is, in a few words."""
        return say.text(self.label)

    def promises(self, reward: Reward, say: Wording) -> list[str]:
        """What is said before it is had, besides its price, its days and how it is given back."""
        return []


def needs(reward: Reward, field: str, remedy: Said) -> None:
    """Refuse a reward without a field that its kind cannot do without."""
    if not getattr(reward, field):
        raise Misfit(remedy, field)
