"""What Pydantic says of a document, said for people: what is wrong, and what would be right."""

from __future__ import annotations

from typing import Any

from facts.language import N_
from facts.said import Said
from members.programme.document import Programme
from members.programme.known import fields_at, kinds_at, without_kinds
from members.programme.problems import Loc, Problem, did_you_mean
from members.programme.text import Source

LIST = N_("write a list: one item a line, each after a hyphen")
PAIRS = N_("write keys and values, indented below")
WHOLE = N_("write a whole number")
DAY = N_("write a day such as 2026-12-25")
MOMENT = N_("write the moment with its zone, such as 2026-01-31T00:00:00-05:00")
REMEDIES = {
    "string_pattern_mismatch": N_("use small letters, digits and hyphens, beginning with a letter"),
    "string_too_short": N_("write at least {min_length} characters"),
    "string_too_long": N_("write at most {max_length} characters"),
    "timezone_aware": MOMENT,
    "bool_type": N_("write true or false"),
    "bool_parsing": N_("write true or false"),
    "int_type": WHOLE,
    "int_parsing": WHOLE,
    "int_from_float": WHOLE,
    "int_parsing_size": N_("write a smaller number"),
    "greater_than_equal": N_("write {ge} or more"),
    "greater_than": N_("write more than {gt}"),
    "less_than_equal": N_("write {le} or less"),
    "less_than": N_("write less than {lt}"),
    "date_from_datetime_parsing": DAY,
    "date_from_datetime_inexact": DAY,
    "date_parsing": DAY,
    "date_type": DAY,
    "datetime_type": MOMENT,
    "datetime_parsing": MOMENT,
    "datetime_from_date_parsing": MOMENT,
    "datetime_object_invalid": MOMENT,
    "list_type": LIST,
    "tuple_type": LIST,
    "dataclass_type": PAIRS,
    "dict_type": PAIRS,
    "model_type": PAIRS,
    "model_attributes_type": PAIRS,
}
"""What would be right, by the kind of error that Pydantic names."""
OTHERWISE = N_("it was not understood: {problem}")
NO_KIND = {
    "rule": N_("there is no kind of rule “{tag}”"),
    "criterion": N_("there is no kind of criterion “{tag}”"),
    "window": N_("there is no kind of window “{tag}”"),
    "part": N_("there is no kind of part “{tag}”"),
}
NEEDS_KIND = {
    "rule": N_("a rule needs its kind"),
    "criterion": N_("a criterion needs its kind"),
    "window": N_("a window needs its kind"),
    "part": N_("a part needs its kind"),
}
WHAT = {"earning": "rule", "criterion": "criterion", "of": "criterion", "window": "window"}


def explained(error: dict[str, Any], source: Source) -> Problem:
    """An error of Pydantic's as a problem at its place in the source."""
    cause = error.get("ctx", {}).get("error")
    at: Loc = getattr(cause, "at", ())
    loc = without_kinds(source, (*error["loc"], *at), missing=bool(at) or error["type"] == "missing")
    given = source.at(loc) if loc != error["loc"] else error.get("input")
    problem, remedy = _said({**error, "input": given}, loc)
    return Problem.at(loc, problem, remedy, *source.place(loc))


def follows(error: dict[str, Any], errors: list[dict[str, Any]]) -> bool:
    """Whether a list is only too short because something in it is wrong, which is said anyway."""
    loc = error["loc"]
    return error["type"] == "too_short" and any(
        len(one["loc"]) > len(loc) and one["loc"][: len(loc)] == loc for one in errors
    )


def _said(error: dict[str, Any], loc: Loc) -> tuple[Said, Said]:
    kind, given, about = error["type"], error.get("input"), error.get("ctx", {})
    name = str(loc[-1]) if loc else ""
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        known = fields_at(Programme, error["loc"][:-1])
        said = Said("known are: {known}", known=", ".join(known))
        return Said("“{name}” is not known here", name=name), did_you_mean(name, known) or said
    if kind == "missing":
        return _missing(loc, name)
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _kind_said(error["loc"], str(about.get("tag", "")))
    if kind in ("literal_error", "enum"):
        return Said("“{given}” is not possible", given=given), _choice(str(given), str(about["expected"]))
    if kind == "value_error":
        return _shown(given), about["error"].args[0]
    if kind in ("too_short", "too_long"):
        most = "max_length" if kind == "too_long" else "min_length"
        bound = N_("write {number} at most") if kind == "too_long" else N_("write {number} at least")
        return Said("here are {number}", number=about["actual_length"]), Said(bound, number=about[most])
    number = isinstance(given, int | float)
    if kind == "string_type" or (kind == "dict_type" and number):
        quoted = Said('put it in quotes, such as "{given}"', given=given)
        comma = Said("a text with a comma or a colon needs quotes")
        return Said("a text is needed here"), quoted if number else comma
    return _shown(given), _remedy(kind, about, str(error["msg"]))


def _missing(loc: Loc, name: str) -> tuple[Said, Said]:
    if loc and isinstance(loc[-1], int):
        return Said("something is missing here"), Said("write both, such as [17, 20]")
    return Said("“{name}” is missing", name=name), Said("add {name}: …", name=name)


def _remedy(kind: str, about: dict[str, Any], message: str) -> Said:
    if kind not in REMEDIES:
        return Said(OTHERWISE, problem=message[:1].lower() + message[1:])
    return Said(REMEDIES[kind], **{name: one for name, one in about.items() if name != "error"})


def _shown(given: Any) -> Said:
    if isinstance(given, str | int | float) and not isinstance(given, bool):
        return Said("“{given}” does not fit", given=given)
    return Said("this does not fit")


def _choice(given: str, expected: str) -> Said:
    known = [word for word in expected.replace(" or ", ", ").replace("'", "").split(", ") if word]
    return did_you_mean(given, known) or Said("use {known}", known=", ".join(known))


def _kind_said(loc: Loc, tag: str) -> tuple[Said, Said]:
    kinds = kinds_at(Programme, loc)
    what = next((WHAT[part] for part in reversed(loc) if part in WHAT), "part")
    said = Said(NO_KIND[what], tag=tag) if tag else Said(NEEDS_KIND[what])
    return said, did_you_mean(tag, kinds) or Said("the kinds are: {known}", known=", ".join(kinds))
