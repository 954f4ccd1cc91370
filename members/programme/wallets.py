"""What the programme says wrongly about its wallets: rules that name none of them, and amounts that nobody has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from facts.money import minor
from facts.parts import Words
from facts.refusals import Refusal
from facts.said import Said
from members.programme.problems import Loc, Problem, ProgrammeInvalid, did_you_mean, no_amount
from rewards.earning import Rule
from rewards.lots import POINTS
from rewards.wallets import CASHBACK, EXPERIENCE, Wallet

BY_MONEY = "points_per_money"


def wallets(
    there: Mapping[str, Wallet], rules: Iterable[Rule], levels: list[str], digits: int, currency: str
) -> Iterator[Problem]:
    """What does not fit: the wallets for themselves, and the rules that give into them."""
    for slug, wallet in there.items():
        if slug == POINTS:
            yield Problem.at(
                ("wallets", slug), Said("points are there without being named"), Said("choose another slug")
            )
        yield from _alone(slug, wallet, levels, digits, currency)
    for i, rule in enumerate(rules):
        yield from _given(there, i, rule)


def keep_their_kind(before: Iterable[Mapping[str, Wallet]], there: Mapping[str, Wallet]) -> None:
    """Refuse a wallet that was of another kind in some version: what was never to be spent would be money."""
    for earlier in before:
        for slug, wallet in there.items():
            if slug in earlier and earlier[slug].kind != wallet.kind:
                place: Loc = ("wallets", slug, "kind")
                problem = Said("this wallet holds {kind} already", kind=earlier[slug].kind)
                raise ProgrammeInvalid([Problem.at(place, problem, Said("give the new one another slug"))])


def wallet_texts(there: Mapping[str, Wallet]) -> Iterator[tuple[Loc, Words]]:
    """The texts of wallets, and where they stand."""
    for slug, wallet in there.items():
        yield ("wallets", slug, "name"), wallet.name
        if wallet.unit is not None:
            yield ("wallets", slug, "unit"), wallet.unit


def _alone(slug: str, wallet: Wallet, levels: list[str], digits: int, currency: str) -> Iterator[Problem]:
    paying = wallet.paying
    named: list[tuple[Loc, str]] = [(("rates", tier), tier) for tier in paying.rates]
    for i, ceiling in enumerate(paying.ceilings):
        named += [(("ceilings", i, "tiers", j), tier) for j, tier in enumerate(ceiling.tiers)]
    for loc, tier in named:
        if tier not in levels:
            remedy = did_you_mean(tier, levels) or Said("the tiers are: {known}", known=", ".join(levels))
            yield Problem.at(
                ("wallets", slug, "paying", *loc), Said("there is no tier “{slug}”", slug=tier), remedy
            )
    amounts: list[tuple[Loc, str]] = [
        (("value", "money"), wallet.value.money),
        (("value", "pays"), wallet.value.pays),
    ]
    amounts += [(("paying", "rates", tier, "money"), rate.money) for tier, rate in paying.rates.items()]
    for loc, text in amounts:
        place: Loc = ("wallets", slug, *loc)
        try:
            if not minor(text, digits) and wallet.kind == CASHBACK:
                yield Problem.at(
                    place, Said("nothing is worth nothing"), Said('say an amount above zero, such as "1.00"')
                )
        except Refusal as refusal:
            yield no_amount(place, refusal, currency, digits)


def _given(there: Mapping[str, Wallet], i: int, rule: Rule) -> Iterator[Problem]:
    """A rule and the wallet that it gives into."""
    if rule.wallet is None:
        if rule.kind == CASHBACK:
            yield Problem.at(("earning", i, "wallet"), Said("cashback is money, and points are not"),
                             Said("name a wallet of the kind cashback, or use kind: points_per_money"))  # fmt: skip
        return
    place: Loc = ("earning", i, "wallet")
    wallet = there.get(rule.wallet)
    if wallet is None:
        near = did_you_mean(rule.wallet, there)
        known = (
            Said("the wallets are: {known}", known=", ".join(sorted(there)))
            if there
            else Said("add it to wallets")
        )
        yield Problem.at(place, Said("there is no wallet “{slug}”", slug=rule.wallet), near or known)
    elif rule.kind == CASHBACK and wallet.kind != CASHBACK:
        yield Problem.at(place, Said("cashback is money, and experience is not"),
                         Said("name a wallet of the kind cashback, or use kind: points_per_money"))  # fmt: skip
    elif rule.kind == BY_MONEY and wallet.kind == CASHBACK:
        said = Said("this pays points for money, and cashback is a part of the money")
        yield Problem.at(("earning", i, "kind"), said, Said('use kind: cashback with percent: "5"'))
    elif wallet.kind == EXPERIENCE and rule.expires_days is not None:
        yield Problem.at(("earning", i, "expires_days"), Said("experience never ends"), Said("leave it out"))
