"""A shop's own facts, `x.<own name>`, as the programme declares them: what each is called, and which fields it has.

A fact that does not fit its declaration is refused with the path to what is wrong, and with what would be right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from facts.language import N_
from facts.parts import Misfit, Part, Words
from facts.refusals import Refusal
from facts.said import NOTHING, Said

OWN = "x."
TEXT_MAX = 200
OwnType = Annotated[str, Field(pattern=r"^x\.[a-z][a-z0-9_.]{0,59}$")]
FieldName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
NEEDED = {
    "integer": N_("needs a whole number"),
    "text": N_("needs a text"),
    "boolean": N_("needs true or false"),
}
MISSING = {
    "integer": N_("is missing; it needs a whole number"),
    "text": N_("is missing; it needs a text"),
    "boolean": N_("is missing; it needs true or false"),
}


class FieldShape(Part):
    """One field: a whole number (from `at_least` to `at_most`), a text (`one_of` some, or any), or true and false."""

    type: Literal["integer", "text", "boolean"]
    required: bool = True
    at_least: int | None = None
    at_most: int | None = None
    one_of: Annotated[list[str], Field(max_length=200)] = []

    @model_validator(mode="after")
    def _fits(self) -> FieldShape:
        for name in ("at_least", "at_most"):
            if getattr(self, name) is not None and self.type != "integer":
                raise Misfit(
                    Said("{name} belongs to whole numbers: leave it out, or write type: integer", name=name),
                    name,
                )
        if self.at_least is not None and self.at_most is not None and self.at_most < self.at_least:
            raise Misfit(
                Said("nothing lies between: write {at_least} or more", at_least=self.at_least), "at_most"
            )
        if self.one_of and self.type != "text":
            raise Misfit(Said("one_of belongs to texts: leave it out, or write type: text"), "one_of")
        return self

    def problem(self, value: str | int | bool) -> Said:
        """What is wrong with a value; an empty text when it fits."""
        kind = "boolean" if isinstance(value, bool) else "integer" if isinstance(value, int) else "text"
        if kind != self.type:
            return Said(NEEDED[self.type])
        if isinstance(value, str):
            if len(value) > TEXT_MAX:
                return Said("has {number} characters; {most} are the most", number=len(value), most=TEXT_MAX)
            known = ", ".join(self.one_of)
            return (
                Said("must be one of {known}", known=known) if known and value not in self.one_of else NOTHING
            )
        if self.at_least is not None and value < self.at_least:
            return Said("must be {number} or more", number=self.at_least)
        over = self.at_most is not None and value > self.at_most
        return Said("must be {number} or less", number=self.at_most) if over else NOTHING


class OwnFact(Part):
    """A shop's own fact: its `name` in a sentence ("10 points for bringing a bottle back"), and its `fields`."""

    name: Words
    fields: Annotated[dict[FieldName, FieldShape], Field(max_length=40)] = {}

    def problems(self, data: Mapping[str, Any]) -> Iterator[tuple[str, Said]]:
        """What does not fit: each with its field."""
        for name in data.keys() - self.fields.keys():
            near = get_close_matches(name, self.fields, n=1)
            yield name, _undeclared(near[0] if near else "", self.fields)
        for name, shape in self.fields.items():
            value = data.get(name)
            if value is None:
                if shape.required:
                    yield name, Said(MISSING[shape.type])
            elif said := shape.problem(value):
                yield name, said


def _undeclared(near: str, names: Mapping[str, Any]) -> Said:
    if near:
        return Said("is not declared; did you mean “{word}”?", word=near)
    if names:
        return Said("is not declared; known are {known}", known=", ".join(names))
    return Said("is not declared; there are no fields")


def refusal(declared: Mapping[str, OwnFact], kind: str, data: Mapping[str, Any]) -> Refusal | None:
    """Why a fact does not fit what is declared; None when it does, or when nothing is declared at all."""
    if not declared or not kind.startswith(OWN):
        return None
    fact = declared.get(kind)
    if fact is None:
        return Refusal("type_undeclared", "The programme declares no fact “{type}”. Declared are: {known}.",
                       path="type", type=kind, known=", ".join(sorted(declared)))  # fmt: skip
    name, said = min(fact.problems(data), default=("", NOTHING))
    if not said:
        return None
    return Refusal(
        "event_malformed",
        "{problem} at “{path}”.",
        path=f"data.{name}",
        problem=Said("“{name}” {problem}", name=name, problem=said),
    )
