"""What the ladder says about the rest of the programme: facts that it counts, amounts, and rewards that it gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from facts.declared import OWN
from facts.money import minor
from facts.refusals import Refusal
from facts.said import Said
from members.programme.own_facts import Named
from members.programme.problems import FOR_NOTHING, FOR_POINTS, Loc, Problem, did_you_mean, no_amount
from rewards.document import Reward, Tiers

AT: Loc = ("tiers",)


def facts_of_ladder(tiers: Tiers) -> Iterator[Named]:
    """The shop's own facts that climb tiers, and where they are named."""
    for i, kind in enumerate(tiers.facts):
        yield (*AT, "facts", i), kind, (), ()
    for i, level in enumerate(tiers.levels):
        for name in level.needs.asked if level.needs else ():
            if name.startswith(OWN):
                way = "any" if level.either else "all"
                yield (*AT, "levels", i, "needs", way, name), name, (), ()


def ladder_problems(tiers: Tiers, rewards: Sequence[Reward], digits: int, currency: str) -> Iterator[Problem]:
    """Amounts finer than the currency, and rewards for entering a level that do not exist or may run out."""
    amounts: list[tuple[Loc, str]] = [((*AT, "order_min"), tiers.order_min)]
    known = {reward.slug: reward for reward in rewards}
    for i, level in enumerate(tiers.levels):
        at: Loc = (*AT, "levels", i)
        if level.per_order:
            amounts.append(((*at, "per_order", "order_min"), level.per_order.order_min))
        slug = level.entry.reward if level.entry else None
        if slug and slug not in known:
            near = did_you_mean(slug, list(known)) or Said("name one of the rewards")
            yield Problem.at((*at, "entry", "reward"), Said("there is no reward “{slug}”", slug=slug), near)
        elif slug and not known[slug].what.won:
            said = Said(FOR_POINTS, slug=slug, kind=known[slug].kind)
            yield Problem.at((*at, "entry", "reward"), said, Said("name a reward of another kind"))
        elif slug and not known[slug].price:
            said = Said(FOR_NOTHING, slug=slug)
            yield Problem.at((*at, "entry", "reward"), said, Said("name a reward with a price"))
        elif slug and known[slug].can_run_out:
            said = Said("“{slug}” has a stock, and whoever reaches the tier could come too late", slug=slug)
            yield Problem.at((*at, "entry", "reward"), said, Said("name a reward without stock"))
    for loc, text in amounts:
        try:
            minor(text, digits)
        except Refusal as refusal:
            yield no_amount(loc, refusal, currency, digits)
