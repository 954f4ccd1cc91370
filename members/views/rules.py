"""The rules page: the programme in force in sentences, and the same as data."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from facts.criteria import Place, Seen
from facts.history import Event
from facts.language import N_, Language
from members.cards import (
    DepartmentCard,
    LevelCard,
    RewardCard,
    RuleCard,
    RulesCard,
    StepCard,
    WelcomeCard,
    icon_of,
)
from members.programme.versions import FOR_EVER, Version, in_force
from members.standing import standing_of
from members.views.budgets import over
from members.views.offers import kind_words
from members.views.paying import about_paying
from members.views.saying import day, shop, tone, wording
from rewards.document import Basis, Level
from rewards.earning import Rule
from rewards.earning.told import going_on
from rewards.wording import Wording

ICONS = {
    "exclude": "ban",
    "multiply": "sparkles",
    "points_per_money": "shopping-basket",
    "extra_points": "flower",
    "fixed_points": "star",
}


def rules(session: Session, now: datetime, language: Language, tier: str = "") -> RulesCard:
    """The programme in force at `now`; `tier` is the reader's, when they are a member."""
    version = in_force(session, now)
    programme, say = version.programme, wording(version, language)
    cards = [
        (_rule_card(rule, say, version, now), rule) for rule in version.rules if not over(rule, version, now)
    ]
    return RulesCard(
        shop=shop(version, language),
        earn=tuple(card for card, _ in sorted(cards, key=_main_first) if card.earns),
        nothing=tuple(card for card, _ in cards if not card.earns),
        points=tuple(_about_points(version, say)),
        ladder=_ladder(version, say),
        levels=tuple(_level(level, i, version, say, tier) for i, level in enumerate(programme.tiers.levels)),
        rewards=tuple(_reward_cards(version, say, tier, now)),
        departments=tuple(DepartmentCard(path, _called(path, say)) for path in departments(version)),
        version=_in_force(version, say, now),
    )


def rules_mine(session: Session, member_id: UUID, now: datetime, language: Language) -> RulesCard:
    """The same for a member, whose tier is marked."""
    standing = standing_of(session, member_id, now)
    return rules(session, now, language, standing.level.slug if standing else "")


def _main_first(pair: tuple[RuleCard, Rule]) -> tuple[bool, int]:
    return (pair[1].kind != "points_per_money", pair[1].stage)


def _rule_card(rule: Rule, say: Wording, version: Version, now: datetime) -> RuleCard:
    sentence = rule.sentence(say)
    title = say.words(rule.name) if rule.name else ""
    icon = icon_of(ICONS.get(rule.kind, "star"))
    limits = " ".join(rule.limits(say))
    return RuleCard(
        rule.slug, icon, title, sentence, limits, rule.kind != "exclude", _on_now(rule, say, version, now)
    )


def _on_now(rule: Rule, say: Wording, version: Version, now: datetime) -> str:
    """What is said of a rule that keeps hours, days or a season, while they last; else nothing."""
    asking = rule.asking
    return going_on(asking, say) if asking and asking.on_now(_clock(version, now)) else ""


def _clock(version: Version, now: datetime) -> Seen:
    """What the clock of the programme shows."""
    return Seen.of(Event((now, "", ""), "", {}), Place(version.zone, 0, version.digits))


def _about_points(version: Version, say: Wording) -> list[str]:
    policy = version.programme.points
    said = [
        say.text(
            "{points} are worth {money}.",
            points=say.points(policy.value.points),
            money=say.decimal(policy.value.money),
        )
    ]
    if policy.pending_days:
        said.append(
            say.text(
                "Points from an order become yours after {days}, when it can no longer go back.",
                days=say.days(policy.pending_days),
            )
        )
    if policy.expiry.kind == "rolling":
        months = say.language.plural("{n} month", "{n} months", policy.expiry.months)
        said.append(
            say.text("Points last {months}. Those that would go first are used first.", months=months)
        )
    else:
        said.append(say.text("Points never expire."))
    said += [say.text(CAPS[unit], points=say.points(cap)) for unit, cap in policy.caps]
    said.append(say.text(DEBTS[policy.negative_balance.policy]))
    return said + about_paying(version, say)


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


def _ladder(version: Version, say: Wording) -> str:
    tiers = version.programme.tiers
    if tiers.window.kind == "calendar_year":
        kept = (
            say.text("A tier is kept to the end of the next year.")
            if tiers.window.keep == "next_year"
            else say.text("A tier is kept to the end of the year.")
        )
        counted = (
            say.text("What you spend in a calendar year counts.")
            if tiers.basis is Basis.SPEND
            else say.text(
                "The points you earn in a calendar year count; spending them never lowers your tier."
            )
        )
        return f"{counted} {kept}"
    months = say.language.plural("{n} month", "{n} months", tiers.window.months)
    if tiers.basis is Basis.SPEND:
        return say.text("What you spent in the last {months} counts.", months=months)
    return say.text(
        "The points you earned in the last {months} count; spending them never lowers your tier.",
        months=months,
    )


def _level(level: Level, index: int, version: Version, say: Wording, tier: str) -> LevelCard:
    spend = version.programme.tiers.basis is Basis.SPEND
    amount = say.money(level.threshold * 10**version.digits) if spend else say.points(level.threshold)
    return LevelCard(
        name=say.words(level.name),
        tone=tone(index),
        threshold=say.text("From {amount}", amount=amount) if level.threshold else say.text("For everybody"),
        multiplier=say.text("Points × {factor}", factor=say.language.factor(level.multiplier * 1000)),
        benefits=tuple(say.words(words) for words in level.benefits),
        mine=level.slug == tier,
    )


def _reward_cards(version: Version, say: Wording, tier: str, now: datetime) -> list[RewardCard]:
    shown = sorted(
        (one for one in version.programme.rewards if one.visible(now)), key=lambda one: one.price_for(tier)
    )
    return [
        RewardCard(
            slug=reward.slug,
            name=say.words(reward.name),
            icon=icon_of(reward.icon),
            kind=kind_words(reward, say),
            price=say.points(reward.price_for(tier)),
            words=say.text("For {tiers}", tiers=say.tier_names(reward.tiers)) if reward.tiers else "",
        )
        for reward in shown
    ]


def _in_force(version: Version, say: Wording, now: datetime) -> str:
    number = version.number
    if version.effective_from == FOR_EVER:
        return say.text("Version {number} of the programme, in force since its beginning", number=number)
    since = day(version.effective_from, say, version.zone, now)
    return say.text("Version {number} of the programme, in force since {day}", number=number, day=since)


def _called(path: str, say: Wording) -> str:
    name = say.language.category(path.split(" > ")[-1])
    return name[:1].upper() + name[1:]


def departments(version: Version) -> list[str]:
    """The departments that rules treat in their own way, as paths; what the calculator offers besides the rest."""
    found: dict[str, None] = {}
    for rule in version.rules:
        for path in getattr(getattr(rule, "where", None), "categories", ()):
            found[" > ".join(path)] = None
    return list(found)


def welcome(session: Session, now: datetime, language: Language) -> WelcomeCard:
    """What a stranger is told: what shopping brings, what it is worth, and what there is to have."""
    version = in_force(session, now)
    say, programme = wording(version, language), version.programme
    main = next((rule for rule in version.rules if rule.kind == "points_per_money"), None)
    rewards = _reward_cards(version, say, "", now)
    top = programme.tiers.levels[-1]
    gives = [
        StepCard("shopping-basket", main.sentence(say) if main else "", _about_points(version, say)[0]),
        StepCard(rewards[0].icon, rewards[0].name, say.text("from {points}", points=rewards[0].price))
        if rewards
        else None,
        StepCard(
            "star",
            say.text("{tiers} tiers", tiers=len(programme.tiers.levels)),
            say.text(
                "up to {factor} times the points as {tier}",
                tier=say.words(top.name),
                factor=say.language.factor(max(level.multiplier for level in programme.tiers.levels) * 1000),
            ),
        ),
    ]
    card = shop(version, language)
    headline = say.text("Every visit to {shop} gives something back", shop=card.name)
    return WelcomeCard(card, headline, tuple(step for step in gives if step))
