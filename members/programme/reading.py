"""From YAML to a programme: everything that is wrong at once, each with its place and its remedy."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from members.programme.document import Programme, cross_check
from members.programme.problems import Loc, Problem, ProgrammeInvalid, did_you_mean, path_of
from members.programme.text import Source, read
from rewards.earning import BY_KIND

QUOTES = 'put it in quotes, such as "{}"'
COMMA = "a text with a comma or a colon needs quotes"
REMEDIES = {
    "string_pattern_mismatch": "use small letters, digits and hyphens, beginning with a letter",
    "timezone_aware": "write the moment with its zone, such as 2026-01-31T00:00:00-05:00",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "int_type": "write a whole number",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "list_type": "write a list: one item a line, each after a hyphen",
    "dict_type": "write keys and values, indented below",
    "model_type": "write keys and values, indented below",
    "model_attributes_type": "write keys and values, indented below",
}


def load(text: str) -> Programme:
    """The programme in a YAML text; raises `ProgrammeInvalid` with all its problems."""
    programme, problems = _read(text)
    if programme is None or problems:
        raise ProgrammeInvalid(problems)
    return programme


def validate(text: str) -> list[Problem]:
    """Everything that is wrong with a YAML text, by line; nothing when it can be published."""
    try:
        return _read(text)[1]
    except ProgrammeInvalid as invalid:
        return invalid.problems


def check(programme: Programme) -> None:
    """Raise `ProgrammeInvalid` for a programme whose parts do not fit each other."""
    problems = list(cross_check(programme))
    if problems:
        raise ProgrammeInvalid(problems)


def _read(text: str) -> tuple[Programme | None, list[Problem]]:
    source = read(text)
    if not source.is_mapping:
        return None, [Problem.at((), "a programme is keys and values", "begin with regulars: 1", 1, 1)]
    try:
        programme = Programme.model_validate(source.data)
    except ValidationError as error:
        said = [_explained(dict(item), source) for item in error.errors(include_url=False)]
        return None, sorted(said, key=lambda problem: (problem.line, problem.column))
    found = [_placed(problem, source) for problem in cross_check(programme)]
    return programme, sorted(found, key=lambda problem: (problem.line, problem.column))


def _placed(problem: Problem, source: Source) -> Problem:
    return Problem.at(problem.loc, problem.problem, problem.remedy, *source.place(problem.loc))


def _explained(error: dict[str, Any], source: Source) -> Problem:
    raw: Loc = error["loc"]
    loc = _without_kinds(raw)
    problem, remedy = _said(error, loc)
    return Problem.at(loc, problem, remedy, *source.place(loc))


def _without_kinds(loc: Loc) -> Loc:
    """Pydantic names the kind of a rule in the path; the document does not."""
    if len(loc) > 2 and loc[0] == "earning" and loc[2] in BY_KIND:
        loc = loc[:2] + loc[3:]
    return tuple(part for part in loc if part != "[key]")


def _said(error: dict[str, Any], loc: Loc) -> tuple[str, str]:
    kind, given, about = error["type"], error.get("input"), error.get("ctx", {})
    name = str(loc[-1]) if loc else "the document"
    if kind == "extra_forbidden":
        known = _fields(error["loc"][:-1])
        return f"“{name}” is not known here", did_you_mean(name, known) or f"known are: {', '.join(known)}"
    if kind == "missing":
        return f"“{name}” is missing", f"add {name}: …"
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        kinds = ", ".join(BY_KIND)
        tag = str(about.get("tag", ""))
        said = f"there is no kind of rule “{tag}”" if tag else "a rule needs its kind"
        return said, did_you_mean(tag, BY_KIND) or f"the kinds are: {kinds}"
    if kind == "literal_error":
        return f"“{given}” is not possible", _choice(str(given), str(about.get("expected", "")))
    if kind == "value_error":
        return f"{_shown(given)} does not fit", str(about.get("error", error["msg"]))
    number = isinstance(given, int | float)
    if kind == "string_type" or (kind == "dict_type" and number):
        return "a text is needed here", QUOTES.format(given) if number else COMMA
    said = str(error["msg"])
    return f"{_shown(given)} does not fit", REMEDIES.get(str(kind), said[:1].lower() + said[1:])


def _shown(given: Any) -> str:
    return f"“{given}”" if isinstance(given, str | int | float) and not isinstance(given, bool) else "this"


def _choice(given: str, expected: str) -> str:
    known = [word for word in expected.replace(" or ", ", ").replace("'", "").split(", ") if word]
    return did_you_mean(given, known) or f"use {', '.join(known)}"


def _fields(loc: Loc) -> list[str]:
    """The fields that are known at a place of the document."""
    here: Any = Programme
    for part in loc:
        if isinstance(part, str) and part in BY_KIND and here is not Programme:
            here = BY_KIND[part]
        elif isinstance(part, str) and _model(here) and part in _model(here).model_fields:
            here = _model(here).model_fields[part].annotation
    model = _model(here)
    return list(model.model_fields) if model else []


def _model(annotation: Any) -> Any:
    """The model in an annotation such as `list[Reward]` or `Words | None`, or None."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model(part))), None)


__all__ = ["check", "load", "path_of", "validate"]
