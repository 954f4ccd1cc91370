"""Staff pages by their handlers: curating a reward from draft to retired, finding a member, adjusting with a reason."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from sqlmodel import col, select

from app import database, door
from members.actions.record import record
from members.actions.redeem import redeem
from members.programme import in_force as version_at
from members.programme import versions
from members.tables import Audit, Member
from pages.staff.catalogue import CatalogueState
from pages.staff.people import PeopleState
from pages.staff.person import PersonState
from pages.staff.reward import RewardState
from rewards.tables import RewardDraft, RewardPicture
from tests.builders import PROGRAMME, an_order, days, in_force, standing_of
from tests.staff.conftest import call, visit

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house")]

SECRET = b"a secret of thirty-two characters"
REWARDS = """rewards:
  - {slug: coffee, kind: product, name: Coffee, price: 40, prices: {gold: 30}, stock: 9}
  - {slug: mug, kind: product, name: Mug, price: 50, fulfilment: by_staff}
  - {slug: secret, kind: product, name: Secret, price: 50, tiers: [gold]}
"""


def a_shop() -> UUID:
    """A shop with three rewards and one member, Anna, who has 90 points."""
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        in_force(session, PROGRAMME.replace("rewards: []\n", REWARDS))
        record(session, [an_order("o1", "90.00", at=now - days(1))], now)
        member_id = standing_of(session).member_id
        anna = session.get(Member, member_id)
        assert anna
        anna.name = "Anna Petrova"
        session.add(anna)
    return member_id


def actions() -> list[tuple[str, str]]:
    with database.reading(door.engine()) as session:
        return list(session.exec(select(Audit.actor, Audit.action).order_by(col(Audit.seq))))


def reward(slug: str) -> Any:
    with database.reading(door.engine()) as session:
        return versions(session).latest.programme.reward(slug)


async def a_form(state: Any, **typed: str) -> None:
    for name, value in typed.items():
        await call(state, "put", name.replace("__", "."), value)


# --- the catalogue ----------------------------------------------------------------------------------------------


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
    ("kind", "gift"), ("until", "soon"), ("per_member", "0"), ("price.gold", "x"), ("value", "nan"),
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
    assert page.said == "Only PNG, JPEG and WebP pictures can be used."


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


# --- members ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", ["anna", "Petrova", "1", "ANNA PET"])
async def test_a_member_is_found_by_name_and_number(wanted: str) -> None:
    me = a_shop()
    page = visit(PeopleState, "cashier", "/staff/members")
    await call(page, "load")
    await call(page, "search", {"wanted": wanted})
    assert [(row.key, row.name, row.balance) for row in page.card.people] == [
        (str(me), "Anna Petrova", "90 points")
    ]


@pytest.mark.parametrize("wanted", ["%", "_nna", "nobody", "\\", "' OR 1=1 --", str(UUID(int=7))])
async def test_nobody_is_found_by_accident(wanted: str) -> None:
    a_shop()
    page = visit(PeopleState, "cashier", "/staff/members")
    await call(page, "search", {"wanted": wanted})
    assert page.card.people == ()
    assert wanted in page.card.words


@pytest.mark.feature(20)
async def test_the_timeline_has_the_why_of_every_entry() -> None:
    me = a_shop()
    page = visit(PersonState, "support", f"/staff/member?id={me}")
    await call(page, "load")
    assert page.card.name == "Anna Petrova"
    assert [(entry.amount, entry.why) for entry in page.card.ledger] == [("+90", page.card.ledger[0].why)]
    assert "$90" in page.card.ledger[0].why


@pytest.mark.feature(35)
async def test_points_are_adjusted_with_a_reason_once() -> None:
    me = a_shop()
    page = visit(PersonState, "support", f"/staff/member?id={me}")
    await call(page, "load")
    await call(page, "adjust", {"how_many": "25", "reason": ""})
    assert "Say why" in page.said
    await call(page, "adjust", {"how_many": "lots", "reason": "Because"})
    assert page.wrong
    await call(page, "adjust", {"how_many": "10001", "reason": "A big apology"})
    assert "second person" in page.said
    await call(page, "adjust", {"how_many": "+25", "reason": "Broken eggs"})
    assert page.card.figures[0].value == "115"
    assert "Broken eggs" in page.card.ledger[0].why
    assert actions()[-1] == ("support:kim", "points.adjusted")
    await call(page, "adjust", {"how_many": "\N{MINUS SIGN}15", "reason": "Counted wrong"})
    assert page.card.figures[0].value == "100"


async def test_a_reserved_reward_is_handed_over_by_who_may() -> None:
    me = a_shop()
    with database.transaction(door.engine()) as session:
        made = redeem(session, me, "mug", datetime.now(UTC), "tap", SECRET)
    listed = visit(CatalogueState, "owner", "/staff")
    await call(listed, "load")
    assert listed.card.waiting == "1 reward waits to be handed over"
    page = visit(PersonState, "support", f"/staff/member?id={me}")
    await call(page, "load")
    await call(page, "hand_over", str(made.redemption_id))
    assert "not yours" in page.said  # support may not use codes
    counter = visit(PersonState, "cashier", f"/staff/member?id={me}")
    await call(counter, "load")
    await call(counter, "hand_over", str(made.redemption_id))
    assert counter.card.vouchers[0].state == "used"
    await call(counter, "give_back", str(made.redemption_id))
    assert counter.card.vouchers[0].state == "used"


@pytest.mark.parametrize("role", ["", "member", "marketer", "analyst"])
async def test_who_may_not_see_members_sees_none(role: str) -> None:
    me = a_shop()
    page, found = (
        visit(PersonState, role, f"/staff/member?id={me}"),
        visit(PeopleState, role, "/staff/members"),
    )
    await call(page, "load")
    await call(found, "load")
    await call(found, "search", {"wanted": "anna"})
    await call(page, "adjust", {"how_many": "5", "reason": "Because"})
    await call(page, "look_behind", "1")
    assert (page.card.name, page.card.ledger, found.card.people) == ("", (), ())
    assert "support:kim" not in [actor for actor, _ in actions()]


@pytest.mark.parametrize("wanted", ["", "x", str(UUID(int=7)), "'; --"])
async def test_a_member_who_is_not_there(wanted: str) -> None:
    a_shop()
    page = visit(PersonState, "support", f"/staff/member?id={wanted}")
    await call(page, "load")
    assert (page.status, page.said) == ("failed", "There is no such member.")
