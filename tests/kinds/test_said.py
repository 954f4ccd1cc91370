"""Whatever a programme says, its members are told: on the rules page and in `rules.json`, in three languages.

Each choice that a document can make is looked for in drawn ones, and taken out again: then the page must say something
else. What people need not be told stands in `SILENT`, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import asdict
from decimal import Decimal
from random import Random
from typing import Any

from pydantic import BaseModel, ValidationError

from facts.language import language
from members.programme import Programme
from members.programme.document import cross_check
from members.programme.versions import FOR_EVER, version_of
from members.views.rules import rules_of
from members.views.rules_document import document_of
from tests.builders import NOW
from tests.kinds.drawing import DRAWN, a_document, fitted, some
from tests.kinds.shapes import Choice, Drawer, choices, drawn_field, models, owner, values

LETTERS = {"en": re.compile(r"[A-Za-z]"), "ru": re.compile(r"[А-Яа-я]"), "ar": re.compile(r"[\u0621-\u064a]")}
AMOUNT = re.compile(r"\d+(\.\d+)?\Z")
OTHER = {"en": "Other", "ru": "Другое", "ar": "آخر"}
TRIES = 30

CATALOGUE = (
    "description", "terms", "thanks", "link", "picture", "sku", "per_member", "claimable_from", "until", "access_until",
    "held_days", "valid_days", "refundable_days", "fulfilment", "codes",
)  # fmt: skip
STAFF = ("adjustment_limit", "bulk_limit")
SILENT: dict[tuple[str, str], str] = {
    **dict.fromkeys([("Rule", "slug"), ("Rule", "priority")], "order alone"),
    **dict.fromkeys([("Reward", "slug"), ("Level", "slug")], "it is told by its name"),
    **dict.fromkeys([("Reward", name) for name in CATALOGUE], "the catalogue says it, with the reward"),
    **dict.fromkeys(
        [("Reward", name) for name in ("stock", "alert_percent")], "what the shop has is its own affair"
    ),
    **dict.fromkeys([("PointsPolicy", name) for name in STAFF], "what staff may do by hand"),
    ("Reward", "visible_from"): "nothing is told of it before",
    ("Reward", "icon"): "it is a picture",
    ("Paying", "hold_minutes"): "how long a checkout may take is between it and the shop",
    ("Awaited", "until"): "a wallet waits for a delivery alone, and that is told",
}
"""What the rules page need not tell, and why."""
HIDDEN = {
    *(("PointsPolicy", name) for name in STAFF), ("Reward", "stock"), ("Reward", "alert_percent"),
    ("Awaited", "until"),
}  # fmt: skip
"""What `rules.json` leaves out, and the one word that cannot be another."""
CASH = {
    "cash": {
        "kind": "cashback",
        "name": "Cash",
        "value": {"money": "2.00", "pays": "1.00"},
        "paying": {"share": 50},
    }
}
BESIDE: dict[tuple[str, str], dict[tuple[str, str], Drawer]] = {
    ("Expiry", "dates"): {("Expiry", "kind"): some("calendar")},
    ("Expiry", "days_min"): {("Expiry", "kind"): some("calendar")},
    ("Expiry", "warn_days"): {("Expiry", "kind"): some("rolling")},
    ("Downgrade", "grace_days"): {
        ("Window", "kind"): some("rolling"),
        ("Downgrade", "policy"): some("one_step"),
    },
    ("Downgrade", "policy"): {("Window", "kind"): some("rolling")},
    ("NegativeBalance", "limit"): {("NegativeBalance", "policy"): some("debt")},
    ("Reward", "access"): {("Reward", "kind"): some("early_access")},
    ("Reward", "access_until"): {("Reward", "kind"): some("early_access")},
    ("Reward", "thanks"): {("Reward", "kind"): some("donation")},
    ("Multiply", "stack"): {("Programme", "earning"): some(["multiply", "multiply"])},
    ("ByMoney", "rounding"): {("Programme", "earning"): some(["points_per_money", "cashback"])},
    ("Reward", "points"): {("Reward", "kind"): some("points")},
    ("Occasion", "choice"): {
        ("Reward", "kind"): some("points"),
        ("Reward", "occasion"): some({"on": "member.birthday", "choice": "treat"}),
    },
}
"""What else must be so for a field to say anything."""
for _name in (("Wallet", "value"), ("Worth", "money"), ("Worth", "pays")):
    BESIDE[_name] = {("Programme", "wallets"): some(CASH)}
ENDING = {"cash": {**CASH["cash"], "expiry": {"kind": "rolling", "months": 3}}}
BESIDE["Wallet", "expiry"] = {("Programme", "wallets"): some(ENDING)}
INSTEAD: dict[tuple[str, str], list[dict[str, Any]]] = {
    ("Entry", "reward"): [{"reward": "reward-0"}, {"reward": "reward-1"}],
    ("Level", "needs"): [
        {"needs": {"all": {"orders": 3, "spend": 100}}},
        {"needs": None, "threshold": 10**6},
    ],
    ("Level", "invite_only"): [{"invite_only": False, "threshold": 10**6}],
}
"""How a part can be otherwise where one field cannot change alone."""

Place = tuple[str | int, ...]


def places(part: Any, annotation: Any, at: Place = ()) -> Iterator[tuple[Place, type[BaseModel]]]:
    """Every part of a document, as data, with the model that it is of."""
    if isinstance(part, list):
        for number, one in enumerate(part):
            yield from places(one, annotation, (*at, number))
        return
    if not isinstance(part, dict):
        return
    known = list(models(annotation))
    fits = (
        [
            one
            for one in known
            if "kind" in part and part["kind"] in map(str, values(one.model_fields["kind"].annotation))
        ]
        if len(known) > 1
        else known
    )
    for model in fits[:1]:
        if set(part) <= set(model.model_fields):
            yield at, model
            for name, value in part.items():
                yield from places(value, model.model_fields[name].annotation, (*at, name))
        else:
            for name, value in part.items():
                yield from places(value, annotation, (*at, name))


def inside(document: Any, at: Place) -> Any:
    """What stands at a place."""
    for one in at:
        document = document[one]
    return document


def made(document: dict[str, Any]) -> Iterator[tuple[Choice, Place, type[BaseModel], str]]:
    """The choices that a document makes, and where."""
    for at, model in places(document, Programme):
        if model is Programme:
            continue
        part = inside(document, at)
        for name, value in part.items():
            told = values(model.model_fields[name].annotation)
            for one in value if isinstance(value, list) and told else [value]:
                yield (owner(model, name), name, str(one) if told else "*"), at, model, name


def otherwise(value: Any, model: type[BaseModel], name: str) -> Iterator[Any]:
    """What a field can be instead: left out (None), another of its words, one more, the opposite, or drawn anew."""
    field = model.model_fields[name]
    yield None
    yield from varied(value)
    yield from (other for other in map(str, values(field.annotation)) if other != value)
    if isinstance(value, bool | int):
        yield not value if isinstance(value, bool) else value + 1
    elif not values(field.annotation):
        yield from (drawn_field(model, name, field, Random(number), DRAWN, 0.4) for number in range(4))


def varied(value: Any) -> Iterator[Any]:
    """What is drawn in one way only, in another: amounts, texts, and numbers by name."""
    if isinstance(value, str) and AMOUNT.match(value):
        yield str(Decimal(value) + 2)
    elif isinstance(value, str) or (isinstance(value, dict) and set(value) <= set(OTHER)):
        yield OTHER
        yield f"{value}x"
    elif isinstance(value, dict):
        yield {name: one + 1 if isinstance(one, int) else one for name, one in value.items()}
    elif isinstance(value, list):
        yield [OTHER if isinstance(one, str) else one for one in value]


def without(document: dict[str, Any], at: Place, model: type[BaseModel], name: str) -> Iterator[Programme]:
    """The same programme but for one choice; a kind is left out with all that is of it."""
    value = inside(document, at)[name]
    whole = [...] if name == "kind" else []
    for other in whole if isinstance(at[-1], int) and whole else [*otherwise(value, model, name), *whole]:
        changed = deepcopy(document)
        if other is ...:
            del inside(changed, at[:-1])[at[-1]]
        elif other is None:
            del inside(changed, at)[name]
        else:
            inside(changed, at)[name] = other
        yield from possible(changed)
    for others in INSTEAD.get((model.__name__, name), []):
        changed = deepcopy(document)
        inside(changed, at).update(others)
        yield from possible(changed)


def possible(document: dict[str, Any]) -> Iterator[Programme]:
    """The programme in a document, when it can be published."""
    try:
        programme = Programme.model_validate(document)
    except ValidationError:
        return
    if not list(cross_check(programme)):
        yield programme


def strings(value: Any) -> Iterator[str]:
    """All texts in data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from strings(one)


class Said:
    """The rules page of a programme, in the languages in which somebody asks for it, and its data."""

    def __init__(self, programme: Programme) -> None:
        self.version = version_of(programme, 1, FOR_EVER, "test", NOW)
        self.data = document_of(self.version, NOW)
        self.pages: dict[str, set[str]] = {}

    def page(self, code: str) -> set[str]:
        """All texts of the page in a language."""
        if code not in self.pages:
            self.pages[code] = set(strings(asdict(rules_of(self.version, NOW, language(code)))))
        return self.pages[code]

    def tells_more(self, other: Said) -> bool:
        """Whether something is said that the other does not say, in each language in its own letters."""
        return all(any(letters.search(text) for text in self.page(code) - other.page(code))
                   for code, letters in LETTERS.items())  # fmt: skip


def test_every_kind_and_every_limit_is_told_on_the_rules_page_and_in_the_data() -> None:
    unsaid = {one for one in choices() if one[:2] not in SILENT}
    unwritten = {one for one in choices() if one[:2] not in HIDDEN}
    for wanted in sorted(unsaid | unwritten):
        chance, model_name, field, word = Random(str(wanted)), *wanted
        how = BESIDE.get((model_name, field), {}) | ({} if word == "*" else {(model_name, field): some(word)})
        for number in range(TRIES):
            if wanted not in unsaid | unwritten:
                break
            document = fitted(a_document(chance, how, often=0.8 if number % 2 else 0.4))
            page = Said(Programme.model_validate(document))
            for choice, at, model, name in made(document):
                for other in without(document, at, model, name) if choice == wanted else ():
                    changed = Said(other)
                    unwritten -= {choice} if page.data != changed.data else set()
                    if choice in unsaid and (
                        page.tells_more(changed) or (word == "*" and changed.tells_more(page))
                    ):
                        unsaid -= {choice}
                    if choice not in unsaid | unwritten:
                        break
    assert not unsaid, f"the rules page is silent about {sorted(unsaid)}"
    assert not unwritten, f"rules.json is silent about {sorted(unwritten)}"
