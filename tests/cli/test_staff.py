"""The staff from the command line: the first owner's link, invitations, and being the second person."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import col, select

from app import database, door, settings
from app.cli.opening import close_demo, links_of
from members import sessions
from members.actions import approvals, team
from members.actions.record import record
from members.audit import first_broken
from members.roles import Person
from members.tables import Audit
from members.way_tables import Approval
from tests.builders import PROGRAMME, an_order, in_force, standing_of
from tests.cli.conftest import Run

pytestmark = pytest.mark.feature(110)


def token_of(said: str) -> str:
    return said.split("/staff/start/")[1].split()[0]


def becomes(token: str, name: str, email: str = "") -> str:
    with database.transaction(door.engine()) as session:
        return team.accept(session, token, name, email, datetime.now(UTC)).id


def test_owners_colleagues_and_goodbyes(run: Run) -> None:
    older = token_of(run("staff", "owner").stdout)
    newer = token_of(run("staff", "owner").stdout)
    assert older != newer
    becomes(newer, "Ada", "ada@shop.example")
    assert "There is an owner already" in run("staff", "owner", code=1).stderr
    becomes(token_of(run("staff", "invite", "bo@shop.example", "--role", "support").stdout), "Bo")
    listed = run("staff", "list").stdout
    assert ("ada@shop.example" in listed, "bo@shop.example" in listed, "support" in listed) == (
        True,
        True,
        True,
    )
    assert "the only owner" in run("staff", "remove", "ada@shop.example", code=1).stderr
    assert "nobody like this" in run("staff", "remove", "eve@shop.example", code=1).stderr
    run("staff", "remove", "bo@shop.example")
    assert "no such role" in run("staff", "invite", "x@shop.example", "--role", "king", code=1).stderr
    with database.reading(door.engine()) as session:
        actions = [
            one.action for one in session.exec(select(Audit)).all() if one.actor == "staff:command-line"
        ]
        assert actions == ["staff.invited"] * 3 + ["staff.removed"]
        assert first_broken(session) is None


@pytest.mark.feature(35)
def test_a_shop_with_one_owner_has_its_second_person_at_the_machine(run: Run) -> None:
    now = datetime.now(UTC)

    with database.transaction(door.engine()) as session:
        in_force(session, PROGRAMME)
        record(session, [an_order("o1", "90.00", at=now)], now)
        me = standing_of(session).member_id
        approvals.adjust_or_ask(session, me, 20_000, "A big sorry", "owner:ada", now, request_id="r")
    assert "points.adjusted" in run("staff", "waiting").stdout
    with database.reading(door.engine()) as session:
        approval = session.exec(select(Approval.approval_id)).one()
    run("staff", "agree", str(approval))
    assert "decided already" in run("staff", "agree", str(approval), code=1).stderr
    with database.reading(door.engine()) as session:
        assert standing_of(session).balance == 20_090
        audited = [
            (row.actor, row.action, json.loads(row.detail))
            for row in session.exec(select(Audit).order_by(col(Audit.seq)))
        ]
        assert [row[:2] for row in audited if "points" in row[1] or "approval" in row[1]] == [
            ("owner:ada", "approval.asked"),
            ("staff:command-line", "approval.agreed"),
            ("owner:ada", "points.adjusted"),
        ]
        assert audited[-1][2]["agreed_by"] == "staff:command-line"
        assert first_broken(session) is None


def test_production_prints_the_first_owners_link_until_there_is_one(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "staff/start" not in "\n".join(links_of(settings.current(), door.engine()))
    monkeypatch.setenv("REGULARS_MODE", "production")
    monkeypatch.setenv("REGULARS_SECRET", "0123456789abcdef" * 4)  # without one, production does not start
    settings.current.cache_clear()
    said = ["\n".join(links_of(settings.current(), door.engine())) for _ in range(2)]
    assert len({token_of(one) for one in said}) == 2
    assert "No letters can be sent (REGULARS_SMTP_URL)" in said[0]
    monkeypatch.setenv("REGULARS_SMTP_URL", "smtps://mail.example:465")
    settings.current.cache_clear()
    assert "No letters" not in "\n".join(links_of(settings.current(), door.engine()))
    said = ["\n".join(links_of(settings.current(), door.engine()))] * 2
    becomes(token_of(said[1]), "Ada", "ada@shop.example")
    assert "staff/start" not in "\n".join(links_of(settings.current(), door.engine()))


def test_the_demos_sessions_end_when_the_shop_opens_in_earnest(house: Path) -> None:
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        demo, _ = sessions.start(session, Person("demo", "owner"), now, way="demo")
        mine, _ = sessions.start(session, Person("ada", "owner"), now, way="passkey")
    close_demo(door.engine())
    with database.reading(door.engine()) as session:
        assert sessions.person_of(session, demo, now) is None
        assert sessions.person_of(session, mine, now) == Person("ada", "owner")


@pytest.mark.feature(111)
def test_what_is_written_out_is_in_the_audit_and_the_audit_is_written_out(run: Run) -> None:
    with database.transaction(door.engine()) as session:
        in_force(session, PROGRAMME)
    run("export", "members")
    rows = [json.loads(line) for line in run("export", "audit").stdout.splitlines()]
    assert [(row["actor"], row["action"], row["object"]) for row in rows] == [
        ("test", "programme.applied", "programme:1"),
        ("staff:command-line", "data.exported", "records:members"),
        ("staff:command-line", "data.exported", "records:audit"),
    ]
    assert run("export", "audit", "--format", "csv").stdout.startswith(
        "seq,at,actor,action,object,detail,hash\n"
    )
    run("prove")
