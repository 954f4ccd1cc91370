"""Docs are checked: settings, facts, rule and reward kinds and their fields are all told; links lead somewhere."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from pydantic import BaseModel

from app.settings import PREFIX, Settings
from badges.document import Badge, Boost, Challenge, Formula, Milestone, Prize
from facts.criteria import KINDS as CRITERIA
from facts.criteria import Filter
from facts.declared import FieldShape, OwnFact
from facts.events import DATA, INTERNAL, parse
from members.programme import Programme
from rewards.document import Basis, Downgrade, NegativeBalance, PointsPolicy, Reward, Tiers, Window
from rewards.earning import KINDS
from rewards.earning.rule import Rule, Where
from rewards.earning.when import When
from tests.repo.sources import ROOT

DOCS = {path.relative_to(ROOT).as_posix(): path.read_text() for path in (ROOT / "docs").rglob("*.md")}
PAGES = {"README.md": (ROOT / "README.md").read_text(), **DOCS}
OPERATIONS = DOCS["docs/operations.md"]
PROGRAMME = DOCS["docs/programme.md"]


def words(model: type[BaseModel]) -> list[str]:
    """The fields of a model."""
    return list(model.model_fields)


def choices(model: type[BaseModel], field: str) -> list[str]:
    """The words that a field allows."""
    return [str(choice) for choice in get_args(model.model_fields[field].annotation)]


def missing(wanted: list[str], page: str) -> list[str]:
    """Which of these are on the page neither as `word` nor inside a list in backquotes."""
    quoted = " ".join(re.findall(r"`([^`]*)`", page))
    known = set(re.findall(r"[A-Za-z0-9_.<>/]+", quoted))
    return [word for word in wanted if word not in known]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented_with_its_default(name: str) -> None:
    row = re.search(rf"^\| `{PREFIX}{name.upper()}` \| (.+?) \| .+ \|$", OPERATIONS, re.MULTILINE)
    assert row, f"{name} is not in the table of docs/operations.md"
    default = Settings.model_fields[name].default
    if name not in {
        "secret",
        "database_url",
        "redis_url",
        "smtp_url",
        "mail_from",
        "sms_url",
        "sms_header",
        "oidc_providers",
    }:
        assert row.group(1) == f"`{default}`"


def test_no_setting_is_documented_that_does_not_exist() -> None:
    told = {name for page in PAGES.values() for name in re.findall(rf"{PREFIX}([A-Z_]*[A-Z])", page)}
    assert told - {name.upper() for name in Settings.model_fields} == set()


def test_every_fact_type_is_documented_with_its_fields() -> None:
    page = DOCS["docs/facts.md"]
    assert missing(list(DATA), page) == []
    for kind, model in DATA.items():
        if kind in INTERNAL:
            continue
        row = next(line for line in page.splitlines() if line.startswith("|") and f"`{kind}`" in line)
        fields = set(re.findall(r"[a-z_]+", row.split("|")[2]))
        inner = [
            get_args(field.annotation)[0]
            for field in model.model_fields.values()
            if get_args(field.annotation)
        ]
        nested = [
            n for part in inner if isinstance(part, type) and issubclass(part, BaseModel) for n in words(part)
        ]
        assert {*words(model), *nested} - fields == set(), kind


def test_the_fact_shown_is_one() -> None:
    shown = re.search(r"```json fact\n(.*?)```", DOCS["docs/facts.md"], re.DOTALL)
    assert shown
    fact = parse(json.loads(shown.group(1)))
    assert (fact.type, fact.subject, fact.data["lines"][0]["amount"]) == (
        "order.paid",
        "customer:900",
        "0.50",
    )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_rule_kind_is_documented_with_its_fields(kind: type[Rule]) -> None:
    name = kind.model_fields["kind"].default
    row = re.search(rf"^\| `{name}` \|.*$", PROGRAMME, re.MULTILINE)
    assert row, f"{name} is not in the table of docs/programme.md"
    assert missing([field for field in words(kind) if field not in Rule.model_fields], row.group()) == []


def test_the_programme_is_documented_whole() -> None:
    wanted: list[str] = [
        *words(Rule),
        *words(Where),
        *words(When),
        *words(OwnFact),
        *words(FieldShape),
        *words(PointsPolicy),
        *words(Tiers),
        *Basis,
    ]
    wanted += [field for field in words(Programme) if field != "regulars"]
    wanted += [
        field for field in words(Reward) if field not in {"sku", "picture", "icon", "description", "value"}
    ]
    listed: list[tuple[Any, str]] = [
        (Window, "kind"), (Downgrade, "policy"), (NegativeBalance, "policy"), (Reward, "kind"), (Reward, "fulfilment"),
    ]  # fmt: skip
    wanted += [word for model, field in listed for word in choices(model, field) if word != "instant"]
    assert missing(wanted, PROGRAMME) == []


def test_badges_challenges_and_criteria_are_documented_whole() -> None:
    page = DOCS["docs/badges.md"]
    wanted = [
        *words(Badge),
        *words(Challenge),
        *words(Milestone),
        *words(Prize),
        *words(Boost),
        *words(Formula),
    ]
    assert missing([word for word in wanted if word != "icon"], page) == []
    for kind in CRITERIA:
        name = get_args(get_type_hints(kind)["kind"])[0]
        row = re.search(rf"^\| `{name}` \|.*$", page, re.MULTILINE)
        assert row, f"{name} is not in the table of docs/badges.md"
        own = [field.name for field in fields(kind) if field.name not in {"kind", "where", "window"}]
        assert missing(own, row.group()) == [], name
    assert missing([field.name for field in fields(Filter)], page) == []


def test_the_glossary_has_one_word_for_each_thing() -> None:
    rows = re.findall(r"^\| \*\*(.+?)\*\* \|", DOCS["docs/glossary.md"], re.MULTILINE)
    assert len(rows) == len(set(rows)) > 30


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(name: str) -> None:
    base = (ROOT / name).parent
    links = [link for link in re.findall(r"\]\(([^)#]+)[^)]*\)", PAGES[name]) if "://" not in link]
    assert [link for link in links if not (base / link).exists()] == []


def test_every_decision_has_its_four_parts() -> None:
    for name, text in DOCS.items():
        if re.match(r"docs/decisions/\d{4}-", name):
            parts = re.findall(r"^\*\*(Context|Decision|Consequences|Alternatives)\.\*\*", text, re.MULTILINE)
            assert parts == ["Context", "Decision", "Consequences", "Alternatives"], name
            assert text.startswith(f"# {int(Path(name).name[:4])}. ")


def test_every_path_the_tour_names_is_there_or_will_be() -> None:
    """Folders and modules in backquotes exist; the tour's own example is the exception."""
    named = set(
        re.findall(
            r"`((?:app|pages|components|members|rewards|badges|facts|tests|docs)/[\w./-]*)`",
            DOCS["docs/tour.md"],
        )
    )
    assert {name for name in named if not (ROOT / name).exists()} == {"rewards/earning/full_basket.py"}
