"""`regulars programme`: look at the programme, check a draft, see what it would change, and put it in force."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlmodel import Session

from app import database
from app.cli.backfills import backfill_command
from app.cli.terminal import REMEDIES, STAFF, kindly, note, opened, say, stop
from facts.language import SOURCE, Language, codes, language
from facts.refusals import Refusal
from members.programme import (
    Problem,
    Programme,
    ProgrammeInvalid,
    apply,
    dump,
    load,
    plan,
    validate,
    versions,
)
from members.programme.versions import FOR_EVER, Version

programme_app = typer.Typer(
    help="The rules of the programme: tiers, points and rewards, as one file.", no_args_is_help=True
)

programme_app.command("backfill")(backfill_command)

File = Annotated[Path, typer.Argument(help="A programme as YAML.", show_default=False)]
BYTES_MAX = 4_000_000


def _spoken(code: str) -> str:
    if code not in codes():
        raise typer.BadParameter(f"choose one of {', '.join(codes())}")
    return code


InLanguage = Annotated[
    str, typer.Option("--language", help="In which language it is said: en, ru or ar.", callback=_spoken)
]


@programme_app.command("show")
def show() -> None:
    """What is in force, and all versions there were."""
    with kindly():
        engine = opened()
        with database.reading(engine) as session:
            line = versions(session)
        current = line.at(datetime.now(UTC))
        document = current.programme
        say(f"{_named(document)}: version {current.number}, {document.currency}, {document.timezone}")
        console, table = Console(), Table("version", "in force from", "made", "by", box=None)
        for version in line.whole:
            table.add_row(
                str(version.number),
                _since(version),
                f"{version.created_at:%Y-%m-%d %H:%M} UTC",
                version.actor,
            )
        console.print(table)
        parts = Table("part", "slug", "name", box=None)
        for level in document.tiers.levels:
            parts.add_row("tier", level.slug, document.words(level.name, "en"))
        for rule in document.earning:
            parts.add_row("earning rule", rule.slug, document.words(rule.name, "en") if rule.name else "")
        for reward in document.rewards:
            parts.add_row("reward", reward.slug, document.words(reward.name, "en"))
        for badge in document.badges:
            parts.add_row("badge", badge.slug, document.words(badge.name, "en"))
        for challenge in document.challenges:
            parts.add_row("challenge", challenge.slug, document.words(challenge.name, "en"))
        console.print(parts)


@programme_app.command("validate")
def validate_command(file: File, code: InLanguage = SOURCE) -> None:
    """Say what is wrong in FILE, where, and what would be right. Needs no database."""
    spoken = language(code)
    with kindly(spoken):
        problems = validate(_text(file))
        _noted(problems, file, spoken)
        if problems:
            raise typer.Exit(1)
        say(spoken.text("{file} can be applied.", file=file.name))


@programme_app.command("plan")
def plan_command(file: File, code: InLanguage = SOURCE) -> None:
    """Say what would change with FILE in force. Writes nothing."""
    spoken = language(code)
    with kindly(spoken):
        new = _loaded(file, spoken)
        latest = _latest()
        changes = plan(latest.programme if latest else None, new, spoken)
        for change in changes:
            say(str(change))
        if not changes:
            number = latest.number if latest else 0
            say(spoken.text("Nothing is different from version {number}.", number=number))


@programme_app.command("apply")
def apply_command(
    file: File,
    at: Annotated[
        str,
        typer.Option(help="When it comes into force, such as 2027-01-01T00:00:00-05:00; now when left out."),
    ] = "",
    base: Annotated[
        int | None, typer.Option(help="The version FILE was made from: refused when there is a newer one.")
    ] = None,
    code: InLanguage = SOURCE,
) -> None:
    """Put FILE in force. What was earned before stays as it was."""
    spoken = language(code)
    with kindly(spoken):
        new = _loaded(file, spoken)
        starts = _moment(at)
        latest = _latest()
        now = datetime.now(UTC)
        for change in plan(latest.programme if latest else None, new, spoken):
            say(str(change))
        number = base if base is not None else (latest.number if latest else None)

        def work(session: Session) -> Version:
            return apply(session, new, base=number, effective_from=starts, actor=STAFF, now=now)

        done = database.attempt(opened(), work)
        since = _since(done, spoken)
        say(spoken.text("Version {number} is in force from {since}.", number=done.number, since=since))


@programme_app.command("export")
def export() -> None:
    """The newest version as YAML, on standard output."""
    with kindly():
        latest = _latest()
        if latest is None:
            stop(f"The programme has not been set up yet.{REMEDIES['programme_missing']}")
        typer.echo(dump(latest.programme), nl=False)


def _text(file: Path) -> str:
    if file.stat().st_size > BYTES_MAX:
        raise Refusal("file_too_long", "{file} is too long for a programme.", file=file.name)
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        line, column = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1
        raise Refusal("file_not_text", "{file}, line {line}, column {column}: this is not UTF-8 text.",
                      file=file.name, line=line, column=column) from None  # fmt: skip


def _loaded(file: Path, spoken: Language) -> Programme:
    try:
        return load(_text(file))
    except ProgrammeInvalid as invalid:
        _noted(invalid.problems, file, spoken)
        stop(spoken.text("Nothing was written."))


def _noted(problems: list[Problem], file: Path, spoken: Language) -> None:
    for problem in problems:
        note(spoken.text("{file}, {problem}", file=file.name, problem=problem.said))


def _latest() -> Version | None:
    with database.reading(opened()) as session:
        try:
            return versions(session).latest
        except Refusal as refusal:
            if refusal.code == "programme_missing":
                return None
            raise


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(
            "time_malformed", "“{text}” is no time such as 2027-01-01T00:00:00-05:00.", text=text
        ) from None
    if moment.tzinfo is None:
        raise Refusal("time_without_zone", "“{text}” needs its zone, such as -05:00 or Z.", text=text)
    return moment


def _since(version: Version, spoken: Language | None = None) -> str:
    if version.effective_from == FOR_EVER:
        return (spoken or language(SOURCE)).text("the beginning")
    return version.effective_from.isoformat()


def _named(document: Programme) -> str:
    return document.words(document.name, "en")
