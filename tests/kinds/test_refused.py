"""Whatever is wrong with a programme is said in three languages: each field of each kind is written wrongly in turn.

The kinds and fields are those of the document's types, so one that is added is asked for here by itself.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from random import Random
from typing import Any

import pytest
from pydantic import BaseModel

from facts.language import codes, language
from facts.said import Said
from members.programme import Programme
from members.programme.explaining import OTHERWISE
from members.programme.known import kinds_at
from members.programme.problems import Problem, path_of
from members.programme.reading import checked
from members.programme.text import Source
from rewards.earning import KINDS
from tests.kinds.drawing import BASE, a_document, fitted, some
from tests.kinds.shapes import Choice, choices, parts
from tests.kinds.test_said import BESIDE, LETTERS, Place, inside, made

OTHERS = [code for code in codes() if code != "en"]
TRIES = 20
WRONG: tuple[Any, ...] = ("?!", -1, 10**16, 0.12345, True, [], [{}], {}, {"?": "?"}, None)


def nodes(said: Any) -> Iterator[Said]:
    """A text and those that were put into it."""
    if isinstance(said, Said):
        yield said
        for one in said.params.values():
            yield from nodes(one)


@cache
def is_said(msgid: str, names: tuple[str, ...], code: str) -> bool:
    """Whether a text has words of the language, whatever is put into it."""
    return bool(LETTERS[code].search(language(code).text(msgid, **dict.fromkeys(names, ""))))


def left_in_english(problem: Problem) -> Iterator[str]:
    """What of a problem is not said in another language."""
    for text in (problem.problem, problem.remedy):
        if not isinstance(text, Said):
            yield f"{text!r} is plain"
    for one in nodes(problem.said):
        if one.msgid == OTHERWISE:
            yield f"{one} is Pydantic's"
        if re.search(r"[A-Za-z]", re.sub(r"\{\w+\}", "", one.msgid)):
            said = {code: is_said(one.msgid, tuple(one.params), code) for code in OTHERS}
            yield from (f"{one.msgid!r} in {code}" for code in OTHERS if not said[code])


def every_place(part: Any, at: Place = ()) -> Iterator[Place]:
    """Where something stands in a document."""
    yield at
    inner = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for name, one in inner:
        yield from every_place(one, (*at, name))


def refused(document: dict[str, Any]) -> list[Problem]:
    """What is wrong with a document, each in every language."""
    source = Source(document, dict.fromkeys(every_place(document), (1, 1)))
    problems = checked(source)[1]
    left = sorted({one for problem in problems for one in left_in_english(problem)})
    assert not left, left
    return problems


def wrongly(document: dict[str, Any], at: Place, name: str) -> Iterator[dict[str, Any]]:
    """The document with one field written wrongly, left out, or misspelt."""
    for wrong in WRONG:
        changed = deepcopy(document)
        inside(changed, at)[name] = wrong
        yield changed
    changed = deepcopy(document)
    inside(changed, at)[f"{name}x"] = inside(changed, at).pop(name)
    yield changed


@pytest.mark.full
def test_every_field_of_every_kind_is_refused_in_every_language_however_it_is_wrong() -> None:
    every_field_is_refused(every=True)


def test_every_field_of_every_kind_is_refused_in_every_language() -> None:
    every_field_is_refused(every=False)


def every_field_is_refused(*, every: bool) -> None:
    """Write each field wrongly where it stands: in all ways, or until it was refused in two."""
    unseen = set(choices())
    for wanted in sorted(unseen):
        chance, (model_name, field, word) = Random(str(wanted)), wanted
        how = BESIDE.get((model_name, field), {}) | ({} if word == "*" else {(model_name, field): some(word)})
        for number in range(TRIES):
            if wanted not in unseen:
                break
            document = fitted(a_document(chance, how, often=0.8 if number % 2 else 0.4))
            for choice, at, _, name in made(document):
                if choice in unseen and is_refused(document, choice, at, name, every=every):
                    unseen.discard(choice)
    assert not unseen, f"nothing was refused of {sorted(unseen)}"


def is_refused(document: dict[str, Any], choice: Choice, at: Place, name: str, *, every: bool) -> bool:
    """Whether wrong values at a place are refused at that place."""
    found = 0
    for changed in wrongly(document, at, name):
        found += any(problem.path.startswith(path_of(at)) for problem in refused(changed))
        if found > 1 and not every:
            break
    return found > 1


@pytest.mark.parametrize("kind", kinds_at(Programme, ("badges", 0, "criterion")))
@pytest.mark.parametrize("wrong", ["?!", -1, [], {"kind": "?"}, {"kind": "rolling", "days": 0}], ids=str)
def test_every_criterion_and_window_is_refused_in_every_language(kind: str, wrong: Any) -> None:
    document = fitted(a_document(Random(kind)))
    criterion = {"kind": kind} | dict.fromkeys(
        ["at_least", "where", "window", "of", "on", "tier", "tears"], wrong
    )
    rule = {"kind": "criterion_bonus", "slug": "asks", "points": 1, "criterion": criterion}
    document["earning"] = [BASE, rule]
    assert any(problem.path.startswith("earning[1].criterion") for problem in refused(document))


@pytest.mark.parametrize("part", [*KINDS, *parts()], ids=lambda part: part.__name__)
def test_every_refusal_of_a_kind_is_a_text_of_the_catalogues(part: type[BaseModel]) -> None:
    source = ast.parse(inspect.getsource(sys.modules[part.__module__]))
    raised = [
        one.exc for one in ast.walk(source) if isinstance(one, ast.Raise) and isinstance(one.exc, ast.Call)
    ]
    plain = [
        ast.unparse(one)
        for one in raised
        if ast.unparse(one.func) in ("ValueError", "Misfit")
        and isinstance(one.args[0], ast.Constant | ast.JoinedStr)
    ]
    assert plain == []
