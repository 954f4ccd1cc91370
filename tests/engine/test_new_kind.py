"""A stranger adds an earning rule kind as docs/tour.md tells: one file, one line; and from then on it is like the others.

`tests/test_tour.py` shows that the kind is validated, earns and is taken back. Here it explains itself: to staff who
publish it, on the Rules page, on the History page, and to `regulars prove`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.till import a_programme
from tests.test_tour import TOUR, house

__all__ = ["house"]

RULE = re.search(r"^```yaml\n(  - kind: full_basket\n.*?)^```$", TOUR, re.MULTILINE | re.DOTALL)
SHOWN = """
import json, sys
from datetime import UTC, datetime
from app import database
from facts.language import language
from members.tables import Standing
from members.views.history import history
from members.views.rules import rules
from sqlmodel import select

engine, now = database.engine(sys.argv[1]), datetime.now(UTC)
with database.reading(engine) as session:
    member = session.exec(select(Standing.member_id)).one()
    said = [rule for rule in rules(session, now, language("en")).earn if rule.key == "week"] or list(
        rules(session, now, language("en")).earn)
    entries = history(session, member, now, language("en")).entries
print(json.dumps({"rules": [[rule.title, rule.sentence] for rule in said],
                  "entries": [[entry.title, entry.why, entry.amount] for entry in entries]}))
"""


@pytest.fixture
def regulars(house: Path, tmp_path: Path):  # noqa: ANN201
    """The command line of the copy, on a database of its own."""
    env = os.environ | {"REGULARS_DATABASE_URL": f"sqlite:///{tmp_path / 'shop.sqlite'}", "REGULARS_MODE": "demo"}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        start = [sys.executable, "-c", "from app.cli import main; main()", *words]
        return subprocess.run(start, cwd=house, env=env, capture_output=True, text=True, check=False, timeout=120)

    return run


@pytest.mark.feature(20)
def test_a_new_kind_explains_itself_everywhere(house: Path, tmp_path: Path, regulars) -> None:  # noqa: ANN001
    assert RULE
    base = '  - {kind: points_per_money, slug: base, points: 1, per: "1.00"}\n'
    (house / "shop.yaml").write_text(a_programme(earning=base + RULE.group(1).rstrip()))
    (house / "wrong.yaml").write_text(
        a_programme(earning=base + RULE.group(1).rstrip().replace("lines_min: 3", "lines_min: 1"))
    )
    wrong = regulars("programme", "validate", "wrong.yaml")
    assert wrong.returncode == 1
    assert "lines_min" in wrong.stdout + wrong.stderr
    for words in (("validate",), ("apply",)):
        done = regulars("programme", *words, "shop.yaml")
        assert done.returncode == 0, done.stdout + done.stderr
    lines = [{"line_id": str(n), "sku": f"s{n}", "quantity": "1", "amount": "2.00"} for n in range(4)]
    event = {"specversion": "1.0", "id": "1", "source": "shop.example/orders", "type": "order.paid",
             "time": "2026-01-01T00:00:00Z", "subject": "customer:7",
             "data": {"order_id": "o1", "currency": "USD", "lines": lines}}  # fmt: skip
    (house / "orders.jsonl").write_text(json.dumps(event) + "\n")
    done = regulars("import", "events", "orders.jsonl")
    assert done.returncode == 0, done.stdout + done.stderr

    shown = subprocess.run(
        [sys.executable, "-c", SHOWN, f"sqlite:///{tmp_path / 'shop.sqlite'}"], cwd=house, capture_output=True,
        text=True, check=False, timeout=120,
    )  # fmt: skip
    assert shown.returncode == 0, shown.stderr
    said = json.loads(shown.stdout)
    assert ["A whole week in one basket", "25 points more for 3 products or more at once."] in said["rules"]
    assert ["A whole week in one basket", "4 products at once.", "+25"] in said["entries"]
    proven = regulars("prove")
    assert proven.returncode == 0, proven.stdout
    assert "issued 33 = outstanding 33" in proven.stdout
