"""`regulars export`: everything there is, one row each, as JSON lines or CSV, from one moment of the database."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import IO, Annotated, Any
from uuid import UUID

import typer

from app import database
from app.cli.terminal import STAFF, bar, kindly, opened
from members.audit import audit
from members.records import COLUMNS, rows


class Kind(StrEnum):
    """What can be exported."""

    ENTRIES = "entries"
    STANDINGS = "standings"
    AWARDS = "awards"
    MEMBERS = "members"
    REDEMPTIONS = "redemptions"
    AUDIT = "audit"


class Format(StrEnum):
    """How it is written."""

    JSONL = "jsonl"
    CSV = "csv"


def export_command(
    what: Annotated[Kind, typer.Argument(help="What to write out.")],
    format_: Annotated[
        Format, typer.Option("--format", help="JSON lines, or CSV with a header.")
    ] = Format.JSONL,
) -> None:
    """Write WHAT to standard output, one row each. That it was written out is in the audit."""
    with kindly():
        engine, now = opened(), datetime.now(UTC)
        database.attempt(
            engine, lambda session: audit(session, STAFF, "data.exported", f"records:{what}", {}, now)
        )
        with database.reading(engine) as session, bar() as progress:
            task = progress.add_task(f"Writing {what}", total=None)
            found = _counted(rows(session, what, now), lambda: progress.advance(task, 1000))
            write(found, COLUMNS[what], format_, sys.stdout)


def _counted(found: Iterator[tuple[Any, ...]], advance: Any) -> Iterator[tuple[Any, ...]]:
    for number, row in enumerate(found, 1):
        yield row
        if number % 1000 == 0:
            advance()


def write(found: Iterator[tuple[Any, ...]], columns: tuple[str, ...], format_: Format, out: IO[str]) -> None:
    """Write rows in a format. What is a list or an object in JSON is JSON text in a CSV field."""
    if format_ is Format.CSV:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        for row in found:
            writer.writerow([_text(value) for value in row])
        return
    for row in found:
        out.write(json.dumps(dict(zip(columns, row, strict=True)), default=_plain, ensure_ascii=False))
        out.write("\n")


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date | UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _text(value: Any) -> str | int:
    if value is None:
        return ""
    if isinstance(value, str | int):
        return value
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else _plain(value)
