"""A stranger follows docs/tour.md in a copy of the house, word by word, and the new rule kind works."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.database import migrate
from tests.repo.sources import PACKAGES, ROOT, files

TOUR = (ROOT / "docs" / "tour.md").read_text()
STEPS = """
import json, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app import database
from facts.events import parse
from members import programme
from members.actions.record import record
from members.tables import Standing
from members.programme.presets import text as preset
from rewards.tables import Entry
from rewards.why import amount_of
from sqlmodel import select

url, rule = sys.argv[1:]
text = preset("grocery")
with_rule = text.replace("\\nearning:\\n", "\\nearning:\\n" + rule, 1)
said = [str(problem) for problem in programme.validate(with_rule.replace("lines_min: 3", "lines_mim: 3"))]
engine = database.engine(url)
now = datetime.now(UTC).replace(microsecond=0)


def fact(id, type, ago, **data):
    time = (now - timedelta(days=ago)).isoformat()
    return parse({"specversion": "1.0", "id": id, "source": "shop.example/orders", "type": type, "time": time,
                  "subject": "customer:7", "data": {"order_id": "o1", **data}})


def stand():
    with database.reading(engine) as session:
        entries = session.exec(select(Entry).order_by(Entry.seq)).all()
        week = [(e.rule, e.amount, amount_of(json.loads(e.why))) for e in entries if e.rule == "week"]
        return session.exec(select(Standing.balance)).one(), week


lines = [{"line_id": str(n), "sku": f"s{n}", "quantity": "1", "amount": "10.00"} for n in range(3)]
with database.transaction(engine) as session:
    programme.apply(session, programme.load(with_rule), base=None, actor="test", now=now - timedelta(days=40))
with database.transaction(engine) as session:
    record(session, [fact("1", "order.paid", 30, currency="USD", lines=lines)], now)
after_order = stand()
with database.transaction(engine) as session:
    back = [{"line_id": "2", "quantity": "1", "amount": "10.00"}]
    record(session, [fact("2", "order.refunded", 20, refund_id="r1", lines=back)], now)
print(json.dumps({"said": said, "order": after_order, "refund": stand()}))
"""


def block(name: str) -> str:
    """The code block of the tour with this name after its language."""
    found = re.search(rf"^```\w+ {re.escape(name)}\n(.*?)^```$", TOUR, re.MULTILINE | re.DOTALL)
    assert found, f"docs/tour.md has no block for {name}"
    return found.group(1)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the packages, with the tour's file and the tour's line."""
    for path in files():
        name = path.relative_to(ROOT)
        if name.parts[0] in PACKAGES:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, tmp_path / name)
    (tmp_path / "rewards/earning/full_basket.py").write_text(block("rewards/earning/full_basket.py"))
    registry = tmp_path / "rewards/earning/__init__.py"
    text, line = registry.read_text(), block("rewards/earning/__init__.py")
    kind = line.strip().rstrip(",")
    assert (text.count("    FixedPoints,\n"), line.count("\n")) == (1, 1)
    text = text.replace("    FixedPoints,\n", f"    FixedPoints,\n{line}")
    first = text.index("from rewards.earning.fixed_points")
    registry.write_text(f"{text[:first]}from rewards.earning.full_basket import {kind}\n{text[first:]}")
    return tmp_path


def test_a_new_earning_rule_is_one_file_and_one_line(house: Path, tmp_path: Path) -> None:
    rule = re.search(r"^```yaml\n(  - kind: full_basket\n.*?)^```$", TOUR, re.MULTILINE | re.DOTALL)
    assert rule
    url = f"sqlite:///{tmp_path / 'shop.sqlite'}"
    migrate(url)
    done = subprocess.run(
        [sys.executable, "-c", STEPS, url, rule.group(1)],
        cwd=house,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)

    assert len(answer["said"]) == 2, "the misspelt field is unknown, and the right one is missing"
    assert "lines_min" in " ".join(answer["said"])
    balance, week = answer["order"]
    assert week == [["week", 25, 25]]
    assert balance == 3 * 100 + 25
    balance, week = answer["refund"]
    assert [entry[1] for entry in week] == [25, -25]
    assert all(amount == again for _, amount, again in week)
    assert balance == 2 * 100


def test_the_copy_is_what_ran(house: Path) -> None:
    """The script imports the copy, not the installed project."""
    asked = "import rewards.earning as e; print(e.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", asked], cwd=house, capture_output=True, text=True, check=True
    )
    assert Path(found.stdout.strip()).is_relative_to(house)
