"""What a member says of a friend, to be paid after all, goes when the friend is erased."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlmodel import Session, select

from members.actions import suspicions
from members.actions.erase import erase
from members.suspicion_tables import Suspicion
from tests.builders import NOW, in_force
from tests.fraud.test_reviews import ann_with, buys, friend
from tests.members.test_referring import FRIENDS, code_of

pytestmark = [pytest.mark.feature(84), pytest.mark.feature(133)]
WORDS = "{} is my sister, at my computer"


def said(session: Session) -> dict[UUID, str]:
    query = select(Suspicion.friend_id, Suspicion.appeal).execution_options(populate_existing=True)
    return dict(session.exec(query).all())


def test_a_friend_who_is_erased_is_named_in_nobody_s_appeal(session: Session) -> None:
    in_force(session, FRIENDS)
    ann = ann_with(session, device="one")
    friends = {name: friend(session, code_of(session, ann), name, device="one") for name in ("ben", "eve")}
    for name, who in friends.items():
        buys(session, who, name, name=name)
        row = session.exec(select(Suspicion).where(Suspicion.friend_id == who)).one()
        suspicions.appeal(session, ann, row.referral_id.hex, WORDS.format(name), NOW)
    ben, eve = friends.values()
    assert said(session) == {ben: WORDS.format("ben"), eve: WORDS.format("eve")}
    erase(session, ben, "owner:ada", NOW)
    assert said(session) == {ben: "", eve: WORDS.format("eve")}, "and what was said of somebody else stays"
