"""The demo's badges and challenges: enough of them, of every sort, in every language."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from badges.boards import Board
from badges.document import Badge, Challenge, Formula
from facts.criteria import KINDS
from facts.criteria.saying import sentence
from facts.language import codes, language
from members.programme import dump, load, validate
from members.programme.presets import games, preset, text

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PLAYED = preset("grocery", NOW, played=True)
EVERY: list[Badge | Challenge] = [*PLAYED.badges, *PLAYED.challenges]


def test_nothing_is_wrong_and_it_writes_back_the_same() -> None:
    assert validate(text("grocery") + games("grocery")) == []
    assert load(dump(PLAYED)).model_dump() == PLAYED.model_dump()


def test_without_the_games_the_preset_is_what_it_was() -> None:
    plain = preset("grocery", NOW)
    game = {"badges", "challenges", "goals", "boards"}
    assert [plain.badges, plain.challenges, plain.goals, plain.boards] == [[], [], [], []]
    assert plain.model_dump(exclude=game) == PLAYED.model_dump(exclude=game)
    assert games("no-such-preset") == games("../grocery") == ""


def test_there_is_one_of_every_sort() -> None:
    badges = PLAYED.badges
    assert len(badges) >= 15
    assert len(PLAYED.challenges) >= 6
    assert {type(game.criterion) for game in EVERY} >= set(KINDS[:8])
    assert any(badge.secret for badge in badges)
    assert any(badge.edition and badge.artwork.numbered for badge in badges)
    assert any(badge.expires_days for badge in badges)
    assert any(isinstance(badge.levels, list) for badge in badges)
    assert any(isinstance(badge.levels, Formula) for badge in badges)
    assert {challenge.join for challenge in PLAYED.challenges} == {"automatic", "opt_in"}
    assert any(challenge.budget for challenge in PLAYED.challenges)
    assert any(challenge.tiers for challenge in PLAYED.challenges)
    assert len({badge.artwork.model_dump_json() for badge in badges}) == len(badges), "no two look the same"


@pytest.mark.parametrize("game", EVERY, ids=lambda game: game.slug)
def test_it_is_told_in_every_language(game: Badge | Challenge) -> None:
    for code in codes():
        assert game.name[code]
        assert game.description
        assert game.description[code]
        assert sentence(game.criterion, language(code), PLAYED.currency)


def test_prizes_are_promotional_and_expire() -> None:
    for game in EVERY:
        for level in range(1, len(game.thresholds()) + 1):
            prize = game.prize(level)
            if prize and prize.points:
                assert prize.promotional
                assert prize.expires_days
                assert prize.points <= 300


@pytest.mark.parametrize("board", PLAYED.boards, ids=lambda board: board.slug)
def test_a_board_is_told_in_every_language(board: Board) -> None:
    for code in codes():
        assert board.name[code]
        assert board.description
        assert board.description[code]
        assert sentence(board.criterion, language(code), PLAYED.currency)
