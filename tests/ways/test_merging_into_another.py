"""An account that is merged into another one brings nothing that is trusted there, and both owners hear of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import Session, select

from facts.refusals import Refusal
from members import devices, proofs, sessions, takeover
from members.actions import joining, reaching
from members.actions.merging import undo
from members.own_tables import Device
from members.roles import MEMBER, Person
from members.tables import BrowserSession, Identity
from members.way_tables import Letter
from tests.builders import NOW, PROGRAMME, days, in_force

KEY = b"k" * 32
SAFE = "safety: {fresh_above: 100, cooling_hours: 24}\nrewards: []"
MIRA, EVIL = "email:mira@shop.test", "email:evil@x.test"
LATER = NOW + days(400)


@pytest.fixture
def both(session: Session) -> tuple[UUID, UUID]:
    """Mira, and somebody who is here longer than she is."""
    in_force(session, PROGRAMME.replace("rewards: []", SAFE))
    evil = joining.join(session, EVIL, joining.Wish(), NOW)
    return joining.join(session, MIRA, joining.Wish(), NOW + days(9)), evil


def come(session: Session, member_id: UUID, token: str, now: datetime) -> bytes:
    """A session on a device that was proved with a code; its digest."""
    device = devices.digest(token, KEY)
    devices.remember(session, member_id, device, "", now, trusted=True)
    opened, _ = sessions.start(session, Person(str(member_id), MEMBER), now, way="code", device=device)
    session.flush()
    return sessions.digest(opened)


def make_one(session: Session, mira: UUID, evil: UUID) -> None:
    data = {"member": str(mira), "other": str(evil)}
    opened, _ = sessions.start(session, Person(str(mira), MEMBER), LATER - timedelta(minutes=5))
    session.flush()
    known, proof = sessions.digest(opened), proofs.begin(session, reaching.BOTH, data, LATER)
    with pytest.raises(Refusal):  # signing in is not enough
        reaching.make_one(session, mira, proof, known, LATER)
    session.get_one(BrowserSession, known).proved_at = LATER - timedelta(minutes=1)
    reaching.make_one(session, mira, proof, known, LATER)
    session.expire_all()


def refused(session: Session, member_id: UUID, known: bytes, now: datetime) -> bool:
    try:
        takeover.check(session, member_id, known, 101, now)
    except Refusal as refusal:
        return refusal.code == takeover.NEEDED
    return False


def test_what_came_over_is_new_there_and_codes_go_on_to_who_was_there(
    session: Session, both: tuple[UUID, UUID]
) -> None:
    mira, evil = both
    hers, theirs = come(session, mira, "hers", NOW + days(9)), come(session, evil, "theirs", NOW)
    session.get_one(BrowserSession, theirs).proved_at = LATER - timedelta(minutes=1)
    make_one(session, mira, evil)
    assert session.get_one(BrowserSession, theirs).proved_at is None
    at = LATER + timedelta(minutes=1)
    assert [refused(session, mira, one, at) for one in (hers, theirs)] == [True, True]
    with pytest.raises(Refusal):
        takeover.check_card(session, mira, 101, at)
    assert [one.key for one in takeover.addresses(session, mira)] == [MIRA, EVIL]
    takeover.send(session, mira, KEY, at)
    assert "mira@shop.test" in {one.address for one in session.exec(select(Letter)) if "code" in one.text}
    assert "evil@x.test" not in {one.address for one in session.exec(select(Letter)) if "code" in one.text}
    assert not refused(session, mira, theirs, LATER + timedelta(hours=25)), "it cools like anything new"


def test_both_are_told_at_the_addresses_they_had(session: Session, both: tuple[UUID, UUID]) -> None:
    mira, evil = both
    make_one(session, mira, evil)
    told = {one.address: one.text for one in session.exec(select(Letter))}
    assert "what opens it opens yours" in told["mira@shop.test"]
    assert "becomes part of another one" in told["evil@x.test"]


def test_undone_everything_is_known_since_it_was(session: Session, both: tuple[UUID, UUID]) -> None:
    mira, evil = both
    come(session, evil, "theirs", NOW)
    make_one(session, mira, evil)
    assert session.get_one(Identity, EVIL).since == LATER
    undo(session, evil, "owner:ada", LATER + days(1))
    session.expire_all()
    address = session.get_one(Identity, EVIL)
    assert (address.member_id, address.since) == (evil, NOW)
    device = session.exec(select(Device)).one()
    assert (device.member_id, device.first_at, device.trusted_at) == (evil, NOW, NOW)


def test_signing_in_is_no_fresh_code(session: Session, both: tuple[UUID, UUID]) -> None:
    """Who added an address of their own and comes in with it does not take off the one that was there."""
    mira, _ = both
    session.add(Identity(key="email:new@x.test", member_id=mira, since=LATER))
    known = come(session, mira, "a thief's", LATER)
    first = reaching.ident_of(session.get_one(Identity, MIRA))
    with pytest.raises(Refusal) as caught:
        reaching.remove(session, mira, first, known, LATER + timedelta(seconds=9))
    assert caught.value.code == takeover.NEEDED
    session.get_one(BrowserSession, known).proved_at = LATER + timedelta(seconds=5)
    reaching.remove(session, mira, first, known, LATER + timedelta(seconds=9))
    assert [one.key for one in takeover.addresses(session, mira)] == ["email:new@x.test"]
