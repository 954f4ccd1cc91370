"""What a member remembers of each track: read where it is asked for, and written the same whoever looked at it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from badges import memory
from badges.awards import Walked
from badges.memory import Tracks

KEPT: dict[str, list[Any]] = {
    "badge:bread": ["count", 0, 2, [[17532, 4]]],
    "badge:sour “dough”": ["distinct", 1, 0, ["a\\b", 'ключ "x"', "\n"]],
    "challenge:gone": ["sum", 3, 1, None, 17000, None, 1],
}


def old() -> Tracks:
    """As it was kept before each track was a text of its own."""
    return Tracks({key: list(parts) for key, parts in KEPT.items()})


def test_what_was_kept_as_lists_is_read() -> None:
    assert old()["challenge:gone"] == Walked("sum", 3, 1, None, 17000, None, True)
    assert {key: walked.told() for key, walked in old().items()} == KEPT


@pytest.mark.parametrize("looked_at", [(), ["badge:bread"], list(KEPT)])
def test_looking_changes_nothing(looked_at: list[str]) -> None:
    told = Tracks(old().told())
    assert [told[key].told() for key in looked_at] == [KEPT[key] for key in looked_at]
    assert told.told() == old().told()
    assert {key: json.loads(text) for key, text in told.told().items()} == KEPT


def test_what_was_moved_is_told_and_the_rest_as_it_was() -> None:
    tracks = Tracks(old().told())
    tracks["badge:bread"].reached = 3
    tracks["badge:added"] = Walked("count", reached=1)
    tracks["badge:empty"] = Walked("count")
    assert list(tracks) == sorted([*KEPT, "badge:added", "badge:empty"])
    told = tracks.told()
    assert list(told) == ["badge:added", *KEPT]
    assert json.loads(told.pop("badge:added")) == ["count", 0, 1]
    assert json.loads(told.pop("badge:bread"))[2] == 3
    assert told == {key: text for key, text in old().told().items() if key != "badge:bread"}


def test_what_comes_to_nothing_is_forgotten() -> None:
    tracks = Tracks(old().told())
    walked = tracks["badge:bread"]
    walked.reached, walked.state = 0, None
    assert "badge:bread" not in tracks.told()
    assert tracks.get("nothing") is None


def test_what_is_kept_is_the_json_that_everybody_writes() -> None:
    state = [['Ünïcode " \\ \n \u2028 чай شاي', None, True, -3], [], [7, {"a": [1.5]}]]
    tracks = Tracks()
    tracks["badge:a"] = Walked("shape", 2, 1, state, blocked=True)
    text = tracks.told()["badge:a"]
    assert text == json.dumps(
        ["shape", 2, 1, state, None, None, 1], ensure_ascii=False, separators=(",", ":")
    )
    again = Tracks({"badge:a": text})
    assert again["badge:a"] == tracks["badge:a"]
    assert again.get("badge:b") is None
    assert again.get("badge:b", 7) == 7


def test_what_stayed_as_it_was_is_not_written_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looked at by every order, and told as it came, whoever wrote it."""
    text = '["count", 0, 2, [[17532, 4]]]'
    tracks = Tracks({"badge:bread": text, "badge:moved": text})
    assert tracks["badge:bread"].reached == 2
    tracks["badge:moved"].state = [[17532, 5]]
    written, real = list[Any](), memory._said  # pyright: ignore[reportPrivateUsage]

    def said(parts: Any) -> str:
        written.append(parts)
        return real(parts)

    monkeypatch.setattr(memory, "_said", said)
    assert tracks.told() == {"badge:bread": text, "badge:moved": '["count",0,2,[[17532,5]]]'}
    assert written == [["count", 0, 2, [[17532, 5]]]]
