"""A birthday as a member has it: told on their page, paid by the night's job, said in the history, sent by nobody."""

from __future__ import annotations

import pytest
from sqlmodel import select

from app import database
from app.jobs import due
from facts.language import language
from members.actions import own
from members.tables import Member
from members.views.rules import rules
from tests.engine.till import Till
from tests.engine.wording import a_programme

EARNING = """  - {kind: points_per_money, slug: base, points: 1, per: "1.00"}
  - {kind: fixed_points, slug: birthday, name: Happy birthday, on: member.birthday, points: 50}
  - {kind: fixed_points, slug: fifth, on: member.anniversary, points: 99, when: {fields: [{name: years, at_least: 5}]}}
  - {kind: fixed_points, slug: year, on: member.anniversary, points: 10}"""


@pytest.mark.feature(16)
def test_a_birthday_and_the_years_are_paid_once_and_cannot_be_sent(till: Till) -> None:
    till.at("2021-03-01 12:00").open(a_programme(earning=EARNING))
    till.post(till.order("A", "1.00"))
    with database.transaction(till.engine) as session:
        member = session.exec(select(Member)).one()
        member.status = "active"
        session.add(member)
        session.flush()
        own.tell(session, member.member_id, till.now, birthday="1992-02-29")
    forged = {"year": 2026}
    (answer,) = till.send(till.event("member.birthday", forged))
    assert (answer["status"], answer["problem"]["code"]) == ("refused", "type_internal")
    till.at("2026-02-27 12:00")
    for _ in range(20):
        due.record_occasions(till.engine, till.later(hours=12).now)
    paid = [
        (row["rule"], row["amount"], row["occurred_at"][:16])
        for row in till.entries()
        if row["kind"] == "earned"
    ]
    assert paid[1:] == [
        ("birthday", 50, "2026-02-28T05:00"),
        ("fifth", 99, "2026-03-01T05:00"),
        ("year", 10, "2026-03-01T05:00"),
    ]
    assert "Happy birthday" in [entry.title for entry in till.history().entries]
    with database.reading(till.engine) as session:
        said = {
            one.key: f"{one.sentence} {one.limits}" for one in rules(session, till.now, language("en")).earn
        }
    assert said["birthday"] == "50 points for your birthday. Tell us the day at least 30 days before."
    only = "Only for this: a year of membership (years: 5 or more)."
    assert said["fifth"] == f"99 points for each year with us. {only}"
    till.proven()
