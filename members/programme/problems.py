"""What is wrong with a document, where, and what would be right, for people who write YAML."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from facts.refusals import Refusal

Loc = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """`problem` is what is wrong at `path`, `remedy` what would be right; lines count from 1, 0 is nowhere."""

    path: str
    line: int
    column: int
    problem: str
    remedy: str
    loc: Loc = ()

    @staticmethod
    def at(loc: Loc, problem: str, remedy: str = "", line: int = 0, column: int = 0) -> Problem:
        """A problem at a place in the document."""
        return Problem(path_of(loc), line, column, problem, remedy, loc)

    def __str__(self) -> str:
        place = f"line {self.line}, column {self.column}: " if self.line else ""
        what = f"{self.path}: {self.problem}" if self.path else self.problem
        said = f"{place}{what}; {self.remedy}" if self.remedy else f"{place}{what}"
        return said if said.endswith("?") else f"{said}."


class ProgrammeInvalid(Refusal):
    """A document that cannot be published, with everything that is wrong in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        first = self.problems[0]
        super().__init__("programme_invalid", "{first}", path=first.path, first=str(first))

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


def path_of(loc: Loc) -> str:
    """`("rewards", 2, "prices", "gold")` is `rewards[2].prices.gold`."""
    path = ""
    for part in loc:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A suggestion for a word that is nearly one of the known ones, or ""."""
    near = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"did you mean “{near[0]}”?" if near else ""
