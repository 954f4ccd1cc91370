"""The programme document as a whole: points, earning rules, tiers and rewards, joined and checked.

The parts live with what they mean (`rewards.document`, `rewards.earning`); here they meet, and what one says
about another is checked: a tier that a price names must be on the ladder, a currency must exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale, UnknownLocaleError
from pydantic import Field, field_validator

from badges.boards import Board
from badges.document import Badge, Challenge
from badges.goals import Goals
from facts.declared import OwnFact, OwnType
from facts.guards import Guard
from facts.money import minor, minor_digits
from facts.parts import Part, Slug, Words
from facts.refusals import Refusal
from facts.said import Said
from members.programme.boards import board_prizes, board_texts, board_tiers
from members.programme.catalogue import reward_problems
from members.programme.games import bonuses, figures, goals, prize_rewards, prizes, texts_of, tiers_named
from members.programme.ladder import facts_of_ladder, ladder_problems
from members.programme.limits import idle_limits
from members.programme.moments import moments
from members.programme.own_facts import Named, named_in, named_in_rules, undeclared, waited_for
from members.programme.problems import Loc, Problem, did_you_mean, no_amount
from members.programme.together import goal_problems, offer_rewards
from members.programme.wallets import wallet_texts, wallets
from rewards.document import Joining, PointsPolicy, Reward, Safety, Tiers
from rewards.earning import AnyRule
from rewards.gifts import Gifts
from rewards.paying import Paying
from rewards.referrals import Referrals
from rewards.wallets import WALLETS_MAX, Wallet

FORMAT = 1
GUARDS_MAX, FACTS_MAX = 100, 200
RULES_MAX, REWARDS_MAX, GAMES_MAX, BOARDS_MAX, CATEGORIES_MAX = 2_000, 1_000, 1_000, 50, 2_000


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())  # a walk through a folder of hundreds of files


class Programme(Part):
    """One version of everything a shop defines. `regulars` is the version of this format.

    The first of `languages` is the shop's own: every text must have it, and stands in for missing ones. `categories`
    are what people call the categories of the shop's systems, `facts` are the shop's own facts.
    """

    regulars: Literal[1] = FORMAT
    name: Words
    currency: str
    timezone: str
    languages: Annotated[list[str], Field(min_length=1, max_length=20)] = ["en"]
    categories: Annotated[dict[str, Words], Field(max_length=CATEGORIES_MAX)] = {}
    facts: Annotated[dict[OwnType, OwnFact], Field(max_length=FACTS_MAX)] = {}
    points: PointsPolicy
    wallets: Annotated[dict[Slug, Wallet], Field(max_length=WALLETS_MAX)] = {}
    earning: Annotated[list[AnyRule], Field(max_length=RULES_MAX)] = []
    tiers: Tiers
    rewards: Annotated[list[Reward], Field(max_length=REWARDS_MAX)] = []
    badges: Annotated[list[Badge], Field(max_length=GAMES_MAX)] = []
    challenges: Annotated[list[Challenge], Field(max_length=GAMES_MAX)] = []
    goals: Goals = []
    guards: Annotated[list[Guard], Field(max_length=GUARDS_MAX)] = []
    boards: Annotated[list[Board], Field(max_length=BOARDS_MAX)] = []
    safety: Safety = Safety()
    joining: Joining = Joining()
    referrals: Referrals = Referrals()
    paying: Paying = Paying()
    gifts: Gifts | None = None

    @field_validator("currency")
    @classmethod
    def _is_a_currency(cls, currency: str) -> str:
        try:
            minor_digits(currency)
        except Refusal:
            raise ValueError(Said("use a currency code of ISO 4217, such as USD, EUR or JPY")) from None
        return currency

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, timezone: str) -> str:
        if timezone not in _zones():
            near = did_you_mean(timezone, _zones())
            raise ValueError(near or Said("use a time zone of the IANA list, such as Europe/Berlin"))
        return timezone

    @field_validator("languages")
    @classmethod
    def _are_languages(cls, languages: list[str]) -> list[str]:
        for code in languages:
            try:
                Locale.parse(code)
            except (ValueError, UnknownLocaleError):
                raise ValueError(
                    Said('“{code}” is no language code; use "en", "ru", "ar", …', code=code)
                ) from None
        if len(set(languages)) < len(languages):
            raise ValueError(Said("name each language once"))
        return languages

    @property
    def zone(self) -> ZoneInfo:
        """The programme's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def digits(self) -> int:
        """Decimal places of the programme's currency."""
        return minor_digits(self.currency)

    def reward(self, slug: str) -> Reward | None:
        """The reward with this slug, retired ones included."""
        return next((reward for reward in self.rewards if reward.slug == slug), None)

    def badge(self, slug: str) -> Badge | None:
        """The badge with this slug, retired ones included."""
        return next((badge for badge in self.badges if badge.slug == slug), None)

    def challenge(self, slug: str) -> Challenge | None:
        """The challenge with this slug, retired ones included."""
        return next((challenge for challenge in self.challenges if challenge.slug == slug), None)

    def board(self, slug: str) -> Board | None:
        """The board with this slug, retired ones included."""
        return next((board for board in self.boards if board.slug == slug), None)

    def words(self, words: Words, language: str) -> str:
        """A text in `language`, or in the shop's own, or in whichever there is."""
        return words.get(language) or words.get(self.languages[0]) or next(iter(words.values()))


def cross_check(programme: Programme) -> Iterator[Problem]:
    """What the parts say wrongly about each other; nothing for a programme that can be published."""
    levels = [level.slug for level in programme.tiers.levels]
    yield from _twice(programme)
    yield from _tiers_named(programme)
    yield from _texts(programme)
    yield from _amounts(programme)
    yield from reward_problems(programme.rewards)
    yield from moments(programme)
    yield from idle_limits(programme.earning)
    yield from bonuses(programme.earning, programme.digits, programme.currency)
    yield from goals(programme.badges, programme.challenges, programme.digits, programme.currency)
    yield from ladder_problems(programme.tiers, programme.rewards, programme.digits, programme.currency)
    yield from wallets(programme.wallets, programme.earning, levels, programme.digits, programme.currency)
    yield from prizes(programme.badges, programme.challenges)
    yield from prize_rewards(programme.badges, programme.challenges, programme.rewards)
    yield from figures(programme.boards, programme.digits, programme.currency)
    yield from goal_problems(
        programme.goals,
        [badge.slug for badge in programme.badges],
        levels,
        programme.digits,
        programme.currency,
    )
    yield from offer_rewards(programme.referrals.offers, programme.rewards)
    yield from undeclared(programme.facts, facts_named(programme))
    if programme.points.pending and programme.points.pending.told_by:
        yield from waited_for(programme.facts, programme.points.pending.told_by)
    yield from board_prizes(programme.boards, [badge.slug for badge in programme.badges])


def facts_named(programme: Programme) -> Iterator[Named]:
    """Every type of fact that rules, criteria and guards name, where, and the fields that they ask for."""
    yield from named_in_rules(programme.earning)
    for i, kind in enumerate(programme.points.expiry.activities):
        yield ("points", "expiry", "activities", i), kind, (), ()
    yield from facts_of_ladder(programme.tiers)
    for part in ("badges", "challenges", "goals", "boards"):
        for i, one in enumerate(getattr(programme, part)):
            yield from named_in(one.criterion, (part, i, "criterion"))
    for i, guard in enumerate(programme.guards):
        yield ("guards", i, "on"), guard.on, ("guards", i, "fields"), guard.fields


def _twice(programme: Programme) -> Iterator[Problem]:
    for part, slugs in (
        ("earning", [rule.slug for rule in programme.earning]),
        ("rewards", [reward.slug for reward in programme.rewards]),
        ("badges", [badge.slug for badge in programme.badges]),
        ("challenges", [challenge.slug for challenge in programme.challenges]),
        ("goals", [goal.slug for goal in programme.goals]),
        ("guards", [guard.slug for guard in programme.guards]),
        ("boards", [board.slug for board in programme.boards]),
        ("referrals.offers", [offer.slug for offer in programme.referrals.offers]),
    ):
        for i, slug in enumerate(slugs):
            if slug in slugs[:i]:
                loc: Loc = (*part.split("."), i, "slug")
                yield Problem.at(
                    loc, Said("“{slug}” is there twice", slug=slug), Said("give each a slug of its own")
                )


def _tiers_named(programme: Programme) -> Iterator[Problem]:
    known = [level.slug for level in programme.tiers.levels]
    named: list[tuple[Loc, str]] = []
    for i, rule in enumerate(programme.earning):
        named += [(("earning", i, "tiers", j), slug) for j, slug in enumerate(rule.tiers)]
    for i, reward in enumerate(programme.rewards):
        named += [(("rewards", i, "tiers", j), slug) for j, slug in enumerate(reward.tiers)]
        named += [(("rewards", i, "prices", slug), slug) for slug in reward.prices]
        limited = reward.per_period.tiers if reward.per_period else ()
        named += [(("rewards", i, "per_period", "tiers", slug), slug) for slug in limited]
    for i, ceiling in enumerate(programme.paying.ceilings):
        named += [(("paying", "ceilings", i, "tiers", j), slug) for j, slug in enumerate(ceiling.tiers)]
    named += [(("paying", "rates", slug), slug) for slug in programme.paying.rates]
    named += [*tiers_named(programme.badges, programme.challenges), *board_tiers(programme.boards)]
    for loc, slug in named:
        if slug not in known:
            remedy = did_you_mean(slug, known) or Said("the tiers are: {known}", known=", ".join(known))
            yield Problem.at(loc, Said("there is no tier “{slug}”", slug=slug), remedy)


def _texts(programme: Programme) -> Iterator[Problem]:
    texts: list[tuple[Loc, dict[str, str]]] = [(("name",), programme.name)]
    texts += [(("categories", name), words) for name, words in programme.categories.items()]
    texts += [(("facts", kind, "name"), fact.name) for kind, fact in programme.facts.items()]
    for i, level in enumerate(programme.tiers.levels):
        texts.append((("tiers", "levels", i, "name"), level.name))
        texts += [(("tiers", "levels", i, "benefits", j), words) for j, words in enumerate(level.benefits)]
    for i, rule in enumerate(programme.earning):
        texts += [(("earning", i, "name"), rule.name)] if rule.name else []
    for i, reward in enumerate(programme.rewards):
        texts.append((("rewards", i, "name"), reward.name))
        for part in ("description", "terms", "thanks", "access"):
            words = getattr(reward, part)
            texts += [(("rewards", i, part), words)] if words else []
    texts += [*texts_of(programme.badges, programme.challenges), *board_texts(programme.boards)]
    for i, goal in enumerate(programme.goals):
        texts.append((("goals", i, "name"), goal.name))
        texts += [(("goals", i, "description"), goal.description)] if goal.description else []
    texts += [(("guards", i, "name"), guard.name) for i, guard in enumerate(programme.guards)]
    offers = programme.referrals.offers
    texts += [(("referrals", "offers", i, "name"), offer.name) for i, offer in enumerate(offers)]
    texts += wallet_texts(programme.wallets)
    own = programme.languages[0]
    for loc, words in texts:
        if not words.get(own, "").strip():
            yield Problem.at(
                loc,
                Said("there is no text in “{own}”", own=own),
                Said("add {own}: …, the shop's own language", own=own),
            )
        for code in words:
            if code not in programme.languages:
                near = did_you_mean(code, programme.languages)
                yield Problem.at((*loc, code), Said("“{code}” is not one of the programme's languages", code=code),
                                 near or Said("add it to languages, or leave the text out"))  # fmt: skip


def _amounts(programme: Programme) -> Iterator[Problem]:
    amounts: list[tuple[Loc, str]] = [(("points", "value", "money"), programme.points.value.money)]
    amounts += [
        (("rewards", i, "value"), reward.value)
        for i, reward in enumerate(programme.rewards)
        if reward.what.worth and not reward.retired
    ]
    amounts += [
        (("referrals", "offers", i, "order_min"), offer.order_min)
        for i, offer in enumerate(programme.referrals.offers)
    ]
    rates = programme.paying.rates
    amounts += [(("paying", "rates", slug, "money"), rate.money) for slug, rate in rates.items()]
    amounts += [
        (("earning", i, "per"), per)
        for i, rule in enumerate(programme.earning)
        if isinstance(per := getattr(rule, "per", None), str)
    ]
    amounts += [
        (("earning", i, "when", "amount_min"), rule.when.amount_min)
        for i, rule in enumerate(programme.earning)
        if rule.when
    ]
    for loc, text in amounts:
        try:
            minor(text, programme.digits)
        except Refusal as refusal:
            yield no_amount(loc, refusal, programme.currency, programme.digits)
