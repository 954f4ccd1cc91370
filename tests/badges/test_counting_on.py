"""What is reached is counted on, and no further than anybody could need; a later version's levels find it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter

from badges.document import Badge, Challenge
from badges.game import Game
from badges.tracks import Rules, RulesLine, track_of
from facts.criteria import COLLECTED_MAX, Filter
from facts.history import Event
from facts.orders import order_of

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
GAME: TypeAdapter[Any] = TypeAdapter(Badge | Challenge)
COUNT = {"kind": "count", "at_least": 1}
REVIEWS = {"kind": "event", "where": {"type": "review.posted"}}


def line_of(*versions: list[dict[str, Any]], back: frozenset[str] | None = None) -> RulesLine:
    """Versions of the rules, each from ten days after the one before on."""
    made = [
        Rules.of(number, START + timedelta(days=10 * number - 10), ZoneInfo("UTC"), 2,
                 [track_of(GAME.validate_python(one), 2, number) for one in games])
        for number, games in enumerate(versions, 1)
    ]  # fmt: skip
    return RulesLine(made, back)


def a_badge(**more: Any) -> dict[str, Any]:
    return {"slug": "it", "name": "It", "criterion": COUNT} | more


def a_challenge(*at: str, **more: Any) -> dict[str, Any]:
    steps = [{"at": one, "prize": {"points": 10 * n}} for n, one in enumerate(at, 1)]
    return {"slug": "it", "name": "It", "criterion": COUNT, "milestones": steps} | more


def an_order(hours: float, *skus: str) -> Event:
    """An order so many hours after the start."""
    lines = [
        {"line_id": str(n), "sku": sku, "quantity": "1", "amount": "5.00"}
        for n, sku in enumerate(skus or ("tea",))
    ]
    data = {"order_id": f"o{hours}", "currency": "USD", "lines": lines}
    return Event((START + timedelta(hours=hours), "shop", f"e{hours}"), "order.paid", data, order_of(data))


def after(line: RulesLine, *events: Event) -> Game:
    game = Game(line)
    for event in events:
        game.apply(event, "")
    return game


def reached(game: Game) -> list[tuple[int, int, int, int]]:
    """Of each award the round, the level, the day and the version."""
    return [(one.instance, one.level, (one.at - START).days, one.track.version) for one in game.awards]


def test_a_collection_is_kept_up_to_a_bound_and_further_only_when_it_is_asked_for() -> None:
    skus = [f"s{n}" for n in range(COLLECTED_MAX + 50)]
    for goal, kept in ((3, COLLECTED_MAX), (COLLECTED_MAX + 20, COLLECTED_MAX + 20)):
        badge = a_badge(criterion={"kind": "distinct", "of": "sku", "at_least": 3}, levels=[str(goal)])
        game = after(line_of([badge]), *(an_order(n, sku) for n, sku in enumerate(skus)))
        assert len(game.tracks["badge:it"].state) == kept
        assert len(game.awards) == 1


@pytest.mark.parametrize(
    ("criterion", "counts_on"),
    [
        ({"kind": "all", "of": [COUNT, {"kind": "count", "at_least": 2}]}, False),
        ({"kind": "any", "of": [COUNT, {"kind": "count", "at_least": 4}]}, True),
        ({"kind": "distinct", "of": "sku", "at_least": 1, "among": ["tea"]}, False),
        ({"kind": "distinct", "of": "sku", "at_least": 1, "among": ["tea", "jam"]}, True),
        ({"kind": "event"}, False),
        ({"kind": "streak", "every": "day", "at_least": 2}, True),
        ({"kind": "sum", "at_least": "5"}, True),
        ({"kind": "largest", "at_least": "5"}, True),
    ],
)
def test_what_can_come_to_nothing_more_is_left_alone(
    criterion: dict[str, Any], counts_on: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then a fact costs nothing but to be found done with."""
    game = after(line_of([a_badge(criterion=criterion)]), an_order(0), an_order(24))
    assert len(game.awards) == 1
    asked, real = list[Event](), Filter.lines

    def lines(self: Filter, seen: Any) -> Any:
        asked.append(seen.event)
        return real(self, seen)

    monkeypatch.setattr(Filter, "lines", lines)
    game.apply(an_order(48, "jam"), "")
    assert bool(asked) is counts_on


def test_levels_of_a_later_version_are_reached_by_the_next_fact_or_from_the_beginning() -> None:
    days = [an_order(24 * n) for n in range(13)]
    first, more = a_badge(levels=["3"]), a_badge(levels=["3", "7", "12"])
    assert reached(after(line_of([first], [more]), *days)) == [(0, 1, 2, 1), (0, 2, 10, 2), (0, 3, 11, 2)]
    line = line_of([first], [more | {"counts": "from_beginning"}])
    assert reached(after(line, *days)) == [(0, 1, 2, 1), (0, 2, 6, 2), (0, 3, 11, 2)]


def test_levels_that_are_not_given_from_the_beginning_yet_do_not_reach_back() -> None:
    days = [an_order(24 * n) for n in range(9)]
    line = line_of(
        [a_badge(levels=["3"])], [a_badge(levels=["3", "7"], counts="from_beginning")], back=frozenset()
    )
    assert reached(after(line, *days)) == [(0, 1, 2, 1)]


def test_each_level_is_of_the_version_that_has_it_first() -> None:
    """Prizes of levels that there were stay as they were, and what asks something else is another thing."""
    always = {"counts": "from_beginning"}
    dearer = a_challenge("2", "6", "8") | always
    dearer["milestones"] = [{"at": "2", "prize": {"points": 99}}, *dearer["milestones"][1:]]
    games = [a_challenge("2"), a_challenge("2", "5") | always, dearer]
    line = line_of(*[[game] for game in games])
    game = after(line, *(an_order(24 * n) for n in range(9)))
    assert reached(game) == [(0, 1, 1, 1), (0, 2, 4, 2), (0, 3, 7, 3)]
    assert [one.prize.points for one in game.awards if one.prize] == [10, 20, 30]
    track = line.at(START).tracks["challenge:it"]
    assert [track.cost(level) for level in (1, 2, 3, 4)] == [10, 20, 30, 0]
    other = a_challenge("2", "5", "8", criterion={"kind": "count", "at_least": 1, "of": "lines"}) | always
    assert reached(after(line_of([games[0]], [other]), *(an_order(24 * n) for n in range(9)))) == [
        (0, 1, 1, 1)
    ]


def test_levels_that_a_later_version_has_for_less_wait_for_those_there_were() -> None:
    """A collection goes on to its own goal, though the added level of the later version lies below it."""
    most = COLLECTED_MAX + 20
    asked = {"criterion": {"kind": "distinct", "of": "sku", "at_least": 1}}
    later = a_badge(levels=["3", str(most - 10)], counts="from_beginning", **asked)
    line = line_of([a_badge(levels=[str(most)], **asked)], [later])
    assert line.at(START).tracks["badge:it"].goals == (most, most)
    game = after(line, *(an_order(n / 24, f"s{n}") for n in range(most)))
    assert reached(game) == [(0, 1, 1, 1), (0, 2, 1, 2)]


def test_what_members_and_staff_did_under_the_old_levels_stays() -> None:
    """Who took a challenge on again when it was done has a second round, and a badge was given as there was one."""
    always = {"counts": "from_beginning"}
    again = {"join": "opt_in", "repeats": "on_joining"}
    join = [Event((START + timedelta(hours=h), "regulars", f"j{h}"), "challenge.joined", {"challenge": "it"})
            for h in (1, 30)]  # fmt: skip
    line = line_of([a_challenge("1", **again)], [a_challenge("1", "5", **again) | always])
    game = after(line, join[0], an_order(24), join[1], an_order(48), an_order(72))
    assert reached(game) == [(0, 1, 1, 1), (1, 1, 2, 1)]
    told = {"badge": "it", "level": 2, "reason": "a test", "grant_id": "g", "actor": "test"}
    given = Event((START, "regulars", "g"), "badge.granted", told)
    line = line_of([a_badge(levels=["3"])], [a_badge(levels=["3", "4"]) | always])
    assert reached(after(line, given)) == [(0, 1, 0, 1)]
