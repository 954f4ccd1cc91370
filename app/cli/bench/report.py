"""The table of the figures, and bench/results.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from app.cli.bench.figures import FIGURES, Measured
from app.cli.bench.rounds import DISTURBED

RESULTS = Path("bench/results.json")


def rows(
    found: Mapping[str, Measured], *, quick: bool, now: datetime | None = None
) -> dict[str, dict[str, Any]]:
    """What is kept of each figure."""
    at = (now or datetime.now(UTC)).isoformat(timespec="seconds")
    kept: dict[str, dict[str, Any]] = {}
    for name, measured in found.items():
        figure = FIGURES[name]
        kept[name] = {
            "value": round(measured.value, 4),
            "floor": figure.floor,
            "goal": figure.goal,
            "unit": figure.unit,
            "reached": figure.reaches(measured.value, figure.floor),
            "goal_reached": figure.reaches(measured.value, figure.goal),
            "disturbed": measured.others > DISTURBED,
            "others": round(measured.others, 2),
            "quick": quick,
            "at": at,
            "detail": measured.detail,
        }
    return kept


def keep(path: Path, new: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Write the figures beside those of earlier runs, which stay when they were not measured anew."""
    old: dict[str, dict[str, Any]] = json.loads(path.read_text()) if path.exists() else {}
    whole = {name: new.get(name) or old[name] for name in FIGURES if name in new or name in old}
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n")
    return whole


def table(kept: Mapping[str, dict[str, Any]]) -> Table:
    """The figures for people."""
    made = Table("", "figure", "value", "floor", "goal", "unit", "reached?", box=None)
    for column in made.columns[2:5]:
        column.justify = "right"
    for name, row in kept.items():
        reached = "goal" if row["goal_reached"] else "floor" if row["reached"] else "[bold]no[/bold]"
        notes = [word for word in ("quick", "disturbed") if row[word]]
        said = reached + (f" ({', '.join(notes)})" if notes else "")
        made.add_row(name, FIGURES[name].text, _number(row["value"]), _number(row["floor"]), _number(row["goal"]),
                     row["unit"], said)  # fmt: skip
    return made


def _number(value: float) -> str:
    return f"{value:,.3f}".rstrip("0").rstrip(".") if abs(value) < 100 else f"{value:,.0f}"


def show(kept: Mapping[str, dict[str, Any]]) -> None:
    """Print the table."""
    Console().print(table(kept))
