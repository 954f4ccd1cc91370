"""The generators are what they say they are: the same for the same seed, and as large and as alike as they claim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from members.referral_codes import read
from tests.fraud.deeds import Buys, Joins, Person, Story, World, fresh_seed
from tests.fraud.frauds import FRAUDS, guesses
from tests.fraud.honest import honest


def test_the_same_seed_tells_the_same_story() -> None:
    for make, (size, _) in FRAUDS.items():
        assert make(World(7), size) == make(World(7), size)
    assert honest(World(7), 200) == honest(World(7), 200) != honest(World(8), 200)


def test_a_seed_can_be_given_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAUD_SEED", "41")
    assert fresh_seed() == 41
    monkeypatch.delenv("FRAUD_SEED")
    assert len({fresh_seed() for _ in range(9)}) > 1


@pytest.mark.parametrize("make", FRAUDS, ids=lambda make: make.__name__)
def test_nobody_does_anything_before_they_have_joined(make: Callable[[World, int], Story]) -> None:
    story, here = make(World(fresh_seed()), 40), set[Person]()
    for deed in story.in_time():
        if isinstance(deed, Joins):
            assert deed.by is None or deed.by in here
            here.add(deed.who)
        assert deed.who in here
    assert len({one.email for one in story.people()}) == len(story.people()), "each is an account of its own"


def test_the_rings_have_a_hundred_accounts() -> None:
    sizes = {make.__name__: len(make(World(3), most).people()) for make, (_, most) in FRAUDS.items()}
    assert sizes == {"ring_of_aliases": 100, "ring_in_a_line": 100, "ring_with_one_card": 100, "device_farm": 104,
                     "refund_loop": 21, "bonus_farm": 101}  # fmt: skip


def test_the_honest_look_alike_in_one_thing_or_two() -> None:
    story = honest(World(fresh_seed()), 800)
    pairs = [(deed.who, deed.by) for deed in story.deeds if isinstance(deed, Joins) and deed.by]
    alike = Counter(
        what for who, by in pairs for what in ("network", "address", "device", "payment")
        if getattr(who, what) == getattr(by, what)
    )  # fmt: skip
    assert len(pairs) >= 800
    assert alike["network"] > 80
    assert alike["address"] > 40
    assert (alike["device"], alike["payment"]) == (2, 2), "in four hundred one pair each"
    assert len({deed.order for deed in story.deeds if isinstance(deed, Buys)}) > 600
    assert max(Counter(by.email for _, by in pairs if by).values()) >= 200, "somebody popular"


def test_guesses_are_codes_as_they_are_made() -> None:
    assert all(read(code) == code for code in guesses(World(fresh_seed()), 500))
