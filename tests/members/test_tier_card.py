"""The tier on the member's card, in words."""

from __future__ import annotations

from sqlmodel import Session

from facts.language import language
from members.actions import record
from members.views.home import home
from tests.builders import NOW, PROGRAMME, an_order, in_force, standing_of

KEPT = PROGRAMME.replace("{kind: calendar_year}", "{kind: calendar_year, keep: next_year}")


def test_the_last_day_of_a_level_is_said_once(session: Session) -> None:
    """Kept to the end of next year: beside its name, and not again under the bar."""
    in_force(session, KEPT)
    record(session, [an_order("one", "310.00")], NOW)
    tier = home(session, standing_of(session).member_id, NOW, language("en")).tier
    assert (tier.name, tier.since, tier.strong + tier.after) == ("Gold", "until 31 Dec 2027", "Gold is yours")
    assert tier.by == ""
