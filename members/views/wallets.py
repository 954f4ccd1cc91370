"""Wallets beside points in words: what the programme says of each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from facts.criteria.filters import ORDER
from facts.language import N_
from members.programme.versions import Version
from members.purse_cards import PurseCard
from members.rules_cards import AboutWalletCard
from members.standing import MemberStanding, PurseStanding
from members.views.budgets import worth
from members.views.paying import how_it_pays
from members.views.saying import day, last_day
from members.views.standing import pending_words
from rewards.earning.rule import CAPS
from rewards.expiry import Expiry
from rewards.lasting import calendar_days, returning, time_of
from rewards.lots import POINTS
from rewards.wallets import Wallet
from rewards.wording import Wording

ROUNDED = {
    "month": N_("It lasts {time}, and on to the end of that month."),
    "quarter": N_("It lasts {time}, and on to the end of that quarter."),
    "year": N_("It lasts {time}, and on to the end of that year."),
}


RETURNED = {
    "refuse": N_("When you return something, what it brought goes back; it cannot be returned while that is spent."),
    "zero": N_("When you return something, what it brought goes back; what you have spent already is let go."),
    "debt": N_("When you return something, what it brought goes back; what you have spent already, you repay with what "
               "you get next."),
}  # fmt: skip


def about_wallets(version: Version, say: Wording) -> list[AboutWalletCard]:
    """Each wallet of the programme: what it is, what it pays, and how long it lasts."""
    return [
        AboutWalletCard(say.purses[slug].name, tuple(_about(wallet, version, say.of(slug))))
        for slug, wallet in version.programme.wallets.items()
    ]


def how_wallets_pay(version: Version, say: Wording) -> str:
    """What the first wallet that can be spent pays for."""
    slug, wallet = next((slug, one) for slug, one in version.programme.wallets.items() if one.spendable)
    return next(how_it_pays(wallet.paying, wallet.policy(version.digits).value, say.of(slug)))


def _about(wallet: Wallet, version: Version, say: Wording) -> Iterator[str]:
    if not wallet.spendable:
        yield say.text("It stays for good, and nobody can spend it.")
    else:
        yield from how_it_pays(wallet.paying, wallet.policy(version.digits).value, say)
        yield from _becoming(wallet, say)
        yield _lasting(wallet, say)
        yield from _warned(wallet.expiry, say)
    for unit, cap in wallet.caps:
        yield say.text(CAPS[unit], points=say.points(cap))
    if wallet.spendable:
        yield from returning(wallet.negative_balance, RETURNED, say)
    else:
        yield say.text("When you return something, what it brought goes back.")


def _becoming(wallet: Wallet, say: Wording) -> Iterator[str]:
    """When what an order brought is one's own; nothing when that is at once."""
    if wallet.pending:
        latest = say.days(wallet.pending.at_most_days)
        if wallet.pending_days:
            yield say.text(
                "What an order brings becomes yours {days} after it is delivered, and {latest} after the order at the "
                "latest.", days=say.days(wallet.pending_days), latest=latest,
            )  # fmt: skip
        else:
            yield say.text("What an order brings becomes yours when it is delivered, after {days} at the latest.",
                           days=latest)  # fmt: skip
    elif wallet.pending_days:
        yield say.text("It becomes yours after {days}, when an order can no longer go back.",
                       days=say.days(wallet.pending_days))  # fmt: skip


def _warned(expiry: Expiry, say: Wording) -> Iterator[str]:
    """When members who want letters are told that it ends."""
    if expiry.kind != "never" and expiry.warn_days:
        days = say.listed([say.days(n) for n in sorted(expiry.warn_days, reverse=True)])
        yield say.text("If you want letters from us, we tell you {days} before it ends.", days=days)


def _lasting(wallet: Wallet, say: Wording) -> str:
    expiry = wallet.expiry
    if expiry.kind == "never":
        return say.text("It never expires.")
    if expiry.kind == "calendar":
        said = say.text("It lasts to the next of these days, each year: {days}.",
                        days=say.listed(calendar_days(expiry, say)))  # fmt: skip
        younger = say.text("What is younger than {days} then lasts to the one after it.",
                           days=say.days(expiry.days_min))  # fmt: skip
        return f"{said} {younger}" if expiry.days_min else said
    if expiry.round_to:
        return say.text(ROUNDED[expiry.round_to], time=time_of(expiry, say))
    return say.text("It lasts {time}.", time=time_of(expiry, say))


def of_orders(version: Version) -> list[str]:
    """Into which wallets orders bring something, `points` first; points alone where they bring nothing at all."""
    found = {rule.wallet or POINTS for rule in version.rules if rule.grants and rule.about == ORDER}
    if any(level.per_order for level in version.tiers.levels):
        found.add(POINTS)
    return [slug for slug in (POINTS, *version.programme.wallets) if slug in found] or [POINTS]


@lru_cache(maxsize=100)
def in_points(version: Version) -> bool:
    """Whether points are anything here. Where nothing brings or costs any, a programme is about its wallets alone."""
    programme = version.programme
    played = (
        *programme.rewards,
        *programme.badges,
        *programme.challenges,
        *programme.goals,
        *programme.boards,
    )
    return (
        not any(wallet.spendable for wallet in programme.wallets.values())
        or any(rule.grants and rule.wallet is None for rule in version.rules)
        or any(level.entry or level.per_order for level in programme.tiers.levels)
        or bool(played or programme.referrals.offers or programme.paying.share)
    )


def main_purse(standing: MemberStanding) -> PurseStanding | None:
    """The wallet that stands in the place of points, where a programme has none and its member has none left."""
    left = standing.available or standing.pending or standing.held or standing.debt
    if left or in_points(standing.version):
        return None
    return next(one for one in standing.purses if standing.version.spendable(one.slug))


def balance_words(standing: MemberStanding, say: Wording) -> str:
    """What can be spent: `2,480 points`, or `$7.89` where the programme is about a wallet alone."""
    main = main_purse(standing)
    return say.of(main.slug).points(main.available) if main else say.points(standing.available)


def worth_words(standing: MemberStanding, say: Wording) -> str:
    """What that is worth, unless it is money and pays as much as it says."""
    main = main_purse(standing)
    if main is None:
        return say.text(
            "worth {money} at checkout", money=say.language.money(standing.money_value, say.currency)
        )
    money = worth(main.available, standing.version.of(main.slug).points, standing.version, say)
    if money == balance_words(standing, say):
        return ""
    return say.text("worth {money} at checkout", money=money)


def coming_words(standing: MemberStanding, say: Wording, now: datetime) -> str:
    """What is on its way and from when; of a wallet in the place of points, all that there is to say of it."""
    main = main_purse(standing)
    return _card(main, standing, say.of(main.slug), now).words if main else pending_words(standing, say, now)


def purse_cards(standing: MemberStanding, say: Wording, now: datetime) -> tuple[PurseCard, ...]:
    """What a member has in each wallet of the programme; a wallet that is no more is not shown."""
    return tuple(
        _card(one, standing, say.of(one.slug), now) for one in standing.purses if one.slug in say.purses
    )


def _card(one: PurseStanding, standing: MemberStanding, say: Wording, now: datetime) -> PurseCard:
    zone, said = standing.version.zone, list[str]()
    if one.debt:
        said.append(say.text("{points} owed", points=say.points(one.debt)))
    if one.held:
        said.append(say.text("{points} set aside", points=say.points(one.held)))
    if one.activating:
        at, points = one.activating[0]
        when, wallet = day(at, say, zone, now, short=True), standing.version.wallets.get(one.slug)
        if wallet and wallet.pending:
            said.append(say.text("{points} on {day} at the latest", points=say.points(points), day=when))
        else:
            said.append(say.text("{points} on {day}", points=say.points(points), day=when))
    if one.expiring:
        at, points = one.expiring[0]
        said.append(say.text("{points} until {day}", points=say.points(points),
                             day=last_day(at, say, zone, now, short=True)))  # fmt: skip
    assert say.counted is not None
    return PurseCard(one.slug, say.counted.name, say.points(one.available), " · ".join(said))
