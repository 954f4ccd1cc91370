"""A shop declares its own facts: what fits is paid for, what does not is refused with its path, by HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import database
from facts.language import language
from members.programme import validate
from members.views.rules import rules
from members.views.rules_document import rules_document
from tests.engine.till import Till
from tests.engine.wording import a_programme

FACTS = """facts:
  x.bottle_back:
    name: {en: bringing bottles back, ru: возврат бутылок, ar: إعادة الزجاجات}
    fields:
      bottles: {type: integer, at_least: 1}
      glass: {type: text, one_of: [green, brown], required: false}
points:
"""
BOTTLES = """  - {kind: fixed_points, slug: few, on: x.bottle_back, points: 5}
  - {kind: fixed_points, slug: many, on: x.bottle_back, points: 20, when: {fields: [{name: bottles, at_least: 6}]}}"""


def declared(earning: str = BOTTLES) -> str:
    text = a_programme(earning=earning).replace("points:\n", FACTS, 1)
    return text.replace("languages: [en]", "languages: [en, ru, ar]")


@pytest.mark.feature(14)
def test_an_own_fact_is_paid_when_it_fits_and_refused_with_its_path_when_it_does_not(till: Till) -> None:
    till.open(declared())
    answers = till.send(
        till.event("x.bottle_back", {"bottles": 2}), till.event("x.bottle_back", {"bottles": 6, "glass": "green"}),
        till.event("x.bottle_back", {"botles": 6}), till.event("x.bottle_back", {"bottles": 0}),
        till.event("x.bottle_bak", {"bottles": 6}), till.event("visit", {}),
    )  # fmt: skip
    assert [answer["status"] for answer in answers] == ["recorded"] * 2 + ["refused"] * 3 + ["recorded"]
    refused = [(answer["problem"]["code"], answer["problem"]["path"]) for answer in answers[2:5]]
    assert refused == [
        ("event_malformed", "data.botles"),
        ("event_malformed", "data.bottles"),
        ("type_undeclared", "type"),
    ]
    assert "did you mean “bottles”?" in answers[2]["problem"]["detail"]
    assert till.balance() == 5 + 5 + 20
    assert till.facts() == 3
    with database.reading(till.engine) as session:
        said = {
            code: rules(session, till.now, language(code)).earn[0].sentence for code in ("en", "ru", "ar")
        }
        assert said["en"] == "5 points for bringing bottles back."
        assert "возврат бутылок" in said["ru"]
        assert "إعادة الزجاجات" in said["ar"]
        shown = rules_document(session, till.now)["facts"]["x.bottle_back"]["fields"]["bottles"]
        assert (shown["type"], shown["required"], shown["at_least"]) == ("integer", True, 1)
    till.proven()


@pytest.mark.feature(14)
def test_the_version_at_its_time_says_what_a_fact_has_to_be(till: Till) -> None:
    """What happened before anything was declared comes late, and is taken as it was."""
    before = a_programme(earning="  - {kind: fixed_points, slug: few, on: x.bottle_back, points: 5}")
    till.open(before)
    early = till.now
    till.later(days=1).open(declared())
    till.later(days=1)
    answers = till.send(till.event("x.bottle_back", {"any": "thing"}, at=early + timedelta(hours=1)),
                        till.event("x.bottle_back", {"any": "thing"}))  # fmt: skip
    assert [answer["status"] for answer in answers] == ["recorded", "refused"]
    assert till.balance() == 5


COUNT = "  - {kind: criterion_bonus, slug: a, points: 5, criterion: {kind: count, at_least: 2, where: {type: %s}}}"
ON = "  - {kind: fixed_points, slug: a, on: %s, points: 5%s}"


@pytest.mark.parametrize(
    ("earning", "problem"),
    [
        (ON % ("x.botle_back", ""), "earning[0].on: “x.botle_back” is not declared; did you mean “x.bottle_back”?"),
        (ON % ("x.bottle_back", ", when: {fields: [{name: botles, at_least: 2}]}"),
         "earning[0].when.fields[0].name: “x.bottle_back” has no field “botles”; did you mean “bottles”?"),
        (ON % ("x.bottle_back", ", when: {fields: [{name: glass, at_least: 2}]}"),
         "earning[0].when.fields[0].at_least: “glass” is no number; ask with equals: …"),
        (ON % ("x.bottle_back", ", when: {fields: [{name: glass, equals: blue}]}"),
         "earning[0].when.fields[0].equals: “glass” must be one of green, brown"),
        (COUNT % "x.other",
         "earning[0].criterion.where.type: “x.other” is not declared"),
    ],
)  # fmt: skip
def test_what_the_programme_asks_of_own_facts_must_be_declared(earning: str, problem: str) -> None:
    (found,) = validate(declared(earning))
    assert problem in str(found)


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        ("{type: integr}", "type: “integr” is not possible; did you mean “integer”?"),
        ("{type: text, at_least: 1}", "at_least: “1” does not fit; at_least belongs"),
        ("{type: integer, at_least: 9, at_most: 3}", "at_most: “3” does not fit"),
        ("{type: integer, one_of: [a]}", "one_of: this does not fit; one_of belongs"),
    ],
)  # fmt: skip
def test_a_declaration_that_makes_no_sense_is_refused(field: str, problem: str) -> None:
    plain = declared("  - {kind: fixed_points, slug: few, on: x.bottle_back, points: 5}")
    (found,) = validate(plain.replace("{type: integer, at_least: 1}", field))
    assert f"facts.x.bottle_back.fields.bottles.{problem}" in str(found)
