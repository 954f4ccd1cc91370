"""A digital card: made once, and each of its codes is good once, at one counter, for a minute or so."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from app import database
from facts.refusals import Refusal
from members.actions import card, own, record
from members.actions.erase import erase
from members.actions.merging import merge, undo
from members.card_codes import code_at, number_from, step_at
from members.own_tables import Card
from members.tables import Identity
from tests.builders import NOW, an_order, in_force, standing_of

SECRET = b"s" * 32
STEP = timedelta(seconds=30)


def a_member(session: Session, customer: str = "1") -> UUID:
    record(session, [an_order(f"of-{customer}", "30.00", subject=f"customer:{customer}")], NOW)
    return standing_of(session, customer).member_id


def shown(mine: card.Mine, at: datetime) -> str:
    """What the card shows at a moment by its own clock."""
    return f"{mine.number}.{code_at(mine.key, step_at(at))}"


def refusal(session: Session, payload: str, now: datetime = NOW, secret: bytes = SECRET) -> str:
    with pytest.raises(Refusal) as refused:
        card.present(session, payload, secret, now)
    return refused.value.code


@pytest.fixture
def anna(session: Session) -> UUID:
    in_force(session)
    return a_member(session)


def test_a_card_is_made_once_and_its_key_lies_sealed(session: Session, anna: UUID) -> None:
    first = card.mine(session, anna, SECRET, NOW)
    assert card.mine(session, anna, SECRET, NOW + STEP) == first
    assert len(first.key) == 32
    row = session.exec(select(Card)).one()
    assert (row.member_id, row.number, row.created_at) == (anna, first.number, NOW)
    assert first.key not in row.sealed
    assert first.key.hex().encode() not in row.sealed
    key = session.exec(select(Identity.key).where(Identity.key == f"card:{first.number}")).one()
    assert key.startswith("card:")


def test_two_members_have_nothing_in_common(session: Session, anna: UUID) -> None:
    ann, bob = (card.mine(session, one, SECRET, NOW) for one in (anna, a_member(session, "2")))
    assert ann.number != bob.number
    assert ann.key != bob.key
    assert refusal(session, shown(card.Mine(bob.number, ann.key), NOW)) == "card_late"


def test_a_code_proves_that_the_card_is_here_and_a_number_does_not(session: Session, anna: UUID) -> None:
    mine = card.mine(session, anna, SECRET, NOW)
    assert card.present(session, mine.number, SECRET, NOW) == card.Presented(anna, proved=False)
    assert card.present(session, shown(mine, NOW), SECRET, NOW) == card.Presented(anna, proved=True)
    assert card.present(session, mine.number, SECRET, NOW) == card.Presented(anna, proved=False)


def test_a_code_is_good_once_and_an_older_one_never_after_it(session: Session, anna: UUID) -> None:
    mine = card.mine(session, anna, SECRET, NOW)
    card.present(session, shown(mine, NOW), SECRET, NOW)
    assert refusal(session, shown(mine, NOW)) == "card_used"
    assert refusal(session, shown(mine, NOW - STEP)) == "card_used"
    assert card.present(session, shown(mine, NOW + STEP), SECRET, NOW + STEP).proved
    assert refusal(session, shown(mine, NOW + STEP), NOW + 2 * STEP) == "card_used"
    assert refusal(session, shown(mine, NOW + STEP), NOW + 3 * STEP) == "card_late"


@pytest.mark.parametrize(
    ("skew", "said"),
    [(-60, "card_late"), (-31, "card_late"), (-30, ""), (0, ""), (59, ""), (60, "card_late")],
)
def test_a_phones_clock_may_be_a_little_wrong(session: Session, anna: UUID, skew: int, said: str) -> None:
    """`NOW` is where a step begins, so half a minute behind is the step before, and 59 s ahead the one after."""
    mine = card.mine(session, anna, SECRET, NOW)
    payload = shown(mine, NOW + timedelta(seconds=skew))
    if said:
        assert refusal(session, payload) == said
    else:
        assert card.present(session, payload, SECRET, NOW).proved


def test_what_nobody_has_is_told_apart_for_the_counter(session: Session, anna: UUID) -> None:
    card.mine(session, anna, SECRET, NOW)
    assert refusal(session, number_from(0)) == "card_unknown"
    assert refusal(session, f"{number_from(0)}.12345678") == "card_unknown"
    assert refusal(session, "Anna") == "card_unreadable"


def test_a_card_that_came_on_plastic_is_known_and_proves_nothing(session: Session, anna: UUID) -> None:
    session.add(Identity(key=f"card:{number_from(7)}", member_id=anna, since=NOW))
    session.flush()
    card.mine(session, anna, SECRET, NOW)
    assert card.present(session, number_from(7), SECRET, NOW) == card.Presented(anna, proved=False)
    assert refusal(session, f"{number_from(7)}.12345678") == "card_late"


def test_after_a_new_secret_the_page_makes_a_new_key_for_the_same_number(
    session: Session, anna: UUID
) -> None:
    old = card.mine(session, anna, SECRET, NOW)
    other = b"t" * 32
    assert refusal(session, shown(old, NOW), secret=other) == "card_late"
    new = card.mine(session, anna, other, NOW)
    assert new.number == old.number
    assert new.key != old.key
    assert card.present(session, shown(new, NOW), other, NOW).proved


def test_the_cards_of_accounts_that_became_one_are_all_good(session: Session, anna: UUID) -> None:
    bob = a_member(session, "2")
    theirs, his = card.mine(session, anna, SECRET, NOW), card.mine(session, bob, SECRET, NOW)
    merge(session, bob, anna, "one person", "staff:1", NOW)
    assert card.present(session, shown(his, NOW), SECRET, NOW) == card.Presented(anna, proved=True)
    assert card.present(session, shown(theirs, NOW), SECRET, NOW) == card.Presented(anna, proved=True)
    assert refusal(session, shown(his, NOW)) == "card_used"
    assert card.mine(session, anna, SECRET, NOW) == theirs
    undo(session, bob, "staff:1", NOW)
    later = NOW + STEP
    assert card.present(session, shown(his, later), SECRET, later) == card.Presented(bob, proved=True)


def test_nobody_has_the_card_of_who_was_erased(session: Session, anna: UUID) -> None:
    mine = card.mine(session, anna, SECRET, NOW)
    erase(session, anna, f"member:{anna}", NOW)
    assert session.exec(select(Card)).all() == []
    assert refusal(session, mine.number) == refusal(session, shown(mine, NOW)) == "card_unknown"


def test_who_has_left_has_no_card_until_they_come_back(session: Session, anna: UUID) -> None:
    mine = card.mine(session, anna, SECRET, NOW)
    own.leave(session, anna, f"member:{anna}", NOW)
    assert refusal(session, mine.number) == refusal(session, shown(mine, NOW)) == "card_unknown"
    for asked in (lambda: card.mine(session, anna, SECRET, NOW), lambda: card.ready(session, anna, SECRET)):
        with pytest.raises(Refusal, match="closed"):
            asked()
    own.come_back(session, anna, f"member:{anna}", NOW)
    assert card.present(session, shown(mine, NOW), SECRET, NOW) == card.Presented(anna, proved=True)
    assert card.ready(session, anna, SECRET) == mine


def test_of_two_pages_at_once_one_makes_the_card(engine: Engine) -> None:
    with database.transaction(engine) as session:
        in_force(session)
        anna = a_member(session)
    with ThreadPoolExecutor(8) as pool:
        made = list(
            pool.map(
                lambda _: database.attempt(engine, lambda s: card.mine(s, anna, SECRET, NOW)),
                range(16),
            )
        )
    assert set(made) == {made[0]}
    with database.reading(engine) as session:
        assert len(session.exec(select(Identity).where(Identity.key.startswith("card:"))).all()) == 1  # type: ignore[attr-defined]


def test_at_many_counters_at_once_a_code_is_good_at_one(engine: Engine) -> None:
    with database.transaction(engine) as session:
        in_force(session)
        anna = a_member(session)
        mine = card.mine(session, anna, SECRET, NOW)

    def counter(_: int) -> str:
        try:
            return str(
                database.attempt(engine, lambda s: card.present(s, shown(mine, NOW), SECRET, NOW)).proved
            )
        except Refusal as refused:
            return refused.code

    with ThreadPoolExecutor(8) as pool:
        assert Counter(pool.map(counter, range(20))) == {"True": 1, "card_used": 19}
