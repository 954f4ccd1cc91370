"""A member's badges on the page of staff: given and taken away by hand, each with a reason, by who may."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from app import database, door
from app.frame.routes import address
from badges.tables import Award
from members.prove import prove
from pages.staff.person import PersonState
from tests.staff.conftest import call, visit
from tests.staff.shop import a_game, actions

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house")]


def awards() -> list[tuple[Any, ...]]:
    """Every award there is, as it stands."""
    with database.reading(door.engine()) as session:
        rows = session.exec(select(Award)).all()
        return sorted(
            (str(row.member_id), row.kind, row.slug, row.level, row.reason, row.by_hand) for row in rows
        )


async def the_page(me: UUID, role: str = "support", code: str = "en") -> Any:
    page = visit(PersonState, role, address("/staff/member", code) + f"?id={me}")
    await call(page, "load")
    return page


def listed(page: Any) -> dict[str, tuple[bool, str]]:
    return {card.key: (card.held, card.note) for card in page.card.badges}


async def test_a_badge_is_given_by_hand_with_a_reason_and_taken_away_with_another() -> None:
    me = a_game()
    page = await the_page(me)
    assert listed(page) == {"first": (True, ""), "regular": (True, "")}
    assert page.card.badges[0].words.startswith(("Level 2 of 3", "Theirs since"))
    options = [one.key for one in page.card.options]
    assert options == ["regular 3", "founder 1", "spring 1", "autumn 1", "sleepy 1"]
    assert page.card.options[0].label == "Regular, level 3"

    await call(page, "give_badge", {"badge": "founder 1", "badge_reason": " Was here on the first day "})
    assert page.said == "Given. The member sees it with your reason."
    assert listed(page)["founder"] == (True, "Given by hand: Was here on the first day")
    assert "founder 1" not in [one.key for one in page.card.options]
    assert actions()[-1] == ("support:kim", "badge.granted")

    assert [(one.key, one.label) for one in page.card.takable] == [
        ("founder", "Founder"), ("regular", "Regular"), ("first", "First order")
    ]  # fmt: skip
    await call(page, "take_badge", {"taken": "founder", "taking_reason": "no"})
    assert "Say why" in page.said
    assert listed(page)["founder"][0]
    pressed = {"taken": "founder", "taking_reason": "It was somebody else", "turn": page.turns["taking"]}
    await call(page, "take_badge", pressed)
    assert page.said == "Taken away. The member sees it with your reason."
    assert listed(page)["founder"] == (False, "Taken away by hand: It was somebody else")
    assert "Taken back on" in next(card.words for card in page.card.badges if card.key == "founder")
    assert [one.key for one in page.card.takable] == ["regular", "first"]
    assert actions()[-1] == ("support:kim", "badge.revoked")
    page.said = ""
    await call(page, "take_badge", pressed)
    assert page.said == ""
    await call(page, "take_badge", {"taken": "founder", "taking_reason": "It was somebody else"})
    assert page.said == "They do not have this badge."

    await call(page, "give_badge", {"badge": "founder 1", "badge_reason": "It was her after all"})
    assert listed(page)["founder"] == (True, "Given by hand: It was her after all")
    with database.reading(door.engine()) as session:
        assert prove(session).flaws == []


async def test_a_level_is_given_and_pays_once() -> None:
    me = a_game()
    page = await the_page(me)
    before = int(page.card.figures[0].value.replace(",", ""))
    await call(page, "give_badge", {"badge": "regular 3", "badge_reason": "Has always been here"})
    assert int(page.card.figures[0].value.replace(",", "")) == before + 50
    await call(page, "give_badge", {"badge": "regular 3", "badge_reason": "Has always been here"})
    assert page.said == "They have this badge already."
    assert int(page.card.figures[0].value.replace(",", "")) == before + 50


@pytest.mark.parametrize("role", ["", "member", "marketer", "analyst", "cashier"])
async def test_who_may_not_help_members_gives_and_takes_nothing(role: str) -> None:
    me = a_game()
    there, done = awards(), actions()
    page = visit(PersonState, role, f"/staff/member?id={me}")
    for come_in in (False, True):
        if come_in:
            await call(page, "load")
        page._member = str(me)
        await call(page, "give_badge", {"badge": "founder 1", "badge_reason": "Because I can"})
        await call(page, "take_badge", {"taken": "first", "taking_reason": "Because I can"})
    assert (awards(), [one for one in actions() if one[1] != "member.viewed"]) == (there, done)
    assert bool(page.card.badges) == (role == "cashier")
    assert not page.card.may_adjust


HOSTILE: list[Any] = [
    "", " ", "x" * 100_000, "founder", "founder 0", "founder 2", "founder -1", "founder 1e3", "founder \u0661",
    "nobody 1", "gone 1", "spender 1", "first 1 1", "__class__ 1", "\x00", "💥 1", 7, None, True, ["founder 1"],
    {"a": 1},
]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
async def test_hostile_values_do_nothing(value: Any) -> None:
    me = a_game()
    page, there = await the_page(me, "owner"), awards()
    await call(page, "give_badge", {"badge": value, "badge_reason": "A good reason"})
    await call(page, "give_badge", {"badge": "founder 1", "badge_reason": ""})
    await call(page, "give_badge", {})
    await call(page, "take_badge", {"taken": value, "taking_reason": "A good reason"})
    await call(page, "take_badge", {"taken": "first", "taking_reason": ""})
    await call(page, "take_badge", {})
    assert page.status == "here"
    assert awards() == there


@pytest.mark.parametrize(
    ("code", "note", "option"),
    [
        ("en", "Given by hand: Anna", "Regular, level 3"),
        ("ru", "Вручён лично: Anna", "Regular, уровень 3"),
        ("ar", "مُنحت يدويًا: \u2068Anna\u2069", "\u2068Regular\u2069، المستوى ٣"),
    ],
)
async def test_the_page_speaks(code: str, note: str, option: str) -> None:
    me = a_game()
    page = await the_page(me, code=code)
    assert page.card.options[0].label == option
    await call(page, "give_badge", {"badge": "founder 1", "badge_reason": "Anna"})
    assert listed(page)["founder"] == (True, note)
