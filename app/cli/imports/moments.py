"""Moments in a shop's file: whatever way they are written, in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from app.cli.imports.columns import Batch
from app.cli.imports.mapping import Map

NOWHEN = datetime(1, 1, 1, tzinfo=UTC)  # stands where a cell was no moment; its order is never posted
Array = Any


def moments(first: Batch, mapping: Map, zone: ZoneInfo, days: int) -> list[datetime]:
    """When each order happened, in UTC; local times are those of `zone`, and move by `days` on its calendar."""
    column, form = mapping.order.time, mapping.order.format
    array = first.columns[column]
    texts = pa.types.is_string(array.type) or pa.types.is_large_string(array.type)
    cells = first.text(column).to_pylist() if texts else _microseconds(array).to_pylist()
    found: list[datetime] = []
    wrong = np.zeros(len(cells), dtype=bool)
    shift = timedelta(days=days)
    for index, cell in enumerate(cells):
        try:
            moment = _moment(cell, form) + shift
        except (ValueError, TypeError, OverflowError):
            wrong[index] = True
            found.append(NOWHEN)
            continue
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        found.append(moment.astimezone(UTC))
    if wrong.any():
        hint = (
            f"a time like {form}" if form else "a time like 2026-01-31T18:05:00; give its format in the map"
        )
        first.note(pa.array(wrong), column, f"“{{}}” is not {hint}")
    return found


def _microseconds(array: Array) -> Array:
    if pa.types.is_timestamp(array.type):
        return array.cast(pa.timestamp("us", array.type.tz), safe=False)
    return array


def _moment(cell: object, form: str) -> datetime:
    if isinstance(cell, str):
        if form:
            return datetime.strptime(cell, form)  # noqa: DTZ007 -- its zone comes from the map
        return datetime.fromisoformat(cell)
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    raise ValueError("not a moment")
