"""Many at once: one key, one credential for each award, one place for each credential."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine
from sqlmodel import Session, select

from app import database
from badges.credentials.award import BadgeAward
from badges.credentials.tables import IssuerKey, StatusSlot
from members import issuer as issuers
from members.actions.credentials import issue, revoke
from tests.builders import in_force
from tests.credentials.shop import ADDRESS, NOW, SECRET, a_member

AT_ONCE = 6


def test_the_first_credentials_share_one_key(engine: Engine) -> None:
    with database.transaction(engine) as session:
        in_force(session)
        awards = [a_member(session, str(n), email=f"{n}@example.com") for n in range(AT_ONCE)]

    def sign(award: BadgeAward) -> tuple[str, tuple[int, int]]:
        def work(session: Session) -> tuple[str, tuple[int, int]]:
            row = issue(session, award, issuers.issuer(session, ADDRESS, NOW), NOW, SECRET)
            return str(row.credential_id), (row.list_number, row.list_index)

        return database.attempt(engine, work)

    with ThreadPoolExecutor(AT_ONCE) as crowd:
        made = list(crowd.map(sign, awards * 3))
    assert len({one for one, _ in made}) == AT_ONCE
    assert len({place for _, place in made}) == AT_ONCE
    with database.reading(engine) as session:
        assert len(session.exec(select(IssuerKey)).all()) == 1
        assert len(session.exec(select(StatusSlot)).all()) == AT_ONCE


def test_only_one_takes_a_credential_back(engine: Engine) -> None:
    with database.transaction(engine) as session:
        in_force(session)
        award = a_member(session)
        issue(session, award, issuers.issuer(session, ADDRESS, NOW), NOW, SECRET)

    def take(_: int) -> bool:
        return database.attempt(
            engine, lambda session: revoke(session, award.member_id, award.award_id, "staff:eva", "no", NOW)
        )

    with ThreadPoolExecutor(AT_ONCE) as crowd:
        assert sorted(crowd.map(take, range(AT_ONCE))) == [False] * (AT_ONCE - 1) + [True]
