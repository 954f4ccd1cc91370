"""A badge for many, or from many: who is meant, what is left out, and the undoing that leaves nothing behind."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from badges.tables import Award, BadgeBatchLine
from facts.refusals import Refusal
from members import lists
from members.actions import advance, bulk, record
from members.actions.awards import grant
from members.actions.bulk import Order
from members.actions.identify import identify
from members.prove import prove
from members.tables import Audit, Standing
from tests.builders import NOW, PROGRAMME, a_refund, an_order, days, in_force, standing_of

GAMES = """
badges:
  - {slug: founder, name: Founder, criterion: {kind: manual}, prizes: [{points: 30}]}
  - {slug: few, name: Few, criterion: {kind: manual}, edition: 3}
  - {slug: steady, name: Steady, criterion: {kind: count, at_least: 1}, levels: [2, 4, 6], prizes: [{points: 7}]}
"""
LATER = NOW + days(1)
GIVE = Order("grant", "founder", 1, "Was here on the first day")
COUNT = 7


@pytest.fixture
def people(session: Session) -> list[UUID]:
    """Seven customers; the third has bought twice, so that she has earned a badge."""
    in_force(session, PROGRAMME + GAMES)
    record(
        session,
        [an_order(f"o{n}", "10.00", subject=f"customer:{n}", at=NOW - days(40)) for n in range(COUNT)],
        NOW,
    )
    record(session, [an_order("again", "10.00", subject="customer:2", at=NOW - days(35))], NOW)
    return [standing_of(session, str(n)).member_id for n in range(COUNT)]


def all_of(session: Session, batch: str, now: datetime = NOW) -> bulk.Progress:
    """Step after step, until nothing is to come."""
    while (told := bulk.step(session, batch, now)).to_come:
        pass
    return told


def do(
    session: Session, order: Order, members: list[UUID], batch: str = "b1", now: datetime = NOW
) -> bulk.Progress:
    bulk.begin(session, order, batch, members, "owner:kim", now)
    return all_of(session, batch, now)


def holders(session: Session, slug: str = "founder") -> set[UUID]:
    query = select(Award.member_id).where(Award.slug == slug, Award.revoked_at == None)  # noqa: E711
    return set(session.exec(query))


def everything(session: Session) -> list[object]:
    """What the law calls state: how everybody stands, and every award that stands."""
    session.expire_all()
    ids = list(session.exec(select(Standing.member_id)))
    advance(session, ids, LATER)
    session.expire_all()
    rows = session.exec(select(Standing).order_by(Standing.member_id)).all()  # type: ignore[arg-type]
    stands = [(r.member_id, r.balance, r.debt, r.held, r.tier, r.tier_progress, r.game) for r in rows]
    awards = session.exec(select(Award).where(Award.revoked_at == None)).all()  # noqa: E711
    return [
        stands,
        sorted((str(a.member_id), a.kind, a.slug, a.instance, a.level, a.awarded_at) for a in awards),
    ]


def test_each_line_is_told_who_it_means_or_why_nobody(session: Session, people: list[UUID]) -> None:
    identify(session, people[3], "email:Anna@Example.org", NOW)
    identify(session, people[4], "card:555", NOW)
    record(session, [an_order("x", "1.00", subject="customer:6", source="other.example")], NOW)
    grant(session, people[1], "founder", 1, "By hand before", "owner:kim", NOW)
    text = f"""email
customer:0;Zero;the first
customer:1
"anna@example.org", Anna

nobody@example.org
{people[2]}
member:{people[2]}
customer:6
customer:other.example:6
card:555\tE
555
member:{uuid4()}
card:
;
"""
    found = bulk.look_over(session, GIVE, text, NOW)
    told = [(one.line, one.text, one.problem, one.twin) for one in found]
    other = standing_of(session, "6", "other.example").member_id
    assert told == [
        (2, "customer:0", "", 0),
        (3, "customer:1", lists.ALREADY, 0),
        (4, "anna@example.org", "", 0),
        (6, "nobody@example.org", lists.UNKNOWN, 0),
        (7, str(people[2]), "", 0),
        (8, f"member:{people[2]}", lists.TWICE, 7),
        (9, "customer:6", lists.SEVERAL, 0),
        (10, "customer:other.example:6", "", 0),
        (11, "card:555", "", 0),
        (12, "555", lists.TWICE, 11),
        (13, told[10][1], lists.UNKNOWN, 0),
        (14, "card:", lists.UNKNOWN, 0),
    ]
    assert [one.member_id for one in found if one.member_id] == [
        people[0],
        people[3],
        people[2],
        other,
        people[4],
    ]
    taken = bulk.look_over(session, Order("revoke", "founder", 1, "A reason"), "customer:0\ncustomer:1", NOW)
    assert [one.problem for one in taken] == [lists.NOT_THEIRS, ""]


def test_a_list_has_an_end(session: Session, people: list[UUID]) -> None:
    most = "\n".join(f"card:{n}" for n in range(lists.LINES_MAX))
    assert len(bulk.look_over(session, GIVE, most, NOW)) == lists.LINES_MAX
    for text in (most + "\ncard:more", "x" * (lists.TEXT_LENGTH_MAX + 1)):
        with pytest.raises(Refusal, match="lines at most"):
            bulk.look_over(session, GIVE, text, NOW)


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (Order("grant", "nobody", 1, "A reason"), "badge_unknown"),
        (Order("grant", "founder", 2, "A reason"), "level_unknown"),
        (Order("grant", "founder", 0, "A reason"), "level_unknown"),
        (Order("grant", "founder", 1, " x "), "reason_missing"),
    ],
)
def test_a_bad_order_is_refused(session: Session, people: list[UUID], order: Order, code: str) -> None:
    with pytest.raises(Refusal) as told:
        bulk.begin(session, order, "b1", people, "owner:kim", NOW)
    assert told.value.code == code
    with pytest.raises(Refusal, match="nobody in the list"):
        bulk.begin(session, GIVE, "b1", [], "owner:kim", NOW)
    for verb, level in (("steal", "1"), ("grant", "١")):
        with pytest.raises(Refusal):
            bulk.begin(
                session, bulk.checked(verb, "founder", level, "A reason"), "b1", people, "owner:kim", NOW
            )


def test_it_is_done_in_steps_once_and_audited(
    session: Session, people: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "STEP", 3)
    bulk.begin(session, GIVE, "b1", people, "owner:kim", NOW)
    bulk.begin(session, GIVE, "b1", people[:2], "owner:kim", NOW)
    seen = [bulk.step(session, "b1", NOW).to_come for _ in range(4)]
    assert seen == [4, 1, 0, 0]
    assert holders(session) == set(people)
    assert {row.member_id: row.balance for row in session.exec(select(Standing))} == {
        one: 10 + 30 + (10 + 7) * (one == people[2]) for one in people
    }
    rows = [
        (row.actor, row.action) for row in session.exec(select(Audit)) if row.action.startswith("badges.")
    ]
    assert rows == [("owner:kim", "badges.granted_in_bulk")]
    assert prove(session).flaws == []
    reasons = {row.by_hand for row in session.exec(select(Award)) if row.slug == "founder"}
    assert reasons == {"Was here on the first day"}


def test_no_more_than_there_are_and_a_larger_edition_wakes_nobody(
    session: Session, people: list[UUID]
) -> None:
    done = do(session, Order("grant", "few", 1, "The first of all"), people)
    assert (done.done, done.left_out) == (3, 4)
    assert len(holders(session, "few")) == 3
    states = {row.member_id: row.state for row in session.exec(select(BadgeBatchLine))}
    assert {one for one, state in states.items() if state == "done"} == holders(session, "few")
    out = next(one for one, state in states.items() if state == "left_out")
    number = people.index(out)
    record(session, [a_refund(f"o{number}", ("1", "10.00"), subject=f"customer:{number}")], NOW)
    assert out not in holders(session, "few")


@pytest.mark.parametrize("batches", [1, 2, 3])
def test_an_undone_grant_never_was(
    session: Session, people: list[UUID], monkeypatch: pytest.MonkeyPatch, batches: int
) -> None:
    monkeypatch.setattr(bulk, "STEP", 3)
    before = everything(session)
    orders = [
        GIVE,
        Order("grant", "steady", 2, "Loyal all the time"),
        Order("grant", "few", 1, "The first of all"),
    ]
    for n, order in enumerate(orders[:batches]):
        do(session, order, people, f"b{n}")
    assert everything(session) != before
    for n in range(batches):
        bulk.undo(session, f"b{n}", "owner:kim", LATER)
        told = all_of(session, f"b{n}", LATER)
        assert (told.done, told.to_come) == (0, 0)
        with pytest.raises(Refusal, match="undone already"):
            bulk.undo(session, f"b{n}", "owner:kim", LATER)
    assert everything(session) == before
    assert prove(session).flaws == []


def test_an_undone_revoke_gives_everything_back_and_it_can_still_be_earned_further(
    session: Session, people: list[UUID]
) -> None:
    do(session, GIVE, people, "given")
    before = everything(session)
    do(session, Order("revoke", "founder", 1, "It was a mistake"), people[:4], "taken", NOW + days(0.5))
    do(session, Order("revoke", "steady", 1, "It was a mistake"), [people[2]], "taken2", NOW + days(0.5))
    assert holders(session) == set(people[4:])
    assert not holders(session, "steady")
    for batch in ("taken", "taken2"):
        bulk.undo(session, batch, "owner:kim", LATER)
        all_of(session, batch, LATER)
    assert everything(session) == before
    more = [an_order(f"m{n}", "10.00", subject="customer:2", at=LATER + days(n)) for n in range(2)]
    record(session, more, LATER + days(3))
    levels = session.exec(select(Award.level).where(Award.slug == "steady", Award.revoked_at == None))  # noqa: E711
    assert sorted(levels) == [1, 2]
    assert prove(session).flaws == []


def test_a_batch_that_is_undone_half_way_leaves_the_others_alone(
    session: Session, people: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "STEP", 3)
    before = everything(session)
    bulk.begin(session, GIVE, "b1", people, "owner:kim", NOW)
    bulk.step(session, "b1", NOW)
    bulk.undo(session, "b1", "owner:lee", LATER)
    told = all_of(session, "b1", LATER)
    assert (told.undone, told.done, told.to_come) == (3, 0, 0)
    assert everything(session) == before


def test_what_is_not_there_is_refused(session: Session, people: list[UUID]) -> None:
    for call in (lambda: bulk.step(session, "no", NOW), lambda: bulk.undo(session, "no", "owner:kim", NOW)):
        with pytest.raises(Refusal, match="no such list"):
            call()
