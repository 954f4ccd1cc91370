"""A backup: one zip file with a manifest and a list of rows for each table, read from one moment of the database.

Rows are plain JSON, one array a line, so a backup of SQLite can be restored into PostgreSQL and the other way
round. The manifest has the digest of every part: what is damaged, or missing, is not restored at all.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy import Column, DateTime, Engine, Table, func, insert, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session

from app import database
from app.migrations.tables import metadata
from members.audit import noted

FORMAT = 1
LEFT_OUT = {"outbox"}  # news for screens that were open then
STRETCH = 1000

Step = Callable[[int], object]


class BackupBroken(ValueError):
    """The file is not a whole backup, or this is no place to restore it to; the sentence says which."""


def save(
    engine: Engine, file: Path, now: datetime, more: Callable[[zipfile.ZipFile], None], step: Step
) -> dict[str, int]:
    """Write everything to `file`, which is there when it is complete and not before; returns rows by table.

    `more` may add parts of its own.
    """
    draft = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with (
            _private(draft) as opened,
            zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        ):
            with database.reading(engine) as session:
                connection = session.connection()
                parts = {table.name: _save_table(connection, table, archive, step) for table in _tables()}
                revision = _revision(connection)
                head = noted(session)
            manifest = {"format": FORMAT, "made_at": now.isoformat(), "revision": revision, "tables": parts}
            manifest["audit"] = head
            archive.writestr("manifest.json", json.dumps(manifest, indent=1))
            more(archive)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return {name: part["rows"] for name, part in parts.items()}


def _private(path: Path) -> BinaryIO:
    """A new file for its owner's eyes only."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _tables() -> list[Table]:
    return [table for table in metadata().sorted_tables if table.name not in LEFT_OUT]


def _revision(connection: Connection) -> str:
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def _save_table(connection: Connection, table: Table, archive: zipfile.ZipFile, step: Step) -> dict[str, Any]:
    digest, count = hashlib.sha256(), 0
    query = select(*table.columns).order_by(*table.primary_key.columns)
    result = connection.execution_options(yield_per=STRETCH).execute(query)
    with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as part:
        for rows in result.partitions():
            lines = "".join(
                json.dumps([_plain(value) for value in row], ensure_ascii=False) + "\n" for row in rows
            ).encode()
            digest.update(lines)
            part.write(lines)
            count += len(rows)
            step(len(rows))
    names = [column.name for column in table.columns]
    return {"columns": names, "rows": count, "sha256": digest.hexdigest()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    return value


def rows_of(archive: zipfile.ZipFile, name: str) -> Iterator[dict[str, Any]]:
    """The rows of one table of a backup, by the names of their columns."""
    names: list[str] = json.loads(archive.read("manifest.json"))["tables"][name]["columns"]
    table = next(one for one in _tables() if one.name == name)
    kinds = [_kind(table.columns[one]) for one in names]
    with archive.open(f"tables/{name}.jsonl") as lines:
        for line in lines:
            yield _row(names, kinds, json.loads(line))


def load(session: Session, file: Path, step: Step) -> dict[str, int]:
    """Bring the rows of `file` into the caller's transaction; returns rows by table.

    Refuses a file that is damaged, one whose tables are not today's, and a place that is not empty.
    """
    connection = session.connection()
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = json.loads(archive.read("manifest.json"))
            _refuse_other(manifest, connection)
            return {table.name: _load_table(connection, table, archive, manifest["tables"][table.name], step)
                    for table in _tables()}  # fmt: skip
    except (zipfile.BadZipFile, KeyError, json.JSONDecodeError, EOFError, UnicodeDecodeError) as error:
        raise BackupBroken(f"{file.name} is not a whole backup: {error}. Nothing was restored.") from None


def _refuse_other(manifest: dict[str, Any], connection: Connection) -> None:
    here = _revision(connection)
    if manifest["format"] != FORMAT or manifest["revision"] != here:
        raise BackupBroken(
            f"This backup has the tables of revision {manifest['revision']}, and these here are of {here}: restore it "
            "with the version of Regulars that made it, and then update."
        )
    for table in _tables():
        if connection.execute(select(func.count()).select_from(table)).scalar_one():
            raise BackupBroken(
                f"This is no empty place: there are rows in {table.name}. Restore into a new database."
            )


def _load_table(
    connection: Connection, table: Table, archive: zipfile.ZipFile, part: dict[str, Any], step: Step
) -> int:
    columns = [table.columns[name] for name in part["columns"]]
    kinds = [_kind(column) for column in columns]
    names = [column.name for column in columns]
    digest, count = hashlib.sha256(), 0
    with archive.open(f"tables/{table.name}.jsonl") as lines:
        for stretch in _stretches(lines):
            for line in stretch:
                digest.update(line)
            rows = [_row(names, kinds, json.loads(line)) for line in stretch]
            connection.execute(insert(table), rows)
            count += len(rows)
            step(len(rows))
    if digest.hexdigest() != part["sha256"] or count != part["rows"]:
        raise BackupBroken(f"The rows of {table.name} are not as they were saved. Nothing was restored.")
    return count


def _kind(column: Column[Any]) -> type:
    if isinstance(column.type, TypeDecorator) and isinstance(column.type.impl, DateTime):
        return datetime
    return column.type.python_type


def _stretches(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    stretch: list[bytes] = []
    for line in lines:
        stretch.append(line)
        if len(stretch) == STRETCH:
            yield stretch
            stretch = []
    if stretch:
        yield stretch


def _row(names: list[str], kinds: list[type], values: list[Any]) -> dict[str, Any]:
    return {name: _typed(kind, value) for name, kind, value in zip(names, kinds, values, strict=True)}


def _typed(kind: type, value: Any) -> Any:
    if value is None:
        return None
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is UUID:
        return UUID(hex=value)
    if kind is bytes:
        return base64.b64decode(value)
    return value
