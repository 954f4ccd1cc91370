"""Paying with points, in sentences for the rules page, and how much of an amount points could pay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from facts.money import minor, minor_digits
from facts.orders import OrderLine
from members.programme.versions import Version
from rewards.document import Level, Value
from rewards.lots import POINTS
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
        elif not one.share:
            yield say.text("It does not pay for {products}.", products=products)
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
    """How much of the lines points and each wallet could pay, for whoever has enough there; "" where nothing."""
    programme = version.programme
    sources = [("", programme.paying), *((slug, one.paying) for slug, one in programme.wallets.items())]
    return " ".join(
        said for slug, terms in sources if (said := _could(slug, terms, version, level, lines, say))
    )


def _could(
    slug: str, terms: Paying, version: Version, level: Level, lines: Sequence[OrderLine], say: Wording
) -> str:
    """The same of points, or of one wallet."""
    value = version.of(slug or POINTS).points.value
    found = payable(terms, value, version.digits, level.slug, ENOUGH, lines)
    if not found.points:
        return ""
    money, points = say.language.money(found.money, say.currency), say.of(slug).points(found.points)
    if not slug:
        return say.text("Points can pay {money} of it: {points}.", money=money, points=points)
    name = say.purses[slug].name
    if points == money:
        return say.text("“{wallet}” can pay {money} of it.", wallet=name, money=money)
    return say.text("“{wallet}” can pay {money} of it: {points}.", wallet=name, money=money, points=points)
