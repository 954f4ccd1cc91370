"""The programme with sixty earning rules: of every kind that can be published, with every sort of limit."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli.bench import many_rules
from app.cli.bench.figures import MODULES, Measured
from app.cli.bench.place import Bench
from app.cli.bench.rules import ACTIVE, KINDS, with_rules
from members.programme.presets import preset
from rewards.earning import BY_KIND
from tests.builders import NOW


def test_sixty_rules_of_every_kind_are_active() -> None:
    programme = with_rules(preset("grocery", NOW))
    assert len(programme.earning) == ACTIVE == 60
    assert set(KINDS) == set(BY_KIND), "app/cli/bench/rules.py says what a rule of each kind is like"
    assert {rule.kind for rule in programme.earning} == set(BY_KIND)
    limited = {name for rule in programme.earning for name in rule.model_fields_set}
    assert limited >= {
        "when",
        "pause",
        "budget",
        "cap_per_day",
        "cap_per_week",
        "cap_per_month",
        "promotional",
    }
    assert with_rules(programme, 0) == programme


def test_each_figure_of_many_rules_is_measured() -> None:
    assert tuple(many_rules.COMPARED) == MODULES["many_rules"]


def test_a_figure_that_cannot_be_had_does_not_hide_those_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: Bench) -> Measured:
        raise ValueError("no disk left")

    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))  # a run has one of its own
    known: dict[str, Measured] = {}
    bench = Bench(tmp_path)
    bench.keep = known.update
    monkeypatch.setattr(
        many_rules, "COMPARED", {"P1r": lambda _: Measured(0.5), "P2r": fails, "P4r": lambda _: Measured(1)}
    )
    with pytest.raises(ValueError, match="no disk left"):
        many_rules.measure(bench)
    assert known == {"P1r": Measured(0.5)}
