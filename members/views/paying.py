"""Paying with points, in sentences for the rules page, and how much of an amount points could pay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from facts.money import minor, minor_digits
from facts.orders import OrderLine
from members.programme.versions import Version
from rewards.document import Level, Value
from rewards.paying import ALL, Ceiling, Paying, payable
from rewards.wording import Wording

ENOUGH = 10**12  # points with which nothing but the rules sets a limit


def about_paying(version: Version, say: Wording) -> list[str]:
    """How an order is paid with points, a sentence each; none where it is not."""
    terms = version.programme.paying
    if not terms.share:
        return []
    whole = terms.share == ALL
    said = [
        say.text("At the checkout, points can pay for a whole order.")
        if whole
        else say.text(
            "At the checkout, points can pay for up to {share} of an order.", share=_share(terms.share, say)
        )
    ]
    said += _amounts(terms, say)
    said += [_ceiling(one, say) for one in terms.ceilings]
    for slug, rate in terms.rates.items():
        points, money = say.points(rate.points), say.decimal(rate.money)
        tier = say.tier_names([slug])
        said.append(say.text("For {tier}, {points} pay for {money}.", tier=tier, points=points, money=money))
    return said


def how_it_pays(terms: Paying, value: Value, say: Wording) -> Iterator[str]:
    """How an order is paid out of a wallet beside points, a sentence each."""
    if not terms.share:
        yield say.text("It cannot be spent at the checkout yet.")
        return
    yield say.text("At the checkout it pays for up to {share} of an order.", share=_share(terms.share, say))
    rates = [((), value), *(((slug,), rate) for slug, rate in terms.rates.items())]
    for tiers, rate in rates:
        points, money = say.points(rate.points), say.decimal(rate.money)
        if tiers:
            yield say.text("For {tier}, {points} pay for {money}.", tier=say.tier_names([*tiers]), points=points,
                           money=money)  # fmt: skip
        elif say.points(minor(rate.money, minor_digits(say.currency))) != points:
            yield say.text("{points} pays for {money}.", points=points, money=money)
    yield from _amounts(terms, say)
    for one in terms.ceilings:
        products, share = say.products(one.where) or say.text("everything"), _share(one.share, say)
        tiers = say.tier_names(one.tiers)
        if tiers:
            yield say.text("For {tiers}, it pays for at most {share} of {products}.", tiers=tiers, share=share,
                           products=products)  # fmt: skip
        else:
            yield say.text("It pays for at most {share} of {products}.", share=share, products=products)


def _amounts(terms: Paying, say: Wording) -> Iterator[str]:
    if terms.minimum > max(1, terms.step):
        yield say.text("A payment is at least {points}.", points=say.points(terms.minimum))
    if terms.step > 1:
        yield say.text("You use them in steps of {points}.", points=say.points(terms.step))
    if terms.most is not None:
        yield say.text("At most {points} can be used in one order.", points=say.points(terms.most))


def _ceiling(one: Ceiling, say: Wording) -> str:
    products, tiers = say.products(one.where) or say.text("everything"), say.tier_names(one.tiers)
    share = _share(one.share, say)
    if tiers:
        return say.text("For {tiers}, points pay for at most {share} of {products}.", tiers=tiers, share=share,
                        products=products)  # fmt: skip
    if not one.share:
        return say.text("Points do not pay for {products}.", products=products)
    return say.text("Points pay for at most {share} of {products}.", share=share, products=products)


def _share(percent: int, say: Wording) -> str:
    return say.language.percent(Decimal(percent) / ALL)


def could_pay(version: Version, level: Level, lines: Sequence[OrderLine], say: Wording) -> str:
    """How much of the lines points could pay, for whoever has enough of them; "" where nothing."""
    programme = version.programme
    found = payable(programme.paying, programme.points.value, version.digits, level.slug, ENOUGH, lines)
    if not found.points:
        return ""
    money = say.language.money(found.money, say.currency)
    return say.text("Points can pay {money} of it: {points}.", money=money, points=say.points(found.points))
