"""What members do about themselves: who they are, leaving for now, and coming back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from facts.refusals import Refusal
from members.actions import own, record
from members.actions.record import advance_due
from members.actions.staff import adjust
from members.prove import prove
from members.tables import Claim, FactRow, Member
from tests.builders import NOW, a_refund, an_order, days, in_force, standing_of


def a_member(session: Session, at: datetime = NOW) -> UUID:
    in_force(session)
    record(session, [an_order("1", "30.00", at=at)], NOW)
    return standing_of(session).member_id


def test_what_a_member_says_is_a_fact_once(session: Session) -> None:
    mira = a_member(session)
    own.tell(session, mira, NOW, name="  Mira   Sol ", birthday="1990-02-28", language="ru")
    own.tell(session, mira, NOW + days(1), name="Mira")
    member = session.get_one(Member, mira)
    assert (member.name, member.language) == ("Mira", "ru")
    facts = session.exec(select(FactRow.data).where(FactRow.type == "profile.completed")).all()
    assert sorted(facts) == ['{"fields":["birthday"]}', '{"fields":["name"]}']
    assert own.profile_of(session, mira).birthday == "1990-02-28"


@pytest.mark.parametrize(
    ("said", "code"),
    [({"name": "x" * 61}, "name_malformed"), ({"name": "a\x07b"}, "name_malformed"),
     ({"birthday": "yesterday"}, "birthday_malformed"), ({"birthday": "2030-01-01"}, "birthday_malformed"),
     ({"birthday": "1800-01-01"}, "birthday_malformed"), ({"language": "tlh"}, "language_unknown")],
)  # fmt: skip
def test_what_cannot_be_is_refused(session: Session, said: dict[str, str], code: str) -> None:
    mira = a_member(session)
    with pytest.raises(Refusal) as caught:
        own.tell(session, mira, NOW, **said)
    assert caught.value.code == code


def test_a_birthday_is_corrected_once_a_year(session: Session) -> None:
    mira = a_member(session)
    own.tell(session, mira, NOW, birthday="1990-02-28")
    own.tell(session, mira, NOW, birthday="1990-02-28")
    with pytest.raises(Refusal, match="once a year"):
        own.tell(session, mira, NOW + days(30), birthday="1990-11-23")
    own.tell(session, mira, NOW + days(366), birthday="1990-11-23")


@pytest.mark.feature(9)
def test_leaving_freezes_the_ledger_and_coming_back_finds_what_waited(session: Session) -> None:
    mira = a_member(session, NOW - days(300))
    until = own.leave(session, mira, f"member:{mira}", NOW)
    assert until == NOW + days(30)
    before = prove(session)
    later = NOW + days(20)
    facts = [an_order("2", "50.00", at=later), a_refund("1", ("1", "10.00"), at=later)]
    assert [one.status for one in record(session, facts, later)] == ["waiting", "waiting"]
    assert [one.status for one in record(session, facts, later)] == ["duplicate", "duplicate"]
    with pytest.raises(Refusal, match="closed"):
        adjust(session, mira, 5, "A gift", "owner:ada", later)
    advance_due(session, NOW + days(200))
    frozen = prove(session)
    assert (frozen.entries, frozen.points.outstanding, frozen.flaws) == (before.entries, 30, [])
    own.come_back(session, mira, f"member:{mira}", later)
    assert standing_of(session).balance == 70
    assert prove(session).flaws == []
    assert session.exec(select(Claim).where(col(Claim.envelope).is_not(None))).all() == []
    assert session.get_one(Member, mira).status == "active"
    alone = [an_order("1", "30.00", at=NOW - days(300), subject="customer:2", source="b"),
             an_order("2", "50.00", at=later, subject="customer:2", source="b"),
             a_refund("1", ("1", "10.00"), at=later, subject="customer:2", source="b")]  # fmt: skip
    record(session, alone, later)
    assert standing_of(session, "2", "b").balance == standing_of(session).balance, "as if nobody had left"
    advance_due(session, NOW + days(100))
    assert standing_of(session).balance == 50, "what expires by date expires"
