"""`regulars import` as a person meets it: what it says, what it writes, and what it leaves alone."""

from __future__ import annotations

import gzip
import json
import random
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from app import database
from app.cli.imports.mapping import read_map
from app.cli.imports.orders import OrderFile
from facts.events import Fact, to_envelope
from tests.imports.conftest import JOURNEY_NOW
from tests.imports.shop import everything, let_time_pass, open_lots, open_shop, run, standings
from tests.imports.test_orders_file import CUP, HEADER, MAP, TEA
from tests.oracle.parameters import GIFTS_DOCUMENT, GROCER_DOCUMENT

NOW = datetime(2024, 8, 1, tzinfo=UTC)


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> str:
    """A gift shop, open and empty, with a map for its files."""
    open_shop(database_url, GIFTS_DOCUMENT, NOW)
    (tmp_path / "map.toml").write_text(MAP)
    return database_url


def orders(url: str, tmp_path: Path, text: str, *more: str) -> tuple[int, str]:
    (tmp_path / "orders.csv").write_text(text)
    result = run(
        url, NOW, "import", "orders", str(tmp_path / "orders.csv"), "--map", str(tmp_path / "map.toml"), *more
    )
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def facts_in(url: str) -> list[str]:
    engine = database.engine(url)
    found = sorted(row[2] for row in everything(engine)["fact"])
    engine.dispose()
    return found


def test_orders_are_recorded_once(shop: str, tmp_path: Path) -> None:
    code, said = orders(shop, tmp_path, HEADER + TEA + CUP)
    assert code == 0
    assert "1 order, 2 lines" in said
    assert "recorded       1" in said
    assert facts_in(shop) == ["1"]
    code, said = orders(shop, tmp_path, HEADER + TEA + CUP)
    assert code == 0
    assert "duplicate      1" in said


def test_the_points_of_a_file_are_those_it_brought(shop: str, tmp_path: Path) -> None:
    """Of somebody's orders one was there before: what the other brings is told all the same."""
    more = TEA.replace("1,", "2,", 1)
    code, said = orders(shop, tmp_path, HEADER + TEA)
    assert (code, "+0 points" in said) == (0, False), said
    code, said = orders(shop, tmp_path, HEADER + TEA + more)
    assert (code, "+0 points" in said) == (0, False), said
    code, said = orders(shop, tmp_path, HEADER + TEA + more)
    assert (code, "+0 points" in said) == (0, True), said


def test_a_bad_file_writes_nothing_at_all(shop: str, tmp_path: Path) -> None:
    good = "".join(TEA.replace("1,", f"{number},", 1) for number in range(2000, 3000))
    code, said = orders(shop, tmp_path, HEADER + good + TEA.replace("1.255", "cheap"))
    assert code == 1
    assert "orders.csv, line 1002, column Unit price: “cheap” is not a number" in said
    assert "Nothing was written" in said
    assert facts_in(shop) == []


def test_skip_bad_brings_in_the_rest(shop: str, tmp_path: Path) -> None:
    code, said = orders(
        shop, tmp_path, HEADER + TEA + CUP.replace("4.00", "x") + TEA.replace("1,", "2,", 1), "--skip-bad"
    )
    assert code == 0
    assert "1 order left out because of a problem" in said
    assert facts_in(shop) == ["2"]


def test_a_dry_run_writes_nothing(shop: str, tmp_path: Path) -> None:
    code, said = orders(shop, tmp_path, HEADER + TEA, "--dry-run")
    assert code == 0
    assert "1 order, 1 line" in said
    assert facts_in(shop) == []


def test_what_the_engine_refuses_is_named(shop: str, tmp_path: Path) -> None:
    code, said = orders(
        shop, tmp_path, HEADER + TEA.replace("2024-07-01", "2031-07-01") + TEA.replace("1,", "2,", 1)
    )
    assert code == 1
    assert "refused 1: This event lies in the future" in said
    assert facts_in(shop) == ["2"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("import", "orders", "nowhere.csv", "--map", "complete_journey"), "There is no file nowhere.csv."),
        (
            ("import", "orders", "nowhere.csv", "--map", "nomap"),
            "There is no map “nomap”. Ready ones are: complete_journey, online_retail.",
        ),
        (("import", "events", "nowhere.jsonl"), "There is no file nowhere.jsonl."),
    ],
)
def test_what_is_not_there_is_one_sentence(shop: str, words: tuple[str, ...], sentence: str) -> None:
    result = run(shop, NOW, *words)
    assert result.exit_code == 1
    assert result.output.strip().endswith(sentence)


def a_visit(**changes: object) -> str:
    envelope = {"specversion": "1.0", "id": "v1", "source": "corner.example/web", "type": "visit",
                "time": "2024-07-01T10:00:00Z", "subject": "customer:ann", "data": {"page": "/"}}  # fmt: skip
    return json.dumps(envelope | changes)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"specversion": "1.0", oops}', "line 3, column 24: This is not JSON"),
        (a_visit(data={"pgae": "/"}), "line 3, data.pgae: Extra inputs are not permitted"),
        (a_visit(id=""), "line 3, id: "),
        (a_visit(type="vsit"), "line 3, type: There is no fact type “vsit”."),
        (a_visit(time="yesterday"), "line 3, time: "),
        ("[1, 2]", "line 3, "),
        ("[" * 100_000, "line 3, "),
    ],
)
def test_a_bad_event_is_named_and_nothing_is_written(
    shop: str, tmp_path: Path, line: str, problem: str
) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text("\n".join([a_visit(), "", line, a_visit(id="v2")]))
    result = run(shop, NOW, "import", "events", str(path))
    assert result.exit_code == 1
    assert f"events.jsonl, {problem}" in result.output
    assert "Nothing was written" in result.output
    assert facts_in(shop) == []
    assert run(shop, NOW, "import", "events", str(path), "--skip-bad").exit_code == 0
    assert facts_in(shop) == ["v1", "v2"]


def test_a_cut_off_gzip_is_refused(shop: str, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl.gz"
    path.write_bytes(
        gzip.compress("\n".join(a_visit(id=str(number)) for number in range(500)).encode())[:-20]
    )
    result = run(shop, NOW, "import", "events", str(path))
    assert result.exit_code == 1
    assert "events.jsonl.gz cannot be read" in result.output
    assert facts_in(shop) == []


@pytest.mark.feature(21)
def test_events_in_any_order_end_where_the_orders_did(
    journey_shop: Engine, journey_tenth: Path, database_url: str, tmp_path: Path
) -> None:
    """The same history, shuffled and through the other door: the same lots, balances and tiers."""
    few = frozenset(str(number) for number in range(3, 400, 10))
    file = OrderFile(
        journey_tenth, read_map(Path("complete_journey")), ZoneInfo("America/New_York"), only=few
    )
    facts: list[Fact] = list(file.facts(file.check()))
    random.Random(20170101).shuffle(facts)
    path = tmp_path / "events.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(json.dumps(to_envelope(fact)) for fact in facts).encode()))
    open_shop(database_url, GROCER_DOCUMENT, JOURNEY_NOW)
    result = run(database_url, JOURNEY_NOW, "import", "events", str(path))
    assert result.exit_code == 0, result.output
    again = database.engine(database_url)
    let_time_pass(again, JOURNEY_NOW)
    let_time_pass(journey_shop, JOURNEY_NOW)
    with database.reading(again) as shuffled, database.reading(journey_shop) as in_order:
        lots, standing = open_lots(shuffled), standings(shuffled)
        all_lots, all_standings = open_lots(in_order), standings(in_order)
    again.dispose()
    assert len(standing) == len({fact.subject for fact in facts}) > 30
    by_cause = {lot[0]: lot for own in all_lots.values() for lot in own}
    assert all(by_cause[lot[0]] == lot for own in lots.values() for lot in own)
    owners = {lot[0]: member_id for member_id, own in all_lots.items() for lot in own}
    for member_id, own in lots.items():
        there = owners[next(iter(own))[0]]
        assert own == all_lots[there]
        assert standing[member_id] == all_standings[there]
