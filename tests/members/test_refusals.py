"""A refusal of every kind comes out of another process of ours as it went in."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest

from facts.language import language
from facts.refusals import Refusal
from members.actions.uploading_codes import SAID_MAX, CodesRefused
from members.programme import ProgrammeInvalid, validate


def a_wrong_programme() -> Refusal:
    problems = validate("regulars: 1\nname: Shop\ncurrency: USDD\ntimezone: Nowhere\n")
    assert len(problems) > 1
    return ProgrammeInvalid(problems)


def wrong_codes() -> Refusal:
    return CodesRefused([(3, "is longer than {most} characters", {"most": 64})], SAID_MAX + 2)


KINDS: dict[type[Refusal], Callable[[], Refusal]] = {
    ProgrammeInvalid: a_wrong_programme,
    CodesRefused: wrong_codes,
}


def test_every_kind_is_tried() -> None:
    assert {kind for kind in Refusal.__subclasses__() if not kind.__module__.startswith("tests.")} == set(
        KINDS
    )


@pytest.mark.parametrize("made", KINDS.values())
def test_a_refusal_is_the_same_in_another_process(made: Callable[[], Refusal]) -> None:
    refusal = made()
    again = pickle.loads(pickle.dumps(refusal))
    assert type(again) is type(refusal)
    assert vars(again) == vars(refusal)
    for code in ("en", "ru", "ar"):
        assert again.sentence(language(code)) == refusal.sentence(language(code))
    assert str(again) == str(refusal)
