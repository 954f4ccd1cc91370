"""Wallets beside points in words: what the programme says of each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from facts.language import N_
from members.programme.versions import Version
from members.purse_cards import PurseCard
from members.standing import MemberStanding, PurseStanding
from members.views.paying import how_it_pays
from members.views.saying import day, last_day
from rewards.earning.rule import CAPS
from rewards.lasting import calendar_days, returning, time_of
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


def about_wallets(version: Version, say: Wording) -> list[str]:
    """A line for each wallet of the programme: what it is, what it pays, and how long it lasts."""
    return [
        say.text("{wallet}: {about}", wallet=say.purses[slug].name,
                 about=" ".join(_about(wallet, version, say.of(slug))))
        for slug, wallet in version.programme.wallets.items()
    ]  # fmt: skip


def _about(wallet: Wallet, version: Version, say: Wording) -> Iterator[str]:
    if not wallet.spendable:
        yield say.text("It stays for good, and nobody can spend it.")
    else:
        yield from how_it_pays(wallet.paying, wallet.policy(version.digits).value, say)
        if wallet.pending_days:
            yield say.text("It becomes yours after {days}, when an order can no longer go back.",
                           days=say.days(wallet.pending_days))  # fmt: skip
        yield _lasting(wallet, say)
    for unit, cap in wallet.caps:
        yield say.text(CAPS[unit], points=say.points(cap))
    if wallet.spendable:
        yield from returning(wallet.negative_balance, RETURNED, say)
    else:
        yield say.text("When you return something, what it brought goes back.")


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
        said.append(
            say.text("{points} on {day}", points=say.points(points), day=day(at, say, zone, now, short=True))
        )
    if one.expiring:
        at, points = one.expiring[0]
        said.append(say.text("{points} until {day}", points=say.points(points),
                             day=last_day(at, say, zone, now, short=True)))  # fmt: skip
    assert say.counted is not None
    return PurseCard(one.slug, say.counted.name, say.points(one.available), " · ".join(said))
