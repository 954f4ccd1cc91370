"""A member's data as an archive: `data.json` with everything, and a CSV file for each section."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from sqlmodel import Session

from members.own_records import Row, sections

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


def write_archive(session: Session, member_id: UUID, file: IO[bytes], now: datetime) -> None:
    """Write the archive into `file`, a section at a time."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        everything: dict[str, Any] = {"made_at": now.isoformat(), "member_id": str(member_id)}
        for name, columns, rows in sections(session, member_id):
            kept = list(rows)
            everything[name] = kept
            archive.writestr(f"{name}.csv", _csv(columns, kept))
        archive.writestr("data.json", json.dumps(everything, ensure_ascii=False, indent=1))


def _csv(columns: tuple[str, ...], rows: list[Row]) -> str:
    made = io.StringIO()
    made.write("\ufeff")  # spreadsheets take it for UTF-8 then
    writer = csv.writer(made)
    writer.writerow(columns)
    writer.writerows([_cell(row[name]) for name in columns] for row in rows)
    return made.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, (dict, list)):
        value = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
