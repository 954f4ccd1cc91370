"""From YAML to a programme: everything that is wrong at once, each with its place and its remedy."""

from __future__ import annotations

from pydantic import ValidationError

from facts.said import Said
from members.programme.document import Programme, cross_check
from members.programme.explaining import explained, follows
from members.programme.problems import Problem, ProgrammeInvalid, path_of
from members.programme.text import Source, read


def load(text: str) -> Programme:
    """The programme in a YAML text; raises `ProgrammeInvalid` with all its problems."""
    programme, problems = checked(read(text))
    if programme is None or problems:
        raise ProgrammeInvalid(problems)
    return programme


def validate(text: str) -> list[Problem]:
    """Everything that is wrong with a YAML text, by line; nothing when it can be published."""
    try:
        return checked(read(text))[1]
    except ProgrammeInvalid as invalid:
        return invalid.problems


def check(programme: Programme) -> None:
    """Raise `ProgrammeInvalid` for a programme whose parts do not fit each other."""
    problems = list(cross_check(programme))
    if problems:
        raise ProgrammeInvalid(problems)


def checked(source: Source) -> tuple[Programme | None, list[Problem]]:
    """The programme in a source, when its parts can be read, and everything that is wrong, line by line."""
    if not source.is_mapping:
        return None, [
            Problem.at((), Said("a programme is keys and values"), Said("begin with regulars: 1"), 1, 1)
        ]
    try:
        programme = Programme.model_validate(source.data)
    except ValidationError as error:
        errors = [dict(item) for item in error.errors(include_url=False)]
        said = [explained(item, source) for item in errors if not follows(item, errors)]
        return None, sorted(said, key=lambda problem: (problem.line, problem.column))
    found = [_placed(problem, source) for problem in cross_check(programme)]
    return programme, sorted(found, key=lambda problem: (problem.line, problem.column))


def _placed(problem: Problem, source: Source) -> Problem:
    return Problem.at(problem.loc, problem.problem, problem.remedy, *source.place(problem.loc))


__all__ = ["check", "checked", "load", "path_of", "validate"]
