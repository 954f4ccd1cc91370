"""Five thousand members at once: a dry run writes nothing, twice is once, and undo leaves the ledger proven."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func
from sqlmodel import select

from app import database
from app.cli.imports import members
from members.tables import Identity, Member, Standing
from tests.imports.moving import HEADER, NOW, House, a_house, whole

LATER = NOW + timedelta(days=1)


@pytest.fixture
def house(engine: Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """An open shop with nobody in it."""
    monkeypatch.setenv("REGULARS_SECRET", "a secret of the tests of moving in")
    return a_house(engine, database_url, tmp_path)


def people(count: int) -> tuple[str, str, int, int]:
    """A file of people and one of their past, with every hundredth line wrong; how many can come, and their points."""
    chance, lines, past, good, points = (
        random.Random(count),
        [HEADER],
        ["number,customer,day,change,what\n"],
        0,
        0,
    )
    for number in range(count):
        balance, bonus = chance.randrange(0, 5000), chance.choice((0, 0, 150))
        wrong = number % 100 == 99
        ends = date(2027, 1, 1) + timedelta(days=chance.randrange(900))
        level = chance.choice(("-", "-", "silver", "gold"))
        mail = "nobody" if wrong else f"p{number}@example.com"
        lines.append(
            f"{number},{mail},,Person {number},,,2020-01-{number % 28 + 1:02},"
            f"{balance},{ends},{bonus},,{level},,,\n"
        )
        good, points = good + (not wrong), points + (0 if wrong else balance + bonus)
        if not wrong and number % 2:
            past.append(f"{number},{number},2023-05-06,{balance + 1},Order {number}\n")
    return "".join(lines), "".join(past), good, points


def sums(house: House) -> tuple[int, int]:
    """How many drafts there are, and how many points all have."""
    with database.reading(house.engine) as session:
        drafts = session.exec(select(func.count()).select_from(Member).where(Member.status == "draft")).one()
        return drafts, int(session.exec(select(func.coalesce(func.sum(Standing.balance), 0))).one())


def moved(house: House, count: int) -> None:
    text, past, good, points = people(count)
    (house.folder / "past.csv").write_text(past)
    history = ("--history", str(house.folder / "past.csv"))
    empty = whole(house.engine)
    assert f"{count - good:,}" in house.move(text, "--dry-run", *history).output
    assert whole(house.engine) == empty
    told = house.move(text, *history)
    assert told.exit_code == 1, "some lines are wrong"
    assert sums(house) == (good, points)
    house.proven()
    once = whole(house.engine)
    house.move(text, *history, now=LATER)
    assert whole(house.engine) == once
    assert f"{good:,} removed" in house.run("import", "undo", "1", now=LATER).output
    assert sums(house) == (0, 0)
    with database.reading(house.engine) as session:
        assert session.exec(select(func.count()).select_from(Identity)).one() == 0
    house.proven()


def test_three_hundred_move_in_and_out(house: House) -> None:
    moved(house, 300)


@pytest.mark.full
def test_five_thousand_move_in_and_out(house: House) -> None:
    moved(house, 5000)


def test_an_import_that_was_interrupted_goes_on(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The power goes after the first stretch: the rest comes with the second run, and both batches go."""
    monkeypatch.setattr(members, "CHUNK", 20)
    text, _, good, points = people(90)
    real, calls = members.moving_in.move_in, list[int]()

    def cut(*words: object, **more: object) -> object:
        calls.append(1)
        if len(calls) == 3:
            raise OSError(5, "the power is gone")
        return real(*words, **more)  # type: ignore[arg-type]  # as it is called

    monkeypatch.setattr(members.moving_in, "move_in", cut)
    assert house.move(text).exit_code == 1
    assert 0 < sums(house)[0] < good
    assert "interrupted" in house.run("import", "list").output
    monkeypatch.setattr(members.moving_in, "move_in", real)
    assert house.move(text, now=LATER).exit_code == 0
    assert sums(house) == (good, points)
    house.run("import", "undo", "1", now=LATER)
    house.run("import", "undo", "2", now=LATER)
    assert sums(house) == (0, 0)
    house.proven()
