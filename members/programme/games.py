"""What badges and challenges say about the rest of the programme, and about each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from badges.document import Badge, Challenge, Prize
from facts.criteria import All, Any_, SoMany, TierReached
from members.programme.problems import Loc, Problem, did_you_mean

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
                near = did_you_mean(prize.badge, slugs) or "name one of the badges"
                yield Problem.at((*loc, *where, "badge"), f"there is no badge “{prize.badge}”", near)
            elif prize.badge and isinstance(game, Badge):
                gives.setdefault(game.slug, []).append(((*loc, *where, "badge"), prize.badge))
    for slug, given in gives.items():
        for loc, other in given:
            if slug in _reachable(other, gives):
                yield Problem.at(loc, f"“{slug}” and “{other}” give each other in a circle",
                                 "let one of them be earned otherwise")  # fmt: skip


def _reachable(start: str, gives: dict[str, list[tuple[Loc, str]]]) -> set[str]:
    found, ahead = set[str](), [start]
    while ahead:
        slug = ahead.pop()
        if slug not in found:
            found.add(slug)
            ahead += [other for _, other in gives.get(slug, ())]
    return found
