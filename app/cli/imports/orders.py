"""A file of orders: read twice in constant memory, once to check every row, once to make the facts.

A file whose orders stand together and in the order of time is streamed. Any other file is held in memory,
in the columns that the map reads, and brought into that order first, since history in order is weighed
many times faster than history backwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from heapq import merge
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.cli.imports.building import Block, decode, facts
from app.cli.imports.cancellations import SoldLine, match, refunds
from app.cli.imports.columns import Batch, as_text
from app.cli.imports.joining import Joined
from app.cli.imports.lines import line_ids
from app.cli.imports.mapping import Map
from app.cli.imports.moments import moments
from app.cli.imports.reading import BATCH_ROWS, Problem, Rows
from facts.events import Fact
from facts.money import minor_digits

SLACK = timedelta(hours=2)  # a till's clock, and the hours that summer time makes twice, go back a little


@dataclass(slots=True)
class Checked:
    """What a first reading found."""

    orders: int = 0
    lines: int = 0
    cancelled_lines: int = 0
    left_out: int = 0
    problems: list[Problem] = field(default_factory=list[Problem])
    bad_orders: frozenset[str] = frozenset()


class OrderFile:
    """The orders in one file, as facts. `only` takes these customers alone; `days` moves all dates."""

    def __init__(
        self, path: Path, mapping: Map, zone: ZoneInfo, *, only: frozenset[str] | None = None, days: int = 0
    ) -> None:
        self.mapping = mapping
        self.zone = ZoneInfo(mapping.zone) if mapping.zone else zone
        self.only = pa.array(sorted(only), pa.string()) if only is not None else None
        self.days = days
        self.rows = Rows(path, mapping.csv)
        self.joined = Joined(self.rows, mapping)
        self.rows.take([name for name in mapping.columns() if name not in self.joined.columns])
        self._table: pa.Table | None = None
        self._order: np.ndarray | None = None
        self._cancelled: list[SoldLine] = []

    def check(self) -> Checked:
        """Read everything once: what is there, and what is wrong with it."""
        found, in_order = self._check()
        if not in_order:
            self._hold()
            found, _ = self._check()
        found.problems = sorted(
            set(found.problems + self.rows.ragged), key=lambda problem: (problem.row, problem.column)
        )
        return found

    def _check(self) -> tuple[Checked, bool]:
        found, in_order = Checked(), True
        seen: set[str] = set()
        bad: set[str] = set()
        self._cancelled = []
        latest = None
        for block, skipped in self._blocks():
            found.left_out += skipped
            found.lines += len(block.rows)
            found.orders += len(block.order_ids)
            found.problems += block.problems
            bad |= _bad_orders(block)
            before = len(seen)
            seen.update(block.order_ids)
            in_order = in_order and len(seen) == before + len(block.order_ids)
            times = block.times if latest is None else [latest, *block.times]
            in_order = in_order and all(a - b <= SLACK for a, b in pairwise(times))
            latest = block.times[-1] if block.times else latest
            if block.cancelled is not None:
                self._cancelled += self._lines_of(block, block.cancelled)
        found.cancelled_lines = len(self._cancelled)
        found.bad_orders = frozenset(bad)
        return found, in_order

    def facts(self, checked: Checked) -> Iterator[Fact]:
        """The facts in the order of time, without the orders in which something is wrong."""
        bad = checked.bad_orders
        orders = (fact for block, _ in self._blocks() for fact in facts(block, self.mapping, bad))
        if not self._cancelled:
            return orders
        return merge(orders, self._refunds(bad), key=lambda fact: fact.occurred_at)

    def _refunds(self, bad: frozenset[str]) -> list[Fact]:
        cancelled = [line for line in self._cancelled if line.order_id not in bad]
        keys = pa.array(sorted({"\x1f".join(line.key) for line in cancelled}), pa.string())
        sales: list[SoldLine] = []
        for block, _ in self._blocks():
            wanted = pc.is_in(_keys(block), value_set=keys).to_numpy(zero_copy_only=False)
            sales += self._lines_of(
                block, wanted & ~block.cancelled if block.cancelled is not None else wanted
            )
        parts = match(cancelled, [line for line in sales if line.order_id not in bad])
        return refunds(parts, self.mapping.source, self.mapping.order.customer_is, self._digits())

    def _digits(self) -> int:
        return minor_digits(self.mapping.currency) if self.mapping.currency else 4

    def _lines_of(self, block: Block, wanted: np.ndarray) -> list[SoldLine]:
        ids = line_ids(block.line, block.starts, block.ends)
        orders = np.repeat(np.arange(len(block.starts)), block.ends - block.starts)
        customers, skus = block.customers.to_pylist(), block.line["sku"]
        quantities, amounts = block.line["quantity"], block.line["amount"]
        scale = 10 ** self._digits()
        lines: list[SoldLine] = []
        for index in np.flatnonzero(wanted).tolist():
            order = int(orders[index])
            quantity = int(quantities[index].as_py() * 1_000_000)
            amount = int(amounts[index].as_py() * scale)
            key = (customers[order] or "", skus[index].as_py() or "")
            lines.append(
                SoldLine(
                    key, block.times[order], block.order_ids[order], ids[index], quantity, amount, quantity
                )
            )
        return lines

    def _blocks(self) -> Iterator[tuple[Block, int]]:
        """Whole orders, decoded, and how many rows were left out on purpose before them."""
        for columns, rows in self._held() if self._table is not None else self._streamed():
            batch = Batch(columns, rows, self.mapping.csv.decimal)
            if self.only is not None:
                batch = batch.keep(pc.is_in(batch.text(self.mapping.order.customer), value_set=self.only))
            before = len(batch)
            batch = Batch(self.joined.add(batch.columns), batch.rows, self.mapping.csv.decimal)
            for skip in self.mapping.skip:
                gone = batch.answer(skip)
                gone = pc.and_not(gone, batch.answer(skip.unless)) if skip.unless else gone
                batch = batch.keep(pc.invert(gone))
            skipped = before - len(batch)
            if len(batch):
                yield decode(batch, self.mapping, self.zone, self.days), skipped

    def _streamed(self) -> Iterator[tuple[dict[str, Any], np.ndarray]]:
        """Row batches as they come, cut so that an order is never cut."""
        rest: pa.RecordBatch | None = None
        first = 0
        for start, batch in self.rows.batches():
            whole = pa.concat_batches([rest, batch]) if rest is not None else batch
            first = start - (rest.num_rows if rest is not None else 0)
            ids = pc.fill_null(as_text(whole.column(self.mapping.order.id)), "")
            other = np.flatnonzero(pc.not_equal(ids, ids[-1]).to_numpy(zero_copy_only=False))
            cut = int(other[-1]) + 1 if len(other) else 0
            rest = whole.slice(cut)
            if cut:
                yield _columns(whole.slice(0, cut)), np.arange(first, first + cut)
            first += cut
        if rest is not None:
            yield _columns(rest), np.arange(first, first + rest.num_rows)

    def _hold(self) -> None:
        """Keep the file's columns, and the order in which its rows make a history."""
        batches = [batch for _, batch in self.rows.batches()]
        table = self._table = pa.Table.from_batches(batches).combine_chunks()
        ids = pc.fill_null(as_text(table.column(self.mapping.order.id).combine_chunks()), "")
        codes = ids.dictionary_encode().indices.to_numpy(zero_copy_only=False)
        _, firsts = np.unique(codes, return_index=True)
        first = Batch(_columns(table.take(pa.array(firsts))), firsts, self.mapping.csv.decimal)
        times = moments_of(first, self.mapping, self.zone)
        rank = np.empty(len(firsts), dtype=np.int64)
        rank[np.lexsort((firsts, times))] = np.arange(len(firsts))
        self._order = np.argsort(rank[codes], kind="stable")

    def _held(self) -> Iterator[tuple[dict[str, Any], np.ndarray]]:
        assert self._table is not None
        assert self._order is not None
        ids = as_text(self._table.column(self.mapping.order.id).combine_chunks())
        start = 0
        while start < len(self._order):
            end = min(start + BATCH_ROWS, len(self._order))
            while end < len(self._order) and ids[int(self._order[end])] == ids[int(self._order[end - 1])]:
                end += 1
            rows = self._order[start:end]
            yield _columns(self._table.take(pa.array(rows))), rows
            start = end


def moments_of(first: Batch, mapping: Map, zone: ZoneInfo) -> np.ndarray:
    """The times of orders as microseconds, to sort by."""
    return np.array(
        [int(moment.timestamp() * 1_000_000) for moment in moments(first, mapping, zone, 0)], dtype=np.int64
    )


def _columns(table: pa.RecordBatch | pa.Table) -> dict[str, Any]:
    arrays = [
        array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array for array in table.columns
    ]
    return dict(zip(table.schema.names, arrays, strict=True))


def _keys(block: Block) -> Any:
    """Customer and article of each line as one text."""
    per_line = np.repeat(np.arange(len(block.starts)), block.ends - block.starts)
    customers = pc.fill_null(block.customers, "").take(pa.array(per_line))
    return pc.binary_join_element_wise(customers, block.line["sku"], "\x1f")


def _bad_orders(block: Block) -> set[str]:
    """The orders that have a row with a problem."""
    if not block.problems:
        return set()
    rows = np.array(sorted({problem.row for problem in block.problems}))
    hit = np.flatnonzero(np.isin(block.rows, rows))
    orders = np.searchsorted(block.starts, hit, side="right") - 1
    return {block.order_ids[int(order)] for order in orders}
