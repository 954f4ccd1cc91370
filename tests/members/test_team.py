"""Who the staff are: a link makes somebody one of them, once; roles change, people go, and sessions end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from facts.refusals import Refusal
from members import approving, sessions
from members.actions import logins, passkeys, team
from members.actions.logins import Vouched
from members.audit import first_broken
from members.roles import Person
from members.tables import Audit
from members.way_tables import Invitation, Login, Passkey, Staff
from tests.builders import NOW

CLI = "staff:command-line"


def an_owner(session: Session, email: str = "ada@shop.example") -> Staff:
    token = team.invite(session, email, "owner", CLI, NOW, agreed_by=CLI)
    team.accept(session, token, "Ada", "", NOW)
    return session.exec(select(Staff).where(Staff.email == email)).one()


def a_colleague(session: Session, role: str = "cashier", email: str = "bo@shop.example") -> tuple[Staff, str]:
    token = team.invite(session, email, role, CLI, NOW)
    opened, _ = sessions.start(session, team.accept(session, token, "Bo", "", NOW), NOW)
    return session.exec(select(Staff).where(Staff.email == email)).one(), opened


def actor(row: Staff) -> str:
    return f"{row.role}:{row.staff_id}"


def code(refused: pytest.ExceptionInfo[Refusal]) -> str:
    return refused.value.code


def test_the_first_owner_comes_by_a_link_that_a_newer_one_replaces(session: Session) -> None:
    older = team.first_owner(session, NOW)
    newer = team.first_owner(session, NOW + timedelta(minutes=1))
    assert older
    assert newer
    with pytest.raises(Refusal) as refused:
        team.accept(session, older, "Eve", "eve@shop.example", NOW + timedelta(minutes=2))
    assert code(refused) == "invitation_over"
    person = team.accept(session, newer, "  Ada  Lovelace ", " ADA@shop.example ", NOW + timedelta(minutes=2))
    row = session.exec(select(Staff)).one()
    assert (row.name, row.email, row.role, row.status) == (
        "Ada Lovelace",
        "ada@shop.example",
        "owner",
        "active",
    )
    assert person == Person(row.staff_id, "owner")
    assert team.first_owner(session, NOW + timedelta(minutes=4)) is None
    said = " ".join(one.detail + one.object for one in session.exec(select(Audit)).all())
    assert "ada" not in said.lower()


@pytest.mark.parametrize("late", [timedelta(0), timedelta(hours=24)])
def test_a_link_is_good_once_and_for_a_while(session: Session, late: timedelta) -> None:
    token = team.first_owner(session, NOW)
    assert token
    if not late:
        team.accept(session, token, "Ada", "ada@shop.example", NOW)
    for wrong in (token, token[:-1], "", "x" * 500):
        with pytest.raises(Refusal) as refused:
            team.accept(session, wrong, "Eve", "eve@shop.example", NOW + late)
        assert code(refused) == "invitation_over"


def test_an_invitation_is_for_its_address_and_its_role(session: Session) -> None:
    token = team.invite(session, "bo@shop.example", "cashier", CLI, NOW)
    team.accept(session, token, "Bo", "boss@evil.example", NOW)
    row = session.exec(select(Staff)).one()
    assert (row.email, row.role) == ("bo@shop.example", "cashier")
    with pytest.raises(Refusal) as refused:
        team.invite(session, "BO@shop.example", "support", CLI, NOW)
    assert code(refused) == "staff_there"
    for email, role in (("no address", "cashier"), ("x@y.example", "member"), ("x@y.example", "king")):
        with pytest.raises(Refusal):
            team.invite(session, email, role, CLI, NOW)
    assert len(session.exec(select(Invitation)).all()) == 1


def test_a_changed_role_ends_what_was_open(session: Session) -> None:
    ada, (bo, opened) = an_owner(session), a_colleague(session)
    team.change_role(session, bo.staff_id, "support", actor(ada), NOW)
    assert sessions.person_of(session, opened, NOW) is None
    assert team.staff_person(session, bo.staff_id) == Person(bo.staff_id, "support")
    last = session.exec(select(Audit).order_by(col(Audit.seq).desc())).first()
    assert last
    assert (last.actor, last.action, last.object) == (
        actor(ada),
        "staff.role_changed",
        f"staff:{bo.staff_id}",
    )
    assert last.detail == '{"after":{"role":"support"},"before":{"role":"cashier"}}'
    assert first_broken(session) is None


def test_who_goes_is_out_at_once_with_every_way_in_and_may_come_back(session: Session) -> None:
    ada, (bo, opened) = an_owner(session), a_colleague(session)
    session.add(
        Passkey(credential_id=b"k", role="staff", person=bo.staff_id, public_key=b"p", created_at=NOW)
    )
    team.remove(session, bo.staff_id, actor(ada), NOW)
    assert sessions.person_of(session, opened, NOW) is None
    assert session.exec(select(Passkey)).all() == []
    assert team.staff_person(session, bo.staff_id) is None
    again, _ = a_colleague(session, "analyst")
    assert (again.staff_id, again.role, again.status) == (bo.staff_id, "analyst", "active")


@pytest.mark.parametrize("deed", ["removed", "another role"])
def test_whom_they_invited_does_not_come_once_they_went(session: Session, deed: str) -> None:
    ada, eva = an_owner(session), an_owner(session, "eva@shop.example")
    theirs = team.invite(session, "cy@shop.example", "support", actor(eva), NOW)
    others = team.invite(session, "di@shop.example", "support", actor(ada), NOW)
    if deed == "removed":
        team.remove(session, eva.staff_id, actor(ada), NOW)
    else:
        team.change_role(session, eva.staff_id, "analyst", actor(ada), NOW)
    with pytest.raises(Refusal) as refused:
        team.accept(session, theirs, "Cy", "", NOW)
    assert code(refused) == "invitation_over"
    assert team.accept(session, others, "Di", "", NOW).role == "support"
    ended = session.exec(select(Audit.actor).where(Audit.action == "staff.not_invited")).all()
    assert ended == [actor(ada)]


def test_who_was_removed_is_not_brought_back_by_a_group(session: Session) -> None:
    ada = an_owner(session)
    roles = {"tills": "cashier"}
    one = Vouched("idp", "https://idp.example", "bo", "bo@shop.example", "Bo", ("tills",))
    bo = logins.enter_staff(session, one, roles, NOW)
    team.remove(session, bo.id, actor(ada), NOW)
    for email in ("bo@shop.example", "other@shop.example"):
        with pytest.raises(Refusal) as refused:
            logins.enter_staff(session, replace(one, email=email), roles, NOW)
        assert code(refused) == "staff_unknown"
    assert [row.person for row in session.exec(select(Login)).all()] == [bo.id]
    assert len(session.exec(select(Staff)).all()) == 2


def test_who_came_by_a_group_has_no_other_way_in(session: Session) -> None:
    an_owner(session)
    one = Vouched("idp", "https://idp.example", "bo", "bo@shop.example", "Bo", ("tills",))
    bo = logins.enter_staff(session, one, {"tills": "support"}, NOW)
    another = Vouched("other", "https://other.example", "bo", "bo@shop.example")
    with pytest.raises(Refusal) as refused:
        logins.link(session, bo, another, NOW)
    assert code(refused) == "way_by_group"
    logins.link(session, bo, one, NOW)
    assert len(logins.of(session, bo)) == 1
    with pytest.raises(Refusal) as refused:
        passkeys.offer_new(session, bo, passkeys.Site("club.test", "http://club.test", "Club"), NOW)
    assert code(refused) == "way_by_group"
    session.add(Login(issuer=another.issuer, subject="bo", role="staff", person=bo.id, created_at=NOW))
    with pytest.raises(Refusal) as refused:
        logins.enter_staff(session, another, {"tills": "support"}, NOW)
    assert code(refused) == "staff_unknown"


def test_without_the_group_what_they_asked_for_and_whom_they_invited_end_too(session: Session) -> None:
    an_owner(session)
    one = Vouched("idp", "https://idp.example", "bo", "bo@shop.example", "Bo", ("heads",))
    bo = logins.enter_staff(session, one, {"heads": "owner"}, NOW)
    token = team.invite(session, "cy@shop.example", "support", bo.actor, NOW)
    approving.ask(session, "points.adjusted", "member:x", {"points": 1}, "", bo.actor, NOW, request_id="r")
    with pytest.raises(Refusal):
        logins.enter_staff(session, replace(one, groups=()), {"heads": "owner"}, NOW)
    assert approving.waiting(session, NOW) == 0
    with pytest.raises(Refusal):
        team.accept(session, token, "Cy", "", NOW)
    assert logins.enter_staff(session, one, {"heads": "owner"}, NOW) == bo


def test_no_group_takes_the_last_owner_away(session: Session) -> None:
    one = Vouched("idp", "https://idp.example", "bo", "bo@shop.example", "Bo", ("heads",))
    bo = logins.enter_staff(session, one, {"heads": "owner", "tills": "cashier"}, NOW)
    for groups in ((), ("tills",)):
        kept = logins.enter_staff(
            session, replace(one, groups=groups), {"heads": "owner", "tills": "cashier"}, NOW
        )
        assert kept == bo
    last = session.exec(select(Audit.action).order_by(col(Audit.seq).desc())).first()
    assert last == "staff.owner_kept"
    an_owner(session)
    with pytest.raises(Refusal):
        logins.enter_staff(session, replace(one, groups=()), {"heads": "owner"}, NOW)


def test_the_last_owner_stays_and_nobody_does_it_to_themselves(session: Session) -> None:
    ada = an_owner(session)

    def demote(session: Session, staff_id: str, actor: str, now: datetime) -> None:
        team.change_role(session, staff_id, "support", actor, now)

    for verb in (team.remove, demote):
        with pytest.raises(Refusal) as refused:
            verb(session, ada.staff_id, CLI, NOW)
        assert code(refused) == "owner_last"
        with pytest.raises(Refusal) as refused:
            verb(session, ada.staff_id, actor(ada), NOW)
        assert code(refused) == "staff_oneself"
    an_owner(session, "eva@shop.example")
    team.remove(session, ada.staff_id, CLI, NOW)


def test_one_alone_makes_nobody_an_owner(session: Session) -> None:
    ada, (bo, _) = an_owner(session), a_colleague(session)
    with pytest.raises(Refusal) as refused:
        team.change_role(session, bo.staff_id, "owner", actor(ada), NOW)
    assert code(refused) == "role_needs_second"
    with pytest.raises(Refusal) as refused:
        team.invite(session, "x@shop.example", "owner", actor(ada), NOW)
    assert code(refused) == "role_needs_second"
