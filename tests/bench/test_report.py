"""The table of the figures, the file beside it, and the choice of what is measured."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from app.cli.bench.figures import FIGURES, MODULES, Measured, wanted
from app.cli.bench.report import keep, rows, table
from app.cli.bench.rounds import at, by_turns

NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)


def test_a_figure_is_reached_from_its_own_side() -> None:
    kept = rows({"P1": Measured(0.3), "P8": Measured(3.5, others=0.6)}, quick=False, now=NOW)
    assert {name: kept["P1"][name] for name in ("value", "floor", "goal", "unit")} == {
        "value": 0.3, "floor": 0.25, "goal": 0.6, "unit": "x"}  # fmt: skip
    assert (kept["P1"]["reached"], kept["P1"]["goal_reached"], kept["P1"]["disturbed"]) == (
        True,
        False,
        False,
    )
    assert (kept["P8"]["reached"], kept["P8"]["goal_reached"], kept["P8"]["disturbed"]) == (
        False,
        False,
        True,
    )


def test_results_of_other_figures_stay(tmp_path: Path) -> None:
    path = tmp_path / "bench" / "results.json"
    keep(path, rows({"P16": Measured(0.1)}, quick=True, now=NOW))
    kept = keep(path, rows({"P2": Measured(0.2), "P16": Measured(0.3)}, quick=False, now=NOW))
    assert json.loads(path.read_text()) == kept
    assert [(name, row["value"]) for name, row in kept.items()] == [("P2", 0.2), ("P16", 0.3)]


def test_the_table_says_what_was_not_reached_and_why_to_doubt_it() -> None:
    console = Console(width=160, record=True, file=StringIO())
    found = {name: Measured(0.0 if figure.low else 99.0) for name, figure in FIGURES.items()}
    found["P1"] = Measured(0.1, others=0.9)
    console.print(table(rows(found, quick=True, now=NOW)))
    lines = console.export_text().splitlines()
    assert len(lines) == len(FIGURES) + 1
    assert "no (quick, disturbed)" in lines[1]
    assert all("goal (quick)" in line for line in lines[2:])


def test_every_figure_has_a_place_where_it_is_measured() -> None:
    measured = {name for names in MODULES.values() for name in names}
    assert {name.split()[0] for name in FIGURES} == measured
    assert wanted([]) == list(MODULES)
    assert wanted(["p2b", "P1", "P9"]) == ["one_fact", "importing_sqlite", "sockets"]
    assert wanted(["P11"]) == ["first_load", "links"], "the page behind a friend's link is one more page"
    assert wanted(["P13"]) == ["links"]
    with pytest.raises(ValueError, match="There is no figure P99"):
        wanted(["P99"])


def test_the_median_of_interleaved_rounds() -> None:
    ours, theirs = iter([1.0, 9.0, 3.0]), iter([2.0, 3.0, 4.0])
    order: list[str] = []

    def one() -> float:
        order.append("ours")
        return next(ours)

    def other() -> float:
        order.append("theirs")
        return next(theirs)

    assert by_turns(3, one, other, ("a", "b")).value == 0.75
    assert order == ["ours", "theirs", "theirs", "ours", "ours", "theirs"]
    assert at(95, [float(n) for n in range(100)]) == 95.0
