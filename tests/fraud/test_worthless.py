"""R19: a script of fraud brings nothing that could ever be spent, and honest people are hardly ever asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from members.prove import prove
from members.suspicion_tables import OPEN, Suspicion
from tests.fraud.deeds import Joins, Story, World, fresh_seed
from tests.fraud.frauds import FRAUDS, joins_and_buys
from tests.fraud.honest import honest
from tests.fraud.playing import Stage

pytestmark = pytest.mark.feature(84)
Say = Callable[[str], None]
Make = Callable[[World, int], Story]
# What is weighed is the same on both, and tests/fraud/test_reviews.py runs on both; here hundreds of lives are played.
ONE_DATABASE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True, scope="session")


@dataclass(frozen=True, slots=True)
class Dice:
    """The seed of a test, which is printed whatever comes of it."""

    seed: int
    say: Say


@pytest.fixture
def dice(capsys: pytest.CaptureFixture[str]) -> Dice:
    seed = fresh_seed()

    def say(text: str) -> None:
        with capsys.disabled():
            print(f"\n{text} (FRAUD_SEED={seed})")

    return Dice(seed, say)


def why(session: Session) -> str:
    """What was found, most often first."""
    rows = session.exec(select(Suspicion.counted).where(Suspicion.status == OPEN))
    return ", ".join(f"{kind} {many}" for kind, many in Counter(" ".join(rows).split()).most_common())


@ONE_DATABASE
@pytest.mark.parametrize("make", FRAUDS, ids=lambda make: make.__name__)
def test_a_fraud_extracts_nothing(session: Session, make: Make, dice: Dice) -> None:
    _extracts_nothing(session, dice, make(World(dice.seed), FRAUDS[make][0]))


@pytest.mark.full
@pytest.mark.parametrize("make", FRAUDS, ids=lambda make: make.__name__)
def test_a_large_fraud_extracts_nothing(session: Session, make: Make, dice: Dice) -> None:
    _extracts_nothing(session, dice, make(World(dice.seed), FRAUDS[make][1]))


def _extracts_nothing(session: Session, dice: Dice, story: Story) -> None:
    outcome = Stage(session).play(story)
    held = len(outcome.flagged)
    dice.say(
        f"{story.name}: {outcome.brought} accounts, {held} held, {outcome.points} points; {why(session)}"
    )
    assert outcome.points == 0
    assert prove(session).flaws == []


@ONE_DATABASE
def test_one_card_of_three_friends_is_enough_though_each_has_an_address_of_their_own(
    session: Session, dice: Dice
) -> None:
    """The last of a ring once had a pick-up point to themselves, and was paid (FRAUD_SEED=572586848)."""
    world = World(dice.seed)
    boss = world.person()
    story = Story("a card of three", [Joins(timedelta(0), boss)])
    for _ in range(3):
        story.deeds += joins_and_buys(world, world.person(payment="card-c"), boss, world.hours(2, 24 * 10))
    _extracts_nothing(session, dice, story)


@ONE_DATABASE
def test_honest_people_are_hardly_ever_asked(session: Session, dice: Dice) -> None:
    _are_hardly_ever_asked(session, dice, 160)


@pytest.mark.full
def test_a_thousand_honest_people_are_hardly_ever_asked(session: Session, dice: Dice) -> None:
    _are_hardly_ever_asked(session, dice, 1200)


def _are_hardly_ever_asked(session: Session, dice: Dice, size: int) -> None:
    outcome = Stage(session).play(honest(World(dice.seed), size))
    asked = len(outcome.flagged)
    dice.say(f"honest people: {outcome.brought}, of whom {asked} are held ({asked / outcome.brought:.2%}), and "
             f"{outcome.points} points could be spent; {why(session)}")  # fmt: skip
    assert asked <= outcome.brought / 100
    assert outcome.points > 100 * outcome.brought, "they are paid as ever"
