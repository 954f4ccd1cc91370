"""Limits of rules that give nothing themselves: nobody can publish one; a version that was stored with some is read
without them, so that the rules page promises nothing that does not hold.
"""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import Session

from facts.language import codes, language
from members.programme import reading, validate, versions
from members.views.rules import rules
from tests.builders import NOW, PROGRAMME, in_force
from tests.engine.till import Till

LIMITS = {"cap_per_day": 50, "promotional": True, "pending_days": 9, "expires_days": 5}
SET = ", ".join(f"{name}: {json.dumps(value)}" for name, value in LIMITS.items())
MORE = (
    "  - {kind: multiply, slug: double, factor: 2}\n  - {kind: exclude, slug: cards, where: {tags: [card]}}\n"
)
WIDE = PROGRAMME.replace("earning:\n", f"earning:\n{MORE}")
LIMITED = WIDE.replace("factor: 2}", f"factor: 2, {SET}}}").replace("[card]}}", f"[card]}}, {SET}}}")


@pytest.mark.feature(130)
def test_they_are_refused_each_at_its_place(till: Till, tmp_path: Path) -> None:
    till.open(WIDE)
    path = tmp_path / "shop.yaml"
    path.write_text(LIMITED, encoding="utf-8")
    for command in ("validate", "apply"):
        done = till.run("programme", command, str(path))
        said = " ".join(done.output.split())
        assert done.exit_code != 0
        for place in (0, 1):
            for name in LIMITS:
                assert (
                    f"earning[{place}].{name}: “{name}” does nothing here; this kind gives no points itself"
                    in said
                )


def test_they_are_refused_in_every_language() -> None:
    problems = validate(LIMITED)
    assert len(problems) == 2 * len(LIMITS)
    for code in set(codes()) - {"en"}:
        for problem in problems:
            for part in (problem.problem, problem.remedy):
                assert part.sentence(language(code)) != str(part)


@pytest.mark.parametrize(
    "kind", ["kind: fixed_points, on: visit", "kind: extra_points, where: {tags: [card]}"]
)
def test_what_gives_points_may_have_all_of_them(kind: str) -> None:
    rule = f"  - {{{kind}, slug: more, points: 5, {SET}}}\n"
    assert validate(PROGRAMME.replace("earning:\n", f"earning:\n{rule}")) == []


def test_a_version_that_was_stored_with_some_is_read_without_them(session: Session) -> None:
    in_force(session, WIDE)
    plain = {code: rules(session, NOW, language(code)) for code in codes()}
    for name, value in LIMITS.items():
        default, limit = f'"{name}":{"false" if value is True else "null"}', f'"{name}":{json.dumps(value)}'
        change = text("UPDATE programme_version SET document = replace(document, :plain, :limited)")
        session.connection().execute(change, {"plain": default, "limited": limit})
        stored = session.connection().execute(text("SELECT document FROM programme_version")).scalar_one()
        assert stored.count(limit) >= 3
    unread = {"digest": f"never read: {uuid4()}"}
    session.connection().execute(text("UPDATE programme_version SET digest = :digest"), unread)
    found = versions(session).latest.programme
    assert {rule.kind: [getattr(rule, name) for name in LIMITS] for rule in found.earning} == {
        "multiply": [None, False, None, None],
        "exclude": [None, False, None, None],
        "points_per_money": list(LIMITS.values()),
    }
    reading.check(found)
    for code in codes():
        was = {card.key: card for card in (*plain[code].earn, *plain[code].nothing)}
        now = rules(session, NOW, language(code))
        changed = {card.key for card in (*now.earn, *now.nothing) if card != was[card.key]}
        assert changed == {"base"}
