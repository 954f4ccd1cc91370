"""How often a reward can be had holds for a person: two accounts that become one do not make a limit begin anew."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlmodel import Session

from facts.language import language
from facts.refusals import Refusal
from members.actions import record
from members.actions.merging import merge, undo
from members.actions.redeem import redeem
from members.standing import standing_of as stands
from members.views.counter import offers_for
from members.views.rewards import rewards_first
from tests.builders import NOW, PROGRAMME, an_order, in_force, standing_of

SECRET = b"a secret of thirty-two characters"
REWARDS = """rewards:
  - {slug: mug, kind: gift, name: Mug, price: 10, per_member: 1}
  - {slug: tea, kind: gift, name: Tea, price: 10, per_period: {per: month, most: 1}}
"""


def reachable(session: Session, me: UUID) -> tuple[set[str], set[str]]:
    """What the rewards page and the counter offer now."""
    standing = stands(session, me, NOW)
    assert standing
    page = rewards_first(session, me, NOW, language("en")).now
    return {one.slug for one in page}, {one.reward.slug for one in offers_for(session, standing, NOW)}


def test_what_a_closed_account_had_counts_for_the_one_that_stays(session: Session) -> None:
    in_force(session, PROGRAMME.replace("rewards: []\n", REWARDS))
    record(session, [an_order(f"o{n}", "90.00", subject=f"customer:{n}") for n in range(2)], NOW)
    closed, stays = (standing_of(session, str(n)).member_id for n in range(2))
    both = {"mug", "tea"}
    for slug in both:
        made = redeem(session, closed, slug, NOW, slug, SECRET)
        made.state, made.closed_at = "used", NOW
    session.flush()
    assert reachable(session, stays) == (both, both)
    merge(session, closed, stays, "One person", "owner:ada", NOW)
    assert reachable(session, stays) == (set(), set())
    for slug in both:
        with pytest.raises(Refusal, match="as often as it can be had"):
            redeem(session, stays, slug, NOW, slug, SECRET)
    undo(session, closed, "owner:ada", NOW)
    assert reachable(session, stays) == (both, both)
