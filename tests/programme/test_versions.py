"""Versions of the programme: which one governs a moment, and what may not become one."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, update
from sqlmodel import Session, col, select

from app import database
from facts.refusals import Refusal
from members.actions.record import record
from members.programme import ProgrammeInvalid, apply, first_broken, in_force, load, versions
from members.tables import Audit, ProgrammeVersion
from tests.builders import NOW, PROGRAMME, an_order, days, standing_of

DOUBLE = PROGRAMME.replace("points: 1,", "points: 2,")
TRIPLE = PROGRAMME.replace("points: 1,", "points: 3,")


def start(session: Session) -> None:
    apply(session, load(PROGRAMME), base=None, actor="owner:ann", now=NOW)


def refusal(session: Session, text: str, **more: object) -> str:
    with pytest.raises(Refusal) as caught:
        apply(session, load(text), actor="owner:ann", now=NOW + days(1), **more)  # type: ignore[arg-type]
    return caught.value.code


def test_without_a_version_there_is_no_programme(session: Session) -> None:
    with pytest.raises(Refusal, match="not been set up"):
        versions(session)


def test_the_first_version_reaches_back_for_ever(session: Session) -> None:
    start(session)
    assert in_force(session, datetime(1970, 1, 1, tzinfo=UTC)).number == 1
    assert in_force(session, datetime(2999, 1, 1, tzinfo=UTC)).number == 1


def test_the_version_in_force_at_the_moment_governs(session: Session) -> None:
    start(session)
    apply(session, load(DOUBLE), base=1, effective_from=NOW + days(5), actor="owner:ann", now=NOW)
    line = versions(session)
    found = [line.at(NOW + days(n)).number for n in (-400, 0, 4.999, 5, 6)]
    assert found == [1, 1, 1, 2, 2]
    record(
        session, [an_order("o1", "10.00", at=NOW), an_order("o2", "10.00", at=NOW + days(5))], NOW + days(6)
    )
    assert standing_of(session).balance == 10 + 20


def test_what_was_earned_is_never_changed(session: Session) -> None:
    start(session)
    record(session, [an_order("o1", "10.00", at=NOW)], NOW)
    apply(session, load(TRIPLE), base=1, effective_from=None, actor="owner:ann", now=NOW + days(1))
    record(session, [an_order("late", "10.00", at=NOW - days(3))], NOW + days(2))
    assert standing_of(session).balance == 20  # also what arrives late counts by the version of its day


def test_a_stale_base_and_a_start_in_the_past_are_refused(session: Session) -> None:
    start(session)
    assert refusal(session, DOUBLE, base=None) == "programme_stale"
    assert refusal(session, DOUBLE, base=7) == "programme_stale"
    assert refusal(session, DOUBLE, base=1, effective_from=NOW) == "programme_in_past"
    assert refusal(session, PROGRAMME, base=1) == "programme_unchanged"
    apply(session, load(DOUBLE), base=1, effective_from=NOW + days(9), actor="owner:ann", now=NOW)
    assert refusal(session, TRIPLE, base=1) == "programme_stale"
    assert refusal(session, TRIPLE, base=2) == "programme_before_planned"
    assert versions(session).latest.number == 2


def test_a_document_whose_parts_do_not_fit_is_refused(session: Session) -> None:
    broken = load(PROGRAMME).model_copy(update={"name": {"ru": "Лавка"}})
    with pytest.raises(ProgrammeInvalid, match="name"):
        apply(session, broken, base=None, actor="owner:ann", now=NOW)


def test_each_version_is_in_the_audit(session: Session) -> None:
    start(session)
    apply(session, load(DOUBLE), base=1, actor="owner:bo", now=NOW + days(1))
    rows = session.exec(select(Audit.actor, Audit.action, Audit.object).order_by(col(Audit.seq))).all()
    assert rows == [
        ("owner:ann", "programme.applied", "programme:1"),
        ("owner:bo", "programme.applied", "programme:2"),
    ]


@pytest.mark.parametrize(
    "change", [{"document": "{}"}, {"actor": "nobody:x"}, {"effective_from": NOW + days(3)}]
)
def test_an_edited_version_is_found(session: Session, change: dict[str, object]) -> None:
    start(session)
    apply(session, load(DOUBLE), base=1, actor="owner:bo", now=NOW + days(1))
    assert first_broken(session) is None
    session.connection().execute(
        update(ProgrammeVersion).where(col(ProgrammeVersion.number) == 2).values(change)
    )
    session.expire_all()
    assert first_broken(session) == 2


def test_of_two_writers_with_one_base_one_is_stale(engine: Engine) -> None:
    with database.transaction(engine) as session:
        start(session)

    def publish(factor: int) -> str:
        text = PROGRAMME.replace("points: 1,", f"points: {factor},")
        try:
            database.attempt(
                engine,
                lambda session: apply(
                    session, load(text), base=1, actor=f"owner:{factor}", now=NOW + days(1)
                ),
            )
        except Refusal as refusal:
            return refusal.code
        return "applied"

    with ThreadPoolExecutor(6) as pool:
        assert Counter(pool.map(publish, range(2, 8))) == {"applied": 1, "programme_stale": 5}
    with database.reading(engine) as session:
        assert versions(session).latest.number == 2
        assert first_broken(session) is None
