"""The books of the jobs: where DBOS keeps them, and how they go into a backup and come back."""

from __future__ import annotations

import sqlite3
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path

import psycopg
from psycopg import sql

from app import database
from app.settings import Settings

SCHEMA = "dbos"
FILE_PART = "jobs.sqlite"
FOLDER = "jobs/"
FIRST = "workflow_status"  # the others point to it
KEPT_BY_DBOS = "dbos_migrations"


def address(chosen: Settings) -> str:
    """Beside the SQLite file, or a schema of the same PostgreSQL database."""
    url = database.address(chosen.database_url)
    if url.get_backend_name() == "sqlite":
        return f"sqlite:///{url.database}.jobs"
    patient = {name: str(value) for name, value in database.SILENCE.items()} | dict(url.query)
    return url.set(drivername="postgresql", query=patient).render_as_string(hide_password=False)


def save_store(archive: zipfile.ZipFile, url: str) -> None:
    """Put the books into a backup; there are none before the jobs have run for the first time."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        if path.exists():
            _save_file(archive, path)
        return
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        for table in _tables(connection):
            with archive.open(f"{FOLDER}{table}", "w") as part, connection.cursor() as cursor:
                query = sql.SQL("COPY {} TO STDOUT (FORMAT csv, HEADER)").format(
                    sql.Identifier(SCHEMA, table)
                )
                with cursor.copy(query) as copy:
                    for block in copy:
                        part.write(block)


def _save_file(archive: zipfile.ZipFile, path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.sqlite"
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(whole)) as target:
            source.backup(target)
        archive.write(whole, FILE_PART)


def _tables(connection: psycopg.Connection[tuple[str, ...]]) -> list[str]:
    query = "SELECT table_name FROM information_schema.tables WHERE table_schema = %s AND table_type = 'BASE TABLE'"
    names = {row[0] for row in connection.execute(query, (SCHEMA,))} - {KEPT_BY_DBOS}
    return sorted(names, key=lambda name: (name != FIRST, name))


def load_store(file: Path, url: str) -> bool:
    """Bring the books back; False when they were kept by the other kind of database, and are left out."""
    with zipfile.ZipFile(file) as archive:
        parts = [name for name in archive.namelist() if name.startswith(FOLDER)]
        if FILE_PART in archive.namelist():
            return url.startswith("sqlite") and _load_file(archive, Path(url.removeprefix("sqlite:///")))
        if parts:
            return not url.startswith("sqlite") and _load_tables(archive, parts, url)
    return True


def _load_file(archive: zipfile.ZipFile, path: Path) -> bool:
    draft = path.with_name(f"{path.name}.part")
    draft.write_bytes(archive.read(FILE_PART))
    draft.chmod(0o600)
    for left in path.parent.glob(f"{path.name}-*"):
        left.unlink()
    draft.replace(path)
    return True


def _load_tables(archive: zipfile.ZipFile, parts: list[str], url: str) -> bool:
    from dbos import run_dbos_database_migrations

    run_dbos_database_migrations(url, schema=SCHEMA)
    with psycopg.connect(url) as connection:
        there = _tables(connection)
        for table in there:
            connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.Identifier(SCHEMA, table)))
        for table in there:
            if f"{FOLDER}{table}" in parts:
                _fill(connection, table, archive.read(f"{FOLDER}{table}"))
    return True


def _fill(connection: psycopg.Connection[tuple[str, ...]], table: str, content: bytes) -> None:
    columns = content.split(b"\n", 1)[0].decode().split(",")
    query = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, HEADER)").format(
        sql.Identifier(SCHEMA, table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        copy.write(content)
