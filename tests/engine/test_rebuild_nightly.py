"""Every night some histories are weighed again: whose books are wrong is told once, and everybody's turn comes."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from app import database
from app.jobs import rebuilding
from facts.language import language
from members.tables import Audit, Standing
from members.views.audit import ACTIONS
from tests.engine.test_why import EVERYTHING
from tests.engine.till import Till

PEOPLE = ("1", "2", "3", "4", "5")


@pytest.fixture
def shop(till: Till) -> Till:
    till.open(EVERYTHING)
    till.at("2026-03-02 10:00").post(*(till.order(f"A{one}", "40.00", customer=one) for one in PEOPLE))
    return till.later(days=1)


def doubted(shop: Till) -> list[str]:
    with database.reading(shop.engine) as session:
        return [row.object for row in session.exec(select(Audit).where(Audit.action == rebuilding.ACTION))]


@pytest.mark.feature(22)
def test_whose_tier_is_not_what_the_facts_come_to_is_told_once_a_day(
    shop: Till, caplog: pytest.LogCaptureFixture
) -> None:
    assert rebuilding.rebuild_some(shop.engine, shop.now) == []
    with database.transaction(shop.engine) as session:
        who = shop.member(session, "2")
        session.execute(update(Standing).where(col(Standing.member_id) == who).values(tier="gold"))
    with caplog.at_level(logging.ERROR):
        for _ in range(2):
            assert [flaw.member_id for flaw in rebuilding.rebuild_some(shop.engine, shop.now)] == [who]
    assert doubted(shop) == [f"member:{who}"]
    assert f"member {who}, standing: tier says gold" in caplog.text
    rebuilding.rebuild_some(shop.engine, shop.now + timedelta(days=1))
    assert len(doubted(shop)) == 2
    assert language("ru").text(ACTIONS[rebuilding.ACTION]) == "Книги расходятся с фактами"


@pytest.mark.feature(22)
def test_everybody_has_a_turn(shop: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "SHARE", 2)
    monkeypatch.setattr(rebuilding, "PAGE", 2)
    with database.reading(shop.engine) as session:
        everybody = session.exec(select(Standing.member_id)).all()
        nights = [rebuilding.tonight(session, shop.now + timedelta(days=night)) for night in range(3)]
        assert rebuilding.tonight(session, shop.now + timedelta(days=3)) == nights[0]
    assert sorted(one for night in nights for one in night) == sorted(everybody)
    assert len(everybody) == len(PEOPLE)
