"""What kinds of rules that pay for money have in common: what of an order counts, and the part of each line."""

from __future__ import annotations

from collections.abc import Mapping

from facts.language import N_
from facts.money import Rounding, apportion
from facts.orders import OrderLine
from facts.parts import Part
from facts.products import Facet
from rewards.earning.case import UNIT, Case
from rewards.earning.rule import Rule, Where
from rewards.wording import Wording

ROUNDED = {
    Rounding.DOWN: N_("Rounded down."),
    Rounding.UP: N_("Rounded up."),
    Rounding.HALF_UP: N_("Rounded to the nearest, halves up."),
    Rounding.HALF_EVEN: N_("Rounded to the nearest, halves to even."),
}
"""How amounts of a wallet beside points are rounded, to its smallest unit."""


class EarningBasis(Part):
    """What of an order counts: tax, shipping, the discount (before it), the part paid with points."""

    tax: bool = True
    shipping: bool = False
    before_discount: bool = False
    points_paid: bool = False


class ByMoney(Rule):
    """What an order earns for its money: `where` says which lines, `basis` what of them, `rounding` how it ends.

    Amounts are added up exactly and rounded once for an order, so the order gets what its lines get together.
    """

    where: Where = Where()
    basis: EarningBasis = EarningBasis()
    rounding: Rounding = Rounding.DOWN
    tier_multiplier: bool = True

    def facets(self) -> list[Facet] | None:
        """Those of the lines that count; where shipping counts, every order does."""
        return None if self.basis.shipping else self.where.facets()

    def groups(self, case: Case) -> list[list[int]]:
        """The amounts that count, in minor units, each with its factor in millionths (line × tier)."""
        order = case.order
        assert order is not None
        tier = case.tier_factor if self.tier_multiplier else UNIT
        groups: dict[int, int] = {}
        for line, factor in zip(case.lines, case.factors, strict=True):
            if self.where.matches(line.product):
                groups[factor * tier] = groups.get(factor * tier, 0) + self.counted(line)
        if self.basis.shipping and order.shipping:
            groups[UNIT * tier] = groups.get(UNIT * tier, 0) + order.shipping
        return [[amount, factor] for factor, amount in sorted(groups.items()) if amount]

    def counted(self, line: OrderLine) -> int:
        """The minor units of a line that count by the basis; never below zero."""
        amount = line.amount
        if self.basis.before_discount:
            amount += line.discount
        if not self.basis.tax:
            amount -= line.tax
        if not self.basis.points_paid:
            amount -= line.points_paid
        return max(0, amount)

    def shares(self, case: Case, total: int) -> list[int]:
        """`total` points split over the lines that earned them, shipping (if it counts) last; adds up to it."""
        tier = case.tier_factor if self.tier_multiplier else UNIT
        weights = [
            self.counted(line) * factor * tier if self.where.matches(line.product) else 0
            for line, factor in zip(case.lines, case.factors, strict=True)
        ]
        if self.basis.shipping and case.order:
            weights.append(case.order.shipping * UNIT * tier)
        return apportion(total, weights)

    def counts(self, say: Wording) -> list[str]:
        """What of an order counts, for members, and whether their tier multiplies it."""
        basis = self.basis
        paid = N_("what you pay with what you have earned") if say.purses else N_("what you pay with points")
        counts = [(basis.tax, N_("tax")), (basis.shipping, N_("delivery")), (basis.before_discount, N_("discounts")),
                  (basis.points_paid, paid)]  # fmt: skip
        inside = [say.text(name) for counted, name in counts if counted]
        outside = [say.text(name) for counted, name in counts if not counted]
        said = [say.text("Counted in: {things}.", things=say.listed(inside))] if inside else []
        said += [say.text("Left out: {things}.", things=say.listed(outside))] if outside else []
        return [*said, say.text("Your tier multiplies them.")] if self.tier_multiplier else said


def rounded(rounding: Rounding, points: Mapping[Rounding, str], say: Wording) -> str:
    """How it is rounded; `points` says it of points."""
    return say.text((ROUNDED if say.counted else points)[rounding])


def amounts(groups: list[list[int]], say: Wording) -> str:
    """Each amount with its multiplier, where it is not one."""
    parts = [
        say.money(amount) if factor == UNIT * UNIT
        else say.text("{amount} × {factor}", amount=say.money(amount), factor=say.language.factor(factor))
        for amount, factor in groups
    ]  # fmt: skip
    return " + ".join(parts)
