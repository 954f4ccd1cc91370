"""Points that expire are told of a month, a week and a day before, to who agreed, until one click says no more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlmodel import Session, col, select
from starlette.applications import Starlette

from app import database, door, limits, mail
from app.jobs import reminders
from app.public import unsubscribe
from members import consents, letting_know
from members.actions import merging, own, record
from members.actions.erase import erase
from members.actions.identify import identify
from members.actions.reminding import PAUSE_DAYS, Sender
from members.own_tables import Reminder
from members.programme import apply, load
from members.tables import Member
from members.way_tables import Letter
from tests.builders import PROGRAMME, a_fact, an_order, days, in_force, standing_of
from tests.ways.post import Box, a_server
from tests.ways.test_mail import smtp as by_smtp

pytestmark = pytest.mark.anyio
BOUGHT = datetime(2026, 1, 10, 12, tzinfo=UTC)
LAST = datetime(2027, 1, 10, tzinfo=UTC)
SHOP = ZoneInfo("America/New_York")
MIRA = "mira@shop.example"


@pytest.fixture
def by(house: Path) -> Iterator[Sender]:
    """A shop whose points are good for a year; Mira, and others, have some of one day."""
    limits.forget()
    with database.transaction(door.engine()) as session:
        in_force(session)
        record(session, [an_order("1", "30.00", at=BOUGHT), an_order("2", "9.00", at=BOUGHT, subject="customer:2")],
               BOUGHT)  # fmt: skip
        mira = standing_of(session).member_id
        identify(session, mira, f"email:{MIRA}", BOUGHT)
        identify(session, mira, "phone:+4915112345678", BOUGHT)
        identify(session, standing_of(session, "2").member_id, "email:bo@shop.example", BOUGHT)
        consents.decide(session, mira, "programme", "email", True, BOUGHT, way="me")
    yield Sender("http://shop.test", door.secret())
    limits.forget()


def mira(session: Session) -> UUID:
    return standing_of(session).member_id


def told(by: Sender, first: datetime, last: datetime) -> list[int]:
    """How many days before the last day a letter went, when the job runs thrice a day."""
    found: list[int] = []
    at = first
    while at <= last:
        if reminders.remind(door.engine(), by, at):
            found.append((LAST.date() - at.date()).days)
        at += timedelta(hours=8)
    return found


def posted() -> list[Letter]:
    with database.reading(door.engine()) as session:
        return list(session.exec(select(Letter).order_by(col(Letter.created_at))))


@pytest.mark.feature(98)
async def test_a_letter_that_needs_consent_goes_out_and_one_post_to_it_ends_the_consent(by: Sender) -> None:
    """Over the wire: by SMTP with the headers of RFC 8058, and back by the POST that a mail program sends."""
    box, engine, at = Box(), door.engine(), LAST.replace(hour=17) - days(30)
    assert [reminders.remind(engine, by, at) for _ in range(2)] == [1, 0]
    with a_server(box) as port:
        sent_by = by_smtp(port)
        assert mail.deliver(engine, sent_by, lambda: at) == 1
    (came,) = box.came
    assert came["To"] == MIRA
    assert "30 points expire on" in came["Subject"]
    assert came["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = came["List-Unsubscribe"].strip("<>")
    assert address in came.get_content()
    app = Starlette(routes=unsubscribe.routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=by.site) as program:
        clicked = await program.post(address, content="List-Unsubscribe=One-Click", headers={
            "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "cross-site"})  # fmt: skip
    assert clicked.status_code == 200
    with database.reading(engine) as session:
        first, last = consents.history(session, mira(session))
        assert (first.given, first.version, first.text, first.at) == (
            True, consents.VERSION, consents.BY_NAME["programme"].text, BOUGHT,
        )  # fmt: skip
        assert (last.given, last.way, last.version, last.text) == (
            False,
            "unsubscribe",
            first.version,
            first.text,
        )
        assert datetime.now(UTC) - last.at < timedelta(hours=1)
    assert told(by, at + days(1), LAST) == []


@pytest.mark.feature(26)
def test_thirty_seven_and_one_day_before_once_each_and_never_at_night(by: Sender) -> None:
    assert told(by, LAST.replace(hour=4) - days(40), LAST + days(3)) == [30, 7, 1]
    letters = posted()
    assert [one.address for one in letters] == [MIRA] * 3
    assert [one.subject.partition(": ")[2] for one in letters] == [
        "30 points expire on 10 January 2027",
        "30 points expire on 10 January",
        "Last chance: 30 points expire on 10 January",
    ]
    assert all(9 <= one.created_at.astimezone(SHOP).hour < 20 for one in letters)
    with database.reading(door.engine()) as session:
        kept = session.exec(select(Reminder).order_by(col(Reminder.at))).all()
        assert [(one.stage, one.channel) for one in kept] == [(30, "email"), (7, "email"), (1, "email")]


@pytest.mark.feature(26)
def test_the_programme_says_how_long_before_and_tells_who_may_keep_them_what_keeps_them(by: Sender) -> None:
    idle = "{kind: inactivity, months: 12, activities: [order.paid, visit], warn_days: [14, 2]}"
    soon = BOUGHT + timedelta(hours=1)
    with database.transaction(door.engine()) as session:
        apply(
            session,
            load(PROGRAMME.replace("{kind: rolling, months: 12}", idle)),
            base=1,
            actor="test",
            now=soon,
        )
        record(session, [an_order("3", "5.00", at=BOUGHT + days(1))], BOUGHT + days(1))
    assert told(by, LAST.replace(hour=4) - days(40), LAST - days(7)) == [14, 8]
    letters = posted()
    assert "In the month to come it is 35 points in all." in letters[0].text
    assert all("They stay when there is this before: a purchase or a visit." in one.text for one in letters)
    with database.transaction(door.engine()) as session:
        record(session, [a_fact("visit", {}, at=LAST - days(7))], LAST - days(7))
    assert told(by, LAST - days(7), LAST + days(60)) == [2]
    assert posted()[-1].text.startswith("30 points expire on 10 January.")


def test_who_was_away_is_told_the_nearest_and_who_shops_daily_is_not_written_to_daily(by: Sender) -> None:
    with database.transaction(door.engine()) as session:
        for day in range(1, 40):
            record(session, [an_order(f"d{day}", "3.00", at=BOUGHT + days(day))], BOUGHT + days(day))
    went = told(by, LAST.replace(hour=17) - days(5), LAST + days(39))
    assert went[0] == 5
    assert all(one - other >= PAUSE_DAYS for one, other in pairwise(went))
    assert len(went) <= 1 + 45 // PAUSE_DAYS
    assert "In the month to come it is" in posted()[0].text


@pytest.mark.parametrize("why", ["pauses", "left", "erased", "never agreed", "has no address"])
def test_nobody_is_written_to_who_does_not_want_it(by: Sender, why: str) -> None:
    with database.transaction(door.engine()) as session:
        me = mira(session)
        if why == "pauses":
            own.pause(session, me, BOUGHT)
        elif why == "left":
            own.leave(session, me, f"member:{me}", BOUGHT)
        elif why == "erased":
            erase(session, me, "owner:ada", BOUGHT)
        elif why == "never agreed":
            consents.decide(session, me, "programme", "email", False, BOUGHT)
        else:
            consents.decide(session, me, "programme", "email", False, BOUGHT)
            consents.decide(session, standing_of(session, "2").member_id, "programme", "phone", True, BOUGHT)
    assert told(by, LAST.replace(hour=17) - days(31), LAST) == []
    assert posted() == []


@pytest.mark.parametrize(("code", "word"), [("ru", "сгор"), ("ar", "نقط")])
def test_it_speaks_the_language_of_its_reader_and_goes_where_they_want_it(
    by: Sender, code: str, word: str
) -> None:
    with database.transaction(door.engine()) as session:
        member = session.get_one(Member, mira(session))
        member.language = code
        session.add(member)
        identify(session, member.member_id, "email:new@shop.example", BOUGHT + days(1))
        letting_know.choose_address(session, member.member_id, "email:new@shop.example")
    assert told(by, LAST.replace(hour=17) - days(30), LAST - days(30) + timedelta(hours=23)) == [30]
    (letter,) = posted()
    assert letter.address == "new@shop.example"
    assert word in letter.subject
    assert f"http://shop.test/{code}/rewards" in letter.text


def test_what_was_told_of_a_closed_account_is_not_told_again(by: Sender) -> None:
    at = LAST.replace(hour=17) - days(30)
    assert reminders.remind(door.engine(), by, at) == 1
    with database.transaction(door.engine()) as session:
        into = standing_of(session, "2").member_id
        consents.decide(session, into, "programme", "email", True, BOUGHT)
        merging.merge(session, mira(session), into, "One person", "owner:ada", at)
    assert reminders.remind(door.engine(), by, at + days(1)) == 0
