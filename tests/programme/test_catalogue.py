"""A version that was stored before a free reward could have no prices is read all the same; nobody can publish one."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import Session

from members.actions import record
from members.programme import ProgrammeInvalid, reading, versions
from tests.builders import NOW, PROGRAMME, an_order, in_force, standing_of

FREE = PROGRAMME.replace(
    "rewards: []\n",
    "rewards:\n  - {slug: cup, kind: gift, name: A cup, price: 0, occasion: {on: member.birthday}}\n",
)


def test_a_stored_free_reward_with_prices_is_read_and_said_when_it_is_published_again(
    session: Session,
) -> None:
    in_force(session, FREE)
    change = text("UPDATE programme_version SET digest = :digest, document = replace(document, :none, :some)")
    unread = {"digest": f"never read: {uuid4()}", "none": '"prices":{}', "some": '"prices":{"gold":5}'}
    session.connection().execute(change, unread)
    found = versions(session).latest.programme
    assert [one.prices for one in found.rewards] == [{"gold": 5}]
    assert record(session, [an_order("o1", "9.00")], NOW)[0].status == "recorded"
    assert standing_of(session).balance == 9
    with pytest.raises(
        ProgrammeInvalid, match=r"rewards\[0\]\.prices: this does not fit; what costs nothing"
    ):
        reading.check(found)
