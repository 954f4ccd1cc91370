"""Boards on a real database: who is listed, how places follow what happens, and that a season closes once."""

from __future__ import annotations

import json
import unicodedata

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app import database
from badges.board_tables import Alias, BoardCount
from badges.tables import Player
from facts.refusals import Refusal
from members.actions import record
from members.actions.board_lists import refresh
from members.actions.boards import enter, leave, take_alias
from members.actions.seasons import close, due
from members.aliases import accepted, folded, suggested
from members.prove import prove
from members.tables import Audit
from rewards.tables import Entry
from tests.builders import NOW, PROGRAMME, a_refund, days, in_force, standing_of
from tests.members.boards import BOARDS, MONTH, listed, play, scores, season, shopping


def test_only_those_who_opted_in_are_listed(session: Session) -> None:
    play(session, {1: 3, 2: 1})
    record(session, [shopping(9, i) for i in range(5)], NOW)
    refresh(session, NOW)
    assert listed(session) == [("Player 1", 3), ("Player 2", 1)]
    assert season(session).players == 2
    assert standing_of(session, "9").member_id not in {name[0] for name in scores(session)}


def test_what_counted_before_is_there_when_somebody_opts_in(session: Session) -> None:
    members = play(session, {1: 4})
    assert {name[1]: score for name, score in scores(session).items()} == {
        "orders": 4,
        "spent": 4000,
        "tasted": 1,
    }
    assert scores(session)[members[1], "orders", MONTH] == 4


def test_an_order_a_refund_and_a_late_fact_move_the_list(session: Session) -> None:
    play(session, {1: 2, 2: 2})
    record(session, [shopping(2, 7)], NOW)
    refresh(session, NOW)
    assert listed(session) == [("Player 2", 3), ("Player 1", 2)]
    record(session, [a_refund("2-7", ("1", "10.00"), subject="customer:2"),
                     a_refund("2-0", ("1", "10.00"), subject="customer:2")], NOW)  # fmt: skip
    record(session, [shopping(1, 8, at=NOW - days(5))], NOW)
    refresh(session, NOW)
    assert listed(session) == [("Player 1", 3), ("Player 2", 1)]
    assert listed(session, "tasted", 0) == [("Player 1", 1), ("Player 2", 1)]


def test_all_that_came_back_leaves_nobody_on_the_list(session: Session) -> None:
    play(session, {1: 1})
    record(session, [a_refund("1-0", ("1", "10.00"))], NOW)
    refresh(session, NOW)
    assert listed(session) == []
    assert season(session).players == 0
    assert [one.members for one in session.exec(select(BoardCount)) if one.members] == []


def test_a_score_below_the_least_is_kept_and_not_listed(session: Session) -> None:
    play(session, {1: 1, 2: 2})
    week = next(period for _, slug, period in scores(session) if slug == "spent")
    assert listed(session, "spent", week) == [("Player 2", 2000)]


def test_leaving_takes_a_member_off_every_list_at_once(session: Session) -> None:
    members = play(session, {1: 3, 2: 1})
    leave(session, members[1], NOW)
    assert listed(session) == [("Player 2", 1)]
    assert season(session).players == 1
    assert members[1] not in {name[0] for name in scores(session)}
    assert session.get(Alias, folded("Player 1")) is None
    record(session, [shopping(1, 9)], NOW)
    refresh(session, NOW)
    assert listed(session) == [("Player 2", 1)]
    enter(session, members[1], "Player 1", NOW)
    refresh(session, NOW)
    assert listed(session) == [("Player 1", 4), ("Player 2", 1)]


def test_an_alias_is_one_persons_and_can_be_changed(session: Session) -> None:
    members = play(session, {1: 1, 2: 1})
    with pytest.raises(Refusal, match="called that already"):
        enter(session, members[2], " PLAYER-1 ", NOW)
    enter(session, members[1], "Quiet Otter", NOW)
    refresh(session, NOW)
    assert sorted(alias for alias, _ in listed(session)) == ["Player 2", "Quiet Otter"]
    enter(session, members[2], "Player 1", NOW)


def test_staff_take_an_alias_away_with_a_reason(session: Session) -> None:
    members = play(session, {1: 2, 2: 1})
    with pytest.raises(Refusal, match="Say why"):
        take_alias(session, members[1], " ", "owner:ada", NOW)
    take_alias(session, members[1], "It names somebody else", "owner:ada", NOW)
    assert listed(session) == [("Player 2", 1)]
    assert session.get_one(Player, members[1]).alias == ""
    told = session.exec(select(Audit).where(Audit.action == "alias.taken")).one()
    assert (told.actor, json.loads(told.detail)) == ("owner:ada", {})
    barred = session.exec(select(Alias.reason).where(Alias.member_id == members[1])).all()
    assert set(barred) == {"It names somebody else"}
    with pytest.raises(Refusal, match="called that already"):
        enter(session, members[2], "Player 1", NOW)


@pytest.mark.parametrize(
    ("alias", "why"),
    [("ab", "from 3 to 24"), ("x" * 25, "from 3 to 24"), ("me@shop.example", "no e-mail"),
     ("shop.example", "no e-mail"),
     ("+49 170 1234567", "no e-mail"), ("call 0170123", "At most 4 digits"), ("Support Team", "own people"),
     ("Модератор Пётр", "own people"), ("- - -", "from 3 to 24"), ("a\u202eb c", "no e-mail"),
     ("\u115f\u1160 \u3164 ab", "no e-mail"), ("Anna\u3164", "no e-mail"), ("Anna\uffa0", "no e-mail|from 3"),
     ("An\u034fna", "no e-mail"), ("Anna\ufe0f", "no e-mail"), ("a\u20dd bc", "no e-mail"),
     ("Z\u0335\u0336\u0337algo", "no e-mail"), ("Anna \u0335", "no e-mail"),
     ("Anнa", "one alphabet"), ("Αnna", "one alphabet"), ("Annaא", "one alphabet"),
     ("Adm1n", "own people"), ("Ѕtaff", "own people|one alphabet"), ("Admın", "own people"), ("ᴀᴅᴍɪɴ", "own people"),
     ("0wner", "own people"), ("0fficia1", "own people"), ("ＡＤＭＩＮ", "own people")],
)  # fmt: skip
def test_an_alias_that_is_not_fit_is_refused(alias: str, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        accepted(alias)


@pytest.mark.parametrize("alias", [
    "Ёжик Anna", "Nguyễn Ẩn", "مُحَمَّد", "दिल्ली", "ひらカタ漢字", "D'Artagnan", "Жан-Поль", "Анна-Lisa", "İzmir",
    "Ώρα καλή",
])  # fmt: skip
def test_names_of_many_alphabets_are_fit(alias: str) -> None:
    assert accepted(unicodedata.normalize("NFD", alias)) == unicodedata.normalize("NFC", alias)


@pytest.mark.parametrize("code", ["en", "ru", "ar"])
def test_suggested_aliases_are_accepted(code: str) -> None:
    for byte in range(16):
        for alias in suggested(code, bytes([byte, 15 - byte] * 8)):
            assert accepted(alias) == alias


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ёжик", "ежик"),
        ("CAFÉ", "cafe"),
        ("Mara", "Маrа"),
        ("A  b-c", "abc"),
        ("ΑΝΝΑ", "anna"),
        ("Quiet 0tter", "quiet otter"),
        ("Bil1", "BILI"),
    ],
)
def test_aliases_that_look_alike_are_one(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_a_season_closes_once_and_pays_by_place(session: Session) -> None:
    members = play(session, {1: 3, 2: 2, 3: 2, 4: 1})
    ended = NOW + days(12)
    assert [slug for slug, _ in due(session, NOW + days(10.7))] == [
        "spent"
    ]  # December has begun, and still settles
    assert ("orders", MONTH) in due(session, ended)
    assert close(session, "orders", MONTH, ended)
    assert not close(session, "orders", MONTH, ended)
    query = select(Entry).where(col(Entry.why).contains('"k":"prize"')).order_by(col(Entry.amount).desc())
    paid = [(entry.member_id, entry.amount, json.loads(entry.why)["level"]) for entry in session.exec(query)]
    assert paid[0] == (members[1], 50, 1)
    assert sorted(paid[1:]) == sorted([(members[2], 20, 2), (members[3], 20, 2)])
    assert standing_of(session, "1").game.count("winner") == 1
    places = [(leader[2], leader[3]) for leader in json.loads(season(session).leaders)]
    assert places == [(3, 1), (2, 2), (2, 2), (1, 4)]
    assert prove(session).flaws == []


def test_what_comes_after_closing_changes_no_place(session: Session) -> None:
    members = play(session, {1: 3, 2: 2})
    ended = NOW + days(12)
    close(session, "orders", MONTH, ended)
    before, balance = season(session).leaders, standing_of(session, "1").balance
    record(session, [a_refund(f"1-{i}", ("1", "10.00"), at=ended) for i in range(3)], ended + days(1))
    refresh(session, ended + days(1))
    assert season(session).leaders == before
    assert standing_of(session, "1").balance == balance - 30
    assert [name for name in scores(session) if name[1:] == ("orders", MONTH)] == []
    leave(session, members[1], ended + days(2))
    assert listed(session) == [("", 3), ("Player 2", 2)]


def test_two_who_refresh_at_once_count_everybody_once(engine: Engine) -> None:
    """Whoever comes second leaves what the first holds, or finds nothing to do."""
    with database.transaction(engine) as session:
        in_force(session, PROGRAMME + BOARDS)
        record(session, [shopping(one, 0) for one in range(1, 9)], NOW)
        for one in range(1, 9):
            enter(session, standing_of(session, str(one)).member_id, f"Player {one}", NOW)
    database.attempt(engine, lambda session: refresh(session, NOW))
    assert database.attempt(engine, lambda session: refresh(session, NOW)) == 0
    with database.transaction(engine) as session:
        assert season(session).players == 8
