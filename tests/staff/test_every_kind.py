"""Every kind of reward: made by staff on its page, had by a member on theirs. Codes come in by a file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from app import database, door
from facts.events import OWN_SOURCE, Fact
from members.actions.record import record
from members.actions.vouchers import use_code
from pages.offers import RewardsState
from pages.rules import RulesState
from pages.staff.reward import RewardState
from rewards import stock
from tests.staff.conftest import call, visit
from tests.staff.shop import a_shop, actions, reward

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house")]

KINDS: dict[str, dict[str, str]] = {
    "percent": {"value": "10"},
    "fixed": {"value": "5.00"},
    "free_delivery": {},
    "product": {},
    "gift": {"per": "month", "limit": "1", "limit.gold": "2"},
    "experience": {"terms.en": "Friday at six"},
    "donation": {"thanks.en": "The food bank thanks you", "value": "2.50"},
    "partner_code": {"terms.en": "One seat, any film", "link": "https://cinema.example/"},
    "early_access": {"access.en": "The winter sale", "access_until": "2999-01-01T09:00"},
    "points": {"price": "0", "points": "25", "on": "member.birthday", "on_days": "20", "choice": "treat"},
}


class File:
    """A text as Reflex hands it over."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    async def read(self, size: int = -1) -> bytes:
        return self.content[:size] if size >= 0 else self.content


async def published(slug: str, **typed: str) -> Any:
    """A reward for 5 points, made on the page of staff."""
    page = visit(RewardState, "owner", "/staff/reward")
    await call(page, "load")
    for name, value in ({"slug": slug, "name.en": slug.title(), "price": "5"} | typed).items():
        await call(page, "put", name, value)
    await call(page, "publish")
    assert page.said == "Published. Members see it now.", (slug, page.card.wrong)
    return page


async def redeemed(page: Any, slug: str) -> None:
    """A member wants it, and says yes."""
    await call(page, "ask", slug)
    assert page.asked.slug == slug
    await call(page, "confirm")


@pytest.mark.feature(48)
async def test_every_kind_is_made_by_staff_and_had_by_a_member() -> None:
    anna = a_shop()
    made = {
        kind: await published(kind.replace("_", "-"), kind=kind, **typed) for kind, typed in KINDS.items()
    }
    assert made["partner_code"].card.pool == "No codes are uploaded yet: members see it as sold out."
    await call(made["partner_code"], "take_codes", [File(b"FILM-1\nFILM-2\n")])
    assert (made["partner_code"].said, made["partner_code"].card.pool) == (
        "The codes are uploaded.", "2 codes left of 2",
    )  # fmt: skip

    with database.transaction(door.engine()) as session:
        now = datetime.now(UTC)
        day = Fact(OWN_SOURCE, "birthday", "member.birthday", now, f"member:{anna}", {"year": now.year})
        assert record(session, [day], now)[0].status == "recorded"
    page = visit(RewardsState, "member", "/rewards", who=str(anna))
    await call(page, "load")
    there = {card.slug: card for card in page.card.now}
    assert there["donation"].kind == "A donation of $2.50"
    assert "One seat, any film" in there["partner-code"].terms
    assert "At most 1 a month. Gold: at most 2." in there["gift"].terms
    for slug in (kind.replace("_", "-") for kind in KINDS):
        await redeemed(page, slug)
        if slug == "points":
            assert page.said == "25 points are yours."
        elif slug == "donation":
            assert page.said == "The food bank thanks you"
        elif slug == "partner-code":
            assert (page.showing, page.shown.code, page.shown.hidden) == (True, "", True)
            await call(page, "reveal")
            assert (page.shown.code, page.shown.returnable) == ("FILM-1", False)
            assert page.shown.link == "https://cinema.example/"
        else:
            assert len(page.shown.code) == 20, slug
    assert page.card.balance == "70 points"
    mine = {card.name: card for card in page.card.mine}
    assert mine["Early-Access"].words.startswith("Active until")
    assert not mine["Early-Access"].returnable
    assert [card.words.partition(" · ")[0] for card in page.card.past] == [
        "25 points for you",
        "The food bank thanks you",
    ]
    later = {card.slug: card.words for card in page.card.later}
    assert later["gift"].startswith("You have had yours. Again from 1 "), "seen before the tap"

    with database.transaction(door.engine()) as session:
        for name in ("Percent", "Fixed", "Gift", "Experience", "Early-Access"):
            used = use_code(session, mine[name].code, "till:1", datetime.now(UTC), door.secret())
            assert used.state == ("issued" if name == "Early-Access" else "used")
    rules = visit(RulesState, "member", "/rules", who=str(anna))
    await call(rules, "load")
    assert {card.slug: card.pot for card in rules.card.rewards}[
        "donation"
    ] == "Given together: $2.50, in 1 donation"
    await call(page, "load")
    assert {card.slug: card.pot for card in page.card.now}[
        "donation"
    ] == "Given together: $2.50, in 1 donation"


@pytest.mark.feature(52)
async def test_a_file_with_wrong_lines_is_told_by_line_and_another_adds_to_the_first() -> None:
    a_shop()
    page = await published("cinema", kind="gift", codes="pool")
    await call(page, "take_codes", [File(b"A-1\nA-1\ntwo words\n")])
    assert page.said == "Nothing was uploaded: 2 lines are not as they should be, the first is line 2."
    assert [line.split(" has ")[0] for line in page.wrong_lines] == ["line 2 is the same as line 1", "line 3"]
    await call(page, "take_codes", [File("\ufeffA-1\r\nA-2\r\n".encode())])
    await call(page, "take_codes", [File(b"B-1\n")])
    assert (page.wrong_lines, page.card.pool) == ([], "3 codes left of 3")
    assert [action for _, action in actions()].count("codes.uploaded") == 2
    await call(page, "count", {"left": "500"})
    assert page.said == "This reward has no stock: it never runs out."
    with database.reading(door.engine()) as session:
        assert stock.left_of(session, "cinema") == 3
    stranger = visit(RewardState, "", "/staff/reward?slug=cinema")
    await call(stranger, "take_codes", [File(b"C-1\n")])
    assert page.card.pool == "3 codes left of 3"


async def test_what_belongs_to_another_kind_is_left_out_and_a_form_comes_back_as_it_was() -> None:
    a_shop()
    page = await published("pot", kind="donation", **{"thanks.en": "Thank you", "value": "1"})
    assert [box.name for box in page.card.wanted] == ["thanks.en"]
    await call(page, "put", "kind", "gift")
    assert page.card.wanted == ()
    await call(page, "publish")
    assert (reward("pot").kind, reward("pot").thanks) == ("gift", None)
    limited = await published("cup", kind="gift", per="week", limit="2", **{"limit.gold": "3"})
    again = visit(RewardState, "owner", "/staff/reward?slug=cup")
    await call(again, "load")
    assert [(box.name, box.value) for box in again.card.often][:1] == [("limit", "2")]
    assert again.card.changes == limited.card.changes == ()
    await call(again, "put", "limit", "0")
    await call(again, "publish")
    assert again.card.wrong == "1 box needs another look."
    assert reward("cup").per_period.tiers == {"gold": 3}


async def test_the_day_on_which_it_is_had_is_typed_and_comes_back_as_it_was() -> None:
    a_shop()
    typed = {"price": "0", "points": "25", "on": "member.anniversary", "on_days": "9", "choice": "treat"}
    await published("thanks", kind="points", **typed)
    made = reward("thanks")
    assert (made.price, made.points, made.occasion.model_dump()) == (
        0, 25, {"on": "member.anniversary", "days": 9, "choice": "treat"},
    )  # fmt: skip
    again = visit(RewardState, "owner", "/staff/reward?slug=thanks")
    await call(again, "load")
    assert [(box.name, box.value) for box in again.card.occasion] == [("on_days", "9"), ("choice", "treat")]
    assert [(box.name, box.value) for box in again.card.wanted] == [("points", "25")]
    assert again.card.preview.words.startswith("Free until ")
    assert again.card.changes == ()
    await call(again, "put", "on_days", "301")
    await call(again, "publish")
    assert {box.name: box.problem for box in again.card.occasion}[
        "on_days"
    ] == "Write a whole number from 1 to 300."
    await call(again, "put", "price.gold", "5")
    await call(again, "publish")
    assert {box.name: box.problem for box in again.card.worth}[
        "price.gold"
    ] == "It costs nothing: leave this empty."
    for name, value in (("on_days", ""), ("on", ""), ("price.gold", "")):
        await call(again, "put", name, value)
    await call(again, "publish")
    assert again.card.worth[0].problem == "Write a whole number, 1 or more.", "it would cost nothing"
    assert reward("thanks").occasion.days == 9
