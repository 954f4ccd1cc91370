"""docs/import.md: its example works as it stands, and it names every key that a map may have."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.cli.imports.mapping import (
    Cancellation,
    Csv,
    Join,
    LineColumns,
    Map,
    OrderColumns,
    Skip,
    Words,
    read_map,
)
from app.cli.imports.orders import OrderFile

GUIDE = (Path(__file__).parents[2] / "docs" / "import.md").read_text(encoding="utf-8")


def test_the_example_does_what_the_guide_says(tmp_path: Path) -> None:
    for name, text in re.findall(r"^```\w+ ([\w.-]+)\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE):
        (tmp_path / name).write_text(text, encoding="utf-8")
    file = OrderFile(tmp_path / "orders.csv", read_map(tmp_path / "my-shop.toml"), ZoneInfo("UTC"))
    checked = file.check()
    facts = {fact.id: fact for fact in file.facts(checked)}
    assert not checked.problems
    assert [line["amount"] for line in facts["1001"].data["lines"]] == ["15.00", "10.00"]
    assert facts["1002"].subject == ""
    assert facts["1003:1001"].data["lines"] == [{"line_id": "2", "quantity": "1", "amount": "10.00"}]
    assert set(facts) == {"1001", "1002", "1003:1001"}


@pytest.mark.parametrize("part", [Map, OrderColumns, LineColumns, Join, Skip, Cancellation, Csv, Words])
def test_every_key_is_in_the_guide(part: type[Map]) -> None:
    missing = [name for name in part.model_fields if not re.search(rf"[`\[{{ \n]{name}[`\] =]", GUIDE)]
    assert missing == []
