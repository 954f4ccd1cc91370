"""What all views say alike: the shop, days in its zone, and a programme's own words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from facts.language import Language
from members.cards import ShopCard
from members.programme.versions import Version
from rewards.wallets import Wallet
from rewards.wording import Purse, Wording


@lru_cache(maxsize=100)
def wording(version: Version, language: Language) -> Wording:
    """How a version of the programme speaks in `language`."""
    programme = version.programme
    called = {name: programme.words(words, language.code) for name, words in programme.categories.items()}
    return Wording(
        language.calling(called),
        programme.currency,
        programme.languages[0],
        {level.slug: programme.words(level.name, language.code) for level in programme.tiers.levels},
        {reward.slug: programme.words(reward.name, language.code) for reward in programme.rewards},
        {f"badge:{badge.slug}": programme.words(badge.name, language.code) for badge in programme.badges}
        | {f"challenge:{one.slug}": programme.words(one.name, language.code) for one in programme.challenges}
        | {f"board:{one.slug}": programme.words(one.name, language.code) for one in programme.boards}
        | {f"goal:{one.slug}": programme.words(one.name, language.code) for one in programme.goals},
        {kind: programme.words(fact.name, language.code) for kind, fact in programme.facts.items()},
        {slug: _purse(one, version, language) for slug, one in programme.wallets.items()},
    )


def _purse(wallet: Wallet, version: Version, language: Language) -> Purse:
    name, unit = version.programme.words(wallet.name, language.code), ""
    if not wallet.spendable:
        unit = version.programme.words(wallet.unit, language.code) if wallet.unit else language.text("XP")
    return Purse(name, unit)


def shop(version: Version, language: Language) -> ShopCard:
    """The shop's name, and the letter on its sign."""
    name = version.programme.words(version.programme.name, language.code)
    return ShopCard(name, name[:1].upper())


def day(moment: datetime | date, say: Wording, zone: ZoneInfo, now: datetime, *, short: bool = False) -> str:
    """A day as people say it: without its year when that is this one's."""
    local = moment.astimezone(zone).date() if isinstance(moment, datetime) else moment
    if local.year == now.astimezone(zone).year:
        return say.language.date(local, "short" if short else "day")
    return say.language.date(local, "medium" if short else "long")


def timed(day: str, at: datetime, say: Language, zone: ZoneInfo) -> str:
    """A day in words, and the time of day of `at`."""
    return say.text("{day}, {time}", day=day, time=say.date(at, "time", zone))


def last_day(
    expires_at: datetime, say: Wording, zone: ZoneInfo, now: datetime, *, short: bool = False
) -> str:
    """The last day on which something that ends at a moment is still there."""
    return day(expires_at - timedelta(microseconds=1), say, zone, now, short=short)


def tone(index: int) -> str:
    """The look of a tier by its place on the ladder."""
    return str(min(index, 3) + 1)
