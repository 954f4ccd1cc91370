"""A stranger adds an earning rule kind as docs/tour.md tells: one file and one line, and it is like the others.

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

from tests.engine.wording import a_programme
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
    said = rules(session, now, language("en")).earn
    entries = history(session, member, now, language("en")).entries
print(json.dumps({"rules": [[rule.title, rule.sentence] for rule in said],
                  "entries": [[entry.title, entry.why, entry.amount] for entry in entries]}))
"""


COMMANDS = """
import json, sys
from typer.testing import CliRunner
from app.cli import main

done = [CliRunner().invoke(main, words) for words in json.loads(sys.argv[1])]
print(json.dumps([[one.exit_code, one.output] for one in done]))
"""


def regulars(house: Path, database: str, *commands: list[str]) -> list[tuple[int, str]]:
    """What the copy's command line answers to each of these, and how it ends."""
    env = os.environ | {"REGULARS_DATABASE_URL": database, "REGULARS_MODE": "demo"}
    words = [sys.executable, "-c", COMMANDS, json.dumps(commands)]
    done = subprocess.run(words, cwd=house, env=env, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    return [(code, said) for code, said in json.loads(done.stdout)]


@pytest.mark.feature(20)
def test_a_new_kind_explains_itself_everywhere(house: Path, tmp_path: Path) -> None:
    assert RULE
    database = f"sqlite:///{tmp_path / 'shop.sqlite'}"
    base = '  - {kind: points_per_money, slug: base, points: 1, per: "1.00"}\n'
    rule = RULE.group(1).rstrip()
    (house / "shop.yaml").write_text(a_programme(earning=base + rule))
    (house / "wrong.yaml").write_text(
        a_programme(earning=base + rule.replace("lines_min: 3", "lines_min: 1"))
    )
    lines = [{"line_id": str(n), "sku": f"s{n}", "quantity": "1", "amount": "2.00"} for n in range(4)]
    event = {"specversion": "1.0", "id": "1", "source": "shop.example/orders", "type": "order.paid",
             "time": "2026-01-01T00:00:00Z", "subject": "customer:7",
             "data": {"order_id": "o1", "currency": "USD", "lines": lines}}  # fmt: skip
    (house / "orders.jsonl").write_text(json.dumps(event) + "\n")
    wrong, *right, (_, proof) = regulars(
        house, database, ["programme", "validate", "wrong.yaml"], ["programme", "validate", "shop.yaml"],
        ["programme", "apply", "shop.yaml"], ["import", "events", "orders.jsonl"], ["prove"],
    )  # fmt: skip
    assert wrong[0] == 1
    assert "lines_min" in wrong[1]
    assert [code for code, _ in right] == [0, 0, 0], right
    assert "issued 33 = outstanding 33" in proof
    assert "Every law holds" in proof

    shown = subprocess.run([sys.executable, "-c", SHOWN, database], cwd=house, capture_output=True, text=True,
                           check=False, timeout=600)  # fmt: skip
    assert shown.returncode == 0, shown.stderr
    said = json.loads(shown.stdout)
    assert ["A whole week in one basket", "25 points more for 3 products or more at once."] in said["rules"]
    assert ["A whole week in one basket", "4 products at once.", "+25"] in said["entries"]
