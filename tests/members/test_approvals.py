"""Two people for what is risky: asked once, agreed to by somebody else, done once, with both in the audit."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from badges.tables import BadgeBatchLine
from facts.language import language
from facts.refusals import Refusal
from members import approving
from members.actions import approvals, awards, bulk, team
from members.actions.record import record
from members.audit import first_broken
from members.roles import Person
from members.tables import Audit
from members.views.approvals import requests
from members.way_tables import Approval, Staff
from tests.builders import NOW, PROGRAMME, an_order, in_force, standing_of

KIM, ADA = "support:kim", "owner:ada"
HOUR = timedelta(hours=1)
FOUNDER = "badges: [{slug: founder, name: Founder, criterion: {kind: manual}}]\n"
LIMITS = PROGRAMME.replace("points:\n", "points:\n  adjustment_limit: 100\n  bulk_limit: 1\n") + FOUNDER


def a_shop(session: Session, customers: int = 1, text: str = LIMITS) -> UUID:
    in_force(session, text)
    record(
        session, [an_order(f"o{n}", "90.00", subject=f"customer:{n}") for n in range(1, customers + 1)], NOW
    )
    return standing_of(session).member_id


def asked(session: Session, member_id: UUID, points: int = 500, request: str = "r1") -> Approval:
    assert not approvals.adjust_or_ask(
        session, member_id, points, "A big sorry", KIM, NOW, request_id=request
    )
    return session.exec(select(Approval).order_by(col(Approval.asked_at))).all()[-1]


def actions(session: Session) -> list[tuple[str, str]]:
    rows = session.exec(select(Audit.actor, Audit.action).order_by(col(Audit.seq))).all()
    return [(who, what) for who, what in rows if what != "programme.applied"]


def code(refused: pytest.ExceptionInfo[Refusal]) -> str:
    return refused.value.code


def test_up_to_the_limit_one_is_enough(session: Session) -> None:
    me = a_shop(session)
    assert approvals.adjust_or_ask(session, me, 100, "Broken eggs", KIM, NOW, request_id="r")
    assert standing_of(session).balance == 190
    assert session.exec(select(Approval)).all() == []


def test_many_small_ones_do_not_go_round_the_limit(session: Session) -> None:
    me = a_shop(session)
    assert approvals.adjust_or_ask(session, me, 60, "Broken eggs", KIM, NOW, request_id="a")
    assert approvals.adjust_or_ask(session, me, -40, "They were not", KIM, NOW, request_id="b")
    assert approvals.adjust_or_ask(session, me, 60, "Broken eggs", KIM, NOW, request_id="a")  # the same again
    assert standing_of(session).balance == 110
    assert not approvals.adjust_or_ask(session, me, 1, "One more", KIM, NOW, request_id="c")
    assert approvals.adjust_or_ask(session, me, 100, "Somebody else", "support:bo", NOW, request_id="d")
    approvals.agree(session, session.exec(select(Approval.approval_id)).one(), ADA, NOW)
    later = NOW + approving.LASTS
    assert approvals.adjust_or_ask(session, me, 100, "Another day", KIM, later, request_id="e")
    assert standing_of(session).balance == 311


def test_above_it_a_second_person_agrees_and_it_is_done_once(session: Session) -> None:
    me = a_shop(session)
    row = asked(session, me)
    assert asked(session, me).approval_id == row.approval_id  # the same button twice
    assert (standing_of(session).balance, approving.waiting(session, NOW)) == (90, 1)
    later = NOW + timedelta(days=2)
    approvals.agree(session, row.approval_id, ADA, later)
    assert (standing_of(session).balance, approving.waiting(session, later)) == (590, 0)
    with pytest.raises(Refusal) as refused:
        approvals.agree(session, row.approval_id, "owner:eva", later)
    assert (code(refused), standing_of(session).balance) == ("approval_decided", 590)
    assert actions(session) == [(KIM, "approval.asked"), (ADA, "approval.agreed"), (KIM, "points.adjusted")]
    last = session.exec(select(Audit.detail).order_by(col(Audit.seq).desc())).first()
    assert json.loads(str(last))["agreed_by"] == ADA
    assert json.loads(str(last))["before"] == {"balance": 90}
    assert "sorry" not in " ".join(session.exec(select(Audit.detail)).all())
    assert first_broken(session) is None


def test_more_time_for_many_points_waits_for_a_second_person_as_giving_them_does(session: Session) -> None:
    me, until = a_shop(session), (NOW + timedelta(days=366)).date()
    assert approvals.extend_or_ask(session, me, until, "We were closed", KIM, NOW + HOUR, request_id="a")
    assert approvals.extend_or_ask(session, me, until, "We were closed", KIM, NOW + HOUR, request_id="a")
    other = until - timedelta(days=1)
    with pytest.raises(Refusal) as refused, session.begin_nested():
        approvals.extend_or_ask(session, me, other, "Again", KIM, NOW + HOUR, request_id="b")
    assert code(refused) == "extension_empty"
    record(session, [an_order("more", "80.00", at=NOW + 2 * HOUR)], NOW + 2 * HOUR)
    assert not approvals.extend_or_ask(session, me, until, "Again", KIM, NOW + 3 * HOUR, request_id="b")
    card = requests(session, Person("ada", "owner"), NOW, language("en")).waiting[0]
    assert card.what.startswith("Let 80 points of A member without a name last to ")
    approvals.agree(session, session.exec(select(Approval.approval_id)).one(), ADA, NOW + 4 * HOUR)
    assert actions(session)[-2:] == [(ADA, "approval.agreed"), (KIM, "points.extended")]
    assert standing_of(session).balance == 170


@pytest.mark.parametrize("myself", [KIM, "owner:kim"])
def test_nobody_agrees_to_their_own_wish_whatever_their_role(session: Session, myself: str) -> None:
    row = asked(session, a_shop(session))
    with pytest.raises(Refusal) as refused, session.begin_nested():
        approvals.agree(session, row.approval_id, myself, NOW)
    assert (code(refused), standing_of(session).balance) == ("approval_own", 90)
    assert approving.waiting(session, NOW) == 1


def test_refused_withdrawn_and_expired_come_to_nothing(session: Session) -> None:
    me = a_shop(session)
    first, second, third = (asked(session, me, request=name).approval_id for name in ("a", "b", "c"))
    assert len({first, second, third}) == 3
    approvals.refuse(session, first, "Too much", ADA, NOW)
    with pytest.raises(Refusal) as refused, session.begin_nested():
        approvals.withdraw(session, second, ADA, NOW)
    assert code(refused) == "approval_of_others"
    approvals.withdraw(session, second, KIM, NOW)
    late = NOW + timedelta(days=3)
    with pytest.raises(Refusal) as refused:
        approvals.agree(session, third, ADA, late)
    assert code(refused) == "approval_expired"
    assert (approving.expire(session, late), approving.waiting(session, late)) == (1, 0)
    for one in (first, second, third, UUID(int=1)):
        with pytest.raises(Refusal):
            approvals.agree(session, one, ADA, NOW)
    assert standing_of(session).balance == 90


def test_what_an_erasure_has_emptied_is_not_done_and_still_shown(session: Session) -> None:
    row = asked(session, a_shop(session))
    row.detail, row.reason = "{}", ""
    session.add(row)
    session.flush()
    with pytest.raises(Refusal) as refused, session.begin_nested():
        approvals.agree(session, row.approval_id, ADA, NOW)
    assert code(refused) == "approval_void"
    card = requests(session, Person("ada", "owner"), NOW, language("en")).waiting[0]
    assert (card.what, card.may_agree) == ("Something for an account that is gone", False)


def test_what_cannot_be_done_waits_on(session: Session) -> None:
    """The deed is refused, and so is the agreement: nothing of it stays."""
    in_force(session, LIMITS.replace("  bulk_limit: 1\n", "  negative_balance: {policy: refuse}\n"))
    record(session, [an_order("o1", "90.00")], NOW)
    row = asked(session, standing_of(session).member_id, -500)
    with pytest.raises(Refusal), session.begin_nested():
        approvals.agree(session, row.approval_id, ADA, NOW)
    session.refresh(row)
    assert (row.status, standing_of(session).balance) == ("waiting", 90)


@pytest.mark.parametrize("agreed", [True, False])
def test_a_long_list_of_badges_waits_for_a_second_person(session: Session, agreed: bool) -> None:
    a_shop(session, 2)
    order, batch = bulk.Order("grant", "founder", 1, "They were there"), "ab" * 16
    members = [standing_of(session, str(n)).member_id for n in (1, 2)]
    assert not approvals.begin_or_ask(session, order, batch, members, "owner:eva", NOW)
    assert bulk.step(session, batch, NOW).done == 0
    row = session.exec(select(Approval)).one()
    if agreed:
        approvals.agree(session, row.approval_id, ADA, NOW)
    else:
        approvals.refuse(session, row.approval_id, "", ADA, NOW)
    assert bulk.step(session, batch, NOW).done == (2 if agreed else 0)
    assert set(session.exec(select(BadgeBatchLine.state)).all()) == {"done" if agreed else "left_out"}


def test_a_short_list_does_not(session: Session) -> None:
    me = a_shop(session)
    order = bulk.Order("grant", "founder", 1, "They were there")
    assert approvals.begin_or_ask(session, order, "cd" * 16, [me], "owner:eva", NOW)
    assert bulk.step(session, "cd" * 16, NOW).done == 1


def test_an_owner_is_made_by_two_and_who_goes_takes_their_wishes_along(session: Session) -> None:
    me = a_shop(session)
    for name in ("ada", "bo", "eva"):
        role = "owner" if name == "ada" else "support"
        session.add(Staff(staff_id=name, name=name, email=f"{name}@shop.example", role=role, created_at=NOW))
    session.flush()
    assert not approvals.change_role_or_ask(session, "bo", "owner", ADA, NOW, request_id="r")
    row = session.exec(select(Approval)).one()
    approvals.agree(session, row.approval_id, "staff:command-line", NOW)
    assert team.staff_person(session, "bo") == Person("bo", "owner")
    approvals.adjust_or_ask(session, me, 500, "A gift to me", "support:eva", NOW, request_id="x")
    team.remove(session, "eva", ADA, NOW)
    assert approving.waiting(session, NOW) == 0


def test_several_short_lists_are_one_long_one(session: Session) -> None:
    """A list, single badges, and another role of the same person: all of a day counts together."""
    a_shop(session, 5, LIMITS.replace("bulk_limit: 1", "bulk_limit: 3"))
    members = [standing_of(session, str(n)).member_id for n in range(1, 6)]
    order = bulk.Order("grant", "founder", 1, "They were there")
    assert approvals.begin_or_ask(session, order, "a1" * 16, members[:2], "owner:eva", NOW)
    assert approvals.begin_or_ask(session, order, "a1" * 16, members[:2], "owner:eva", NOW)  # sent twice
    awards.grant(session, members[2], "founder", 1, "And she too", "support:eva", NOW)
    with pytest.raises(Refusal) as refused:
        awards.grant(session, members[3], "founder", 1, "And he too", "owner:eva", NOW)
    assert code(refused) == "badges_need_second"
    assert not approvals.begin_or_ask(session, order, "b2" * 16, members[3:4], "owner:eva", NOW)
    assert not approvals.begin_or_ask(session, order, "b2" * 16, members[3:4], "owner:eva", NOW)  # sent twice
    assert len(session.exec(select(Approval)).all()) == 1
    assert approvals.begin_or_ask(session, order, "c3" * 16, members[3:], "owner:bo", NOW)
    approvals.agree(session, session.exec(select(Approval.approval_id)).one(), ADA, NOW)
    later = NOW + timedelta(hours=25)
    assert approvals.begin_or_ask(session, order, "d4" * 16, members[:3], "owner:eva", later)


def test_what_a_list_gives_in_points_counts_as_well(session: Session) -> None:
    """The badge gives 30 points a member, and its limit in points is 100."""
    paid = LIMITS.replace("bulk_limit: 1", "bulk_limit: 100")
    a_shop(session, 5, paid.replace("kind: manual}}", "kind: manual}, prizes: [{points: 30}]}"))
    members = [standing_of(session, str(n)).member_id for n in range(1, 6)]
    order = bulk.Order("grant", "founder", 1, "They were there")
    assert not approvals.begin_or_ask(session, order, "a1" * 16, members[:4], "owner:eva", NOW)
    assert approvals.begin_or_ask(session, order, "b2" * 16, members[:2], "owner:eva", NOW)
    assert not approvals.begin_or_ask(session, order, "c3" * 16, members[2:4], "owner:eva", NOW)
    taken = bulk.Order("revoke", "founder", 1, "They were not")
    assert approvals.begin_or_ask(
        session, taken, "d4" * 16, members, "owner:eva", NOW
    )  # takes no points along


def test_small_adjustments_of_many_members_are_summed(session: Session) -> None:
    """The limit is 100 points for a member, and ten times that for all of them together, in a day."""
    a_shop(session, 12)
    members = [standing_of(session, str(n)).member_id for n in range(1, 13)]
    for one in members[:10]:
        assert approvals.adjust_or_ask(session, one, 100, "Broken eggs", KIM, NOW, request_id="r")
    assert not approvals.adjust_or_ask(session, members[10], 1, "One more", KIM, NOW, request_id="r")
    assert not approvals.adjust_or_ask(session, members[11], 1, "One more", "owner:kim", NOW, request_id="r")
    assert approvals.adjust_or_ask(
        session, members[11], 1, "Somebody else", "support:bo", NOW, request_id="q"
    )
    later = NOW + timedelta(hours=25)
    assert approvals.adjust_or_ask(session, members[10], 100, "Tomorrow", KIM, later, request_id="t")
