"""What the rest of the programme says of the shop's own facts: types that are declared, and fields that they have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from facts.criteria import All, Any_, Filter, SoMany
from facts.criteria.filters import Field
from facts.declared import OWN, OwnFact
from facts.said import Said
from members.programme.problems import Loc, Problem, did_you_mean
from rewards.earning import Rule
from rewards.earning.criterion_bonus import CriterionBonus
from rewards.earning.fixed_points import FixedPoints

Named = tuple[Loc, str, Loc, Sequence[Field]]
"""Where a type is named, the type, where fields of it are asked for, and these."""


def named_in_rules(rules: Sequence[Rule]) -> Iterator[Named]:
    """The types that earning rules name, and the fields that they ask for."""
    for i, rule in enumerate(rules):
        at: Loc = ("earning", i)
        if isinstance(rule, FixedPoints):
            yield (*at, "on"), rule.on, (*at, "when", "fields"), rule.when.fields if rule.when else ()
        if isinstance(rule, CriterionBonus):
            yield from named_in(rule.criterion, (*at, "criterion"))


def named_in(criterion: Any, at: Loc) -> Iterator[Named]:
    """The types that a criterion names, and the fields that it asks for."""
    if isinstance(criterion, All | Any_ | SoMany):
        for i, part in enumerate(criterion.of):
            yield from named_in(part, (*at, "of", i))
        return
    for asked in criterion.filters():
        if isinstance(asked, Filter):
            yield (*at, "where", "type"), asked.type, (*at, "where", "fields"), asked.fields


def undeclared(declared: Mapping[str, OwnFact], named: Iterator[Named]) -> Iterator[Problem]:
    """Own facts that are named and not declared, and fields that they do not have; nothing when none is declared."""
    for at, kind, fields_at, fields in named if declared else ():
        if not kind.startswith(OWN):
            continue
        fact = declared.get(kind)
        if fact is None:
            known = sorted(declared)
            near = did_you_mean(kind, known) or Said(
                "declare it under facts, or use {known}", known=", ".join(known)
            )
            yield Problem.at(at, Said("“{kind}” is not declared", kind=kind), near)
            continue
        for i, field in enumerate(fields):
            yield from _field(fact, kind, field, (*fields_at, i))


ORDER_ID = "order_id"


def waited_for(declared: Mapping[str, OwnFact], kind: str) -> Iterator[Problem]:
    """What is wrong with points that wait for an own fact: it must be declared, and name the order."""
    at: Loc = ("points", "pending", "until")
    fact = declared.get(kind)
    if fact is None:
        remedy = did_you_mean(kind, declared) or Said(
            "declare it under facts, with a field order_id that is a text"
        )
        yield Problem.at(at, Said("“{kind}” is not declared", kind=kind), remedy)
    elif ORDER_ID not in fact.fields or fact.fields[ORDER_ID].type != "text":
        said = Said("“{kind}” does not say which order it is about", kind=kind)
        yield Problem.at(at, said, Said("give it a field order_id that is a text"))


def _field(fact: OwnFact, kind: str, field: Field, at: Loc) -> Iterator[Problem]:
    shape = fact.fields.get(field.name)
    if shape is None:
        known = sorted(fact.fields)
        fields = (
            Said("its fields are: {known}", known=", ".join(known)) if known else Said("it has no fields")
        )
        near = did_you_mean(field.name, known) or fields
        yield Problem.at(
            (*at, "name"), Said("“{kind}” has no field “{name}”", kind=kind, name=field.name), near
        )
    elif field.at_least is not None and shape.type != "integer":
        yield Problem.at(
            (*at, "at_least"), Said("“{name}” is no number", name=field.name), Said("ask with equals: …")
        )
    elif field.equals is not None and (said := shape.problem(field.equals)):
        yield Problem.at(
            (*at, "equals"),
            Said("“{name}” {problem}", name=field.name, problem=said),
            Said("ask for a value that it can have"),
        )
