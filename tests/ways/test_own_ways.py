"""`/ways`: a member sees where they are signed in, and ends what is not theirs."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlmodel import col, select

from app import database, door
from members.tables import BrowserSession
from tests.ways.conftest import Visit
from tests.ways.test_coming_in import join, who

pytestmark = pytest.mark.anyio
PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"}


@pytest.mark.feature(2)
async def test_sessions_are_listed_named_and_ended(visit: Visit) -> None:
    async with visit() as mine, visit() as lost, visit() as stranger:
        lost.headers.update(PHONE)
        await join(mine)
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2), tick=True):
            await join(lost)
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=4), tick=True):
            await join(stranger, "boris@shop.example")
        page = await mine.get("/ways")
        assert "Chrome on Android" in page.text
        assert "this one" in page.text
        assert "a…a@shop.example" in page.text
        (which,) = re.findall(r'name="which" value="(\w+)"', page.text)
        await stranger.post("/ways/end", data={"which": which})
        assert who(lost)
        refused = await mine.post(
            "/ways/end", data={"which": which}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert refused.status_code == 403
        assert (await mine.post("/ways/end", data={"which": which})).headers["location"] == "/ways"
        assert (who(lost), bool(who(mine)), bool(who(stranger))) == (None, True, True)
        assert (await lost.get("/ways")).headers["location"] == "/sign-in"


async def test_all_others_at_once(visit: Visit) -> None:
    browsers = [visit() for _ in range(3)]
    for n, one in enumerate(browsers):
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=2 * n), tick=True):
            await join(one)
    assert (await browsers[1].post("/ar/ways/end-others")).headers["location"] == "/ar/ways"
    assert [bool(who(one)) for one in browsers] == [False, True, False]
    assert 'dir="rtl"' in (await browsers[1].get("/ar/ways")).text
    with database.reading(door.engine()) as session:
        assert len(session.exec(select(BrowserSession).where(BrowserSession.revoked_at.is_(None))).all()) == 1  # type: ignore[union-attr]
    for one in browsers:
        await one.aclose()


@pytest.mark.feature(2)
async def test_when_a_session_was_last_in_use_is_said_by_the_day(visit: Visit) -> None:
    """In the shop's days; of the session that asks it is not said: it is here now."""
    seen = {
        "2026-03-12T07:00:00+00:00": ("Last seen today", "Последний вход сегодня", "آخر ظهور اليوم"),
        "2026-03-11T23:30:00+00:00": ("Last seen yesterday", "Последний вход вчера", "آخر ظهور أمس"),
        "2026-02-03T07:00:00+00:00": ("Last seen on 3 February", "Последний вход 3 февраля", "آخر ظهور في ٣ فبراير"),
        "2025-11-03T07:00:00+00:00": ("Last seen on 3 November 2025", "Последний вход 3 ноября 2025",
                                      "آخر ظهور في ٣ نوفمبر ٢٠٢٥"),
    }  # fmt: skip
    with time_machine.travel("2026-03-12T08:00:00+00:00", tick=True):
        async with visit() as mine, visit() as other:
            await join(mine)
            assert "Last seen" not in (await mine.get("/ways")).text
            with time_machine.travel("2026-03-12T08:02:00+00:00", tick=True):
                await join(other)
                for at, words in seen.items():
                    with database.transaction(door.engine()) as session:
                        newest = (
                            select(BrowserSession).order_by(col(BrowserSession.created_at).desc()).limit(1)
                        )
                        session.exec(newest).one().seen_at = datetime.fromisoformat(at)
                    for start, told in zip(("", "/ru", "/ar"), words, strict=True):
                        assert told in (await mine.get(f"{start}/ways")).text
