"""Wallets in the books: replayed, merged and undone wallet by wallet, and proved row by row."""

from __future__ import annotations

import json
from itertools import permutations
from uuid import UUID

import pytest
from sqlmodel import Session, col, select, update

from facts.language import language
from members.actions import merging, record
from members.programme import apply, load
from members.programme.problems import ProgrammeInvalid
from members.prove import prove
from members.records import rows
from members.standing import standing_of as stands
from members.tables import Standing
from members.views.history import history
from members.views.home import home
from tests.builders import NOW, PROGRAMME, a_fact, a_refund, an_order, days, in_force

WALLETS = """
wallets:
  cash: {kind: cashback, name: Cashback}
  xp: {kind: experience, name: Experience}
"""
RULES = """earning:
  - {kind: cashback, slug: back, percent: "10", wallet: cash, tier_multiplier: false}
  - {kind: fixed_points, slug: told, on: review.posted, points: 50, wallet: xp}
"""
TEXT = PROGRAMME.replace("earning:\n", RULES, 1) + WALLETS


def purses(session: Session, member_id: UUID) -> dict[str, int]:
    found = stands(session, member_id, NOW)
    assert found
    assert prove(session).flaws == []
    return {one.slug: one.available for one in found.purses}


def test_any_order_of_arrival_ends_in_the_same_wallets(session: Session) -> None:
    in_force(session, TEXT)
    ended: list[dict[str, int]] = []
    for number, order in enumerate(list(permutations(range(4)))[::5]):
        who = f"customer:{number}"
        facts = [an_order(f"A{number}", "50.00", at=NOW - days(70), subject=who),
                 an_order(f"B{number}", "20.00", at=NOW - days(5), subject=who),
                 a_refund(f"A{number}", ("1", "50.00"), at=NOW - days(4), subject=who),
                 a_fact("review.posted", {"review_id": "r"}, at=NOW - days(40), subject=who, id=who)]  # fmt: skip
        found = [record(session, [facts[place]], NOW)[0].member_id for place in order][-1]
        assert found
        ended.append(purses(session, found))
    assert ended == [{"cash": 200, "xp": 50}] * len(ended)


def test_what_a_merge_moves_comes_back_when_it_is_undone(session: Session) -> None:
    in_force(session, TEXT)
    one, other = (
        record(session, [an_order(f"o{who}", amount, at=NOW - days(3), subject=who)], NOW)[0].member_id
        for who, amount in (("customer:1", "30.00"), ("customer:2", "5.00"))
    )
    assert one
    assert other
    record(
        session,
        [a_fact("review.posted", {"review_id": "r"}, at=NOW - days(2), id="r", subject="customer:1")],
        NOW,
    )
    merging.merge(session, one, other, "the same person", "staff:ann", NOW)
    assert (purses(session, one), purses(session, other)) == ({"cash": 0, "xp": 0}, {"cash": 350, "xp": 50})
    record(session, [a_refund("ocustomer:1", ("1", "10.00"), at=NOW, subject="customer:1")], NOW)
    assert (purses(session, one), purses(session, other)) == ({"cash": 0, "xp": 0}, {"cash": 250, "xp": 50})
    merging.undo(session, one, "staff:ann", NOW)
    assert (purses(session, one), purses(session, other)) == ({"cash": 200, "xp": 50}, {"cash": 50, "xp": 0})


def test_the_home_page_shows_each_wallet_in_its_own_unit(session: Session) -> None:
    in_force(session, TEXT)
    found = record(session, [an_order("A", "30.00", at=NOW - days(3))], NOW)[0].member_id
    assert found
    shown = {code: [(one.name, one.amount) for one in home(session, found, NOW, language(code)).purses]
             for code in ("en", "ru", "ar")}  # fmt: skip
    assert shown["en"] == [("Cashback", "$3.00"), ("Experience", "0\u00a0XP")]
    assert shown["ru"][0][1].startswith("3,00")
    assert "٣٫٠٠" in shown["ar"][0][1]
    newest = history(session, found, NOW, language("en")).entries
    assert {(one.title, one.amount) for one in newest} == {("Points earned", "+30"), ("Cashback", "+$3.00")}


def test_an_export_has_what_is_in_wallets_that_the_programme_has_no_more(session: Session) -> None:
    in_force(session, TEXT)
    (made,) = record(session, [an_order("A", "50.00", at=NOW - days(3))], NOW)
    told = [(row[0], *row[2:5]) for row in rows(session, "standings", NOW)]
    assert told == [(made.member_id, "points", 50, 0), (made.member_id, "cash", 500, 0)]
    apply(session, load(PROGRAMME), base=1, effective_from=NOW, actor="staff:ann", now=NOW)
    assert [(row[0], *row[2:5]) for row in rows(session, "standings", NOW)] == told


def test_a_wallet_that_was_written_over_is_found(session: Session) -> None:
    in_force(session, TEXT)
    found = record(session, [an_order("A", "30.00", at=NOW - days(3))], NOW)[0].member_id
    state = json.loads(session.exec(select(Standing.state).where(Standing.member_id == found)).one())
    state["wallets"]["cash"][0] += 1
    changed = json.dumps(state, separators=(",", ":"))
    session.exec(update(Standing).where(col(Standing.member_id) == found).values(state=changed))
    session.expire_all()
    (flaw,) = prove(session).flaws
    assert flaw.row == "wallet cash"


def test_a_wallet_keeps_its_kind_for_good(session: Session) -> None:
    in_force(session, TEXT)
    other = TEXT.replace("xp: {kind: experience", "xp: {kind: cashback")
    with pytest.raises(ProgrammeInvalid, match="holds experience already"):
        apply(session, load(other), base=1, actor="staff:ann", now=NOW)
