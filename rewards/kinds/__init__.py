"""The kinds of rewards. A new kind is one file here and one line in `KINDS`; staff's form lists them in this order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from rewards.kinds.donation import Donation
from rewards.kinds.early_access import EarlyAccess
from rewards.kinds.experience import Experience
from rewards.kinds.fixed import Fixed
from rewards.kinds.free_delivery import FreeDelivery
from rewards.kinds.gift import Gift
from rewards.kinds.kind import Kind
from rewards.kinds.partner_code import PartnerCode
from rewards.kinds.percent import Percent
from rewards.kinds.points import Points
from rewards.kinds.product import Product

KINDS: tuple[Kind, ...] = (
    Product(),
    Fixed(),
    Percent(),
    FreeDelivery(),
    Gift(),
    Experience(),
    Donation(),
    PartnerCode(),
    EarlyAccess(),
    Points(),
)

BY_NAME = {kind.name: kind for kind in KINDS}
OWN = tuple(dict.fromkeys(field for kind in KINDS for field in sorted(kind.own)))
"""The fields that not every kind may have."""

if TYPE_CHECKING:
    KindName = str
else:
    KindName = Literal[*BY_NAME]

__all__ = ["BY_NAME", "KINDS", "OWN", "Kind", "KindName"]
