"""Exports with the columns that stay, keys, prove, simulate, and backups that come back."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlmodel import select

from app import database, settings
from members.standing import standing_of
from members.tables import Standing
from rewards.tables import Entry, Redemption
from tests.api.shop import SOURCE, an_order
from tests.cli.conftest import Run
from tests.databases import Postgres, clone

COLUMNS = {
    "entries": "entry_id member_id wallet amount kind occurred_at active_from expires_at cause rule version why",
    "standings": "member_id external_ids wallet available pending tier tier_until",
    "awards": "member_id kind slug level awarded_at fact_source fact_id revoked_at",
}


def exported(run: Run, what: str, form: str) -> list[dict[str, Any]]:
    out = run("export", what, "--format", form).stdout
    if form == "csv":
        return list(csv.DictReader(io.StringIO(out)))
    return [json.loads(line) for line in out.splitlines()]


@pytest.mark.parametrize("what", COLUMNS)
def test_columns_are_those_that_tools_rely_on(run: Run, shop: database.Engine, what: str) -> None:
    header = run("export", what, "--format", "csv").stdout.splitlines()[0]
    assert header == COLUMNS[what].replace(" ", ",")
    assert all(list(row) == COLUMNS[what].split() for row in exported(run, what, "jsonl"))


def test_standings_are_what_the_api_says_and_entries_add_up(run: Run, shop: database.Engine) -> None:
    """The first order expired 35 days ago, and no job has run: the export knows it all the same."""
    standings = {row["member_id"]: row for row in exported(run, "standings", "jsonl")}
    with database.reading(shop) as session:
        for member_id in session.exec(select(Standing.member_id)):
            found = standing_of(session, member_id, datetime.now(UTC))
            assert found
            row = standings[str(member_id)]
            assert (row["available"], row["pending"], row["tier"]) == (
                found.available,
                found.pending,
                found.level.slug,
            )
    ours = next(row for row in standings.values() if row["external_ids"] == [f"customer:{SOURCE}:900"])
    assert ours["available"] < 2000
    run("worker", "--help")
    with database.transaction(shop) as session:
        from members.actions.record import advance_due

        advance_due(session, datetime.now(UTC))
    entries = exported(run, "entries", "csv")
    for member_id, row in standings.items():
        mine = sum(int(entry["amount"]) for entry in entries if entry["member_id"] == member_id)
        assert mine == row["available"] + row["pending"]


def test_redemptions_are_exported_without_their_codes(run: Run, shop: database.Engine) -> None:
    (row,) = exported(run, "redemptions", "jsonl")
    assert (row["reward"], row["state"]) == ("coffee", "issued")
    assert not any("code" in name for name in row)
    assert len(exported(run, "members", "csv")) == 2


def test_keys_are_made_shown_once_and_revoked(run: Run) -> None:
    made = run("keys", "create", "till", "--source", SOURCE, "--scope", "redeem", "--scope", "members:read")
    token = made.stdout.strip()
    assert token.startswith("rk_")
    listed = run("keys", "list").stdout
    assert "till" in listed
    assert token not in listed
    assert "already a key" in run("keys", "create", "till", "--source", SOURCE, code=1).stderr
    run("keys", "create", "own", "--source", "regulars", code=1)
    run("keys", "revoke", "till")
    assert "no key in use" in run("keys", "revoke", "till", code=1).stderr
    assert "Every law holds" in run("prove").stdout


@pytest.mark.feature(22)
def test_prove_finds_an_edited_entry_and_names_it(run: Run, shop: database.Engine) -> None:
    assert "Every law holds" in run("prove").stdout
    with database.transaction(shop) as session:
        victim = session.exec(select(Entry).where(Entry.amount == 300)).one()
        member_id, seq = victim.member_id, victim.seq
        session.connection().execute(update(Entry).where(Entry.amount == 300).values(amount=301))  # type: ignore[arg-type]
    said = run("prove", code=1)
    assert str(member_id) in said.stderr
    assert f"entry {seq}" in said.stderr


def test_prove_finds_an_edited_audit(run: Run, shop: database.Engine) -> None:
    run("keys", "create", "till", "--source", SOURCE)
    with database.transaction(shop) as session:
        session.connection().execute(text("UPDATE audit SET actor = 'nobody' WHERE action = 'key.created'"))
    assert "audit" in run("prove", code=1).stderr


@pytest.mark.feature(19)
def test_simulate_says_what_a_file_would_do_and_writes_nothing(
    run: Run, shop: database.Engine, house: Path
) -> None:
    file = house / "events.jsonl"
    events = [
        an_order("10.00"),
        an_order("5.00", customer="new"),
        an_order("5.00", time="2999-01-01T00:00:00Z"),
    ]
    file.write_text("".join(json.dumps(event) + "\n" for event in events))
    with shop.connect() as connection:
        before = connection.execute(text("SELECT count(*) FROM fact")).scalar_one()
    said = [json.loads(line) for line in run("simulate", str(file)).stdout.splitlines()]
    assert [one["status"] for one in said] == ["recorded", "recorded", "refused"]
    with shop.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM fact")).scalar_one() == before
    file.write_text('{"specversion": "1.0",\n')
    assert "line 1, column" in run("simulate", str(file), code=1).stderr


@pytest.fixture
def elsewhere(database_kind: str, empty_template: str, postgres: Postgres | None) -> Any:
    """An empty database of the same kind."""
    with clone(database_kind, empty_template, postgres) as url:
        yield url


def move_to(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_DATABASE_URL", url)
    settings.current.cache_clear()


def everything(run: Run) -> dict[str, list[dict[str, Any]]]:
    return {what: exported(run, what, "jsonl") for what in ("entries", "standings", "members", "redemptions")}


def test_a_backup_comes_back_whole_and_only_into_an_empty_place(
    run: Run, shop: database.Engine, house: Path, elsewhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("keys", "create", "till", "--source", SOURCE)
    file = house / "b.zip"
    run("backup", str(file))
    assert file.stat().st_mode & 0o077 == 0
    before = everything(run)
    assert "no empty place" in run("restore", str(file), code=1).stderr
    move_to(elsewhere, monkeypatch)
    assert "Every law holds" in run("restore", str(file)).stdout
    assert everything(run) == before
    with database.reading(database.shared(elsewhere)) as session:
        assert session.exec(select(Redemption.code_sealed)).one()
    database.shared(elsewhere).dispose()


def test_a_backup_goes_from_one_kind_of_database_to_the_other(
    run: Run, shop: database.Engine, house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = house / "b.zip"
    run("backup", str(file))
    before = everything(run)
    other = f"sqlite:///{tmp_path / 'other.sqlite'}"
    move_to(other, monkeypatch)
    assert "Every law holds" in run("restore", str(file)).stdout
    assert everything(run) == before
    database.shared(other).dispose()


@pytest.mark.parametrize("damage", ["cut", "edited", "missing", "nonsense", "forged"])
def test_a_damaged_backup_restores_nothing(
    run: Run, shop: database.Engine, house: Path, elsewhere: str, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    file = house / "b.zip"
    run("backup", str(file))
    _spoil(file, damage)
    move_to(elsewhere, monkeypatch)
    run("restore", str(file), code=1)
    with database.reading(database.shared(elsewhere)) as session:
        assert session.exec(select(Entry)).all() == []
    database.shared(elsewhere).dispose()


def _spoil(file: Path, damage: str) -> None:
    if damage == "cut":
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    elif damage == "nonsense":
        file.write_bytes(b"no backup")
    else:
        with zipfile.ZipFile(file) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        entries = "tables/entry.jsonl"
        if damage == "missing":
            del parts[entries]
        else:
            parts[entries] = parts[entries].replace(b" 300,", b" 301,")
        if damage == "forged":
            import hashlib

            manifest = json.loads(parts["manifest.json"])
            manifest["tables"]["entry"]["sha256"] = hashlib.sha256(parts[entries]).hexdigest()
            parts["manifest.json"] = json.dumps(manifest).encode()
        with zipfile.ZipFile(file, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)


@pytest.mark.parametrize(
    "words",
    [(), ("serve",), ("worker",), ("demo",), ("import",), ("import", "events"), ("import", "orders"), ("programme",),
     ("programme", "show"), ("programme", "validate"), ("programme", "plan"), ("programme", "apply"),
     ("programme", "export"), ("simulate",), ("export",), ("prove",), ("backup",), ("restore",), ("keys",),
     ("keys", "create"), ("keys", "list"), ("keys", "revoke")],
)  # fmt: skip
def test_every_command_answers_help(words: tuple[str, ...]) -> None:
    from typer.testing import CliRunner

    from app.cli import main

    result = CliRunner().invoke(main, [*words, "--help"])
    assert result.exit_code == 0
    assert "Usage" in result.output


def test_a_database_that_is_away_is_a_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    move_to("postgresql://nobody@127.0.0.1:1/none", monkeypatch)
    assert "does not answer" in run("prove", code=1).stderr
