"""From YAML to a programme: everything that is wrong at once, each with its place and its remedy."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from members.programme.document import Programme, cross_check
from members.programme.known import fields_at, kinds_at, without_kinds
from members.programme.problems import Loc, Problem, ProgrammeInvalid, did_you_mean, path_of
from members.programme.text import Source, read

QUOTES = 'put it in quotes, such as "{}"'
COMMA = "a text with a comma or a colon needs quotes"
LIST = "write a list: one item a line, each after a hyphen"
PAIRS = "write keys and values, indented below"
ARTICLES = {"earning": "rule", "criterion": "criterion", "of": "criterion", "window": "window"}
REMEDIES = {
    "string_pattern_mismatch": "use small letters, digits and hyphens, beginning with a letter",
    "timezone_aware": "write the moment with its zone, such as 2026-01-31T00:00:00-05:00",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "int_type": "write a whole number",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "int_parsing_size": "write a smaller number",
    "date_from_datetime_parsing": "write a day such as 2026-12-25",
    "date_parsing": "write a day such as 2026-12-25",
    "date_type": "write a day such as 2026-12-25",
    "list_type": LIST,
    "tuple_type": LIST,
    "dataclass_type": PAIRS,
    "dict_type": PAIRS,
    "model_type": PAIRS,
    "model_attributes_type": PAIRS,
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
        errors = [dict(item) for item in error.errors(include_url=False)]
        said = [_explained(item, source) for item in errors if not _follows(item, errors)]
        return None, sorted(said, key=lambda problem: (problem.line, problem.column))
    found = [_placed(problem, source) for problem in cross_check(programme)]
    return programme, sorted(found, key=lambda problem: (problem.line, problem.column))


def _placed(problem: Problem, source: Source) -> Problem:
    return Problem.at(problem.loc, problem.problem, problem.remedy, *source.place(problem.loc))


def _follows(error: dict[str, Any], errors: list[dict[str, Any]]) -> bool:
    """Whether a list is only too short because something in it is wrong, which is said anyway."""
    loc = error["loc"]
    return error["type"] == "too_short" and any(
        len(one["loc"]) > len(loc) and one["loc"][: len(loc)] == loc for one in errors
    )


def _explained(error: dict[str, Any], source: Source) -> Problem:
    cause = error.get("ctx", {}).get("error")
    at: Loc = getattr(cause, "at", ())
    loc = without_kinds(source, (*error["loc"], *at), missing=bool(at) or error["type"] == "missing")
    given = source.at(loc) if loc != error["loc"] else error.get("input")
    problem, remedy = _said({**error, "input": given}, loc)
    return Problem.at(loc, problem, remedy, *source.place(loc))


def _said(error: dict[str, Any], loc: Loc) -> tuple[str, str]:
    kind, given, about = error["type"], error.get("input"), error.get("ctx", {})
    name = str(loc[-1]) if loc else "the document"
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        known = fields_at(Programme, error["loc"][:-1])
        return f"“{name}” is not known here", did_you_mean(name, known) or f"known are: {', '.join(known)}"
    if kind == "missing" and loc and isinstance(loc[-1], int):
        return "something is missing here", "write both, such as [17, 20]"
    if kind == "missing":
        return f"“{name}” is missing", f"add {name}: …"
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _kind_said(error["loc"], str(about.get("tag", "")))
    if kind == "literal_error":
        return f"“{given}” is not possible", _choice(str(given), str(about.get("expected", "")))
    if kind == "value_error":
        return f"{_shown(given)} does not fit", str(about.get("error", error["msg"]))
    if kind in ("too_short", "too_long"):
        bound = about.get("min_length", about.get("max_length"))
        return (
            f"here are {about.get('actual_length')}",
            f"write {bound} at {'least' if kind == 'too_short' else 'most'}",
        )
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


def _kind_said(loc: Loc, tag: str) -> tuple[str, str]:
    kinds = kinds_at(Programme, loc)
    what = next((ARTICLES[part] for part in reversed(loc) if part in ARTICLES), "part")
    said = f"there is no kind of {what} “{tag}”" if tag else f"a {what} needs its kind"
    return said, did_you_mean(tag, kinds) or f"the kinds are: {', '.join(kinds)}"


__all__ = ["check", "load", "path_of", "validate"]
