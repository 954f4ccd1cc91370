"""The studio by its handlers: from an empty form to a published badge; what is wrong is said; nobody else gets in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from app import database, door
from app.frame.routes import address
from badges.tables import Award, GameDraft
from members.actions.record import record
from members.programme import versions
from pages.staff.studio import StudioState
from tests.builders import PROGRAMME, an_order, in_force
from tests.pages.conftest import in_background as run
from tests.staff.conftest import call, visit
from tests.staff.shop import a_game, actions

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house")]
NEW = "/staff/badges/edit?kind="


def latest() -> Any:
    with database.reading(door.engine()) as session:
        return versions(session).latest


def drafts() -> list[GameDraft]:
    with database.reading(door.engine()) as session:
        return list(session.exec(select(GameDraft)))


def awards(slug: str) -> int:
    with database.reading(door.engine()) as session:
        return len(
            [one for one in session.exec(select(Award).where(Award.slug == slug)) if one.revoked_at is None]
        )


async def opened(role: str = "owner", query: str = "badge") -> Any:
    page = visit(StudioState, role, NEW + query)
    await call(page, "load")
    return page


async def named(page: Any, slug: str = "tea") -> None:
    await call(page, "put", "slug", slug)
    await call(page, "put", "name.en", "Tea time")


async def test_from_an_empty_form_to_a_badge_that_is_earned() -> None:
    a_game()
    page = await opened()
    assert (page.status, page.card.title, page.card.sentence) == ("here", "A new badge", "At least 3 orders")
    await named(page)
    await call(page, "put", "part.0.at_least", "1")
    await call(page, "add_condition", "part.0", "categories")
    assert (page.card.sentence, page.card.ready) == ("", False)
    await call(page, "add_item", "part.0.where.categories", "GROCERY > TEA")
    assert page.card.sentence == "An order in Tea"
    await call(page, "put", "step.0.points", "15")
    assert page.card.changes[0].startswith("Badge “Tea time” is new:")
    await call(page, "publish")
    assert page.said == "Published. It can be earned from now on."
    assert (page.card.fresh, page.card.changes, latest().number) == (False, (), 2)
    assert ("owner:kim", "badge.published") in actions()
    assert drafts() == []
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        line = {"line_id": "1", "sku": "t", "quantity": "1", "amount": "3.00", "category": ["GROCERY", "TEA"]}
        record(session, [an_order("tea-1", line, at=now)], now)
    assert awards("tea") == 1


async def test_what_is_missing_is_said_when_somebody_wants_to_publish() -> None:
    a_game()
    page = await opened(query="challenge")
    assert page.card.slug.problem == ""
    await call(page, "publish")
    assert (page.card.wrong, page.card.slug.problem != "") == ("2 boxes need another look.", True)
    await call(page, "put", "step.0.points", "many")
    boxes = [box for box in page.card.steps[0].boxes if box.problem]
    assert [box.name for box in boxes] == ["step.0.points"]
    assert latest().number == 1


@pytest.mark.parametrize("kind", ["badge", "challenge"])
async def test_only_a_reward_that_may_be_a_prize_is_offered_as_one(kind: str) -> None:
    """One that has a stock could be gone, and one that costs nothing has no price at which it would count."""
    rewards = """rewards:
  - {slug: mug, kind: product, name: Mug, price: 50}
  - {slug: few, kind: product, name: Few, price: 50, stock: 3}
  - {slug: cup, kind: gift, name: A cup, price: 0, occasion: {on: member.birthday}}
"""
    with database.transaction(door.engine()) as session:
        in_force(session, PROGRAMME.replace("rewards: []\n", rewards))
    page = await opened(query=kind)
    (box,) = (one for one in page.card.steps[0].more if one.name == "step.0.reward")
    assert [one.key for one in box.options] == ["", "mug"]


async def test_a_draft_is_kept_opened_again_planned_and_thrown_away() -> None:
    a_game()
    page = await opened()
    await named(page)
    await call(page, "keep")
    assert page.said == "The draft is kept."
    [draft] = drafts()
    again = visit(StudioState, "marketer", f"/staff/badges/edit?draft={draft.draft_id}")
    await call(again, "load")
    assert again.card.title == "Tea time"
    at = (datetime.now(UTC) + timedelta(days=9)).strftime("%Y-%m-%dT10:00")
    await call(again, "plan", {"at": at})
    assert again.card.planned.endswith("10:00.")
    assert drafts()[0].publish_at is not None
    await call(again, "unplan")
    assert again.card.planned == ""
    await call(again, "plan", {"at": "2020-01-01T10:00"})
    assert again.said == "Choose a moment that is still to come."
    await call(again, "ask_discard")
    await call(again, "discard")
    assert drafts() == []
    await call(page, "keep")
    assert page.said == "This draft is not there any more."


async def test_a_published_one_is_changed_and_somebody_elses_change_is_seen_first() -> None:
    a_game()
    page = await opened(query="badge&slug=regular")
    assert [step.title for step in page.card.steps] == ["Step 1", "Step 2", "Step 3"]
    await call(page, "put", "slug", "another")
    assert page.card.slug.value == "regular"
    await call(page, "put", "name.en", "Regulars")
    await call(page, "keep")
    other = await opened("marketer", "badge&slug=regular")
    assert other.card.title == "Regular"  # the draft is the same one, and its title the published name
    assert other.card.names[0].value == "Regulars"
    from members.actions.staff_games import pause_game

    with database.transaction(door.engine()) as session:
        pause_game(session, "badge:regular", base=1, actor="owner:bo", now=datetime.now(UTC))
    await call(page, "publish")
    assert "Somebody changed it" in page.said or "moved on" in page.said
    assert page.card.stale  # at once, with what would change told anew
    await call(page, "renew")
    assert not page.card.stale
    await call(page, "publish")
    badge = latest().programme.badge("regular")
    assert (badge.name, badge.paused) == ({"en": "Regulars"}, True)


async def test_one_member_tries_it_on() -> None:
    me = a_game()
    page = await opened()
    await named(page)
    await call(page, "put", "part.0.at_least", "2")
    await call(page, "look_for", {"wanted": "1"})
    assert str(me) in [one.key for one in page.people.people]
    await call(page, "try_on", str(me))
    assert (page.trial.words, page.trial.percent, len(page.trial.reached)) == ("2 of 2 orders", 100, 1)
    await call(page, "put", "part.0.at_least", "5")
    await call(page, "try_on", str(me))
    assert (page.trial.words, page.trial.reached) == ("3 of 5 orders", ("Nothing reached so far.",))
    assert awards("tea") == 0


async def test_everybody_tries_it_on_and_then_has_it_and_then_not() -> None:
    a_game()
    page = await opened()
    await named(page)
    for name, value in (("part.0.at_least", "1"), ("step.0.points", "7"), ("counts", "from_beginning")):
        await call(page, "put", name, value)
    await run(page, "preview_all")
    preview = page.preview
    assert (preview.words, preview.cost, preview.done) == (
        "2 members would get it",
        "It costs 14 points.",
        True,
    )
    assert (preview.looked, len(preview.examples)) == ("2 of 2 members looked at", 2)
    assert awards("tea") == 0
    await call(page, "publish")
    await run(page, "fill")
    assert (page.preview.words, awards("tea")) == ("2 members have it now", 2)
    await run(page, "undo_fill")
    assert (page.preview.words, awards("tea")) == ("2 members lose it", 0)
    assert not page.card.from_beginning
    await run(page, "fill")
    assert page.said == "It counts from its publication on: there is nothing to give."


HANDLERS: list[tuple[str, tuple[Any, ...]]] = [
    ("load", ()), ("put", ("slug", "tea")), ("tick", ("secret", True)), ("add_part", ()), ("drop_part", ("part.0",)),
    ("add_condition", ("part.0", "brands")), ("drop_condition", ("part.0.where.brands",)),
    ("add_item", ("part.0.where.brands", "x")), ("drop_item", ("part.0.where.brands", "x")), ("add_step", ()),
    ("drop_step", ("step.0",)), ("anew", ()), ("keep", ()), ("compose", ()), ("ask_discard", ()), ("discard", ()),
    ("renew", ()), ("publish", ()), ("plan", ({"at": "2999-01-01T10:00"},)), ("unplan", ()),
    ("look_for", ({"wanted": ""},)), ("try_on", ("00000000-0000-0000-0000-000000000001",)), ("preview_all", ()),
    ("fill", ()), ("undo_fill", ()), ("stop", ()), ("hush", ()),
]  # fmt: skip


def test_every_handler_is_attacked() -> None:
    assert {name for name, _ in HANDLERS} == {
        name for name in StudioState.event_handlers if not name.startswith(("set", "_"))
    }


@pytest.mark.parametrize("role", ["", "member", "cashier", "support", "analyst"])
async def test_who_may_not_edit_sees_and_changes_nothing(role: str) -> None:
    a_game()
    before = actions()
    page = visit(StudioState, role, NEW + "badge")
    page._slug, page._form = (
        "first",
        {"slug": "tea", "name.en": "Tea", "part.0.kind": "manual", "step.0.points": ""},
    )
    page._base = 1
    for handler, values in HANDLERS:
        await (
            run(page, handler)
            if handler in ("preview_all", "fill", "undo_fill")
            else call(page, handler, *values)
        )
    assert (page.card.title, page.trial.words, page.preview.words) == ("", "", "")
    assert bool(page.people.people) == (
        role in ("cashier", "support")
    )  # who may see members finds them here too
    assert actions() == before
    assert (latest().number, drafts()) == (1, [])


HOSTILE: list[Any] = [
    "",
    "x" * 100_000,
    "part.0",
    "__class__",
    "\x00",
    "💥",
    7,
    None,
    ["slug"],
    {"a": [1]},
    "deep",
]


@pytest.mark.parametrize("value", HOSTILE)
async def test_hostile_values_do_nothing(value: Any) -> None:
    a_game()
    page = await opened()
    form = dict(page._form)
    for handler in ("drop_part", "drop_condition", "drop_step", "try_on"):
        await call(page, handler, value)
    for handler in ("add_condition", "drop_item", "tick"):
        await call(page, handler, value, value)
    await call(page, "put", value, "x")
    await call(page, "add_item", value, value)
    await call(page, "plan", {"at": value})
    await call(page, "look_for", {"wanted": value})
    assert page._form == form
    assert page.status == "here"
    assert (latest().number, drafts()) == (1, [])


@pytest.mark.parametrize(
    ("code", "title", "sentence"),
    [
        ("en", "A new challenge", "At least 3 orders"),
        ("ru", "Новое испытание", "Минимум 3 заказа"),
        ("ar", "تحدٍّ جديد", "٣ طلبات على الأقل"),
    ],
)
async def test_the_page_speaks(code: str, title: str, sentence: str) -> None:
    a_game()
    page = visit(StudioState, "owner", address("/staff/badges/edit", code) + "?kind=challenge")
    await call(page, "load")
    assert (page.card.title, page.card.sentence) == (title, sentence)
