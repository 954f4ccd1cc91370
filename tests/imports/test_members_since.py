"""What members who came over do afterwards, and what a later file, an undo or a second import make of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, delete, select

from app import database
from facts.events import Fact
from members.actions import claiming, joining, moving_in, own
from members.actions.moving_in import move_in
from members.import_batches import begin
from members.import_tables import ImportedPerson
from members.moving import Finding, Move, Newcomer
from members.own_records import sections
from members.own_tables import Consent
from members.tables import FactRow
from tests.builders import an_order
from tests.imports.moving import ANN, BEN, HEADER, MAP, NOW, SOURCE, House, a_house, whole

FILE = HEADER + ANN + BEN
LATER = NOW + timedelta(days=2)


@pytest.fixture
def house(engine: Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """An open shop with nobody in it, in which nobody may owe points."""
    monkeypatch.setenv("REGULARS_SECRET", "a secret of the tests of moving in")
    return a_house(engine, database_url, tmp_path, "refuse")


def spent(house: House, key: str, points: int) -> list[str]:
    who = house.person(key).member.member_id
    data = {"redemption_id": "r", "reward": "tea", "points": points}
    return house.record(Fact("regulars", "r", "redemption.made", LATER, f"member:{who}", data), now=LATER)


@pytest.mark.feature(7)
def test_a_draft_is_claimed_by_its_code_and_what_guests_bought_goes_along(house: House) -> None:
    house.record(
        an_order("A", "20.00", at=NOW - timedelta(days=50), subject="email:ann@example.com", source=SOURCE)
    )
    house.move(FILE)
    draft = house.person("email:ann@example.com").member.member_id
    with database.transaction(house.engine) as session:
        mine = joining.join(session, "email:other@example.com", joining.Wish("en"), LATER)
        code = claiming.make_code(session, draft, b"0123456789", "staff:test", LATER)
        claiming.claim(session, mine, code, LATER)
    assert house.person("email:ann@example.com").member.member_id == mine
    assert house.person("email:other@example.com").points == 1520
    late = an_order("B", "3.00", at=LATER, subject="customer:900", source=SOURCE)
    assert house.record(late, now=LATER) == ["recorded"]
    twice = 1520 + 2 * 3  # the level that was brought along counts here too
    assert house.person("email:other@example.com").points == twice
    told = house.move(FILE.replace(",1200,", ",9000,"), now=LATER)
    assert "line 2: their account is part of another one by now" in told.output
    assert house.person("email:other@example.com").points == twice
    told = house.run("import", "undo", "1", "--take-points", now=LATER)
    assert "Line 2 is kept: their account is closed (merged)" in told.output
    house.proven()


def test_an_address_that_a_later_file_brings_wakes_what_waited(house: House) -> None:
    house.move(HEADER + BEN)
    ring = an_order("ring", "7.00", at=NOW - timedelta(days=5), subject="phone:+442079460991", source=SOURCE)
    assert house.record(ring) == ["waiting"]
    with_phone = HEADER + BEN.replace("ben@example.com,,", "ben@new.example,020 7946 0991,")
    assert house.move(with_phone, now=LATER).exit_code == 0
    ben = house.person("phone:+442079460991")
    assert ben.points == 57
    assert "email:ben@example.com" not in house.found_by(), "the address was corrected"
    assert house.person("email:ben@new.example").member.member_id == ben.member.member_id


def test_what_somebody_says_here_holds_against_a_later_file(house: House) -> None:
    house.move(FILE)
    with database.transaction(house.engine) as session:
        ann = joining.join(session, "email:ann@example.com", joining.Wish("ru"), LATER)
        own.tell(session, ann, LATER, name="Anna")
    changed = FILE.replace("Ann Bell", "A. Bell").replace("Ann@Example.com", "eve@example.com")
    changed = changed.replace("1990-02-28", "1980-01-01")
    assert house.move(changed, now=LATER).exit_code == 0
    assert house.person("email:ann@example.com").member.name == "Anna"
    assert "email:eve@example.com" not in house.found_by(), "a file is no way into an account"
    with database.reading(house.engine) as session:
        said = {name: list(rows) for name, _, rows in sections(session, ann)}
        assert said["profile"][0]["birthday"] == "1990-02-28"
        assert {row["type"] for row in said["facts"]} >= {"import.balance", "import.tier"}, "theirs to read"


def test_a_balance_that_was_spent_is_not_lowered_and_the_others_change(house: House) -> None:
    house.move(FILE)
    assert spent(house, "email:ann@example.com", 1400) == ["recorded"]
    told = house.move(FILE.replace(",1200,", ",10,").replace(",50,", ",60,"), now=LATER)
    assert told.exit_code == 1
    assert (
        "line 2: There are 1,090 points too few for this" in told.output
        or "line 2: There are 1090" in told.output
    )
    assert house.person("email:ann@example.com").points == 100
    assert house.person("email:ben@example.com").points == 60
    told = house.run("import", "undo", "2", now=LATER)
    assert house.person("email:ben@example.com").points == 50
    told = house.run("import", "undo", "1", "--take-points", now=LATER)
    assert "Line 2 is kept: There are" in told.output
    assert house.person("email:ann@example.com").points == 100
    house.proven()


def test_consents_of_an_account_that_was_here_end_with_the_import(house: House) -> None:
    house.record(an_order("A", "1.00", at=NOW, subject="customer:900", source=SOURCE))
    house.move(FILE)
    house.run("import", "undo", "1", now=LATER)
    with database.reading(house.engine) as session:
        said = session.exec(select(Consent.given).order_by(Consent.seq)).all()  # type: ignore[arg-type]
        kinds = set(session.exec(select(FactRow.type)).all())
    assert list(said) == [True, False]
    assert "import.cancelled" in kinds
    assert house.person(f"customer:{SOURCE}:900").points == 1
    assert "email:ann@example.com" not in house.found_by()
    house.proven()


def test_two_imports_at_once_bring_everybody_once(house: House) -> None:
    """Two hands press the button: whoever is second finds them there, or hears that somebody was faster."""
    move = Move("import:oldshop", b"secret")
    people = [
        Newcomer(n, f"id:{n}", (f"customer:{SOURCE}:{n}", f"email:p{n}@example.com"), lots=[{"points": 10}])
        for n in range(2, 42)
    ]

    def press(_: int) -> list[str]:
        number = database.attempt(
            house.engine, lambda session: begin(session, move.source, "f", "staff:a", NOW)
        )
        found = database.attempt(house.engine, lambda session: move_in(session, move, number, people, NOW))
        return [one.did for one in found]

    with ThreadPoolExecutor(3) as hands:
        said = list(hands.map(press, range(3)))
    assert sum(one.count("create") for one in said) == len(people)
    assert len(house.batches()) == 3
    owners: set[UUID] = {house.person(one.keys[1]).member.member_id for one in people}
    assert len(owners) == len(people)
    assert {house.person(one.keys[0]).points for one in people} == {10}
    house.proven()


def test_two_imports_at_once_bring_an_account_that_is_here_one_balance(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both would look before either has written: they meet there when they can, and whoever is second looks again."""
    move, meeting, really = Move("import:oldshop", b"secret"), Barrier(2), moving_in.plan

    def plan(session: Session, move: Move, people: Sequence[Newcomer]) -> list[Finding]:
        found = really(session, move, people)
        with suppress(BrokenBarrierError):
            meeting.wait(0.5)
        return found

    def press(points: int) -> str:
        number = database.attempt(
            house.engine, lambda session: begin(session, move.source, "f", "staff:a", NOW)
        )
        one = Newcomer(2, "id:900", (f"customer:{SOURCE}:900",), lots=[{"points": points}])
        found = database.attempt(house.engine, lambda session: move_in(session, move, number, [one], NOW))
        return found[0].did

    house.record(an_order("A", "1.00", at=NOW, subject="customer:900", source=SOURCE))
    monkeypatch.setattr(moving_in, "plan", plan)
    for points, did in ((10, "add"), (20, "update")):
        meeting.reset()
        with ThreadPoolExecutor(2) as hands:
            assert sorted(hands.map(press, (points, points))) == sorted((did, "same"))
        assert house.person(f"customer:{SOURCE}:900").points == 1 + points
    house.proven()


def test_the_same_file_after_a_lot_ended_changes_nothing(house: House) -> None:
    """Who spent the points in time has them spent, also when the file tells of them after their last day."""
    house.move(FILE)
    assert spent(house, "email:ann@example.com", 300) == ["recorded"]
    january = datetime(2027, 1, 15, tzinfo=UTC)
    before, report = whole(house.engine), house.folder / "r.json"
    told = house.move(FILE, "--report", str(report), now=january)
    assert "300 points are over since 2027-01-01" in told.output
    assert [row["points"] for row in json.loads(report.read_text()) if row["outcome"] == "same"] == [1200, 50]
    assert whole(house.engine) == before
    assert house.move(FILE.replace(",1200,", ",1300,"), now=january).exit_code == 0
    assert house.person("email:ann@example.com").points == 1300, "what is corrected stands where it came over"
    house.proven()


def test_points_of_a_later_batch_are_taken_and_those_of_the_earlier_stand_again(house: House) -> None:
    house.move(FILE)
    house.move(FILE.replace(",1200,", ",2000,").replace(",50,", ",60,"), now=LATER)
    after = LATER + timedelta(days=1)
    for number in ("900", "901"):
        house.record(
            an_order(number, "10.00", at=LATER, subject=f"customer:{number}", source=SOURCE), now=after
        )
    assert house.person("email:ann@example.com").points == 2300 + 20
    assert "2 points taken back" in house.run("import", "undo", "2", "--take-points", now=after).output
    assert house.person("email:ann@example.com").points == 1500 + 20
    assert house.person("email:ben@example.com").points == 50 + 10
    with database.transaction(house.engine) as session:  # as such an undo left Ben once
        ben = house.person("email:ben@example.com").member.member_id
        session.execute(delete(ImportedPerson).where(ImportedPerson.member_id == ben))  # type: ignore[arg-type]
    told = house.run("import", "undo", "1", "--take-points", now=after)
    assert told.exit_code == 0, told.output
    assert "2 points taken back" in told.output
    assert house.person("email:ann@example.com").points == 10, "without the tier, too"
    assert "nothing is left" in house.run("import", "undo", "1", now=after).output
    house.proven()


def test_nobody_gets_a_balance_twice_when_the_secret_has_changed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.move(FILE)
    monkeypatch.setenv("REGULARS_SECRET", "quite another secret of these tests")
    for words in ((), ("--known", "add")):
        told = house.move(FILE, *words, now=LATER)
        assert "line 2: their account has a balance of this import already" in told.output
        assert house.person("email:ann@example.com").points == 1500
    house.run("import", "undo", "1", now=LATER)
    assert house.move(FILE, now=LATER).exit_code == 0
    assert house.person("email:ann@example.com").points == 1500
    house.proven()


def test_a_map_without_a_source_has_numbers_of_its_own(house: House) -> None:
    house.move(FILE, map_=MAP.replace(f'source = "{SOURCE}"\n', ""))
    assert "customer:import:oldshop:900" in house.found_by()
    assert house.record(an_order("A", "1.00", subject="customer:900", source=SOURCE)) == ["recorded"]
    assert house.person("email:ann@example.com").points == 1500, "another shop's 900 is somebody else"
