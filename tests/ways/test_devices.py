"""Devices: known by a cookie of which only a keyed hash is kept, and named for people."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlmodel import Session

from facts.language import language
from members import devices
from tests.builders import NOW, days

ANNA, BORIS = UUID(int=1), UUID(int=2)
KEY = b"k" * 32


def test_a_device_is_known_once_it_was_proved_and_to_its_member_only(session: Session) -> None:
    token = devices.fresh()
    mine = devices.digest(token, KEY)
    assert token.encode() not in mine
    assert devices.remember(session, ANNA, mine, "Chrome/Android", NOW, trusted=False)
    assert not devices.known(session, ANNA, mine)
    assert not devices.remember(session, ANNA, mine, "", NOW + days(1), trusted=True)
    assert devices.known(session, ANNA, mine)
    assert not devices.remember(session, ANNA, mine, "", NOW + days(2), trusted=False)
    assert devices.known(session, ANNA, mine)
    assert not devices.known(session, BORIS, mine)
    assert not devices.known(session, ANNA, None)
    assert not devices.known(session, ANNA, devices.digest(token, b"x" * 32))
    found = devices.of(session, ANNA)[0]
    assert (found.label, found.first_at, found.seen_at, found.trusted_at) == (
        "Chrome/Android", NOW, NOW + days(2), NOW + days(1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) Version/17.1 Safari/604.1", "Safari on iPhone"),
        ("curl/8", "A browser"),
        ("", "A browser"),
    ],
)  # fmt: skip
def test_a_browser_has_a_name_for_people(agent: str, said: str) -> None:
    assert devices.named(devices.label(agent), language("en")) == said
