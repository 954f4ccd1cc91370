"""What can be done to a form besides typing: boxes come and go. Each verb gives a changed form. Pure."""

from __future__ import annotations

from members.programme.document import Programme
from members.studio import steps
from members.studio.asked import PARTS_MAX, Asked, Form, boxes, parts, rows, to_add
from members.studio.game import CHOICES, MOMENTS, NUMBERS, blank
from members.studio.shape import SIMPLE, Box, shapes

VALUE_LENGTH_MAX = 1_000
ITEMS_MAX = 200
SEEDS = {"at_least": "3", "of": "category", "every": "week", "unit": "month", "days": "30"}
"""What stands in a box that nobody can leave empty, when a kind is chosen."""


def names(form: Form, kind: str, programme: Programme) -> set[str]:
    """The boxes there are, by their names."""
    found = {f"{part}.{code}" for part in ("name", "description") for code in programme.languages}
    found |= {f"only.{level.slug}" for level in programme.tiers.levels}
    found |= {
        "slug",
        "together",
        "together.at_least",
        *MOMENTS,
        *CHOICES[kind],
        *(one.name for one in NUMBERS[kind]),
    }
    found |= {"secret", "ladder", "formula", "levels"} if kind == "badge" else {"icon"}
    found |= {f"{step}.{one.name}" for step in steps.steps(form) for one in (steps.AT, *steps.PRIZE)}
    for part in parts(form):
        found.add(f"{part}.kind")
        for asked in boxes(form, part):
            found |= _inner(asked)
    return found


def _inner(asked: Asked) -> set[str]:
    if asked.shape.box is Box.HOURS:
        return {f"{asked.name}.0", f"{asked.name}.1"}
    if asked.shape.box is Box.FIELDS:
        return {f"{asked.name}.{end}" for end in ("name", "how", "value")}
    return {asked.name}


def put(form: Form, kind: str, programme: Programme, name: str, value: str) -> Form:
    """What is typed in a box; nothing when there is no such box."""
    if name not in names(form, kind, programme):
        return form
    changed = {**form, name: value[:VALUE_LENGTH_MAX]}
    if name.startswith("part.") and name.endswith(".kind"):
        return _seeded(changed, name.removesuffix(".kind"), name)
    if name == "ladder" and value == "one":
        return {
            key: text
            for key, text in changed.items()
            if not key.startswith("step.") or key.startswith("step.0.")
        }
    return changed


def _seeded(form: Form, owner: str, name: str) -> Form:
    """The boxes of another kind, filled so that they say something at once."""
    if ".window" in name:
        return _with_choices(form, owner.rpartition(".")[0])
    for shape in shapes(SIMPLE[form[name]]) if form[name] in SIMPLE else ():
        there = f"{owner}.{shape.name}"
        if shape.box is Box.CHOICE and form.get(there) not in shape.options:
            seed = shape.default or SEEDS.get(shape.name, "")
            form[there] = seed if seed in shape.options else shape.options[0]
        elif shape.needed and not form.get(there) and shape.box is not Box.CHOICE:
            form[there] = SEEDS.get(shape.name, "")
    return _with_choices(form, owner)


def _with_choices(form: Form, part: str) -> Form:
    for asked in boxes(form, part):
        if asked.name not in form and asked.shape.needed:
            form[asked.name] = SEEDS.get(asked.shape.name, "")
    return form


def add_part(form: Form) -> Form:
    """One more question."""
    there = parts(form)
    if len(there) >= PARTS_MAX:
        return form
    old, new = "part.0", f"part.{len(there)}"
    fresh = {name.replace(old, new, 1): text for name, text in blank("badge").items() if name.startswith(old)}
    together = {
        "together": form.get("together") or "all",
        "together.at_least": form.get("together.at_least", ""),
    }
    return {**form, **together, **fresh}


def drop_part(form: Form, part: str) -> Form:
    """One question less; one is always left."""
    there = parts(form)
    return (
        _without_row(form, "part", there.index(part), len(there))
        if part in there and len(there) > 1
        else form
    )


def add_step(form: Form, kind: str) -> Form:
    """One more step."""
    count = len(steps.steps(form))
    if count >= steps.STEPS_MAX:
        return form
    first = {"ladder": "list"} if kind == "badge" and form.get("ladder") == "one" else {}
    return {**form, **first, **steps.blank_step(count)}


def drop_step(form: Form, step: str) -> Form:
    """One step less; one is always left."""
    there = steps.steps(form)
    return (
        _without_row(form, "step", there.index(step), len(there))
        if step in there and len(there) > 1
        else form
    )


def add_condition(form: Form, part: str, name: str) -> Form:
    """One more condition on what counts."""
    if part not in parts(form) or name not in to_add(form, part):
        return form
    where = f"{part}.where.{name}"
    if name == "hours":
        return {**form, f"{where}.0": "17", f"{where}.1": "20"}
    if name == "fields":
        row = f"{where}.{len(rows(form, where))}"
        return {**form, f"{row}.name": "", f"{row}.how": "at_least", f"{row}.value": ""}
    return {**form, where: ""}


def drop_condition(form: Form, name: str) -> Form:
    """One condition less."""
    known = {asked.name: asked for part in parts(form) for asked in boxes(form, part) if asked.optional}
    if name not in known:
        return form
    if known[name].shape.box is Box.FIELDS:
        owner, _, index = name.rpartition(".")
        return _without_row(form, owner, int(index), len(rows(form, owner)))
    return {key: text for key, text in form.items() if key != name and not key.startswith(f"{name}.")}


def add_item(form: Form, name: str, text: str) -> Form:
    """One more in a list."""
    line = " ".join(text.split())[:VALUE_LENGTH_MAX]
    items = _items(form, name)
    if items is None or not line or line in items or len(items) >= ITEMS_MAX:
        return form
    return {**form, name: "\n".join([*items, line])}


def drop_item(form: Form, name: str, text: str) -> Form:
    """One less in a list."""
    items = _items(form, name)
    return form if items is None else {**form, name: "\n".join(one for one in items if one != text)}


def tick_item(form: Form, name: str, word: str, on: bool) -> Form:
    """A word ticked, or not, where several can be."""
    asked = _asked(form, name)
    if asked is None or asked.shape.box is not Box.TICKS or word not in asked.shape.options:
        return form
    chosen = set(form.get(name, "").split()) | {word} if on else set(form.get(name, "").split()) - {word}
    return {**form, name: " ".join(one for one in asked.shape.options if one in chosen)}


def anew(form: Form) -> Form:
    """A criterion that is deeper than the form is put away, and a simple one begun."""
    first = {name: text for name, text in blank("badge").items() if name.startswith("part.")}
    return {name: text for name, text in form.items() if name != "deep"} | first


def _items(form: Form, name: str) -> list[str] | None:
    asked = _asked(form, name)
    if asked is None or asked.shape.box is not Box.LIST:
        return None
    return [line for line in form.get(name, "").split("\n") if line]


def _asked(form: Form, name: str) -> Asked | None:
    return next((one for part in parts(form) for one in boxes(form, part) if one.name == name), None)


def _without_row(form: Form, owner: str, gone: int, count: int) -> Form:
    """A row less, those below one up."""
    kept = {key: text for key, text in form.items() if not key.startswith(f"{owner}.")}
    for key, text in form.items():
        if key not in kept:
            index, dot, rest = key.removeprefix(f"{owner}.").partition(".")
            at = int(index) if index.isdecimal() else -1
            if 0 <= at < count and at != gone:
                kept[f"{owner}.{at - (at > gone)}{dot}{rest}"] = text
    return kept
