"""Claiming what is mine: purchases as a guest, and a draft by its code."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import Session, select
from typer.testing import CliRunner

from app import database, door
from app.cli import main
from facts.language import language
from facts.refusals import Refusal
from members.actions import joining, record
from members.actions.claiming import claim, make_code
from members.actions.counter_joining import enrol
from members.actions.identify import identify
from members.actions.merging import merge
from members.prove import prove
from members.tables import FactRow, Member, Standing
from rewards.tables import Entry
from tests.builders import NOW, PROGRAMME, an_order, days, in_force, standing_of

MIRA = "email:mira@shop.example"


@pytest.mark.feature(6)
def test_a_guests_purchase_counts_once_when_it_happened_and_not_beyond_the_look_back(
    session: Session,
) -> None:
    in_force(session, PROGRAMME + "joining: {look_back_days: 30}\n")
    first = NOW - days(10)
    guest = [
        an_order("g1", "40.00", at=first, subject=MIRA),
        an_order("g2", "50.00", at=NOW - days(31), subject=MIRA),
    ]
    assert [one.status for one in record(session, guest, first)] == ["waiting", "waiting"]
    mira = joining.join(session, MIRA, joining.Wish(), NOW)
    entry = session.exec(select(Entry).where(Entry.member_id == mira)).one()
    assert (entry.amount, entry.at) == (40, first)
    assert [one.status for one in record(session, guest, NOW)] == ["duplicate", "duplicate"]
    assert list(identify(session, mira, MIRA, NOW)) == []
    assert session.get_one(Standing, mira, populate_existing=True).balance == 40
    assert "paid-g2" not in session.exec(select(FactRow.fact_id).where(FactRow.member_id == mira)).all()
    assert prove(session).flaws == []


@pytest.mark.feature(6)
@pytest.mark.parametrize("path", ["counter", "another address", "merged"])
def test_the_look_back_holds_by_whatever_path_a_purchase_finds_its_owner(session: Session, path: str) -> None:
    in_force(session, PROGRAMME + "joining: {look_back_days: 30}\n")
    old, new = NOW - days(31), NOW - days(10)
    guest = [an_order("g1", "40.00", at=new, subject=MIRA), an_order("g2", "50.00", at=old, subject=MIRA)]
    record(session, guest, NOW)
    mine = joining.join(session, "email:home@shop.example", joining.Wish(), NOW)
    if path == "counter":
        enrolled = enrol(session, UUID(int=1), MIRA, language("en"), "cashier:bo", NOW,
                         agreed=True, site="http://shop.test", posted=False)  # fmt: skip
        claim(session, mine, enrolled.code, NOW)
    elif path == "merged":
        other = joining.join(session, MIRA, joining.Wish(), NOW)
        merge(session, other, mine, "One person", "owner:ada", NOW)
    else:
        identify(session, mine, MIRA, NOW)
    assert session.get_one(Standing, mine, populate_existing=True).balance == 40
    assert [one.status for one in record(session, guest, NOW)] == ["duplicate", "duplicate"]
    assert prove(session).flaws == []


@pytest.mark.feature(6)
def test_a_draft_is_claimed_with_its_code_once(session: Session) -> None:
    in_force(session)
    record(session, [an_order("1", "30.00", at=NOW - days(3))], NOW)
    draft = standing_of(session).member_id
    mira = joining.join(session, MIRA, joining.Wish(), NOW)
    old = make_code(session, draft, b"a" * 10, "owner:ada", NOW)
    code = make_code(session, draft, b"b" * 10, "owner:ada", NOW)
    for wrong in (old, "", "7XKQ-2M9D-VB40-HT3WE", code[:-1] + ("0" if code[-1] != "0" else "1"), "x" * 9000):
        with pytest.raises(Refusal) as caught:
            claim(session, mira, wrong, NOW)
        assert caught.value.code == "claim_wrong"
    with pytest.raises(Refusal, match="does not fit"):
        claim(session, mira, code, NOW + days(91))
    claim(session, mira, f" {code.lower().replace('-', ' ')} ", NOW)
    assert (standing_of(session).member_id, standing_of(session).balance) == (mira, 30)
    assert session.get_one(Member, draft).status == "merged"
    with pytest.raises(Refusal, match="does not fit"):
        claim(session, mira, code, NOW)
    with pytest.raises(Refusal, match="has its owner"):
        make_code(session, mira, b"c" * 10, "owner:ada", NOW)
    assert prove(session).flaws == []


def test_accounts_at_the_command_line(house: Path) -> None:
    with database.transaction(door.engine()) as session:
        in_force(session)
        record(session, [an_order("1", "30.00"), an_order("2", "50.00", subject="customer:2")], NOW)
        one, other = standing_of(session).member_id, standing_of(session, "2").member_id
    run = CliRunner()

    def told(*words: str) -> str:
        answer = run.invoke(main, ["members", *words])
        return f"{answer.exit_code} {answer.output}"

    assert told("claim-code", str(one)).startswith("0 ")
    assert told("claim-code", "email:nobody@shop.example").startswith("1 ")
    assert told("merge", str(one), str(other), "--reason", "One person").startswith("0 ")
    assert told("unmerge", str(one)).startswith("0 ")
    assert told("erase", str(one)).startswith("1 ")
    assert told("erase", str(one), "--sure").startswith("0 ")
    with database.reading(door.engine()) as session:
        assert session.get_one(Member, one).status == "erased"
        assert (prove(session).flaws, prove(session).points.outstanding) == ([], 80)
