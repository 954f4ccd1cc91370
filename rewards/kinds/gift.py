"""A gift: something that is not for sale, or comes with an order."""

from __future__ import annotations

from facts.language import N_
from rewards.kinds.kind import Kind


class Gift(Kind):
    """As a product, without being one: a sample, a surprise, a cup with a name on it."""

    name = "gift"
    label = N_("A gift")
    icon = "gift"
    worth = True
