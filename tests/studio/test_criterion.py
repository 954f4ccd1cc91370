"""A criterion as boxes: made from the dataclasses, read back as it was, and refused beside the box."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from facts.criteria import KINDS, Criterion, Filter
from members.programme import load
from members.studio.asked import Form, boxes, to_add
from members.studio.criterion import read
from members.studio.shape import COMBINED, SIMPLE, WINDOWS, kind_of, shapes
from members.studio.written import form_of
from tests.builders import PROGRAMME

PROG = load(PROGRAMME)
READ: TypeAdapter[Any] = TypeAdapter(Criterion)
ALL: list[dict[str, Any]] = [
    {"kind": "count", "at_least": 3, "where": {"categories": ["GROCERY > BAKERY", "DELI"]}},
    {"kind": "count", "at_least": 2, "of": "lines", "window": {"kind": "rolling", "days": 30}},
    {"kind": "count", "at_least": 1,
     "where": {"type": "x.review_helpful", "fields": [{"name": "votes", "at_least": 3}]}},
    {"kind": "count", "at_least": 2, "where": {"type": "review.posted", "fields": [
        {"name": "rating", "at_least": 4}, {"name": "verified", "equals": True}, {"name": "sku", "equals": "77"}]}},
    {"kind": "sum", "at_least": "100.50", "where": {"brands": ["Own, & Co"], "amount_min": "5"},
     "window": {"kind": "calendar", "unit": "month"}},
    {"kind": "sum", "at_least": "3", "of": "quantity", "where": {"skus": ["1", "2"], "tags": ["bio"]}},
    {"kind": "distinct", "of": "category", "level": 2, "at_least": 2, "among": ["A", "B", "C"]},
    {"kind": "distinct", "of": "day", "at_least": 5, "where": {"type": "visit"},
     "window": {"kind": "from_joining", "days": 60}},
    {"kind": "largest", "at_least": "140", "window": {"kind": "fixed", "since": "2026-12-01", "until": "2026-12-24"}},
    {"kind": "largest", "at_least": "10", "of": "count", "per": "review_id", "where": {"type": "x.helpful"}},
    {"kind": "streak", "every": "week", "at_least": 4, "times": 2, "freezes": 2,
     "where": {"weekdays": ["sat", "sun"], "hours": [17, 20]}},
    {"kind": "date", "on": ["12-25", "2026-02-14"], "where": {"channels": ["store:1"], "partners": ["p"]}},
    {"kind": "tier", "tier": "gold"},
    {"kind": "manual"},
    {"kind": "event", "where": {"type": "profile.completed"}},
    {"kind": "all", "of": [{"kind": "count", "at_least": 2}, {"kind": "event", "where": {"type": "review.posted"}}]},
    {"kind": "any", "of": [{"kind": "tier", "tier": "gold"}, {"kind": "sum", "at_least": "9"}]},
    {"kind": "n_of", "at_least": 2, "of": [{"kind": "count", "at_least": n} for n in (1, 2, 3)]},
    {"kind": "all", "of": [
        {"kind": "manual"}, {"kind": "any", "of": [{"kind": "manual"}, {"kind": "tier", "tier": "gold"}]}]},
]  # fmt: skip


@pytest.mark.parametrize("raw", ALL, ids=lambda raw: f"{raw['kind']}-{ALL.index(raw)}")
def test_a_criterion_comes_back_from_its_boxes_as_it_was(raw: dict[str, Any]) -> None:
    criterion = READ.validate_python(raw)
    found = read(form_of(criterion), PROG)
    assert found.problems == {}
    assert found.criterion == criterion


def test_every_kind_filter_and_window_has_its_boxes() -> None:
    assert {*SIMPLE, *COMBINED} == {kind_of(one) for one in KINDS}
    assert {raw["kind"] for raw in ALL} == {*SIMPLE, *COMBINED}
    assert set(WINDOWS) == {"ever", "calendar", "rolling", "fixed", "from_joining"}
    for kind, one in SIMPLE.items():
        form: Form = {"part.0.kind": kind} | {"part.0.of": "category" if kind == "distinct" else "count"}
        names = {asked.name.split(".")[2] for asked in boxes(form, "part.0")}
        assert names == {shape.name for shape in shapes(one)}
    form = {"part.0.kind": "count"}
    assert to_add(form, "part.0") == [
        "skus", "categories", "brands", "tags", "channels", "partners", "amount_min", "weekdays", "hours",
    ]  # fmt: skip
    form["part.0.where.type"] = "review.posted"
    assert to_add(form, "part.0") == ["weekdays", "hours", "fields"]
    assert {one.name for one in shapes(Filter)} - {"type", "fields"} == {
        "skus", "categories", "brands", "tags", "channels", "partners", "amount_min", "weekdays", "hours",
    }  # fmt: skip


def test_a_field_that_no_box_holds_is_an_error() -> None:
    from dataclasses import dataclass

    @dataclass(frozen=True)
    class Strange:
        kind: str
        odd: dict[str, int]

    with pytest.raises(TypeError, match="no box"):
        shapes(Strange)


COUNT = {"part.0.kind": "count", "part.0.at_least": "3"}
WRONG: list[tuple[dict[str, str], str]] = [
    ({}, ""),
    ({"part.0.kind": "sudoku"}, "part.0.kind"),
    ({"part.0.kind": "all"}, "part.0.kind"),
    ({"part.0.at_least": ""}, "part.0.at_least"),
    ({"part.0.at_least": "0"}, "part.0.at_least"),
    ({"part.0.at_least": "many"}, "part.0.at_least"),
    ({"part.0.at_least": "9" * 40}, "part.0.at_least"),
    ({"part.0.of": "apples"}, "part.0.of"),
    ({"part.0.window.kind": "rolling", "part.0.window.days": "500"}, "part.0.window.days"),
    ({"part.0.window.kind": "rolling", "part.0.window.days": ""}, "part.0.window.days"),
    ({"part.0.window.kind": "calendar", "part.0.window.unit": "aeon"}, "part.0.window.unit"),
    ({"part.0.window.kind": "nowhere"}, "part.0.window.kind"),
    ({"part.0.window.kind": "fixed", "part.0.window.since": "2026-12-24", "part.0.window.until": "2026-12-01"},
     "part.0.window.until"),
    ({"part.0.window.kind": "fixed", "part.0.window.since": "soon", "part.0.window.until": "2026-12-01"},
     "part.0.window.since"),
    ({"part.0.where.brands": ""}, "part.0.where.brands"),
    ({"part.0.where.weekdays": "mon someday"}, "part.0.where.weekdays"),
    ({"part.0.where.hours.0": "20", "part.0.where.hours.1": "17"}, "part.0.where.hours"),
    ({"part.0.where.hours.0": "20", "part.0.where.hours.1": "late"}, "part.0.where.hours"),
    ({"part.0.where.amount_min": "5.001"}, "part.0.where.amount_min"),
    ({"part.0.where.categories": "GROCERY > > X"}, "part.0.where.categories"),
    ({"part.0.where.type": "order.placed"}, "part.0.where.type"),
    ({"part.0.where.type": "x.", "part.0.where.own": ""}, "part.0.where.own"),
    ({"part.0.where.type": "review.posted", "part.0.where.fields.0.name": "", "part.0.where.fields.0.value": "3"},
     "part.0.where.fields.0"),
    ({"part.0.where.type": "review.posted", "part.0.where.fields.0.name": "rating", "part.0.where.fields.0.value": "x"},
     "part.0.where.fields.0"),
    ({"part.0.where.type": "review.posted", "part.0.where.fields.0.name": "rating",
      "part.0.where.fields.0.value": "--5"},
     "part.0.where.fields.0"),
    ({"part.0.kind": "sum", "part.0.at_least": "0.005"}, "part.0.at_least"),
    ({"part.0.kind": "sum", "part.0.at_least": "-5"}, "part.0.at_least"),
    ({"part.0.kind": "sum", "part.0.at_least": "NaN"}, "part.0.at_least"),
    ({"part.0.kind": "sum", "part.0.where.type": "review.posted"}, "part.0.where.type"),
    ({"part.0.kind": "largest", "part.0.of": "count", "part.0.per": ""}, "part.0.of"),
    ({"part.0.kind": "largest", "part.0.of": "count", "part.0.per": "review_id", "part.0.at_least": "2.5"},
     "part.0.at_least"),
    ({"part.0.kind": "distinct", "part.0.of": "brand", "part.0.among": "A\nB"}, "part.0.at_least"),
    ({"part.0.kind": "date", "part.0.on": "13-45"}, "part.0.on"),
    ({"part.0.kind": "tier", "part.0.tier": "platinum"}, "part.0.tier"),
    ({"part.1.kind": "tier", "part.1.tier": ""}, "part.1.tier"),
    ({"part.1.kind": "manual", "together": "xor"}, "together"),
    ({"part.1.kind": "manual", "together": "n_of", "together.at_least": "3"}, "together.at_least"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "box"), WRONG, ids=lambda one: one if isinstance(one, str) else "")
def test_what_is_wrong_is_said_beside_its_box(change: dict[str, str], box: str) -> None:
    found = read(COUNT | change, PROG)
    assert list(found.problems) == ([box] if box else [])
    assert (found.criterion is None) == bool(box)
