"""What goes back, and where: codes that were given back unseen, and the shelf of a reward that has codes by now."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlmodel import Session, select

from facts.language import language
from facts.refusals import Refusal
from members.actions.erase import erase
from members.actions.merging import merge, undo
from members.actions.redeem import cancel, code_of, redeem
from members.actions.staff import publish_reward
from members.actions.uploading_codes import upload
from members.actions.vouchers import expire_unused, show_code
from members.own_tables import Merge
from members.programme import versions
from members.views.rewards import rewards_first
from members.ways_back import forget_final
from rewards import stock
from tests.builders import NOW, days
from tests.rewards.test_pools import SECRET, a_shop

ADA = "owner:ada"


def given_back(session: Session, me: UUID) -> None:
    made = redeem(session, me, "cinema", NOW, "tap", SECRET)
    cancel(session, me, made.redemption_id, NOW, f"member:{me}")


def code(session: Session, me: UUID, request: str) -> str | None:
    made = redeem(session, me, "cinema", NOW, request, SECRET)
    return code_of(show_code(session, me, made.redemption_id, NOW, SECRET), SECRET)


def on_shelf(session: Session, me: UUID) -> set[str]:
    return {one.slug for one in rewards_first(session, me, NOW, language("en")).now}


def test_the_last_code_given_back_unseen_waits_for_its_member_and_for_nobody_else(session: Session) -> None:
    me, other = a_shop(session, 2, codes=["FILM-1"])
    given_back(session, me)
    assert stock.left_of(session, "cinema") == 0
    assert (on_shelf(session, me), on_shelf(session, other)) == ({"cinema", "mug"}, {"mug"})
    with pytest.raises(Refusal, match="run out"):
        redeem(session, other, "cinema", NOW, "tap", SECRET)
    assert code(session, me, "again") == "FILM-1"
    assert (stock.left_of(session, "cinema"), on_shelf(session, me)) == (0, {"mug"})
    with pytest.raises(Refusal, match="run out"):
        redeem(session, me, "cinema", NOW, "a third", SECRET)


def test_a_code_that_waits_goes_over_with_its_account_and_comes_back(session: Session) -> None:
    me, other = a_shop(session, 2, codes=["FILM-1"])
    given_back(session, me)
    merge(session, me, other, "One person", ADA, NOW)
    assert on_shelf(session, other) == {"cinema", "mug"}
    undo(session, me, ADA, NOW)
    assert (on_shelf(session, me), on_shelf(session, other)) == ({"cinema", "mug"}, {"mug"})
    merge(session, me, other, "One person", ADA, NOW + days(1))
    assert code(session, other, "mine") == "FILM-1"
    undo(session, me, ADA, NOW + days(2))
    assert on_shelf(session, me) == {"mug"}, "what was drawn since stays where it was drawn"
    assert forget_final(session, NOW + days(40)) == 2
    assert not any("codes" in one for one in session.exec(select(Merge.detail)))


def test_the_shelf_counts_what_stood_on_it(session: Session) -> None:
    """A mug of the shelf comes back while mugs have no codes; one by a code never does, nor a mug to the codes."""
    me, other, third = a_shop(session, 3)
    mug = versions(session).latest.programme.reward("mug")
    assert mug
    own = redeem(session, me, "mug", NOW, "own", SECRET)
    late = redeem(session, me, "mug", NOW, "late", SECRET)
    publish_reward(
        session, mug.model_copy(update={"codes": "pool", "stock": None}), base=1, actor=ADA, now=NOW
    )
    upload(session, "mug", [b"MUG-1\n", b"MUG-2\n"], ADA, NOW, SECRET)
    coded = redeem(session, other, "mug", NOW, "coded", SECRET)
    cancel(session, me, own.redemption_id, NOW, ADA)
    assert stock.left_of(session, "mug") == 1, "as many as there are codes"
    publish_reward(session, mug, base=2, actor=ADA, now=NOW)
    assert stock.left_of(session, "mug") == 5
    cancel(session, other, coded.redemption_id, NOW, ADA)
    assert stock.left_of(session, "mug") == 5, "it never stood there"
    again = redeem(session, other, "mug", NOW, "again", SECRET)
    redeem(session, third, "mug", NOW, "erased", SECRET)
    assert stock.left_of(session, "mug") == 3
    cancel(session, other, again.redemption_id, NOW, ADA)
    erase(session, third, ADA, NOW)
    assert stock.left_of(session, "mug") == 5
    assert late.expires_at
    assert expire_unused(session, late.expires_at) == 1
    assert stock.left_of(session, "mug") == 6
