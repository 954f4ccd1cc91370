"""What people call a category of the shop's systems: in rules and in criteria, language by language."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlmodel import Session

from facts.criteria import Criterion
from facts.criteria.saying import sentence
from facts.language import language
from members import programme
from members.programme import load, validate
from members.programme.presets import preset
from members.programme.versions import Version
from members.views.saying import wording
from rewards.earning.rule import Where
from tests.programme.test_document import SMALL

CRITERION: TypeAdapter[Any] = TypeAdapter(Criterion)
NAMED = (
    SMALL + "languages: [en, ru]\ncategories:\n  PRODUCE: {en: fruit and vegetables, ru: овощи и фрукты}\n"
)
WANTED = {"kind": "count", "at_least": 2, "where": {"categories": ["GROCERY > PRODUCE", "MEAT"]}}


def version_of(session: Session, text: str) -> Version:
    """The document in force."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    programme.apply(session, load(text), base=None, actor="test", now=now)
    return programme.versions(session).latest


def test_rules_and_criteria_say_it_in_each_language_and_what_has_no_name_calmly(session: Session) -> None:
    version = version_of(session, NAMED)
    criterion = CRITERION.validate_python(WANTED)
    where = Where(categories=[["PRODUCE"], ["MEAT"]])
    english, russian = (wording(version, language(code)) for code in ("en", "ru"))
    assert english.products(where) == "fruit and vegetables and Meat"
    assert russian.products(where) == "овощи и фрукты и Meat"
    assert "in fruit and vegetables or Meat" in sentence(criterion, english.language, "EUR")
    assert "«овощи и фрукты или Meat»" in sentence(criterion, russian.language, "EUR")


def test_the_language_itself_stays_as_it_was(session: Session) -> None:
    wording(version_of(session, NAMED), language("ru"))
    assert language("ru").category("PRODUCE") == "Produce"


def test_a_name_without_the_shops_own_language_is_refused() -> None:
    problems = validate(NAMED.replace("en: fruit and vegetables, ", ""))
    assert [problem.path for problem in problems] == ["categories.PRODUCE"]


def test_the_demo_has_a_name_for_every_category_that_its_rules_name() -> None:
    grocery = preset("grocery", datetime(2026, 3, 1, tzinfo=UTC))
    named = {
        path[-1]
        for rule in grocery.earning
        for path in getattr(getattr(rule, "where", None), "categories", ())
    }
    assert "PRODUCE" in named
    for name in named:
        assert set(grocery.categories[name]) == {"en", "ru", "ar"}, name
