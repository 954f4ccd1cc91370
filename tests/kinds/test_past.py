"""The public history compares programmes that hold exactly what `rules.json` tells, whatever there is in them."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest

from facts.language import Language, language
from members.programme import Programme, load, presets
from members.programme.plan import Change
from members.programme.versions import FOR_EVER, Timeline, Version, version_of
from members.views import rules_past
from members.views.rules_document import HIDDEN, document_of
from members.views.rules_past import OF_VERSION, past, past_cards
from tests.builders import NOW, PROGRAMME, days
from tests.kinds.drawing import a_programme


def both(first: Programme, second: Programme) -> Timeline:
    return Timeline([
        version_of(first, 1, FOR_EVER, "test", NOW), version_of(second, 2, NOW - days(1), "test", NOW - days(1))
    ])  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_a_version_changes_something_when_the_data_of_the_two_differ(seed: int) -> None:
    chance = Random(seed)
    line = both(a_programme(chance), a_programme(chance))
    told = [{name: part for name, part in document_of(one, NOW).items() if name not in OF_VERSION}
            for one in line.whole]  # fmt: skip
    newest, first = past(line, NOW, language("ru"))
    assert (told[0] != told[1]) is bool(newest.changes)
    assert len(first.changes) == 1
    assert not [one for one in newest.changes if one.path.startswith(HIDDEN)]


@pytest.mark.parametrize("name", presets.names())
def test_the_presets_have_a_history(name: str) -> None:
    made = presets.preset(name, NOW)
    newest, _ = past(both(made, made.model_copy(update={"earning": made.earning[:-1]})), NOW, language("en"))
    assert [(one.kind, one.path) for one in newest.changes] == [
        ("removed", f"earning.{made.earning[-1].slug}")
    ]


TIMES = {"rewards": ("visible_from", "until")}
THINGS = {
    "rewards": "rewards:\n  - {slug: x, kind: product, name: X, price: 5",
    "badges": "badges:\n  - {slug: x, name: X, criterion: {kind: count, at_least: 3}",
    "challenges": "challenges:\n  - {slug: x, name: X, criterion: {kind: count, at_least: 1}, "
    "milestones: [{at: 3, prize: {points: 3}}]",
    "goals": "goals:\n  - {slug: x, name: X, criterion: {kind: count, at_least: 1}, target: 10, prize: {points: 5}",
    "offers": "referrals:\n  offers:\n    - {slug: x, name: X, friend: {points: 5}",
}
ENGLISH = language("en")


def shop(
    part: str = "", start: datetime | None = None, end: datetime | None = None, *, earn: int = 1
) -> Programme:
    """A shop with one thing that is there from a moment on, or until one."""
    text = PROGRAMME.replace("points: 1, per", f"points: {earn}, per")
    if part:
        names = TIMES.get(part, ("opens", "closes"))
        told = [f", {name}: {at.isoformat()}" for name, at in zip(names, (start, end), strict=True) if at]
        text = text.replace("rewards: []\n", "") + THINGS[part] + "".join(told) + "}\n"
    return load(text)


def after(*programmes: Programme) -> Timeline:
    """Versions that follow each other by thirty days, the second from now on."""
    starts = [FOR_EVER, *(NOW + days(30 * n) for n in range(len(programmes) - 1))]
    return Timeline([version_of(one, number, start, "test", max(start, NOW - days(9)))
                     for number, (one, start) in enumerate(zip(programmes, starts, strict=True), 1)])  # fmt: skip


def told(line: Timeline, now: datetime) -> list[list[tuple[str, str]]]:
    """The changes of each version, the oldest first; of the first one nothing."""
    return [[(one.kind, one.path) for one in version.changes] for version in past(line, now, ENGLISH)[-2::-1]]


def named(part: str) -> str:
    return "referrals.offers.x" if part == "offers" else f"{part}.x"


@pytest.mark.feature(130)
@pytest.mark.parametrize("part", THINGS)
def test_what_a_version_brought_stays_told_when_it_has_ended(part: str) -> None:
    line, new = after(shop(), shop(part, end=NOW + days(9)), shop(earn=3)), [("added", named(part))]
    assert told(line, NOW + days(8)) == [new]
    assert told(line, NOW + days(10)) == [new]
    assert told(line, NOW + days(31)) == [new, [("changed", "earning.base.points")]], (
        "what had ended was not taken away"
    )


@pytest.mark.feature(130)
@pytest.mark.parametrize("part", THINGS)
def test_what_was_planned_and_dropped_is_never_told(part: str) -> None:
    line = after(shop(), shop(part, start=NOW + days(40), end=NOW + days(50)), shop(earn=3))
    for at in (1, 29, 31, 45, 55):
        assert not [
            path for version in told(line, NOW + days(at)) for _, path in version if path == named(part)
        ]


@pytest.mark.feature(130)
@pytest.mark.parametrize("part", THINGS)
def test_what_is_planned_is_told_from_its_day_on_and_what_is_taken_away_as_well(part: str) -> None:
    line = after(shop(), shop(part, start=NOW + days(9)), shop())
    assert told(line, NOW + days(8)) == [[]]
    assert told(line, NOW + days(9)) == [[("added", named(part))]]
    assert told(line, NOW + days(30)) == [[("added", named(part))], [("removed", named(part))]]


@pytest.mark.feature(130)
def test_the_history_is_made_again_only_when_something_else_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    plan = rules_past.plan

    def counted(was: Programme | None, now: Programme, spoken: Language) -> list[Change]:
        made.append(1)
        return plan(was, now, spoken)

    monkeypatch.setattr(rules_past, "plan", counted)
    line = after(shop(earn=7), shop("rewards", start=NOW + days(9), earn=7), shop("rewards", earn=8))
    past(line, NOW + days(31), ENGLISH)
    assert len(made) == 3
    for minute in range(1, 5):
        past(line, NOW + days(31) + timedelta(minutes=minute), ENGLISH)
    past(line, NOW + days(31), language("tlh"))
    assert len(made) == 3


@pytest.mark.feature(130)
def test_a_long_history_is_no_more_work_than_what_is_told_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    seen = rules_past.seen

    def counted(version: Version, since: datetime, last: datetime) -> rules_past.Seen:
        looked.append(version.number)
        return seen(version, since, last)

    monkeypatch.setattr(rules_past, "seen", counted)
    found = past(after(*(shop(earn=n) for n in range(1, 42))), NOW + days(30 * 40), ENGLISH)
    assert [one.version.number for one in found] == list(range(41, 21, -1))
    assert {change.path for one in found for change in one.changes} == {"earning.base.points"}
    assert min(looked) == 21


@pytest.mark.feature(130)
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", ["Wallet “Cash” is new", "Earning rule “Fresh” is new", "Tier “Silver”: multiplier from 1.5 to 1.75"]),
        ("ru", ["Кошелёк «Cash»: теперь есть", "Правило начисления «Fresh»: теперь есть",
                "Уровень «Silver»: множитель уровня: было 1,5, станет 1,75"]),
        ("ar", ["المحفظة «\u2068Cash\u2069»: جديد", "قاعدة الكسب «\u2068Fresh\u2069»: جديد",
                "المستوى «\u2068Silver\u2069»: مضاعف المستوى: من ١٫٥ إلى ١٫٧٥"]),
    ],
)  # fmt: skip
def test_members_read_that_a_thing_is_new_and_not_how_the_document_writes_it(
    code: str, said: list[str]
) -> None:
    after_it = PROGRAMME.replace("multiplier: 1.5", "multiplier: 1.75").replace(
        "earning:\n",
        "wallets:\n  cash: {kind: cashback, name: Cash}\n"
        "earning:\n  - {kind: cashback, slug: fresh, name: Fresh, percent: 2, wallet: cash}\n",
    )
    (newest, _), _ = past_cards(both(load(PROGRAMME), load(after_it)), NOW, language(code))
    assert list(newest.changes) == said
