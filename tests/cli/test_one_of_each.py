"""One is told as one: a member, an order, an event, an entry, a point, a law."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import text

from app import database, door
from tests.api.shop import an_order
from tests.builders import in_force
from tests.cli.conftest import Run


def test_one_is_told_as_one_and_two_as_two(run: Run, house: Path) -> None:
    with database.transaction(door.engine()) as session:
        in_force(session)
    one, two = house / "one.jsonl", house / "two.jsonl"
    one.write_text(json.dumps(an_order("1.00")))
    two.write_text("".join(json.dumps(an_order("1.00", customer=who)) + "\n" for who in ("901", "902")))
    assert "1 entry, +1 point in all." in run("simulate", str(one)).stderr
    assert "2 entries, +2 points in all." in run("simulate", str(two)).stderr
    assert "0 members, 0 entries: " in run("prove").stdout
    done = run("import", "events", str(one)).stdout
    assert "one.jsonl: 1 event." in done
    assert "+1 point in " in done
    assert "1 member, 1 entry: " in run("prove").stdout
    assert "two.jsonl: 2 events." in run("import", "events", str(two)).stdout
    assert "3 members, 3 entries: " in run("prove").stdout
    with database.transaction(door.engine()) as session:
        session.connection().execute(
            text("UPDATE entry SET amount = 2 WHERE cause = (SELECT min(cause) FROM entry)")
        )
    assert "1 law is broken." in run("prove", code=1).stdout
