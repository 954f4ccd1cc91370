"""Columns from a second file beside the first: what is known of each product, looked up by its number."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from app.cli.imports.columns import as_text
from app.cli.imports.mapping import Map
from app.cli.imports.reading import Rows
from facts.refusals import Refusal


class Joined:
    """The joined files of a map, held in memory, in the columns that are needed."""

    def __init__(self, main: Rows, mapping: Map) -> None:
        self.columns: set[str] = set()
        self._tables: list[tuple[str, Any, dict[str, Any]]] = []
        wanted = [name for name in mapping.columns() if name not in main.names]
        for join in mapping.join:
            rows = Rows(main.path.parent / join.file, mapping.csv)
            columns = [name for name in wanted if name in rows.names and name not in self.columns]
            rows.take([join.on, *columns])
            table = pa.Table.from_batches([batch for _, batch in rows.batches()]).combine_chunks()
            keys = as_text(table.column(join.on).combine_chunks())
            if len(pc.unique(keys)) != len(keys):
                raise Refusal("join_twice", "{file}: one “{column}” is there twice, so it says two things.",
                              file=join.file, column=join.on)  # fmt: skip
            self._tables.append(
                (join.on, keys, {name: table.column(name).combine_chunks() for name in columns})
            )
            self.columns.update(columns)

    def add(self, columns: dict[str, Any]) -> dict[str, Any]:
        """`columns` of a batch with the joined ones, null where the second file knows nothing."""
        for on, keys, held in self._tables:
            places = pc.index_in(as_text(columns[on]), value_set=keys)
            columns = columns | {name: array.take(places) for name, array in held.items()}
        return columns
