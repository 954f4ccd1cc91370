"""The ladder in words: what a level asks for and gives, over which time, and what a member still misses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from facts.criteria.nouns import FACTS
from facts.language import N_
from facts.money import minor
from members.programme.versions import Version
from rewards.document import Basis, Level, Tiers
from rewards.tier_document import Entry
from rewards.tiers import Ahead
from rewards.wording import Wording

PLAIN = (Basis.SPEND, Basis.POINTS_EARNED)
COUNTED = {
    "spend": N_("what you spend"),
    "points_earned": N_("the points you earn"),
    "orders": N_("your orders"),
    "referrals": N_("friends you bring who buy"),
}
LASTS = {
    "calendar_year": N_("It counts in a calendar year."),
    "anniversary": N_("It counts in your own year with us, which begins on the day on which you came."),
    "lifetime": N_("It counts for ever."),
}
KEPT = {
    ("calendar_year", "this_year"): N_("A tier is kept to the end of the year."),
    ("calendar_year", "next_year"): N_("A tier is kept to the end of the next year."),
    ("anniversary", "this_year"): N_("A tier is kept to the end of your year."),
    ("anniversary", "next_year"): N_("A tier is kept to the end of your next year."),
}


FALLS = {
    "one_step": N_("When a tier is no longer earned, you go down by one."),
    "to_earned": N_("When a tier is no longer earned, you have the one that you have earned."),
}
FALLS_LATER = {
    "one_step": N_("When a tier is no longer earned, you go down by one, {days} later."),
    "to_earned": N_("When a tier is no longer earned, you have the one that you have earned, {days} later."),
}


def amount(measure: str, n: int, tiers: Tiers, say: Wording) -> str:
    """So much of a measure: `$40`, `120 points`, `2 orders`; money in minor units."""
    if measure == Basis.SPEND:
        return say.money(n)
    if measure == Basis.POINTS_EARNED:
        return say.points(n)
    if measure == Basis.REFERRALS:
        return say.language.plural("{n} friend", "{n} friends", n)
    kinds = tiers.facts if measure == Basis.FACTS else ["order.paid" if measure == Basis.ORDERS else measure]
    if len(kinds) == 1 and kinds[0] in FACTS:
        return FACTS[kinds[0]].many(say.language, n)
    return say.text("{n} × {what}", n=n, what=_deeds(kinds, say))


def _deeds(kinds: Iterable[str], say: Wording) -> str:
    """What people do, by the types of its facts: `a review or a visit`."""
    names = [FACTS[kind].one(say.language) if kind in FACTS else say.deeds.get(kind, kind) for kind in kinds]
    return say.language.listed(names, either=True)


def goal(ahead: Ahead, keep: bool, version: Version, say: Wording) -> tuple[str, str, str]:
    """What is missing, in three parts, the middle one strong: `[2 orders and $40] to Gold`."""
    tier = say.tiers.get(ahead.tier, ahead.tier)
    missing = [part for part in ahead.parts if part.amount]
    if len(missing) == 1 and missing[0].measure == Basis.SPEND:
        text = N_("[{money}] to keep {tier}") if keep else N_("[{money}] to {tier}")
        return say.language.bold(text, money=say.money(ahead.amount), tier=tier)
    if len(missing) == 1 and missing[0].measure == Basis.POINTS_EARNED:
        if keep:
            return say.language.bold(
                "[{n} point] to keep {tier}", ahead.amount, "[{n} points] to keep {tier}", tier=tier
            )
        return say.language.bold("[{n} point] to {tier}", ahead.amount, "[{n} points] to {tier}", tier=tier)
    tiers = version.programme.tiers
    what = say.language.listed(
        [amount(part.measure, part.amount, tiers, say) for part in missing], either=ahead.either
    )
    text = N_("[{what}] to keep {tier}") if keep else N_("[{what}] to {tier}")
    return say.language.bold(text, what=what, tier=tier)


def percent(ahead: Ahead) -> int:
    """How much of it is done, from 0 to 100: the mean of all that is asked for, or the best of what is enough."""
    done = [100 * (part.whole - part.amount) // part.whole for part in ahead.parts] or [0]
    return max(0, max(done) if ahead.either else sum(done) // len(done))


def asks(level: Level, version: Version, say: Wording) -> str:
    """What a level asks for: `From $350`, `From 5 orders or $500`."""
    if level.invite_only:
        return say.text("By invitation")
    tiers = version.programme.tiers
    scale = 10**version.digits
    asked = [
        amount(name, n * scale if name == Basis.SPEND else n, tiers, say)
        for name, n in level.asked(tiers.basis).items()
    ]
    if not asked:
        return say.text("For everybody")
    return say.text("From {amount}", amount=say.language.listed(asked, either=level.either))


def gives(level: Level, version: Version, say: Wording) -> Iterator[str]:
    """What a level gives by itself, besides what staff wrote of it."""
    entry, each = level.entry, level.per_order
    if entry and entry.points:
        yield _welcome(entry, say)
    if entry and entry.reward:
        reward = say.rewards.get(entry.reward, entry.reward)
        yield say.text("“{reward}” when you come here for the first time", reward=reward)
    if each:
        points, least = say.points(each.points), minor(each.order_min, version.digits)
        if least:
            yield say.text(
                "{points} more with each order of {money} or more", points=points, money=say.money(least)
            )
        else:
            yield say.text("{points} more with each order", points=points)


def _welcome(entry: Entry, say: Wording) -> str:
    """The points of a level's entry, and what is special about them."""
    said = say.text("{points} when you come here for the first time", points=say.points(entry.points))
    if entry.expires_days is not None:
        said = say.text("{gift}; they last {days}", gift=said, days=say.days(entry.expires_days))
    return say.text("{gift}; they are used first", gift=said) if entry.promotional else said


def _falls(tiers: Tiers, say: Wording) -> list[str]:
    """What becomes of a tier that is earned no more; nothing where that cannot be."""
    policy, days = tiers.downgrade.policy, tiers.downgrade.grace_days
    if tiers.window.kind == "lifetime" or policy == "none" or len(tiers.levels) == 1:
        return []
    if days:
        return [say.text(FALLS_LATER[policy], days=say.days(days))]
    return [say.text(FALLS[policy])]


def about_ladder(version: Version, say: Wording) -> str:
    """What climbs the tiers, over which time, and how long one is kept."""
    tiers = version.programme.tiers
    window, plain = tiers.window, tiers.measures == (tiers.basis.value,) and tiers.basis in PLAIN
    kept = _kept(tiers, say)
    months = say.language.plural("{n} month", "{n} months", window.months)
    if plain and window.kind == "calendar_year":
        said = [_by_year(tiers, say)]
    elif plain and window.kind == "rolling":
        said = [_by_months(tiers, months, say)]
    else:
        said = [*_counted(version, say)]
        lasts = (
            say.text(LASTS[window.kind])
            if window.kind in LASTS
            else say.text("It counts for {months}.", months=months)
        )
        said.append(lasts)
    return " ".join([*said, *kept, *_falls(tiers, say)])


def _kept(tiers: Tiers, say: Wording) -> list[str]:
    """How long a tier is kept."""
    window = tiers.window
    if window.kind != "lifetime" and tiers.downgrade.policy == "none":
        return [say.text("A tier that you have reached stays yours.")]
    return [say.text(KEPT[window.kind, window.keep])] if (window.kind, window.keep) in KEPT else []


def _by_year(tiers: Tiers, say: Wording) -> str:
    if tiers.basis is Basis.SPEND:
        return say.text("What you spend in a calendar year counts.")
    return say.text("The points you earn in a calendar year count; spending them never lowers your tier.")


def _by_months(tiers: Tiers, months: str, say: Wording) -> str:
    if tiers.basis is Basis.SPEND:
        return say.text("What you spent in the last {months} counts.", months=months)
    return say.text(
        "The points you earned in the last {months} count; spending them never lowers your tier.",
        months=months,
    )


def _counted(version: Version, say: Wording) -> Iterator[str]:
    tiers = version.programme.tiers
    asked = dict.fromkeys(name for level in tiers.levels for name in level.asked(tiers.basis))
    names = [say.text(COUNTED[name]) for name in asked if name in COUNTED]
    deeds = [
        kind
        for name in asked
        if name not in COUNTED
        for kind in (tiers.facts if name == Basis.FACTS else [name])
    ]
    names += [_deeds([kind], say) for kind in deeds]
    yield say.text("For your tier we count {what}.", what=say.language.listed(names))
    if Basis.POINTS_EARNED in asked:
        yield say.text("Spending points never lowers your tier.")
    least = minor(tiers.order_min, version.digits)
    if least and Basis.ORDERS in asked:
        yield say.text("Orders count from {money} on.", money=say.money(least))
