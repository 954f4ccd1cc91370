"""Lines of a file of people that cannot be: each is said by its line, with what would be right, and the others come."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.imports.moving import ANN, BEN, CEM, HEADER, MAP, House, a_house, whole

COLUMNS = HEADER.strip().split(",")


@pytest.fixture
def house(engine: Engine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """An open shop with nobody in it."""
    monkeypatch.setenv("REGULARS_SECRET", "a secret of the tests of moving in")
    return a_house(engine, database_url, tmp_path)


def line(**cells: str) -> str:
    """A line of somebody, in which some cells are otherwise."""
    said = {"id": "7", "mail": "zoe@example.com", "points": "5"} | cells
    return ",".join('"' + said.get(name, "").replace('"', '""') + '"' for name in COLUMNS) + "\n"


WRONG = [
    ({"id": ""}, "id", "it is empty"),
    ({"mail": "zoe at example"}, "mail", "is no e-mail address"),
    ({"phone": "12"}, "phone", "is no phone number"),
    ({"points": "-5"}, "points", "is below zero"),
    ({"points": "=1+1"}, "points", "is a formula"),
    ({"points": "12.5"}, "points", "is no whole number"),
    ({"points": "1,250"}, "points", "is no whole number"),
    ({"points": "9" * 11}, "points", "is more than anybody has"),
    ({"points": "9" * 400}, "points", "is no whole number"),
    ({"points": "٣"}, "points", ""),
    ({"ends": "31/12/2027"}, "ends", "is no day"),
    ({"ends": "2027-02-30"}, "ends", "is no day"),
    ({"since": "2031-01-01"}, "since", "lies in the future"),
    ({"since": "0001-01-01"}, "since", "lies in the year 1"),
    ({"born": "2030-01-01"}, "born", "lies in the future"),
    ({"name": "=HYPERLINK(1)"}, "name", "begins like a formula"),
    ({"name": "x" * 61}, "name", "is no name"),
    ({"level": "Platinum"}, "level", "there is no tier “Platinum” here"),
    ({"level": "gold", "level_ends": "2020-01-01"}, "level_ends", "the tier ended on 2020-01-01"),
    ({"news": "perhaps", "news_at": "2024-01-01"}, "news", "is neither yes nor no"),
    ({"name": "y" * 10_001}, "name", "characters in one cell"),
]  # fmt: skip


def test_each_wrong_cell_is_said_and_the_others_come(house: House) -> None:
    wrong = [one for one in WRONG if one[2]]
    text = HEADER + ANN + "".join(line(**cells) for cells, _, _ in wrong) + BEN
    told = house.move(text, "--report", str(house.folder / "report.json"))
    assert told.exit_code == 1
    rows = json.loads((house.folder / "report.json").read_text())
    errors = {row["line"]: row for row in rows if row["outcome"] == "error"}
    for number, (_, column, problem) in enumerate(wrong, 3):
        assert errors[number]["column"] == column
        assert problem in errors[number]["problem"]
        assert errors[number]["right"]
    assert len(errors) == len(wrong)
    assert house.person("email:ann@example.com").points == 1500
    assert house.person("email:ben@example.com").points == 50
    house.proven()


def test_strict_writes_nothing_for_a_single_wrong_line(house: House) -> None:
    before = whole(house.engine)
    told = house.move(HEADER + ANN + line(points="-1") + BEN, "--strict")
    assert told.exit_code == 1
    assert "line 3, column points: “-1” is below zero" in told.output
    assert whole(house.engine) == before


def test_what_is_left_out_is_noted_and_the_line_comes(house: House) -> None:
    text = HEADER + line(lang="tlh", born="1004-05-27", points="9", ends="2020-01-01", news="yes")
    told = house.move(text)
    assert told.exit_code == 0, told.output
    for said in (
        "is not spoken here",
        "has no year that can be",
        "are over since 2020-01-02",
        "when they agreed",
    ):
        assert said in told.output
    zoe = house.person("email:zoe@example.com")
    assert (zoe.points, zoe.member.language) == (0, "")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (HEADER + '8,"zoe@example.com' + BEN, "a quote opens here and is not closed"),
        (HEADER + '8,"zoe"@example.com,\n' + BEN, "a quote stands where none may be"),
        (HEADER + "8,zoe@example.com\n" + BEN, "2 cells where the header has 15"),
        (HEADER + "8,zoe@exa\0mple.com,,,,,,,,,,,,\n" + BEN, "there is a NUL in it"),
        (HEADER + f'8,"{"z" * 10_000_000}",,,,,,,,,,,,\n' + BEN, "the line is longer than"),
        (HEADER + '8,"' + "z\n" * 100_000 + '",,,,,,,,,,,,\n' + BEN, "a cell goes on for more than"),
    ],
    ids=["open quote", "stray quote", "cells", "nul", "ten million", "many lines"],
)
def test_a_broken_line_is_said_by_its_number(house: House, text: str, problem: str) -> None:
    told = house.move(text)
    assert told.exit_code == 1
    assert f"people.csv, line 2: {problem}" in told.output
    assert ("email:ben@example.com" in house.found_by()) == (
        "quote opens" not in problem and "goes on" not in problem
    )


def test_files_that_are_none_are_refused_and_nothing_is_written(house: House) -> None:
    before = whole(house.engine)
    assert "there is no column “id”" in house.move("").output
    semicolons = house.move((HEADER + ANN).replace(",", ";"))
    assert "It seems to be written with semicolons: say delimiter" in semicolons.output
    assert "the column “id” is there twice" in house.move("id," + HEADER + ANN).output
    assert "\x1b" not in house.move("\x1b[2Jmail,mail2\n").output, "a terminal obeys no file"
    path = house.folder / "people.csv"
    path.write_bytes((HEADER + ANN).encode("utf-16"))
    words = ("import", "members", str(path), "--map", str(house.folder / "map.toml"))
    assert "is UTF-16 text" in house.run(*words).output
    assert "There is no file" in house.run("import", "members", "nobody.csv", *words[3:]).output
    assert (
        "Ready ones are: loyaltylion, smile, voucherify" in house.run(*words[:3], "--map", "nothing").output
    )
    assert "a .csv or a .json file" in house.run(*words, "--report", "r.xls").output
    assert whole(house.engine) == before


def test_other_ways_of_writing_come_in(house: House) -> None:
    """A byte order mark, Windows' lines and letters, gzip."""
    path, map_ = house.folder / "people.csv", house.folder / "map.toml"
    path.write_bytes(b"\xef\xbb\xbf" + (HEADER + ANN).replace("\n", "\r\n").encode())
    map_.write_text(MAP)
    assert house.run("import", "members", str(path), "--map", str(map_)).exit_code == 0
    assert house.person("email:ann@example.com").points == 1500
    path.write_bytes((HEADER + BEN.replace("Ben Dunn", "Bén Dünn")).encode("cp1252"))
    told = house.run("import", "members", str(path), "--map", str(map_))
    assert "column name: there are bytes in it that are no utf-8 text" in told.output
    map_.write_text(MAP + '\n[csv]\nencoding = "cp1252"\n')
    packed = house.folder / "people.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert house.run("import", "members", str(packed), "--map", str(map_)).exit_code == 0
    assert house.person("email:ben@example.com").member.name == "Bén Dünn"


def test_somebody_twice_in_the_file_is_said_with_the_first_line(house: House) -> None:
    text = (
        HEADER
        + ANN
        + line(id="7", mail="ANN@example.com")
        + line(id="8", phone="+442079460958")
        + line(id="900")
    )
    told = house.move(text)
    assert "line 3: the e-mail address is that of line 2" in told.output
    assert "line 4: the phone number is that of line 2" in told.output
    assert "line 5: the customer number is that of line 2" in told.output
    assert "several_rows" in told.output
    assert house.person("email:ann@example.com").points == 1500
    lots = "several_rows = true\n" + MAP
    told = house.move(HEADER + line() + line(points="7", ends="2027-01-31"), map_=lots)
    assert told.exit_code == 0, told.output
    assert [lot.amount for lot in house.person("email:zoe@example.com").lots] == [5, 7]


def test_a_day_that_two_forms_read_differently_is_an_error(house: House) -> None:
    forms = MAP.replace('joined = "since"', 'joined = "since"\ndates = ["%d/%m/%Y", "%m/%d/%Y"]')
    told = house.move(
        HEADER + line(since="02/01/2020") + line(id="8", mail="a@b.example", since="31/01/2020"), map_=forms
    )
    assert "“02/01/2020” is 2020-01-02 and 2020-02-01, by two forms of the map" in told.output
    assert {"email:a@b.example"} <= house.found_by()
    assert "email:zoe@example.com" not in house.found_by()


def test_a_report_is_nothing_that_a_spreadsheet_would_run(house: House) -> None:
    report = house.folder / "report.csv"
    house.move(HEADER + CEM + line(name="=cmd|' /C calc'!A0"), "--report", str(report), "--dry-run")
    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[2] for row in rows[1:]] == ["create", "error"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
