"""A thing of the shop's own."""

from __future__ import annotations

from facts.language import N_
from rewards.kinds.kind import Kind


class Product(Kind):
    """`value` is what it is worth, for reference; `sku` what it is in the shop's system."""

    name = "product"
    label = N_("A product")
    icon = "package"
    worth = True
