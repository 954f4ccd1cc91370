"""What boards say about the rest of the programme: tiers, badges and texts that must be there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from badges.boards import Board
from facts.said import Said
from members.programme.problems import Loc, Problem, did_you_mean


def board_tiers(boards: Sequence[Board]) -> Iterator[tuple[Loc, str]]:
    """Every tier that a board names, and where."""
    for i, board in enumerate(boards):
        yield from ((("boards", i, "tiers", j), slug) for j, slug in enumerate(board.tiers))


def board_texts(boards: Sequence[Board]) -> Iterator[tuple[Loc, dict[str, str]]]:
    """Every text of a board, and where."""
    for i, board in enumerate(boards):
        yield ("boards", i, "name"), board.name
        if board.description:
            yield ("boards", i, "description"), board.description
        for j, words in enumerate(board.leagues.divisions if board.leagues else ()):
            yield ("boards", i, "leagues", "divisions", j), words


def board_prizes(boards: Sequence[Board], badges: Sequence[str]) -> Iterator[Problem]:
    """Prizes that do not exist, and places that are there twice."""
    for i, board in enumerate(boards):
        taken: set[int] = set()
        for j, one in enumerate(board.prizes):
            loc: Loc = ("boards", i, "prizes", j)
            badge = one.prize.badge
            if badge and badge not in badges:
                near = did_you_mean(badge, list(badges)) or Said("name one of the badges")
                yield Problem.at(
                    (*loc, "prize", "badge"), Said("there is no badge “{slug}”", slug=badge), near
                )
            mine = set(range(one.between[0], one.between[1] + 1))
            if mine & taken:
                yield Problem.at((*loc, "places"), Said("place {place} has a prize already", place=min(mine & taken)),
                                 Said("let each place be there once"))  # fmt: skip
            taken |= mine
