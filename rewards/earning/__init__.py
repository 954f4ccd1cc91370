"""The kinds of earning rules. A new kind is one file here and one line in `KINDS`.

Rules run in order of (stage, priority, slug), so that the result never depends on their order in the file:
first what leaves lines out, then what multiplies them, then what pays for money, then what is added.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Union

from pydantic import Field

from rewards.earning.case import Case, Grant
from rewards.earning.cashback import Cashback
from rewards.earning.criterion_bonus import CriterionBonus
from rewards.earning.exclude import Exclude
from rewards.earning.extra_points import ExtraPoints
from rewards.earning.fixed_points import FixedPoints
from rewards.earning.multiply import Multiply
from rewards.earning.points_per_money import PointsPerMoney
from rewards.earning.rule import Rule

KINDS: tuple[type[Rule], ...] = (
    Exclude,
    Multiply,
    PointsPerMoney,
    Cashback,
    ExtraPoints,
    FixedPoints,
    CriterionBonus,
)

if TYPE_CHECKING:
    AnyRule = Rule
else:
    AnyRule = Annotated[Union[*KINDS], Field(discriminator="kind")]

BY_KIND = {kind.model_fields["kind"].default: kind for kind in KINDS}

__all__ = ["BY_KIND", "KINDS", "AnyRule", "Case", "Grant", "Rule"]
