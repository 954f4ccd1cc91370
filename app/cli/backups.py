"""`regulars backup` and `regulars restore`: everything in one file, and back again, proved."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from app import database, settings
from app.cli.laws import broken_chains, tell
from app.cli.snapshots import BackupBroken, load, save
from app.cli.terminal import bar, kindly, note, opened, say, stop
from app.jobs.store import address, load_store, save_store
from members.audit import noted
from members.prove import prove


def backup_command(
    file: Annotated[Path, typer.Argument(help="The file to write.", show_default=False)],
) -> None:
    """Write everything into FILE, as it is at one moment, while the shop is open."""
    with kindly():
        engine = opened()
        with bar() as progress:
            task = progress.add_task("Saving", total=None)
            books = address(settings.current())
            counts = save(
                engine,
                file,
                datetime.now(UTC),
                lambda archive: save_store(archive, books),
                lambda count: progress.advance(task, count),
            )
            with database.reading(engine) as session:
                head = noted(session)
        say(f"{sum(counts.values()):,} rows of {len(counts)} tables are in {file}.")
        if head:
            say(f"The audit ends with {head} - note it elsewhere: `regulars prove --expect {head}`.")


def restore_command(
    file: Annotated[Path, typer.Argument(help="What `regulars backup` wrote.", show_default=False)],
) -> None:
    """Bring FILE back into an empty place, and prove it. All of it comes back, or nothing."""
    with kindly():
        engine = opened()
        try:
            with database.transaction(engine) as session, bar() as progress:
                task = progress.add_task("Restoring", total=None)
                counts = load(session, file, lambda count: progress.advance(task, count))
                progress.update(task, description="Proving")
                proof, chains = prove(session), broken_chains(session)
                if proof.flaws or chains:
                    tell(proof, chains)
                    raise BackupBroken("The books in this file do not hold. Nothing was restored.")
        except BackupBroken as broken:
            stop(str(broken))
        if not load_store(file, address(settings.current())):
            note(
                "The books of the jobs were kept by another kind of database: the jobs begin anew, and lose nothing."
            )
        tell(proof, chains)
        say(f"{sum(counts.values()):,} rows of {len(counts)} tables are back.")
