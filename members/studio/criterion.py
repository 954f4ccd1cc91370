"""A criterion read from the boxes of a form: strictly, each problem beside its box. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import ValidationError

from facts.criteria import Filter, goal
from facts.criteria.filters import ORDER
from facts.criteria.seen import Place
from facts.language import N_
from facts.money import minor
from facts.refusals import Refusal
from members.programme.document import Programme
from members.studio.asked import OWN, Asked, Form, boxes, data_fields, parts
from members.studio.shape import COMBINED, SIMPLE, Box, Shape
from members.studio.written import CRITERION

Problems = dict[str, tuple[str, dict[str, Any]]]
Raw = dict[str, Any]

NEEDED = N_("This is needed.")
CHOOSE = N_("Choose one of these.")
AT_LEAST = N_("Write a whole number, {least} or more.")
BETWEEN = N_("Write a whole number from {least} to {most}.")
AMOUNT = N_("Write an amount such as 5.00.")
NOT_SO = N_("This does not fit.")
SAID = {
    "hours": N_("The first hour must be before the second."),
    "days": N_("Write a number of days: up to 400 back, or up to 3,650 from joining on."),
    "until": N_("It would end before it begins."),
    "on": N_("Write days such as 12-25 for every year, or 2026-12-25."),
    "per": N_("Say of what: the field that names the object, such as review_id."),
    "among": N_("This is more than there are to collect."),
    "type": N_("Only orders have amounts: choose orders, or count instead."),
    "categories": N_("A category is a path such as GROCERY > PASTRY."),
    "fields": N_("Name the field, and say what it must be."),
}  # fmt: skip
"""What is wrong with a box that the dataclass refuses; without a line here it is said that it does not fit."""


@dataclass(slots=True)
class Read:
    """What the boxes say: the criterion, each part that can be understood by itself, and what is wrong by box."""

    criterion: Any = None
    parts: dict[str, Any] = field(default_factory=dict[str, Any])
    problems: Problems = field(default_factory=dict[str, tuple[str, dict[str, Any]]])


def read(form: Form, programme: Programme) -> Read:
    """The criterion that a form describes."""
    found = Read()
    if form.get("deep"):
        found.criterion = CRITERION.validate_python(json.loads(form["deep"]))
        return found
    for part in parts(form):
        one = _read_part(form, part, programme, found.problems)
        if one is not None:
            found.parts[part] = one
    if found.problems or not found.parts:
        return found
    said = list(found.parts.values())
    found.criterion = said[0] if len(said) == 1 else _together(form, said, found.problems)
    return found


def _together(form: Form, said: list[Any], problems: Problems) -> Any:
    how = form.get("together", "all")
    if how not in COMBINED:
        problems["together"] = (CHOOSE, {})
        return None
    raw: Raw = {"kind": how, "of": [CRITERION.dump_python(one, mode="json") for one in said]}
    if how == "n_of":
        text = form.get("together.at_least", "").strip()
        count = int(text) if text.isdecimal() and len(text) < 4 else 0
        if not 1 <= count <= len(said):
            problems["together.at_least"] = (BETWEEN, {"least": 1, "most": len(said)})
            return None
        raw["at_least"] = count
    return CRITERION.validate_python(raw)


def _read_part(form: Form, part: str, programme: Programme, problems: Problems) -> Any:
    kind, wrong = form.get(f"{part}.kind", ""), Problems()
    if kind not in SIMPLE:
        problems[f"{part}.kind"] = (CHOOSE, {})
        return None
    asked = boxes(form, part)
    raw: Raw = {"kind": kind}
    for one in asked:
        _take(raw, one, part, form, wrong)
    found = None
    if not wrong:
        try:
            found = CRITERION.validate_python(raw)
            _exact(found, part, programme, wrong)
            _tiers(found, part, programme, wrong)
        except ValidationError as error:
            for one in error.errors(include_url=False):
                cause = one.get("ctx", {}).get("error")
                name = _box(part, (*one["loc"], *getattr(cause, "at", ())), asked)
                wrong.setdefault(name, (SAID.get(name.rpartition(".")[2], NOT_SO), {}))
    problems |= wrong
    return None if wrong else found


def _take(raw: Raw, asked: Asked, part: str, form: Form, wrong: Problems) -> None:
    """Put what a box says in its place in the document's data."""
    *way, last = asked.name.removeprefix(f"{part}.").split(".")
    if asked.shape.box is Box.FIELDS:
        _take_field(raw, asked.name, form, wrong)
        return
    here = raw
    for step in way:
        here = here.setdefault(step, {})
    text = form.get(asked.name, asked.shape.default).strip()
    if asked.shape.box is Box.HOURS:
        hours = [form.get(f"{asked.name}.{i}", "") for i in (0, 1)]
        if all(hour.isdecimal() and len(hour) < 3 for hour in hours):
            here[last] = [int(hour) for hour in hours]
        else:
            wrong[asked.name] = (CHOOSE, {})
    elif last == "type" and text == OWN:
        here[last] = OWN + form.get(f"{asked.name.rpartition('.')[0]}.own", "").strip().removeprefix(OWN)
    elif last != "own":
        value = value_of(asked.shape, text, asked.name, wrong, optional=asked.optional)
        if value is not None:
            here[last] = value
    elif not text:
        wrong[asked.name] = (NEEDED, {})


def value_of(shape: Shape, text: str, name: str, wrong: Problems, *, optional: bool = False) -> Any:
    """What is typed in a box, as the document has it; None when that is nothing, or wrong."""
    if not text:
        if shape.needed or optional:
            wrong[name] = (NEEDED, {})
        return None
    match shape.box:
        case Box.NUMBER:
            return _number(shape, text, name, wrong)
        case Box.MONEY:
            return _amount(text, name, wrong)
        case Box.CHOICE:
            return _chosen([text], shape, name, wrong)[0]
        case Box.TICKS:
            return _chosen(text.split(), shape, name, wrong)
        case Box.LIST:
            return [line.strip() for line in text.splitlines() if line.strip()]
        case Box.DATE:
            try:
                return date.fromisoformat(text).isoformat()
            except ValueError:
                wrong[name] = (N_("Write a day such as 2026-12-25."), {})
                return None
        case _:
            return text


def _number(shape: Shape, text: str, name: str, wrong: Problems) -> int | None:
    plain = text.replace(" ", "").replace("\N{NO-BREAK SPACE}", "").replace(",", "")
    number = int(plain) if plain.isdecimal() and len(plain) <= 12 else -1
    least, most = shape.least or 0, shape.most
    if least <= number and (most is None or number <= most):
        return number
    wrong[name] = (AT_LEAST, {"least": least}) if most is None else (BETWEEN, {"least": least, "most": most})
    return None


def _amount(text: str, name: str, wrong: Problems) -> str | None:
    plain = text.replace(",", ".")
    try:
        amount = Decimal(plain)
        if amount.is_finite() and 0 < amount < 10**12:
            return plain
    except InvalidOperation:
        pass
    wrong[name] = (AMOUNT, {})
    return None


def _chosen(words: list[str], shape: Shape, name: str, wrong: Problems) -> list[str]:
    if any(word not in shape.options for word in words):
        wrong[name] = (CHOOSE, {})
    return words


def _take_field(raw: Raw, name: str, form: Form, wrong: Problems) -> None:
    """A condition on a field of the fact: what it is called, and what it must be."""
    where = name.rsplit(".", 3)[0] + ".where"
    kind = form.get(f"{where}.type", ORDER)
    of = data_fields(kind).get(form.get(f"{name}.name", ""))
    text, how = form.get(f"{name}.value", "").strip(), form.get(f"{name}.how", "at_least")
    one: Raw = {"name": form.get(f"{name}.name", "").strip()}
    yes = {"yes": True, "no": False}.get(text)
    whole = int(text) if text.removeprefix("-").isdecimal() and len(text) < 12 else None
    if of is bool:
        one["equals"] = yes
    elif how == "at_least" and of is not str:
        one["at_least"] = whole
    else:
        one["equals"] = (
            text if of is str else yes if yes is not None else whole if whole is not None else text
        )
    if not one["name"] or None in one.values() or "" in one.values():
        wrong[name] = (SAID["fields"], {})
        return
    raw.setdefault("where", {}).setdefault("fields", []).append(one)


def _box(part: str, loc: tuple[Any, ...], asked: list[Asked]) -> str:
    """The box that a place in the data belongs to. Pydantic names the kinds of unions in between; no box has them."""
    names = [one.name for one in asked]
    found = part
    for step in loc:
        further = f"{found}.{step}"
        if any(name == further or name.startswith(f"{further}.") for name in names):
            found = further
    return (
        found
        if found in names
        else next((name for name in names if name.startswith(f"{found}.")), f"{part}.kind")
    )


def _exact(criterion: Any, part: str, programme: Programme, wrong: Problems) -> None:
    """Amounts as exact as what they count: the currency, or whole ones."""
    try:
        goal(criterion.target, criterion.decimals, Place(programme.zone, 0, programme.digits))
    except Refusal:
        whole = criterion.decimals == 0
        wrong[f"{part}.at_least"] = (AT_LEAST, {"least": 1}) if whole else (AMOUNT, {})
    for asked in criterion.filters():
        if isinstance(asked, Filter):
            try:
                minor(asked.amount_min, programme.digits)
            except Refusal:
                wrong[f"{part}.where.amount_min"] = (AMOUNT, {})


def _tiers(criterion: Any, part: str, programme: Programme, wrong: Problems) -> None:
    known = [level.slug for level in programme.tiers.levels]
    if getattr(criterion, "tier", known[0]) not in known:
        wrong[f"{part}.tier"] = (CHOOSE, {})
