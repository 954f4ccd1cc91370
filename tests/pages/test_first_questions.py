"""What the first document of a page costs: a few questions, however much there is to see."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import delete
from sqlmodel import col

from app import database, door
from badges.board_tables import BoardCount, BoardScore
from facts.language import language
from members import sessions
from members.actions.boards import enter
from members.programme import apply, load
from members.programme import versions as known_versions
from members.roles import MEMBER, Capability, Person
from members.views.badges import badges
from members.views.boards import boards
from members.views.challenges import challenges
from members.views.streak_page import streaks
from tests.pages.conftest import SHOP, House, asked
from tests.pages.test_boards import BOARDS, follow, listed, now

GAME = """
challenges:
  - {slug: few, name: A few, criterion: {kind: count, at_least: 1}, milestones: [{at: 3}]}
goals:
  - {slug: many, name: Many baskets, criterion: {kind: count, at_least: 1}, target: "400"}
"""
QUESTIONS_MAX = 4


def opens() -> None:
    """A shop with all there is to see on these pages."""
    with database.transaction(door.engine()) as session:
        apply(session, load(SHOP + BOARDS + GAME), base=1, actor="test", now=now())


def first(house: House, view: Any) -> tuple[Any, list[str]]:
    """The card of a page as its first document has it, and what was asked for it, the session included."""
    with database.transaction(door.engine()) as session:
        known_versions(session)  # this process has shown a page before
        token, _ = sessions.start(session, Person(str(house.mira), MEMBER), now())

    def work(session: Any, person: Person, moment: datetime) -> Any:
        return view(session, person.member_id, moment, language("en"))

    with asked() as seen:
        answer = door.admit(token, Capability.SEE_OWN, work, writes=False)
    assert isinstance(answer, door.Admitted)
    return answer.value, seen


@pytest.mark.parametrize("view", [badges, challenges, streaks, boards])
def test_a_page_of_the_game_asks_a_few_questions(house: House, view: Any) -> None:
    opens()
    _, seen = first(house, view)
    assert 2 <= len(seen) <= QUESTIONS_MAX, seen


def test_so_do_boards_for_who_is_listed_and_sits_in_a_circle(house: House) -> None:
    opens()
    with database.transaction(door.engine()) as session:
        enter(session, house.mira, "Mira of the Mill", now())
    listed(900, 1, 2)
    follow()
    card, seen = first(house, boards)
    assert len(seen) <= QUESTIONS_MAX, seen
    assert card.alias == "Mira of the Mill"


def test_all_places_beyond_the_lists_are_one_question_more(house: House) -> None:
    """The place is one more than those ahead, of each board by itself."""
    opens()
    with database.transaction(door.engine()) as session:
        enter(session, house.mira, "Mira of the Mill", now())
        line = known_versions(session)
        zone = line.latest.zone
        session.execute(delete(BoardScore).where(col(BoardScore.member_id) == house.mira))
        for number, (slug, known) in enumerate(line.latest.achievements.boards.items()):
            period = known.board.period_at(now(), zone)
            mine = BoardScore(member_id=house.mira, board=slug, period=period, score=1000, falling=-1000, counted=1000,
                              reached_at=now(), alias="Mira of the Mill")  # fmt: skip
            session.add(mine)
            session.add(
                BoardCount(board=slug, period=period, level=0, bucket=1001 + number, members=3 + number)
            )
    card, seen = first(house, boards)
    assert len(seen) == QUESTIONS_MAX + 1, seen
    assert [one.listed for one in card.boards] == [True, True]
    assert ["4" in card.boards[0].mine, "5" in card.boards[1].mine] == [True, True]
