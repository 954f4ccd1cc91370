"""What the commands have in common: one way to speak, to show progress, to refuse, and to open the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from app import database, settings
from facts.refusals import Refusal

REMEDIES = {
    "programme_missing": " Begin with `regulars programme apply FILE`, from a copy of rewards/presets/grocery.yaml.",
}
STAFF = "staff:command-line"  # how the audit names whoever sits at the command line


def say(text: str) -> None:
    """A line for people on standard output."""
    Console().print(text, markup=False, highlight=False, soft_wrap=True)


def note(text: str) -> None:
    """A line for people on standard error, where it does not mix with data."""
    Console(stderr=True).print(text, markup=False, highlight=False, soft_wrap=True)


def stop(text: str) -> NoReturn:
    """Say why, and end with exit code 1."""
    note(text)
    raise typer.Exit(1)


@contextmanager
def kindly() -> Iterator[None]:
    """A refusal, a missing file and an absent database are one sentence and exit code 1, never a traceback."""
    try:
        yield
    except Refusal as refusal:
        stop(f"{refusal}{REMEDIES.get(refusal.code, '')}")
    except OSError as error:
        stop(f"{error.filename or 'A file'}: {error.strerror or error}.")
    except OperationalError as error:
        stop(f"The database does not answer: {str(error.orig).strip()}")
    except ValueError as error:
        stop(str(error))


def bar() -> Progress:
    """A progress bar on standard error, gone when it is done."""
    return Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip


def opened() -> Engine:
    """The engine of the settings' database, its tables up to date."""
    url = settings.current().database_url
    database.migrate(url)
    return database.shared(url)
