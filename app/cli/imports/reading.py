"""Rows of CSV and Parquet files in batches of constant memory, and the place of any row for a person to find."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from app.cli.imports.mapping import Csv
from facts.refusals import Refusal

BATCH_ROWS = 65_536


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in the file, at the row (from 0) and the column where it is."""

    row: int
    column: str
    text: str


class Rows:
    """A table on disk, seen through the columns that a map reads."""

    def __init__(self, path: Path, layout: Csv) -> None:
        self.path = path
        self.layout = layout
        self.ragged: list[Problem] = []
        self.is_csv = not path.name.endswith(".parquet")
        self.names = self._names()
        self.columns: list[str] = []

    def take(self, columns: Sequence[str]) -> None:
        """Read these columns only; refuses when one of them is not there."""
        missing = [column for column in columns if column not in self.names]
        if missing:
            raise Refusal(
                "columns_missing",
                "{file}, line 1: there is no column {missing}. Its columns are: {names}.",
                file=self.path.name,
                missing=", ".join(f"“{name}”" for name in missing),
                names=", ".join(self.names),
            )
        self.columns = list(columns)

    def _names(self) -> list[str]:
        try:
            if not self.is_csv:
                return list(pa.parquet.ParquetFile(self.path).schema_arrow.names)
            with self._text() as text:
                header = next(csv.reader(text, delimiter=self.layout.delimiter), list[str]())
        except FileNotFoundError:
            raise Refusal("file_missing", "There is no file {file}.", file=str(self.path)) from None
        except (pa.ArrowInvalid, OSError, EOFError, UnicodeDecodeError, LookupError) as error:
            raise self._unreadable(error) from None
        twice = sorted({name for name in header if header.count(name) > 1})
        if twice:
            raise Refusal("columns_twice", "{file}, line 1: the column “{name}” is there twice.",
                          file=self.path.name, name=twice[0])  # fmt: skip
        return header

    def _text(self) -> IO[str]:
        encoding = "utf-8-sig" if self.layout.encoding.lower() in ("utf-8", "utf8") else self.layout.encoding
        return TextIOWrapper(open_bytes(self.path), encoding=encoding, newline="")

    def _unreadable(self, error: BaseException) -> Refusal:
        return Refusal("file_unreadable", "{file} cannot be read: {problem}.",
                       file=self.path.name, problem=str(error).splitlines()[0].rstrip("."))  # fmt: skip

    def batches(self) -> Iterator[tuple[int, pa.RecordBatch]]:
        """The rows in the file's order: the number of a batch's first row, and the batch. CSV cells are text."""
        first = 0
        try:
            for batch in self._csv() if self.is_csv else self._parquet():
                yield first, batch
                first += batch.num_rows
        except UnicodeDecodeError as error:
            raise self._not_text(error) from None
        except pa.ArrowInvalid as error:
            raise (self._not_text(error) if "UTF8" in str(error) else self._unreadable(error)) from None
        except OSError as error:
            raise self._unreadable(error) from None

    def _parquet(self) -> Iterator[pa.RecordBatch]:
        with pa.parquet.ParquetFile(self.path) as file:
            yield from file.iter_batches(batch_size=BATCH_ROWS, columns=self.columns)

    def _csv(self) -> Iterator[pa.RecordBatch]:
        found: list[Problem] = []

        def note(row: pyarrow.csv.InvalidRow) -> str:
            text = f"{row.actual_columns} cells where the header has {row.expected_columns}"
            found.append(Problem(len(found), "", text))
            return "skip"

        with pa.csv.open_csv(
            pa.input_stream(self.path),
            pa.csv.ReadOptions(use_threads=False, encoding=self.layout.encoding),
            pa.csv.ParseOptions(
                delimiter=self.layout.delimiter, newlines_in_values=True, invalid_row_handler=note
            ),
            pa.csv.ConvertOptions(
                include_columns=self.columns,
                column_types={name: pa.string() for name in self.names},
                null_values=[""],
                strings_can_be_null=True,
            ),
        ) as reader:
            yield from reader
        self.ragged = found

    def _not_text(self, error: Exception) -> Refusal:
        """Name the line whose bytes are not text in the file's encoding."""
        with open_bytes(self.path) as lines:
            for number, line in enumerate(lines, 1):
                try:
                    line.decode(self.layout.encoding)
                except UnicodeDecodeError as wrong:
                    return Refusal("file_not_text", "{file}, line {line}, byte {byte}: this is not {encoding} text.",
                                   file=self.path.name, line=number, byte=wrong.start + 1,
                                   encoding=self.layout.encoding)  # fmt: skip
        return self._unreadable(error)

    def places(self, problems: Sequence[Problem]) -> list[str]:
        """Where each problem is, in words: the line of a CSV file, the row of a Parquet file, and the column."""
        if not self.is_csv:
            return [_place(f"row {problem.row + 1}", problem.column) for problem in problems]
        wanted = {problem.row for problem in problems if problem.column}
        lines: dict[int, int] = {}
        odd: list[int] = []
        with self._text() as text:
            reader = csv.reader(text, delimiter=self.layout.delimiter)
            width, before, row = len(next(reader)), reader.line_num, 0
            for cells in reader:
                start, before = before + 1, reader.line_num
                if not cells:
                    continue
                if len(cells) != width:
                    odd.append(start)
                    continue
                if row in wanted:
                    lines[row] = start
                row += 1
        return [
            _place(f"line {lines.get(found.row, 0) if found.column else odd[found.row]}", found.column)
            for found in problems
        ]


def open_bytes(path: Path) -> IO[bytes]:
    """The file's bytes, unpacked when its name ends with .gz."""
    opened: Any = gzip.GzipFile(path) if path.suffix == ".gz" else path.open("rb")
    return opened


def _place(where: str, column: str) -> str:
    return f"{where}, column {column}" if column else where
