"""Orders out of rows: whole orders of a batch, decoded column by column, and the facts that they make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.cli.imports.columns import Batch
from app.cli.imports.lines import line_columns, line_ids, nonzero, refuse_below_zero, wire_lines
from app.cli.imports.mapping import Map
from app.cli.imports.moments import moments
from app.cli.imports.reading import Problem
from facts.events import Fact
from facts.money import minor_digits
from facts.refusals import Refusal

LINES_MAX = 5000
Array = Any


@dataclass(slots=True)
class Block:
    """Whole orders, decoded: what each line says, what each order says, and where each order begins."""

    rows: np.ndarray
    starts: np.ndarray
    order_ids: list[str]
    times: list[datetime]
    subjects: list[str]
    customers: Array
    order: dict[str, list[str | None]]
    line: dict[str, Array]
    cancelled: np.ndarray | None
    problems: list[Problem]

    @property
    def ends(self) -> np.ndarray:
        """Where each order ends."""
        return np.append(self.starts[1:], len(self.rows))


def decode(batch: Batch, mapping: Map, zone: ZoneInfo, days: int) -> Block:
    """The orders in `batch`, whose rows of one order stand together. Times move by `days`."""
    ids = batch.needed(mapping.order.id)
    starts = _starts(ids)
    first = Batch(
        {name: array.take(pa.array(starts)) for name, array in batch.columns.items()},
        batch.rows[starts],
        batch.decimal,
    )
    currencies, digits = _currencies(first, mapping)
    cancelled = None
    if mapping.cancellation:
        cancelled = batch.answer(mapping.cancellation.where).to_numpy(zero_copy_only=False)
    customers = (
        first.text(mapping.order.customer) if mapping.order.customer else pa.nulls(len(starts), pa.string())
    )
    block = Block(
        batch.rows,
        starts,
        ids.take(pa.array(starts)).to_pylist(),
        moments(first, mapping, zone, days),
        _subjects(customers, mapping),
        customers,
        {"currency": currencies, **_order_columns(first, mapping, digits)},
        line_columns(batch, mapping.line, digits, cancelled),
        cancelled,
        [],
    )
    _check_sizes(block, batch, mapping)
    block.problems = batch.problems + first.problems
    return block


def _starts(ids: Array) -> np.ndarray:
    """The rows where a new order begins."""
    if not len(ids):
        return np.zeros(0, dtype=np.int64)
    filled = pc.fill_null(ids, "")
    new = pc.not_equal(filled[1:], filled[:-1]).to_numpy(zero_copy_only=False)
    return np.concatenate(([0], np.flatnonzero(new) + 1))


def _currencies(first: Batch, mapping: Map) -> tuple[list[str | None], int]:
    """The currency of each order, and the decimal places that hold all of them."""
    if mapping.currency:
        return [mapping.currency] * len(first), minor_digits(mapping.currency)
    column = first.needed(mapping.currency_column, longest=3)
    digits = 0
    for code in pc.unique(column).to_pylist():
        try:
            digits = max(digits, minor_digits(code or ""))
        except Refusal:
            first.note(
                pc.fill_null(pc.equal(column, code), False),
                mapping.currency_column,
                "“{}” is not a currency code",
            )
    return column.to_pylist(), digits


def _subjects(customers: Array, mapping: Map) -> list[str]:
    kind = mapping.order.customer_is
    return [f"{kind}:{value}" if value else "" for value in customers.to_pylist()]


def _order_columns(first: Batch, mapping: Map, digits: int) -> dict[str, list[str | None]]:
    order = mapping.order
    columns: dict[str, list[str | None]] = {}
    if order.channel:
        columns["channel"] = first.words(order.channel).to_pylist()
    for name in ("shipping", "tax", "discount"):
        calculation = getattr(order, name)
        if calculation:
            numbers = first.total(calculation, digits, needed=False)
            refuse_below_zero(first, numbers, calculation.text)
            columns[name] = nonzero(numbers)
    return columns


def _check_sizes(block: Block, batch: Batch, mapping: Map) -> None:
    sizes = block.ends - block.starts
    for index in np.flatnonzero(sizes > LINES_MAX):
        row = int(block.rows[block.starts[index]])
        batch.problems.append(Problem(row, mapping.order.id, f"the order has more than {LINES_MAX} lines"))
    if "id" in block.line:
        order = np.repeat(np.arange(len(sizes)), sizes)
        codes = block.line["id"].dictionary_encode()
        both = (
            order * (len(codes.dictionary) + 1)
            + pc.fill_null(codes.indices, -1).to_numpy(zero_copy_only=False)
            + 1
        )
        _, firsts = np.unique(both, return_index=True)
        again = np.ones(len(both), dtype=bool)
        again[firsts] = False
        batch.note(pa.array(again), mapping.line.id, "“{}” is there twice in one order")


def facts(block: Block, mapping: Map, bad: frozenset[str]) -> Iterator[Fact]:
    """The facts of the orders in `block`, in their order; `bad` orders are left out."""
    lines = wire_lines(block.line, line_ids(block.line, block.starts, block.ends))
    whole = block.cancelled is None or not block.cancelled.any()
    extras = [(name, values) for name, values in block.order.items() if name != "currency"]
    for index, (start, end) in enumerate(zip(block.starts.tolist(), block.ends.tolist(), strict=True)):
        order_id = block.order_ids[index]
        if order_id in bad:
            continue
        own = lines[start:end]
        if not whole and block.cancelled is not None:
            own = [
                line
                for line, taken_back in zip(own, block.cancelled[start:end], strict=True)
                if not taken_back
            ]
            if not own:
                continue
        data: dict[str, Any] = {
            "order_id": order_id,
            "currency": block.order["currency"][index],
            "lines": own,
        }
        for name, values in extras:
            if values[index]:
                data[name] = values[index]
        yield Fact(mapping.source, order_id, mapping.type, block.times[index], block.subjects[index], data)
