"""A version that was stored before far moments were refused is read all the same; nobody can publish one now."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from facts.dates import day_of
from facts.language import language
from members import programme
from members.actions import record
from members.programme import ProgrammeInvalid, versions
from members.programme.moments import LAST, NAMES, PARTS
from members.roles import Person
from members.views.staff_games import games
from tests.builders import NOW, PROGRAMME, an_order, days, in_force, standing_of

SOON, FAR = "2999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"
FAR_AWAY = (
    PROGRAMME.replace("America/New_York", "Pacific/Auckland").replace("rewards: []\n", "")
    + """
rewards:
  - {slug: coffee, kind: product, name: Coffee, price: 40, until: "2999-12-31T23:59:59Z"}
badges:
  - {slug: badge, name: Badge, closes: "2999-12-31T23:59:59Z", criterion: {kind: count, at_least: 1}}
challenges:
  - {slug: challenge, name: Challenge, closes: "2999-12-31T23:59:59Z", criterion: {kind: count, at_least: 1},
     milestones: [{at: 1}]}
goals:
  - {slug: goal, name: Goal, closes: "2999-12-31T23:59:59Z", criterion: {kind: count, at_least: 1}, target: "5"}
boards:
  - {slug: season, name: Season, period: season, opens: "2026-01-01T00:00:00Z", closes: "2999-12-31T23:59:59Z",
     criterion: {kind: count, at_least: 1}}
"""
)


def test_one_that_is_stored_is_read_and_counted_by(session: Session) -> None:
    in_force(session, FAR_AWAY)
    change = text("UPDATE programme_version SET document = replace(document, :soon, :far)")
    session.connection().execute(change, {"soon": SOON, "far": FAR})
    session.connection().execute(text("UPDATE programme_version SET digest = 'of a version nobody has read'"))
    latest = versions(session).latest
    moments = [at for part in PARTS for one in getattr(latest.programme, part) for name in NAMES
               if (at := getattr(one, name, None))]  # fmt: skip
    assert moments.count(LAST) == 5
    assert [day_of(at, latest.zone) for at in moments]
    record(session, [an_order("o1", "9.00", at=NOW - days(1))], NOW)
    assert standing_of(session).balance == 9
    owner: Any = Person("kim", "owner")
    assert [card.name for card in games(session, owner, NOW, language("en")).badges] == ["Badge"]


@pytest.mark.parametrize("moment", [FAR, "9999-12-31T23:59:59-05:00"])
def test_a_new_one_is_refused(moment: str) -> None:
    with pytest.raises(ProgrammeInvalid, match="9999"):
        programme.load(FAR_AWAY.replace(SOON, moment))
