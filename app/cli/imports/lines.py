"""Order lines out of columns: exact values, set by set, then one small dictionary a line, as the wire has it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.cli.imports.columns import Batch, plain
from app.cli.imports.mapping import LineColumns

Array = Any


def line_columns(
    batch: Batch, line: LineColumns, digits: int, cancelled: np.ndarray | None
) -> dict[str, Array]:
    """The columns of every line, as texts and exact numbers; `cancelled` rows count without their sign."""
    columns: dict[str, Array] = {"sku": batch.needed(line.sku)}
    if line.id:
        columns["id"] = batch.needed(line.id)
    for name, places in (("quantity", 6), ("amount", digits), ("tax", digits), ("discount", digits)):
        calculation = getattr(line, name)
        if calculation is None:
            continue
        numbers = batch.total(calculation, places, needed=name in ("quantity", "amount"))
        if cancelled is not None:
            numbers = pc.if_else(pa.array(cancelled), pc.abs(numbers), numbers)
        refuse_below_zero(
            batch, numbers, calculation.columns[-1] if calculation.columns else calculation.text
        )
        columns[name] = numbers
    for name in ("name", "brand"):
        cell = getattr(line, name)
        if cell:
            columns[name] = batch.words(cell)
    for level, cell in enumerate(line.category):
        columns[f"category {level}"] = batch.words(cell)
    return columns


def refuse_below_zero(batch: Batch, numbers: Array, column: str) -> None:
    """Note the rows whose number is negative."""
    low = pc.less(numbers, pa.scalar(Decimal(0), numbers.type))
    text = "is below zero: rows that take goods back need a [cancellation] in the map, and others a [[skip]]"
    batch.note(pc.fill_null(low, False), column, text)


def nonzero(numbers: Array) -> list[str | None]:
    """Decimals as text, with nothing in the place of zero."""
    return pc.if_else(
        pc.equal(numbers, pa.scalar(Decimal(0), numbers.type)), None, numbers.cast(pa.string())
    ).to_pylist()


def line_ids(column: dict[str, Array], starts: np.ndarray, ends: np.ndarray) -> list[str]:
    """The id of each line: the file's own, or its place in its order."""
    if "id" in column:
        return column["id"].to_pylist()
    places = np.arange(len(column["sku"])) - np.repeat(starts, ends - starts) + 1
    return pa.array(places).cast(pa.string()).to_pylist()


def wire_lines(column: dict[str, Array], ids: list[str]) -> list[dict[str, Any]]:
    """The lines as facts have them, without the fields that say nothing."""
    required = zip(
        ids,
        column["sku"].to_pylist(),
        plain(column["quantity"]),
        column["amount"].cast(pa.string()).to_pylist(),
        strict=True,
    )
    lines: list[dict[str, Any]] = [
        {"line_id": line_id, "sku": sku, "quantity": quantity, "amount": amount}
        for line_id, sku, quantity, amount in required
    ]
    optional: dict[str, list[Any]] = {
        name: column[name].to_pylist() for name in ("name", "brand") if name in column
    }
    optional |= {name: nonzero(column[name]) for name in ("tax", "discount") if name in column}
    levels = [column[name] for name in column if name.startswith("category ")]
    if levels:
        optional["category"] = _paths(levels)
    for name, values in optional.items():
        for line, value in zip(lines, values, strict=True):
            if value:
                line[name] = value
    return lines


def _paths(levels: list[Array]) -> list[list[str]]:
    """The category path of each row: its levels down to the first empty one. Equal paths are one list."""
    codes = np.zeros(len(levels[0]), dtype=np.int64)
    for level in levels:
        encoded = level.dictionary_encode()
        indices = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
        codes = codes * (len(encoded.dictionary) + 1) + indices + 1
    _, firsts, inverse = np.unique(codes, return_index=True, return_inverse=True)
    pool: list[list[str]] = []
    for values in zip(*(level.take(pa.array(firsts)).to_pylist() for level in levels), strict=True):
        path: list[str] = []
        for value in values:
            if not value:
                break
            path.append(value)
        pool.append(path)
    return [pool[index] for index in inverse.tolist()]
