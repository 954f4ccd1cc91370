"""`regulars programme`: validate teaches, plan shows, apply puts in force and never changes the past."""

from __future__ import annotations

from pathlib import Path

import pytest

from members.programme.presets import text
from tests.cli.conftest import Run


@pytest.fixture
def draft(house: Path) -> Path:
    """The grocer's programme in a file."""
    path = house / "p.yaml"
    path.write_text(text("grocery"))
    return path


def test_a_programme_goes_in_and_comes_out_the_same(run: Run, draft: Path) -> None:
    assert "12 rewards" not in run("programme", "plan", str(draft)).stderr
    assert "in force from the beginning" in run("programme", "apply", str(draft)).stdout
    out = draft.with_name("out.yaml")
    out.write_text(run("programme", "export").stdout)
    assert "Nothing is different" in run("programme", "plan", str(out)).stdout
    assert "Marlow & Sons: version 1" in run("programme", "show").stdout


def test_what_is_wrong_is_said_with_line_and_remedy_and_nothing_is_written(run: Run, draft: Path) -> None:
    content = (
        draft.read_text()
        .replace("kind: points_per_money", "kind: points_per_mony", 1)
        .replace("price: 400", "price: lots")
    )
    draft.write_text(content)
    wrong = [
        number for number, line in enumerate(content.splitlines(), 1) if "mony" in line or "lots" in line
    ]
    said = run("programme", "validate", str(draft), code=1).stderr
    assert all(f"line {number}, column" in said for number in wrong), said
    assert "points_per_money" in said
    run("programme", "apply", str(draft), code=1)
    assert "not been set up" in run("programme", "export", code=1).stderr


@pytest.mark.parametrize(
    ("code", "right", "place", "remedy", "nothing", "first"),
    [
        ("ru", "можно применить", "строка", "может быть", "Ничего не записано.", "Первая версия"),
        ("ar", "يمكن تطبيق", "السطر", "هل تقصد", "لم يُكتب شيء.", "إصدار أول"),
    ],
)
def test_what_is_wrong_is_said_in_the_language_that_is_asked_for(
    run: Run, draft: Path, code: str, right: str, place: str, remedy: str, nothing: str, first: str
) -> None:
    written = draft.read_text()
    assert right in run("programme", "validate", str(draft), "--language", code).stdout
    draft.write_text(written.replace("kind: points_per_money", "kind: points_per_mony", 1))
    said = run("programme", "validate", str(draft), "--language", code, code=1).stderr
    assert all(one in said for one in (place, remedy, "points_per_money")), said
    assert "line" not in said
    assert nothing in run("programme", "apply", str(draft), "--language", code, code=1).stderr
    draft.write_text(written)
    assert first in run("programme", "plan", str(draft), "--language", code).stdout
    run("programme", "plan", str(draft), "--language", "tlh", code=2)


def test_a_change_is_planned_applied_and_refused_when_stale(run: Run, draft: Path) -> None:
    run("programme", "apply", str(draft))
    draft.write_text(draft.read_text().replace("price: 400", "price: 450"))
    assert "price from 400 to 450" in run("programme", "plan", str(draft)).stdout
    assert "Version 2" in run("programme", "apply", str(draft), "--base", "1").stdout
    draft.write_text(draft.read_text().replace("price: 450", "price: 460"))
    assert "moved on to version 2" in run("programme", "apply", str(draft), "--base", "1", code=1).stderr
    assert (
        "in the past" in run("programme", "apply", str(draft), "--at", "2020-01-01T00:00:00Z", code=1).stderr
    )
    assert "2099" in run("programme", "apply", str(draft), "--at", "2099-01-01T00:00:00Z").stdout


@pytest.mark.parametrize("time", ["tomorrow", "2099-01-01T00:00:00", "2099-13-01T00:00:00Z"])
def test_a_time_that_is_none_is_refused(run: Run, draft: Path, time: str) -> None:
    assert time in run("programme", "apply", str(draft), "--at", time, code=1).stderr


def test_files_that_are_no_programme(run: Run, house: Path) -> None:
    binary = house / "b.yaml"
    binary.write_bytes(b"name: x\nother: \xff\xfe")
    assert "line 2, column 8" in run("programme", "validate", str(binary), code=1).stderr
    assert "No such file" in run("programme", "validate", str(house / "none.yaml"), code=1).stderr
