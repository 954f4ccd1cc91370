"""What the commands have in common: one way to speak, to show progress, to refuse, and to open the database."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer

from app import settings
from facts.refusals import Refusal, Speaks

if TYPE_CHECKING:
    from rich.progress import Progress
    from sqlalchemy import Engine

REMEDIES = {
    "programme_missing": " Begin with `regulars programme apply FILE`, from a copy of rewards/presets/grocery.yaml.",
}
STAFF = "staff:command-line"  # how the audit names whoever sits at the command line


def say(text: str) -> None:
    """A line for people on standard output."""
    from rich.console import Console

    Console().print(text, markup=False, highlight=False, soft_wrap=True)


def note(text: str) -> None:
    """A line for people on standard error, where it does not mix with data."""
    from rich.console import Console

    Console(stderr=True).print(text, markup=False, highlight=False, soft_wrap=True)


def stop(text: str) -> NoReturn:
    """Say why, and end with exit code 1."""
    note(text)
    raise typer.Exit(1)


def many(number: int, one: str, style: str = ",", *, more: str = "") -> str:
    """`1 member`, `2 members`; `more` is a plural of its own. The number is written in the `style` of `format`."""
    return f"{number:{style}} {one if abs(number) == 1 else more or f'{one}s'}"


@contextmanager
def kindly(language: Speaks | None = None) -> Iterator[None]:
    """A refusal, a missing file and an absent database are one sentence and exit code 1, never a traceback."""
    try:
        yield
    except Refusal as refusal:
        said = str(refusal) if language is None else refusal.sentence(language)
        stop(f"{said}{REMEDIES.get(refusal.code, '')}")
    except OSError as error:
        stop(f"{error.filename or 'A file'}: {error.strerror or error}.")
    except ValueError as error:
        stop(str(error))
    except Exception as error:
        if _is_silence(error):
            stop(f"The database does not answer: {str(getattr(error, 'orig', error)).strip()}")
        raise


def _is_silence(error: Exception) -> bool:
    """Whether a database did not answer: when it has not been imported, it was not asked."""
    known = sys.modules.get("sqlalchemy.exc")
    return known is not None and isinstance(error, known.OperationalError)


@contextmanager
def leaving() -> Iterator[None]:
    """For a process that is no command: what `stop` says ends it."""
    try:
        yield
    except typer.Exit as end:
        sys.exit(end.exit_code)


def bar() -> Progress:
    """A progress bar on standard error, gone when it is done."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip


def opened() -> Engine:
    """The engine of the settings' database, its tables up to date."""
    from app import database

    url = settings.current().database_url
    database.migrate(url)
    return database.shared(url)
