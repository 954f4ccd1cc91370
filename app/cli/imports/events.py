"""A file of events: CloudEvents in JSON, one a line, plain or gzipped; checked whole before any is posted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.cli.imports.reading import open_bytes
from app.door import secret
from facts.events import Fact, parse
from facts.refusals import Refusal
from members import suspicion_signs

LINE_BYTES_MAX = 16_000_000


@dataclass(slots=True)
class CheckedEvents:
    """What a first reading found; `problems` are whole sentences with line and column."""

    events: int = 0
    problems: list[str] = field(default_factory=list[str])


def check_events(path: Path, advance: Callable[[int], object] = lambda _: None) -> CheckedEvents:
    """Read every line once and note what is wrong."""
    found = CheckedEvents()
    for number, line in _lines(path):
        try:
            _fact(line)
        except Refusal as problem:
            found.problems.append(f"{path.name}, line {number}, {_where(problem)}{problem.sentence()}")
        else:
            found.events += 1
        advance(len(line))
    return found


def events(path: Path) -> Iterator[Fact]:
    """The facts of the good lines, in the file's order."""
    for _, line in _lines(path):
        try:
            yield _fact(line)
        except Refusal:
            continue


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with open_bytes(path) as file:
            for number in range(1, 1 << 62):
                line = file.readline(LINE_BYTES_MAX)
                if not line:
                    return
                if line.strip():
                    yield number, line
    except FileNotFoundError:
        raise Refusal("file_missing", "There is no file {file}.", file=str(path)) from None
    except (OSError, EOFError) as error:
        raise Refusal(
            "file_unreadable", "{file} cannot be read: {problem}.", file=path.name, problem=str(error)
        ) from None


def _fact(line: bytes) -> Fact:
    try:
        fact = parse(json.loads(line.decode()))
    except UnicodeDecodeError as error:
        raise Refusal("event_not_text", "This is not UTF-8 text.", path=f"column {error.start + 1}") from None
    except json.JSONDecodeError as error:
        raise Refusal("event_not_json", "This is not JSON: {problem}.", path=f"column {error.colno}",
                      problem=error.msg) from None  # fmt: skip
    except RecursionError:
        raise Refusal("event_not_json", "This is nested too deeply.", path="column 1") from None
    return suspicion_signs.hidden(fact, secret) if suspicion_signs.tells(fact) else fact


def _where(problem: Refusal) -> str:
    if problem.path.startswith("column "):
        return f"{problem.path}: "
    return f"{problem.path}: " if problem.path else ""
