"""An order without delivery costs."""

from __future__ import annotations

from facts.language import N_
from rewards.kinds.kind import Kind


class FreeDelivery(Kind):
    """No use to somebody who stands in the shop."""

    name = "free_delivery"
    label = N_("Free delivery")
    icon = "truck"
    at_counter = False
