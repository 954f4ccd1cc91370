"""`regulars import members`: who comes over and with what, a dry run that writes nothing, a second run that is none."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from app import database
from members import consents
from members.actions import joining
from members.actions.erase import erase
from members.actions.identify import identify
from members.own_tables import Profile
from rewards.tables import Entry, TierChange
from tests.builders import an_order
from tests.imports.moving import ANN, BEN, CEM, HEADER, NOW, SOURCE, House, a_house, whole

FILE = HEADER + ANN + BEN + CEM
LATER = NOW + timedelta(days=2)


@pytest.fixture
def house(engine: Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """An open shop with nobody in it."""
    monkeypatch.setenv("REGULARS_SECRET", "a secret of the tests of moving in")
    return a_house(engine, database_url, tmp_path)


@pytest.mark.feature(7)
def test_members_come_over_and_go_again(house: House) -> None:
    """The report and zero writes; a second run is none; a batch is undone, and undone twice is undone once."""
    empty = whole(house.engine)
    told = house.move(FILE, "--dry-run", "--report", str(house.folder / "dry.csv"))
    assert told.exit_code == 0, told.output
    assert "Nothing was written" in told.output
    assert whole(house.engine) == empty, "zero writes"
    with (house.folder / "dry.csv").open(encoding="utf-8-sig") as file:
        assert [(row["line"], row["outcome"], row["points"]) for row in csv.DictReader(file)] == [
            ("2", "create", "1500"), ("3", "create", "50"), ("4", "create", "0")]  # fmt: skip

    assert house.move(FILE).exit_code == 0
    ann = house.person("email:ann@example.com")
    assert (ann.member.status, ann.member.name, ann.member.language) == ("draft", "Ann Bell", "en")
    assert (ann.points, ann.stand.tier) == (1500, "gold")
    house.proven()

    once = whole(house.engine)
    again = house.move(FILE, now=LATER)
    assert again.exit_code == 0
    assert whole(house.engine) == once, "a second run is no run"

    assert house.run("import", "undo", "1", now=LATER).exit_code == 0
    house.proven()
    assert house.found_by() == set()
    undone = whole(house.engine)
    assert "nothing is left" in house.run("import", "undo", "1", now=LATER).output
    assert whole(house.engine) == undone, "twice is once"
    assert house.move(FILE, now=LATER).exit_code == 0
    assert house.person("email:ann@example.com").points == 1500, "and it may come again"
    house.proven()


def test_lots_tier_birthday_and_consent_are_as_the_file_says(house: House) -> None:
    house.move(FILE)
    ann = house.person(f"customer:{SOURCE}:900")
    assert ann.member.created_at == datetime(2021, 3, 4, 5, tzinfo=UTC)
    lots = {(lot.amount, lot.promotional, lot.expires_at) for lot in ann.lots}
    assert lots == {
        (1200, False, datetime(2027, 6, 1, 4, tzinfo=UTC)),
        (300, True, datetime(2027, 1, 1, 5, tzinfo=UTC)),
    }
    assert ann.stand.tier_until == datetime(2027, 7, 1, 4, tzinfo=UTC)
    with database.reading(house.engine) as session:
        assert session.get_one(Profile, ann.member.member_id).birthday == "1990-02-28"
        (said,) = consents.history(session, ann.member.member_id)
        assert (said.purpose, said.version, said.at, said.way) == (
            "offers",
            "2024-05",
            datetime(2024, 6, 1, 10, tzinfo=UTC),
            "import",
        )
        assert consents.history(session, house.person("email:ben@example.com").member.member_id) == []
    assert house.person("phone:+442079460958").member.member_id == ann.member.member_id
    cem = house.person("phone:+442079460991")
    assert (cem.points, cem.stand.tier, cem.stand.tier_until) == (
        0,
        "gold",
        datetime(2027, 1, 1, 5, tzinfo=UTC),
    )


def test_the_past_is_told_where_it_happened_and_earns_nothing(house: House) -> None:
    past = house.folder / "past.csv"
    past.write_text(
        "number,customer,day,change,what\n1,900,2022-05-06,100,Order 7\n2,900,2022-07-08,-30,Mug\n3,77,2022-01-01,5,\n"
        "4,900,someday,5,\n2,900,2022-07-08,-30,Mug\n"
    )
    told = house.move(FILE, "--history", str(past))
    assert told.exit_code == 1
    assert "past.csv, line 4, column customer: nobody of the first file is meant" in told.output
    assert "past.csv, line 5, column day: “someday” is no day" in told.output
    assert "past.csv, line 6, column number: it is there twice" in told.output
    ann = house.person("email:ann@example.com")
    assert ann.points == 1500
    with database.reading(house.engine) as session:
        mine = (
            select(Entry)
            .where(Entry.member_id == ann.member.member_id)
            .order_by(col(Entry.at), col(Entry.seq))
        )
        entries = [(json.loads(one.why).get("then"), one.amount, one.at.year) for one in session.exec(mine)]
        assert entries[:2] == [(100, 0, 2022), (-30, 0, 2022)]
        climbed = select(TierChange.tier).where(TierChange.member_id == ann.member.member_id)
        assert session.exec(climbed).all() == ["gold"]
    once = whole(house.engine)
    house.move(FILE, "--history", str(past), now=LATER)
    assert whole(house.engine) == once
    past.write_text("number,customer,day,change,what\n9,900,2023-01-01,5,Post\n")
    assert "changed" in house.move(FILE, "--history", str(past), now=LATER).output
    house.proven()
    house.run("import", "undo", "2", now=LATER)
    house.run("import", "undo", "1", now=LATER)
    house.proven()


def test_a_changed_line_is_as_if_it_had_been_right_from_the_start(house: House) -> None:
    house.move(FILE)
    changed = (
        FILE.replace(",1200,", ",200,")
        .replace("gold leaf,2027-06-30", "silver,2027-03-31")
        .replace("Bell", "Ball")
    )
    told = house.move(changed, "--report", str(house.folder / "r.json"), now=LATER)
    assert told.exit_code == 0, told.output
    rows = json.loads((house.folder / "r.json").read_text())
    assert [(row["line"], row["outcome"], row["changes"]) for row in rows] == [
        (2, "update", "balance, tier, name and addresses"), (3, "same", ""), (4, "same", "")]  # fmt: skip
    ann = house.person("email:ann@example.com")
    assert (ann.points, ann.stand.tier, ann.member.name) == (500, "silver", "Ann Ball")
    assert all(lot.at < NOW + timedelta(hours=1) for lot in ann.lots), "in the place of the first"
    house.proven()
    told = house.run("import", "undo", "1", now=LATER)
    assert "Line 2 is kept: batch 2 told of them later" in told.output
    house.run("import", "undo", "2", now=LATER)
    ann = house.person("email:ann@example.com")
    assert (ann.points, ann.stand.tier) == (1500, "gold"), "as the first batch had it"
    house.run("import", "undo", "1", now=LATER)
    assert house.found_by() == set()
    house.proven()


def test_who_is_here_already_is_reported_and_never_merged_silently(house: House) -> None:
    with database.transaction(house.engine) as session:
        mine = joining.join(session, "email:ann@example.com", joining.Wish("en"), NOW)
        other = joining.join(session, "phone:+442079460991", joining.Wish("en"), NOW)
    house.record(an_order("A", "10.00", at=NOW, subject="customer:901", source=SOURCE))
    told = house.move(FILE)
    assert told.exit_code == 1
    assert "line 2: somebody has this e-mail address here already" in told.output
    assert "line 4: somebody has this phone number here already" in told.output
    assert house.person("email:ann@example.com").points == 0
    ben = house.person(f"customer:{SOURCE}:901")
    assert ben.points == 60, "the shop's own customer number is the same person"
    assert house.person("email:ben@example.com").member.member_id == ben.member.member_id

    told = house.move(FILE, "--known", "add", now=LATER)
    assert told.exit_code == 0, told.output
    ann = house.person(f"customer:{SOURCE}:900")
    assert (ann.member.member_id, ann.member.status, ann.points) == (mine, "active", 1500)
    assert "phone:+442079460958" not in house.found_by(), (
        "a file gives nobody a way into an account that has its owner"
    )
    house.run("import", "undo", "2", now=LATER)
    assert house.person("email:ann@example.com").points == 0
    assert house.person("phone:+442079460991").member.member_id == other
    assert f"customer:{SOURCE}:900" not in house.found_by()
    house.proven()


def test_two_lines_of_one_account_are_not_added_up(house: House) -> None:
    with database.transaction(house.engine) as session:
        mine = joining.join(session, "email:ann@example.com", joining.Wish("en"), NOW)
        identify(session, mine, "phone:+442079460991", NOW)
    told = house.move(FILE, "--known", "add")
    assert "line 4: an earlier line is of the same account here" in told.output
    crossed = (
        HEADER
        + "5,ann@example.com,020 7946 0991,,,,,1,,,,,,,\n"
        + BEN.replace("ben@example.com", "ann@example.com")
    )
    assert "line 3: the e-mail address is that of line 2" in house.move(crossed, "--known", "add").output


def test_who_was_erased_does_not_come_back_by_the_same_file(house: House) -> None:
    house.move(FILE)
    ann = house.person("email:ann@example.com").member.member_id
    with database.transaction(house.engine) as session:
        erase(session, ann, "staff:test", NOW)
    told = house.move(FILE, now=LATER)
    assert "they were erased for good" in told.output
    assert "email:ann@example.com" not in house.found_by()
    assert "ann@example.com" not in json.dumps(whole(house.engine)).lower(), (
        "nothing of the import names them"
    )
    house.proven()


def test_what_guests_bought_counts_when_their_address_comes_over(house: House) -> None:
    old = an_order(
        "old", "40.00", at=NOW - timedelta(days=150), subject="email:ann@example.com", source=SOURCE
    )
    new = an_order(
        "new", "20.00", at=NOW - timedelta(days=50), subject="email:Ann@example.com", source=SOURCE
    )
    ring = an_order("ring", "7.00", at=NOW - timedelta(days=5), subject="phone:+442079460958", source=SOURCE)
    assert house.record(old, new, ring) == ["waiting"] * 3
    house.move(FILE)
    ann = house.person("email:ann@example.com")
    assert ann.points == 1500 + 20 + 7, "what is older than 100 days does not count"
    assert {lot.at for lot in ann.lots} >= {new.occurred_at, ring.occurred_at}, "dated when they happened"
    later = an_order("later", "3.00", at=LATER, subject="email:ann@example.com", source=SOURCE)
    assert house.record(later, now=LATER) == ["recorded"]
    with database.transaction(house.engine) as session:
        assert (
            joining.join(session, "email:ann@example.com", joining.Wish("en"), LATER) == ann.member.member_id
        )
    assert house.person("email:ann@example.com").points == 1500 + 20 + 7 + 6, "gold earns double by now"
    told = house.run("import", "undo", "1", now=LATER)
    assert "Line 2 is kept: they have joined since" in told.output
    house.proven()


def test_who_has_done_something_since_is_kept_unless_points_are_taken(house: House) -> None:
    house.move(FILE)
    house.record(an_order("A", "10.00", at=NOW, subject="customer:901", source=SOURCE))
    told = house.run("import", "undo", "1", now=LATER)
    assert "Line 3 is kept: they have done something here since" in told.output
    assert house.person("email:ben@example.com").points == 60
    kept = whole(house.engine)
    house.run("import", "undo", "1", now=LATER)
    assert whole(house.engine) == kept
    assert "1 points taken back" in house.run("import", "undo", "1", "--take-points", now=LATER).output
    assert house.person("email:ben@example.com").points == 10
    house.proven()
    assert house.move(FILE, now=LATER).exit_code == 0
    assert house.person("email:ben@example.com").points == 60


def test_batches_are_listed(house: House) -> None:
    assert "No members were imported yet" in house.run("import", "list").output
    house.move(FILE)
    house.run("import", "undo", "1")
    told = house.run("import", "list").output
    assert "import:oldshop" in told
    assert "taken back on 2026-11-22" in told
    assert "There is no batch 9" in house.run("import", "undo", "9").output
