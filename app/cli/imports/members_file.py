"""The rows of a file of people, each with its line; what is no row is said by its line, and the rest goes on."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import IO

from app.cli.imports.mapping import Csv
from app.cli.imports.reading import open_bytes
from facts.refusals import Refusal

ROWS_MAX = 500_000
CELL_MAX = 10_000  # characters; nobody's name or address is longer
LINE_MAX = 1_000_000
NOTHING = "\ufffd"  # stands for a NUL, which is in no text


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong in a line, and what would be right. A `note` leaves something out, and lets the rest come."""

    line: int
    column: str
    problem: str
    right: str = ""
    note: bool = False
    file: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a line that the map reads, without the spaces around them."""

    line: int
    cells: dict[str, str]


def rows(
    path: Path, layout: Csv, columns: Sequence[str], may_lack: Sequence[str] = ()
) -> Iterator[Row | Trouble]:
    """The rows of a CSV file in its order. Refuses a file that is none, or that lacks a column."""
    try:
        with _text(path, layout) as text:
            lines = _Lines(text)
            reader = csv.reader(lines, delimiter=layout.delimiter, strict=True)
            header = _header(path, layout, reader, columns, may_lack)
            yield from _rows(path, layout, reader, lines, header, columns)
    except FileNotFoundError:
        raise Refusal("file_missing", "There is no file {file}.", file=str(path)) from None
    except (OSError, EOFError, LookupError, UnicodeError) as error:
        raise Refusal("file_unreadable", "{file} cannot be read: {problem}.", file=path.name,
                      problem=str(error).splitlines()[0].rstrip(".")) from None  # fmt: skip


def _text(path: Path, layout: Csv) -> IO[str]:
    with open_bytes(path) as start:
        mark = start.read(4)
    encoding = layout.encoding
    if mark.startswith((b"\xff\xfe", b"\xfe\xff")) and not encoding.lower().startswith("utf-16"):
        said = "{file} is UTF-16 text: save it as “CSV UTF-8”, or say encoding = “utf-16” under [csv] in the map."
        raise Refusal("file_utf16", said, file=path.name)
    if encoding.lower() in ("utf-8", "utf8"):
        encoding = "utf-8-sig"
    return TextIOWrapper(open_bytes(path), encoding=encoding, errors="surrogateescape", newline="")


class _Lines:
    """Lines of at most `LINE_MAX`, without NUL; `odd` are the numbers of those that were not as they should be."""

    def __init__(self, text: IO[str]) -> None:
        self.text = text
        self.number = 0
        self.odd: dict[int, str] = {}

    def __iter__(self) -> Iterator[str]:
        while line := self.text.readline(LINE_MAX):
            self.number += 1
            if len(line) == LINE_MAX and not line.endswith(("\n", "\r")):
                self._swallow()
                self.odd[self.number] = f"the line is longer than {LINE_MAX:,} characters"
                line = "\n"
            if "\0" in line:
                self.odd[self.number] = "there is a NUL in it, which is in no text"
                line = line.replace("\0", NOTHING)
            yield line

    def _swallow(self) -> None:
        while (rest := self.text.readline(LINE_MAX)) and not rest.endswith(("\n", "\r")):
            pass


def _header(path: Path, layout: Csv, reader: Iterator[list[str]], columns: Sequence[str],
            may_lack: Sequence[str]) -> list[str]:  # fmt: skip
    try:
        header = [name.strip() for name in next(reader, list[str]())]
    except csv.Error as error:
        raise Refusal(
            "header_malformed", "{file}, line 1: {problem}.", file=path.name, problem=str(error)
        ) from None
    twice = next((name for name in header if name and header.count(name) > 1), "")
    if twice:
        raise Refusal(
            "columns_twice",
            "{file}, line 1: the column “{name}” is there twice.",
            file=path.name,
            name=_printed([twice]),
        )
    missing = [name for name in columns if name not in header and name not in may_lack]
    if missing:
        said = "{file}, line 1: there is no column {missing}. Its columns are: {names}.{hint}"
        raise Refusal("columns_missing", said, file=path.name, missing=", ".join(f"“{name}”" for name in missing),
                      names=_printed(header) or "none", hint=_hint(header, layout.delimiter))  # fmt: skip
    return header


def _printed(names: Sequence[str]) -> str:
    """Names of columns as they may be shown: of whatever is in a file, a terminal obeys nothing."""
    return "".join(sign if sign.isprintable() else NOTHING for sign in ", ".join(names)[:1000])


def _hint(header: Sequence[str], delimiter: str) -> str:
    """What may be wrong with a file whose columns are not found."""
    names = {";": "semicolons", "\t": "tabs", ",": "commas", "|": "bars"}
    for other, name in names.items():
        if other != delimiter and len(header) == 1 and other in header[0]:
            said = "\\t" if other == "\t" else other
            return f' It seems to be written with {name}: say delimiter = "{said}" under [csv] in the map.'
    return ""


def _rows(path: Path, layout: Csv, reader: Iterator[list[str]], lines: _Lines, header: Sequence[str],
          columns: Sequence[str]) -> Iterator[Row | Trouble]:  # fmt: skip
    places = {name: header.index(name) for name in columns if name in header}
    before, count = lines.number, 0
    while True:
        start = before + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            before = lines.number
            yield _broken(start, before, str(error), layout)
            if "field larger" in str(error):
                return  # where this cell ends, and what comes after it, nobody can tell
            continue
        before, count = lines.number, count + 1
        if count > ROWS_MAX:
            raise Refusal("file_large", "{file} has more than {most} rows: make several files of it.", file=path.name,
                          most=f"{ROWS_MAX:,}")  # fmt: skip
        if found := _trouble(start, before, cells, header, lines, layout):
            yield found
        elif any(cell.strip() for cell in cells):
            yield Row(start, {name: cells[place].strip() for name, place in places.items()})


def _broken(start: int, end: int, error: str, layout: Csv) -> Trouble:
    if "field larger" in error:
        most = csv.field_size_limit()
        problem = f"a cell goes on for more than {most:,} characters, so nothing after it is read"
        return Trouble(start, "", problem, "close the quote that opens in it")
    if "unexpected end" in error:
        return Trouble(
            start,
            "",
            f"a quote opens here and is not closed before line {end}, the last one",
            'close it with "',
        )
    return Trouble(start, "", f"a quote stands where none may be ({error})",
                   f'write a cell with {layout.delimiter} or quotes in it as "so ""quoted"""')  # fmt: skip


def _trouble(start: int, end: int, cells: Sequence[str], header: Sequence[str], lines: _Lines,
             layout: Csv) -> Trouble | None:  # fmt: skip
    odd = (
        next((lines.odd[line] for line in range(start, end + 1) if line in lines.odd), "")
        if lines.odd
        else ""
    )
    if odd:
        return Trouble(start, "", odd, "write the line anew")
    if not any(cells):
        return None
    if len(cells) != len(header):
        right = f"as many as in line 1; a {layout.delimiter} within a cell needs quotes around the cell"
        return Trouble(start, "", f"{len(cells)} cells where the header has {len(header)}", right)
    for name, cell in zip(header, cells, strict=True):
        if len(cell) > CELL_MAX:
            return Trouble(start, name, f"{len(cell):,} characters in one cell", f"at most {CELL_MAX:,}")
        if not cell.isascii() and any("\ud800" <= sign <= "\udfff" for sign in cell):
            right = (
                'save the file as “CSV UTF-8”, or say its encoding under [csv] in the map, such as "cp1252"'
            )
            return Trouble(start, name, f"there are bytes in it that are no {layout.encoding} text", right)
    return None
