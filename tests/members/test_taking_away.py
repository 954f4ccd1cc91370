"""What staff take from many at once costs no more statements than what they take from a few."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, select

from badges.credentials.reading import presented
from badges.tables import Award
from facts.events import OWN_SOURCE, Fact
from members.actions import record
from members.actions.sharing import sign
from members.issuer import issuer
from members.prove import prove
from members.views.credentials import Finding, verify
from tests.builders import NOW, PROGRAMME, a_fact, an_order, days, in_force, standing_of

GAMES = """
badges:
  - {slug: star, name: Star, criterion: {kind: count, at_least: 1}, levels: [1, 2]}
  - {slug: moon, name: Moon, criterion: {kind: count, at_least: 1}}
"""
ADDRESS, SECRET = "https://club.example.com", b"a secret of thirty-two characters"


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    connection, found = session.connection(), list[str]()

    def hear(_: object, __: object, statement: str, *___: object) -> None:
        found.append(statement)

    event.listen(connection, "before_cursor_execute", hear)
    yield found
    event.remove(connection, "before_cursor_execute", hear)


def take(session: Session, customers: range, slug: str = "star", hours: int = 1) -> int:
    """Take it from each, with a reason of their own; returns how many statements that took."""
    facts: list[Fact] = []
    for customer in customers:
        data = {"badge": slug, "reason": f"Reason {customer}", "actor": "owner:kim"}
        subject = f"member:{standing_of(session, str(customer)).member_id}"
        facts.append(a_fact("badge.revoked", data, at=NOW + days(hours / 24), id=f"take-{slug}-{customer}",
                            subject=subject, source=OWN_SOURCE, internal=True))  # fmt: skip
    with statements(session) as found:
        assert [one.refusal for one in record(session, facts, NOW + days(1))] == [None] * len(facts)
    return len(found)


@pytest.mark.feature(64)
def test_from_many_it_takes_as_many_statements_as_from_one(session: Session) -> None:
    in_force(session, PROGRAMME + GAMES)
    bought = [an_order(f"{n}-{customer}", "1.00", at=NOW - days(n), subject=f"customer:{customer}")
              for customer in range(20) for n in (2, 1)]  # fmt: skip
    record(session, bought, NOW)
    assert take(session, range(1)) == take(session, range(1, 20))
    rows = session.exec(select(Award).where(col(Award.slug) == "star")).all()
    assert len(rows) == 40
    assert all(row.revoked_at and row.reason.startswith("Reason ") for row in rows)
    moons = session.exec(select(Award.revoked_at).where(col(Award.slug) == "moon")).all()
    assert moons == [None] * 20
    assert prove(session).flaws == []


@pytest.mark.feature(64, 66)
def test_what_was_signed_for_them_is_revoked_with_the_words(session: Session) -> None:
    in_force(session, PROGRAMME + GAMES)
    record(
        session, [an_order(f"o{n}", "1.00", at=NOW - days(1), subject=f"customer:{n}") for n in (1, 2)], NOW
    )
    signed = [
        sign(session, standing_of(session, n).member_id, "moon", ADDRESS, NOW, SECRET) for n in ("1", "2")
    ]
    take(session, range(1, 2), "moon")
    found = [
        verify(session, presented(one.token.encode()), issuer(session, ADDRESS, NOW), NOW) for one in signed
    ]
    assert [one.finding for one in found] == [Finding.REVOKED, Finding.VALID]
    assert [one.reason for one in signed] == ["Reason 1", ""]


@pytest.mark.feature(64)
@pytest.mark.parametrize("earlier", ["taken", "given"])
def test_taken_and_given_at_one_moment_it_is_what_came_last_in_history(
    session: Session, earlier: str
) -> None:
    in_force(session, PROGRAMME + GAMES)
    order = an_order("1", "1.00", at=NOW - days(3), subject="customer:1")
    record(session, [order], NOW)
    at, ids = NOW - days(1), {"taken": "b-take", "given": "c-give"}
    if earlier == "given":
        ids["given"] = "a-give"
    give = {"grant_id": "1", "badge": "star", "level": 1, "reason": "For help", "actor": "owner:kim"}
    take_ = {"badge": "star", "reason": "By mistake", "actor": "owner:kim"}
    subject = f"member:{standing_of(session, '1').member_id}"
    facts = [
        a_fact(
            "badge.granted", give, at=at, id=ids["given"], subject=subject, source=OWN_SOURCE, internal=True
        ),
        a_fact(
            "badge.revoked", take_, at=at, id=ids["taken"], subject=subject, source=OWN_SOURCE, internal=True
        ),
        an_order("0", "1.00", at=NOW - days(5), subject="customer:1"),  # late: everything is weighed again
    ]
    for fact in facts:
        assert record(session, [fact], NOW)[0].refusal is None
    rows = session.exec(select(Award).where(Award.slug == "star", col(Award.revoked_at).is_(None))).all()
    assert bool(rows) is (earlier == "taken")
