"""Rows as CSV that a spreadsheet opens as what they are: nothing in them is taken for a formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

MEDIA_TYPE = "text/csv; charset=utf-8"
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for one at the beginning of a cell


def written(rows: Iterable[Sequence[Any]]) -> str:
    """The rows, each ended by a line feed."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def moment(at: datetime) -> str:
    """A moment as ISO 8601 in UTC."""
    return at.isoformat().replace("+00:00", "Z")


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        value = moment(value)
    said = value if isinstance(value, str | int) else json.dumps(value)
    return f"'{said}" if isinstance(said, str) and said.startswith(FORMULA) else str(said)
