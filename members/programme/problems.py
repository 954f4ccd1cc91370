"""What is wrong with a document, where, and what would be right, for people who write YAML, in their language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from facts.language import N_
from facts.refusals import Refusal, Speaks
from facts.said import NOTHING, Said

Loc = tuple[str | int, ...]
FOR_POINTS = N_("“{slug}” is a {kind}, and that is only had for points")
FOR_NOTHING = N_("“{slug}” costs nothing, and what is given away counts at its price")


@dataclass(frozen=True, slots=True)
class Problem:
    """`problem` is what is wrong at `path`, `remedy` what would be right; lines count from 1, 0 is nowhere."""

    path: str
    line: int
    column: int
    problem: Said
    remedy: Said
    loc: Loc = ()

    @staticmethod
    def at(loc: Loc, problem: Said, remedy: Said = NOTHING, line: int = 0, column: int = 0) -> Problem:
        """A problem at a place in the document."""
        return Problem(path_of(loc), line, column, problem, remedy, loc)

    @property
    def said(self) -> Said:
        """The place, what is wrong there, and what would be right."""
        what = (
            Said("{problem}; {remedy}", problem=self.problem, remedy=self.remedy)
            if self.remedy
            else self.problem
        )
        end = what if what.endswith("?") else Said("{sentence}.", sentence=what)
        whole = Said("{path}: {sentence}", path=self.path, sentence=end) if self.path else end
        if not self.line:
            return whole
        return Said(
            "line {line}, column {column}: {sentence}", line=self.line, column=self.column, sentence=whole
        )

    def sentence(self, language: Speaks | None = None) -> str:
        """The same in a language; in English without one."""
        return self.said.sentence(language)

    def __str__(self) -> str:
        return str(self.said)


class ProgrammeInvalid(Refusal):
    """A document that cannot be published, with everything that is wrong in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        first = self.problems[0]
        super().__init__("programme_invalid", "{first}", path=first.path, first=first.said)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.problems,)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


def path_of(loc: Loc) -> str:
    """`("rewards", 2, "prices", "gold")` is `rewards[2].prices.gold`."""
    path = ""
    for part in loc:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path


def near_to(word: str, known: Iterable[str]) -> str:
    """The known word that a word is nearly, or ""."""
    return next(iter(get_close_matches(word, sorted(known), n=1, cutoff=0.6)), "")


def did_you_mean(word: str, known: Iterable[str]) -> Said:
    """A suggestion for a word that is nearly one of the known ones, or an empty text."""
    near = near_to(word, known)
    return Said("did you mean “{word}”?", word=near) if near else NOTHING


def no_amount(loc: Loc, refusal: Refusal, currency: str, digits: int) -> Problem:
    """An amount that was refused: none of the `currency`, which has so many `digits`; without one, no whole number."""
    remedy = (
        Said("{currency} has {digits} decimals", currency=currency, digits=digits)
        if currency
        else Said("write a whole number")
    )
    return Problem.at(loc, Said(NO_AMOUNT[refusal.code], **refusal.params), remedy)


NO_AMOUNT = {
    "money_too_fine": N_("“{text}” has more than {digits} decimals"),
    "money_malformed": N_("“{text}” is not an amount such as 12.50"),
}
