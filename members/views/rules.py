"""The rules page: the programme in force in sentences, and the same as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from facts.criteria import Place, Seen
from facts.history import Event
from facts.language import N_, Language
from members.cards import (
    LevelCard,
    RewardCard,
    RuleCard,
    RulesCard,
    StepCard,
    WelcomeCard,
    icon_of,
)
from members.programme.versions import FOR_EVER, Version, in_force, versions
from members.standing import standing_of
from members.views.budgets import over, spent, taken_by_rules
from members.views.departments import department_cards, reckoned_for
from members.views.forecast import most_of
from members.views.gifts import about_gifts
from members.views.offers import choice_words, kind_words, limit_words, pot_words, price_words
from members.views.paying import about_paying
from members.views.rules_past import past_cards
from members.views.saying import day, shop, tone, wording
from members.views.tier_words import about_ladder, asks, gives
from members.views.wallets import about_wallets, how_wallets_pay, in_points
from rewards.document import Level, Reward, Tiers
from rewards.earning import Rule
from rewards.earning.case import UNIT
from rewards.earning.told import going_on
from rewards.lasting import becoming, coming_back, lasting, returning, warned
from rewards.occasion import when
from rewards.pots import EMPTY, Pot, pots
from rewards.wording import Wording, stopped

ICONS = {
    "exclude": "ban",
    "multiply": "sparkles",
    "points_per_money": "shopping-basket",
    "cashback": "banknote",
    "extra_points": "flower",
    "fixed_points": "star",
}


def rules(session: Session, now: datetime, language: Language, tier: str = "") -> RulesCard:
    """The programme in force at `now`; `tier` is the reader's, when they are a member."""
    line = versions(session)
    version = line.at(now)
    given, taken = pots(session, version.programme.rewards), taken_by_rules(session, version)
    told, older = past_cards(line, now, language)
    return replace(rules_of(version, now, language, tier, given, taken), past=told, older=older)


def rules_of(
    version: Version,
    now: datetime,
    language: Language,
    tier: str = "",
    given: Mapping[str, Pot] | None = None,
    taken: Mapping[str, int] | None = None,
) -> RulesCard:
    """A version of the programme in sentences, as if it were in force at `now`.

    `given` is what is in the pots, `taken` what rules have given of their budgets, by `rule:<slug>`.
    """
    programme, say = version.programme, wording(version, language)
    cards = [
        (_rule_card(rule, say, version, now, taken or {}), rule)
        for rule in version.rules
        if not over(rule, version, now)
    ]
    return RulesCard(
        shop=shop(version, language),
        earn=tuple(card for card, _ in sorted(cards, key=_main_first) if card.earns),
        nothing=tuple(card for card, _ in cards if not card.earns),
        points=tuple(_about_points(version, say)) if in_points(version) else (),
        wallets=tuple(about_wallets(version, say)),
        ladder=about_ladder(version, say),
        levels=tuple(_level(level, i, version, say, tier) for i, level in enumerate(programme.tiers.levels)),
        rewards=tuple(_reward_cards(version, say, tier, now, given)),
        departments=department_cards(version, say),
        reckoned_for=reckoned_for(version, say),
        version=_in_force(version, say, now),
    )


def rules_mine(session: Session, member_id: UUID, now: datetime, language: Language) -> RulesCard:
    """The same for a member, whose tier is marked."""
    standing = standing_of(session, member_id, now)
    card = rules(session, now, language, standing.level.slug if standing else "")
    return replace(card, most=most_of(standing.version)) if standing else card


MAIN = ("points_per_money", "cashback")


def _main_first(pair: tuple[RuleCard, Rule]) -> tuple[bool, int]:
    return (pair[1].kind not in MAIN, pair[1].stage)


def _rule_card(
    rule: Rule, say: Wording, version: Version, now: datetime, taken: Mapping[str, int]
) -> RuleCard:
    say = say.of(rule.wallet)
    sentence = rule.sentence(say)
    title = say.words(rule.name) if rule.name else ""
    icon = icon_of(ICONS.get(rule.kind, "star"))
    alike = sum(one.kind == rule.kind for one in version.rules) > 1
    gone = spent(rule, taken, version)
    limits = " ".join(
        [
            *([stopped(say)] if gone else []),
            *rule.limits(say),
            *([rule.beside(say)] if alike and rule.beside(say) else []),
        ]
    )
    now_words = "" if gone else _on_now(rule, say, version, now)
    return RuleCard(rule.slug, icon, title, sentence, limits, rule.kind != "exclude", now_words)


def _on_now(rule: Rule, say: Wording, version: Version, now: datetime) -> str:
    """What is said of a rule that keeps hours, days or a season, while they last; else nothing."""
    asking = rule.asking
    return going_on(asking, say) if asking and asking.on_now(_clock(version, now)) else ""


def _clock(version: Version, now: datetime) -> Seen:
    """What the clock of the programme shows."""
    return Seen.of(Event((now, "", ""), "", {}), Place(version.zone, 0, version.digits))


def _about_points(version: Version, say: Wording) -> list[str]:
    policy = version.programme.points
    points, money = say.points(policy.value.points), say.decimal(policy.value.money)
    said = [
        say.language.plural(
            "{points} is worth {money}.",
            "{points} are worth {money}.",
            policy.value.points,
            points=points,
            money=money,
        )
    ]
    said += [one for one in (becoming(policy, say), lasting(policy, say), coming_back(policy, say)) if one]
    said += [say.text(CAPS[unit], points=say.points(cap)) for unit, cap in policy.caps]
    said += returning(policy.negative_balance, DEBTS, say)
    said += warned(policy.expiry, say)
    return [*said, *about_paying(version, say), *about_gifts(version, say)]


CAPS = {
    "day": N_("You can earn at most {points} a day."),
    "week": N_("You can earn at most {points} a week."),
    "month": N_("You can earn at most {points} a month."),
}
DEBTS = {
    "refuse": N_(
        "When you return something, its points go back; it cannot be returned while they are spent."
    ),
    "zero": N_("When you return something, its points go back; what you have spent already is let go."),
    "debt": N_(
        "When you return something, its points go back; what you have spent already, your next points repay."
    ),
}


def _level(level: Level, index: int, version: Version, say: Wording, tier: str) -> LevelCard:
    return LevelCard(
        name=say.words(level.name),
        tone=tone(index),
        threshold=asks(level, version, say),
        multiplier=_multiplier(level, version, say),
        benefits=(*(say.words(words) for words in level.benefits), *gives(level, version, say)),
        mine=level.slug == tier,
    )


def _multiplier(level: Level, version: Version, say: Wording) -> str:
    """By what a level multiplies what is earned; nothing where no level does."""
    if all(one.multiplier == UNIT for one in version.programme.tiers.levels):
        return ""
    said = N_("Everything × {factor}") if say.purses else N_("Points × {factor}")
    return say.text(said, factor=say.language.factor(level.multiplier * UNIT))


def _most_times(tiers: Tiers) -> int:
    """The highest factor that a level has, in thousandths."""
    return max(level.multiplier for level in tiers.levels)


def _reward_cards(
    version: Version, say: Wording, tier: str, now: datetime, given: Mapping[str, Pot] | None = None
) -> list[RewardCard]:
    shown = sorted(
        (one for one in version.programme.rewards if one.visible(now)), key=lambda one: one.price_for(tier)
    )
    return [
        RewardCard(
            slug=reward.slug,
            name=say.words(reward.name),
            icon=icon_of(reward.icon),
            kind=kind_words(reward, say),
            price=price_words(reward.price_for(tier), say),
            words=_told(reward, version.programme.rewards, say),
            pot=pot_words(reward, (given or {}).get(reward.slug, EMPTY), say),
        )
        for reward in shown
    ]


def _told(reward: Reward, rewards: Sequence[Reward], say: Wording) -> str:
    """For whom it is, when, how often, and to what."""
    said = [say.text("For {tiers}", tiers=say.tier_names(reward.tiers))] if reward.tiers else []
    said += [
        say.text("{points} for {tiers}", points=say.points(price), tiers=say.tier_names([tier]))
        for tier, price in reward.prices.items()
    ]
    said += [say.words(reward.access)] if reward.access else []
    said += [when(reward.occasion, say)] if reward.occasion else []
    said += [one for one in (choice_words(reward, rewards, say),) if one]
    said += [limit_words(reward.per_period, say)] if reward.per_period else []
    told = ""
    for one in said:  # what ends with a full stop needs no other sign after it
        parted = " " if told.endswith(".") else " · "
        told += f"{parted}{one}" if told else one
    return told


def _in_force(version: Version, say: Wording, now: datetime) -> str:
    number = version.number
    if version.effective_from == FOR_EVER:
        return say.text("Version {number} of the programme, in force since its beginning", number=number)
    since = day(version.effective_from, say, version.zone, now)
    return say.text("Version {number} of the programme, in force since {day}", number=number, day=since)


def welcome(session: Session, now: datetime, language: Language) -> WelcomeCard:
    """What a stranger is told: what shopping brings, what it is worth, and what there is to have."""
    version = in_force(session, now)
    say, programme = wording(version, language), version.programme
    main = next((rule for rule in version.rules if rule.kind in MAIN), None)
    given = {one.slug for one in programme.rewards if one.occasion}
    rewards = [card for card in _reward_cards(version, say, "", now) if card.slug not in given]
    gives = [
        StepCard(
            "shopping-basket",
            main.sentence(say.of(main.wallet)) if main else "",
            _about_points(version, say)[0] if in_points(version) else how_wallets_pay(version, say),
        ),
        StepCard(rewards[0].icon, rewards[0].name, say.text("from {points}", points=rewards[0].price))
        if rewards
        else None,
        StepCard(
            "star",
            say.text("{tiers} tiers", tiers=len(programme.tiers.levels)),
            _up_to(programme.tiers, say),
        ),
    ]
    card = shop(version, language)
    headline = say.text("Every visit to {shop} gives something back", shop=card.name)
    return WelcomeCard(card, headline, tuple(step for step in gives if step))


def _up_to(tiers: Tiers, say: Wording) -> str:
    """How much more the highest level gets, or which levels there are."""
    most = _most_times(tiers)
    if most <= UNIT:
        return say.tier_names([level.slug for level in tiers.levels])
    said = (
        N_("up to {factor} times as much when you are {tier}")
        if say.purses
        else N_("up to {factor} times the points as {tier}")
    )
    return say.text(said, tier=say.words(tiers.levels[-1].name), factor=say.language.factor(most * UNIT))
