"""What badges and challenges say about the rest of the programme, and about each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from badges.boards import Board
from badges.document import Badge, Challenge, Formula, Prize
from facts.criteria import All, Any_, Distinct, Filter, SoMany, TierReached
from facts.money import minor
from facts.refusals import Refusal
from facts.said import Said
from members.programme.problems import FOR_NOTHING, FOR_POINTS, Loc, Problem, did_you_mean, no_amount
from rewards.document import Reward
from rewards.earning import Rule
from rewards.earning.criterion_bonus import CriterionBonus

Games = tuple[str, Sequence[Badge] | Sequence[Challenge]]


def _both(
    badges: Sequence[Badge], challenges: Sequence[Challenge]
) -> Iterator[tuple[Loc, Badge | Challenge]]:
    parts: tuple[Games, Games] = (("badges", badges), ("challenges", challenges))
    for part, games in parts:
        for i, game in enumerate(games):
            yield (part, i), game


def tiers_named(badges: Sequence[Badge], challenges: Sequence[Challenge]) -> Iterator[tuple[Loc, str]]:
    """Every tier that a badge or a challenge names, and where."""
    for loc, game in _both(badges, challenges):
        yield from (((*loc, "tiers", j), slug) for j, slug in enumerate(game.tiers))
        yield from _tiers_of(game.criterion, (*loc, "criterion"))


def _tiers_of(criterion: Any, loc: Loc) -> Iterator[tuple[Loc, str]]:
    if isinstance(criterion, TierReached):
        yield (*loc, "tier"), criterion.tier
    elif isinstance(criterion, All | Any_ | SoMany):
        for i, part in enumerate(criterion.of):
            yield from _tiers_of(part, (*loc, "of", i))


def goals(
    badges: Sequence[Badge], challenges: Sequence[Challenge], digits: int, currency: str
) -> Iterator[Problem]:
    """Thresholds that nobody could reach, and figures that are finer than what they count."""
    for loc, game in _both(badges, challenges):
        yield from _figures(game.criterion, (*loc, "criterion"), digits, currency)
        decimals = game.criterion.decimals
        wanted = list(_thresholds(game))
        for where, text in wanted:
            yield from _too_fine(text, decimals, (*loc, *where), digits, currency)
        most = _most(game.criterion)
        over = next(((where, text) for where, text in wanted if most and Decimal(text) > most), None)
        if over:
            yield Problem.at(
                (*loc, *over[0]),
                Said("nobody can reach {value}", value=over[1]),
                Said("there are only {most}: ask for {most} at most", most=most),
            )


def figures(boards: Sequence[Board], digits: int, currency: str) -> Iterator[Problem]:
    """Amounts in the criteria of boards that are finer than what they count."""
    for i, board in enumerate(boards):
        yield from _figures(board.criterion, ("boards", i, "criterion"), digits, currency)


def _thresholds(game: Badge | Challenge) -> Iterator[tuple[Loc, str]]:
    if isinstance(game, Challenge):
        yield from ((("milestones", i, "at"), step.at) for i, step in enumerate(game.milestones))
    elif isinstance(game.levels, Formula):
        yield from ((("levels", "formula"), text) for text in game.levels.thresholds())
    else:
        yield from ((("levels", i), text) for i, text in enumerate(game.levels or ()))


def _most(criterion: Any) -> int:
    """The most that a criterion can come to; 0 when there is no end."""
    if isinstance(criterion, Distinct):
        return len(set(criterion.among))
    if isinstance(criterion, All | Any_ | SoMany):
        return len(criterion.of)
    return 1 if criterion.kind in ("event", "date", "tier", "manual") else 0


def _figures(criterion: Any, loc: Loc, digits: int, currency: str) -> Iterator[Problem]:
    """Every amount in a criterion that has more decimals than it can have."""
    if isinstance(criterion, All | Any_ | SoMany):
        for i, part in enumerate(criterion.of):
            yield from _figures(part, (*loc, "of", i), digits, currency)
        return
    yield from _too_fine(criterion.target, criterion.decimals, (*loc, "at_least"), digits, currency)
    for asked in criterion.filters():
        if isinstance(asked, Filter):
            yield from _too_fine(asked.amount_min, None, (*loc, "where", "amount_min"), digits, currency)


def bonuses(rules: Sequence[Rule], digits: int, currency: str) -> Iterator[Problem]:
    """Figures of earning rules that ask a criterion, finer than what they count."""
    for i, rule in enumerate(rules):
        if isinstance(rule, CriterionBonus):
            yield from _figures(rule.criterion, ("earning", i, "criterion"), digits, currency)


def _too_fine(text: str, decimals: int | None, loc: Loc, digits: int, currency: str) -> Iterator[Problem]:
    try:
        minor(text, digits if decimals is None else decimals)
    except Refusal as refusal:
        yield no_amount(loc, refusal, currency if decimals is None else "", digits)


def texts_of(
    badges: Sequence[Badge], challenges: Sequence[Challenge]
) -> Iterator[tuple[Loc, dict[str, str]]]:
    """Every text of badges and challenges, and where."""
    for loc, game in _both(badges, challenges):
        yield (*loc, "name"), game.name
        if game.description:
            yield (*loc, "description"), game.description


def _prizes_of(game: Badge | Challenge) -> Iterator[tuple[Loc, Prize]]:
    if isinstance(game, Badge):
        yield from ((("prizes", i), prize) for i, prize in enumerate(game.prizes))
    else:
        yield from ((("milestones", i, "prize"), step.prize) for i, step in enumerate(game.milestones))


def prizes(badges: Sequence[Badge], challenges: Sequence[Challenge]) -> Iterator[Problem]:
    """Prizes that do not exist, and badges that give each other in a circle."""
    slugs = [badge.slug for badge in badges]
    gives: dict[str, list[tuple[Loc, str]]] = {}
    for loc, game in _both(badges, challenges):
        for where, prize in _prizes_of(game):
            if prize.badge and prize.badge not in slugs:
                near = did_you_mean(prize.badge, slugs) or Said("name one of the badges")
                yield Problem.at(
                    (*loc, *where, "badge"), Said("there is no badge “{slug}”", slug=prize.badge), near
                )
            elif prize.badge and isinstance(game, Badge):
                gives.setdefault(game.slug, []).append(((*loc, *where, "badge"), prize.badge))
    for slug, given in gives.items():
        for loc, other in given:
            if slug in _reachable(other, gives):
                said = Said("“{slug}” and “{other}” give each other in a circle", slug=slug, other=other)
                yield Problem.at(loc, said, Said("let one of them be earned otherwise"))


def prize_rewards(
    badges: Sequence[Badge], challenges: Sequence[Challenge], rewards: Sequence[Reward]
) -> Iterator[Problem]:
    """Rewards as prizes that do not exist, or of which there may be none left for who wins one."""
    known = {reward.slug: reward for reward in rewards}
    for loc, game in _both(badges, challenges):
        for where, prize in _prizes_of(game):
            at: Loc = (*loc, *where, "reward")
            if prize.reward and prize.reward not in known:
                near = did_you_mean(prize.reward, list(known)) or Said("name one of the rewards")
                yield Problem.at(at, Said("there is no reward “{slug}”", slug=prize.reward), near)
            elif prize.reward and not known[prize.reward].what.won:
                kind = known[prize.reward].kind
                yield Problem.at(at, Said(FOR_POINTS, slug=prize.reward, kind=kind),
                                 Said("name a reward of another kind"))  # fmt: skip
            elif prize.reward and not known[prize.reward].price:
                yield Problem.at(at, Said(FOR_NOTHING, slug=prize.reward), Said("name a reward with a price"))
            elif prize.reward and known[prize.reward].can_run_out:
                said = Said(
                    "“{slug}” has a stock, and whoever wins it could come too late", slug=prize.reward
                )
                remedy = Said("name a reward without stock, and limit the badge or challenge instead")
                yield Problem.at(at, said, remedy)


def _reachable(start: str, gives: dict[str, list[tuple[Loc, str]]]) -> set[str]:
    found, ahead = set[str](), [start]
    while ahead:
        slug = ahead.pop()
        if slug not in found:
            found.add(slug)
            ahead += [other for _, other in gives.get(slug, ())]
    return found
