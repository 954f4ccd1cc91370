"""An alias that was chosen when other letters counted as alike is taken away all the same, and for good."""

from __future__ import annotations

import pytest
from sqlmodel import Session, col, select, update

from badges.board_tables import Alias
from badges.tables import Player
from facts.refusals import Refusal
from members.actions.boards import enter, take_alias_named
from tests.builders import NOW
from tests.members.boards import play


def test_it_is_found_as_a_list_names_it(session: Session) -> None:
    members = play(session, {1: 2, 2: 1})
    mine = col(Alias.member_id) == members[1]
    session.execute(update(Alias).where(mine).values(folded="as it was folded once"))
    with pytest.raises(Refusal, match="Nobody stands on the boards"):
        take_alias_named(session, "Player 3", "It names a neighbour", "owner:kim", NOW)
    take_alias_named(session, "Player 1", "It names a neighbour", "owner:kim", NOW)
    assert session.exec(select(Player.alias).where(Player.member_id == members[1])).one() == ""
    assert set(session.exec(select(Alias.reason).where(mine))) == {"It names a neighbour"}
    for member_id in members.values():
        with pytest.raises(Refusal):
            enter(session, member_id, "player-1", NOW)
