"""Curating the catalogue by the handlers of the staff pages: from draft to published to retired."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import Image
from sqlmodel import select

from app import database, door
from members.programme import in_force as version_at
from members.programme import versions
from pages.staff.catalogue import CatalogueState
from pages.staff.reward import RewardState
from rewards.tables import RewardDraft, RewardPicture
from tests.staff.conftest import call, visit
from tests.staff.shop import a_shop, actions, reward

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house")]


async def a_form(state: Any, **typed: str) -> None:
    for name, value in typed.items():
        await call(state, "put", name.replace("__", "."), value)


@pytest.mark.feature(48)
async def test_a_reward_from_draft_to_published_to_retired() -> None:
    a_shop()
    page = visit(RewardState, "marketer", "/staff/reward")
    await call(page, "load")
    assert page.status == "here"
    await a_form(page, name__en="Tea", slug="tea", price="1 5")
    await call(page, "keep")
    listed = visit(CatalogueState, "marketer", "/staff")
    await call(listed, "load")
    assert [(card.slug, card.stage) for card in listed.card.drafts] == [("tea", "Draft")]
    assert reward("tea") is None

    again = visit(RewardState, "marketer", "/staff/reward?slug=tea")
    await call(again, "load")
    assert again.card.names[0].value == "Tea"
    assert any("is new" in change for change in again.card.changes)
    await call(again, "publish")
    assert reward("tea").price == 15
    await call(listed, "load")
    assert listed.card.drafts == ()
    assert "tea" in [card.slug for card in listed.card.live]

    await call(again, "retire")
    assert reward("tea").retired
    await call(listed, "load")
    assert [(card.slug, card.stage) for card in listed.card.past] == [("tea", "Retired")]
    mine = [action for actor, action in actions() if actor == "marketer:kim"]
    assert mine.count("programme.applied") == 2
    assert "reward.drafted" in mine


@pytest.mark.feature(51)
async def test_scheduled_it_is_seen_by_nobody_before_its_day() -> None:
    a_shop()
    page = visit(RewardState, "owner", "/staff/reward?slug=mug")
    await call(page, "load")
    await a_form(page, visible_from="2999-01-01T09:00", claimable_from="2999-01-05T09:00")
    assert page.card.later
    assert page.card.preview_words
    await call(page, "publish")
    assert reward("mug").visible_from == datetime(2999, 1, 1, 14, tzinfo=UTC)  # nine o'clock in New York
    listed = visit(CatalogueState, "owner", "/staff")
    await call(listed, "load")
    assert [(card.slug, card.stage) for card in listed.card.coming] == [("mug", "Scheduled")]


@pytest.mark.feature(49)
async def test_the_preview_is_that_of_the_tier() -> None:
    a_shop()
    page = visit(RewardState, "owner", "/staff/reward?slug=coffee")
    await call(page, "load")
    assert page.card.preview.words == "Yours for 40 points"
    await call(page, "see_as", "gold")
    assert page.card.preview.words == "Yours for 30 points"
    only_gold = visit(RewardState, "owner", "/staff/reward?slug=secret")
    await call(only_gold, "load")
    assert only_gold.card.preview.words == "For Gold"


WRONG = [
    ("price", "-5"), ("price", "abc"), ("price", "1e308"), ("price", ""), ("name.en", "  "), ("stock", "4.5"),
    ("kind", "gifts"), ("until", "soon"), ("per_member", "0"), ("price.gold", "x"), ("value", "nan"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), WRONG)
async def test_what_cannot_be_published_is_said_beside_its_box(name: str, value: str) -> None:
    a_shop()
    page = visit(RewardState, "owner", "/staff/reward?slug=coffee")
    await call(page, "load")
    await call(page, "put", name, value)
    assert not page.card.wrong  # nothing is said while somebody is still typing
    await call(page, "publish")
    assert page.card.wrong == "1 box needs another look."
    with database.reading(door.engine()) as session:
        assert versions(session).latest.number == 1


async def test_two_people_edit_and_the_second_is_told() -> None:
    a_shop()
    one, other = (visit(RewardState, role, "/staff/reward?slug=coffee") for role in ("owner", "marketer"))
    for page, price in ((one, "35"), (other, "45")):
        await call(page, "load")
        await call(page, "put", "price", price)
    await call(one, "publish")
    await call(other, "publish")
    assert reward("coffee").price == 35
    assert "moved on to version 2" in other.said


async def test_a_new_reward_takes_nobodys_place() -> None:
    a_shop()
    page = visit(RewardState, "owner", "/staff/reward")
    await call(page, "load")
    await a_form(page, name__en="My coffee", slug="coffee", price="1")
    await call(page, "publish")
    assert page.card.slug.problem
    assert reward("coffee").price == 40


async def test_the_stock_is_counted() -> None:
    a_shop()
    page = visit(RewardState, "owner", "/staff/reward?slug=coffee")
    await call(page, "load")
    assert page.card.left == "9 left"
    await call(page, "count", {"left": "3"})
    assert page.card.left == "3 left"
    await call(page, "count", {"left": "many"})
    assert page.said == "The stock is a whole number, zero or more."
    await call(page, "load")
    assert page.card.left == "3 left"


class Upload:
    """A file as Reflex hands it over."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.asked = 0

    async def read(self, size: int = -1) -> bytes:
        self.asked += 1
        return self.content[:size]


def a_photo() -> bytes:
    into = io.BytesIO()
    Image.effect_noise((600, 400), 50).convert("RGB").save(into, "JPEG")
    return into.getvalue()


async def test_a_picture_is_made_anew_and_kept() -> None:
    a_shop()
    page = visit(RewardState, "owner", "/staff/reward?slug=coffee")
    await call(page, "load")
    await call(page, "take_picture", [Upload(a_photo())])
    assert page.card.picture.endswith("-320.webp")
    await call(page, "publish")
    with database.reading(door.engine()) as session:
        kept = session.exec(select(RewardPicture.digest)).all()
    assert sorted(kept) == [reward("coffee").picture, f"{reward('coffee').picture}-320"]
    await call(page, "take_picture", [Upload(b"<svg xmlns='http://www.w3.org/2000/svg'/>")])
    assert page.said.startswith("An SVG can carry programs, so it is not taken.")
    await call(page, "not_taken")
    assert page.said == "Choose one picture of 8 MB at most."


@pytest.mark.parametrize("role", ["", "member", "support", "cashier", "analyst"])
async def test_who_may_not_edit_uploads_nothing_and_changes_nothing(role: str) -> None:
    a_shop()
    page = visit(RewardState, role, "/staff/reward?slug=coffee")
    file = Upload(a_photo())
    before = actions()
    for handler, values in (
        ("load", ()), ("put", ("price", "1")), ("tick", ("only.gold", True)), ("see_as", ("gold",)), ("keep", ()),
        ("publish", ()),
        ("retire", ()), ("count", ({"left": "0"},)), ("take_picture", ([file],)), ("no_picture", ()),
        ("not_taken", ()),
    ):  # fmt: skip
        await call(page, handler, *values)
    assert file.asked == 0
    assert page.card.title == ""
    assert actions() == before
    with database.reading(door.engine()) as session:
        assert version_at(session, datetime.now(UTC)).number == 1
        assert session.exec(select(RewardDraft)).all() == []


HOSTILE: list[Any] = [
    "", "x" * 100_000, "__class__", "name.__proto__", "price.nobody", "only.'; DROP TABLE reward_draft", "\x00", "💥",
    7, None, -1, 1e308, True, ["price"], {"a": [1]}, "../../etc/passwd",
]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
async def test_hostile_values_do_nothing(value: Any) -> None:
    a_shop()
    page = visit(RewardState, "owner", "/staff/reward?slug=coffee")
    await call(page, "load")
    await call(page, "put", value, value)
    await call(page, "tick", value, value)
    await call(page, "see_as", value)
    await call(page, "count", {"left": value})
    assert page.status == "here"
    assert reward("coffee").price == 40
