"""Offers for friends by their pages: drafted, read as both sides do, published; links keep their terms."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from app import database, door
from members.actions import joining, referring
from members.actions.drafts import OFFERS, create_draft, drafts
from members.actions.joining import Wish
from members.actions.record import record
from members.programme import versions
from members.referral_codes import by_code, terms_of
from pages.staff.referrals import ReferralsState
from pages.staff.referrals_offer import OfferState
from pages.staff.studio import StudioState
from tests.builders import an_order, in_force
from tests.members.test_referring import FRIENDS
from tests.staff.conftest import call, visit
from tests.staff.shop import actions

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house")]
LIST, EDIT = "/staff/referrals", "/staff/referrals/edit"
SPOKEN = FRIENDS.replace("languages: [en]", "languages: [en, ru, ar]").replace(
    "rewards: []",
    "rewards: [{slug: tea, kind: product, name: Tea, price: 40, value: '3.00'}, "
    "{slug: mug, kind: product, name: Mug, price: 50, stock: 2}]",
)


def a_shop() -> None:
    with database.transaction(door.engine()) as session:
        in_force(session, SPOKEN)


def somebody(name: str, invited: str = "") -> tuple[UUID, str]:
    """A member, and the code of the link that they have now."""
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        who = joining.join(session, f"email:{name}@secret.example", Wish(invited=invited), now)
        link = referring.open_link(session, who, now)
        assert link is not None
        return who, link.code


def buys(name: str, order: str) -> None:
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        record(session, [an_order(order, "30.00", at=now, subject=f"email:{name}@secret.example")], now)
        referring.follow_late(session, now)


def offers() -> list[Any]:
    with database.reading(door.engine()) as session:
        return list(versions(session).latest.programme.referrals.offers)


async def opened(role: str = "owner", query: str = "", kind: Any = OfferState, path: str = EDIT) -> Any:
    page = visit(kind, role, f"{path}?{query}")
    await call(page, "load")
    return page


@pytest.mark.feature(83)
async def test_a_published_change_is_for_new_links_and_old_ones_keep_their_terms() -> None:
    a_shop()
    ann, code = somebody("ann")
    page = await opened(query="slug=give-get")
    assert (page.status, page.card.title, page.card.changes) == ("here", "Give 5, get 5", ())
    await call(page, "put", "sharer.points", "700")
    assert "500" in page.card.changes[0]
    assert "700" in page.card.changes[0]
    assert page.card.links == (
        "1 link makes this offer.",
        "Once this is published they keep what they were shared with; new links make the new one.",
    )
    await call(page, "publish")
    assert page.said == "Published. Links that were shared keep what they say."
    assert ("owner:kim", "offer.published") in actions()
    assert [one.sharer.points for one in offers()] == [700]
    assert page.card.links == (
        "0 links make this offer.",
        "1 link keeps: Friend: 300 points · Sharer: 500 points",
    )
    _, new = somebody("ben")
    with database.reading(door.engine()) as session:
        terms = [terms_of(by_code(session, one).terms) for one in (code, new)]
    assert [one.sharer.points for one in terms if one.sharer] == [500, 700]
    listed = await opened(kind=ReferralsState, path=LIST)
    assert (listed.card.offers[0].links, listed.card.offers[0].old) == (
        "1 link makes this offer.",
        "1 link keeps the old terms.",
    )
    eve, _ = somebody("eve", code)
    buys("eve", "1")
    card = (await opened(kind=ReferralsState, path=LIST)).card
    assert card.advocates[0].path == f"/staff/member?id={ann}"
    assert "500" not in str(card.cost)
    with database.reading(door.engine()) as session:
        assert session.get(type(by_code(session, code)), code).member_id == ann  # type: ignore[union-attr]
    assert eve != ann


@pytest.mark.feature(83)
async def test_of_several_offers_new_links_make_the_first_that_is_open() -> None:
    a_shop()
    somebody("ann")
    page = await opened()
    assert (page.card.fresh, page.card.slug.value, page.card.wrong) == (True, "", "")
    for name, value in {
        "slug": "summer", "name.en": "Summer", "friend.points": "900", "friend.reward": "tea", "per_member": "5",
        "per": "month", "link_days": "60", "order_min": "25,50", "closes": "2999-09-01T00:00", "sharer.points": "",
    }.items():  # fmt: skip
        await call(page, "put", name, value)
    assert page.card.behind.startswith("“Give 5, get 5” is open and stands before it")
    await call(page, "keep")
    assert page.said == "The draft is kept."
    assert [one.name for one in (await opened(kind=ReferralsState, path=LIST)).card.drafts] == ["Summer"]
    await call(page, "publish")
    made = offers()[1]
    assert (made.slug, made.sharer, made.friend.points, made.friend.reward) == ("summer", None, 900, "tea")
    assert (made.per_member.friends, made.per_member.per, made.link_days) == (5, "month", 60)
    listed = await opened(kind=ReferralsState, path=LIST)
    assert [(one.key, one.state) for one in listed.card.offers] == [
        ("give-get", "New links make it"),
        ("summer", "Open, behind another"),
    ]
    await call(listed, "put_first", "summer")
    assert [one.slug for one in offers()] == ["summer", "give-get"]
    assert listed.said == "It is the first now. New links make this offer."
    assert ("owner:kim", "offer.put_first") in actions()
    _, code = somebody("ben")
    with database.reading(door.engine()) as session:
        assert by_code(session, code).offer == "summer"
    await call(listed, "ask_retire", "summer")
    assert listed.retiring_name == "Summer"
    await call(listed, "retire")
    assert [one.retired for one in offers()] == [True, False]
    _, code = somebody("cem")
    with database.reading(door.engine()) as session:
        assert by_code(session, code).offer == "give-get"
    again = await opened(query="slug=summer")
    assert (again.card.retired, again.card.stage) == (True, "Retired")
    assert [(box.name, box.value) for box in again.card.terms] == [
        ("order_min", "25.50"), ("hold_days", "14"), ("per_member", "5"), ("link_days", "60"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("boxes", "where", "said"),
    [
        (
            {"slug": "Give & Get"},
            "slug",
            "Use small letters, digits and hyphens, beginning with a letter, such as ",
        ),
        ({"name.en": " "}, "name.en", "This is needed."),
        ({"friend.points": "many"}, "friend.points", "Write a whole number from 1 to 1,000,000."),
        ({"friend.points": "-5"}, "friend.points", "Write a whole number from 1 to 1,000,000."),
        (
            {"friend.points": "", "sharer.points": ""},
            "friend.points",
            "Give something to the one who shares, ",
        ),
        (
            {"friend.points": "", "friend.expires_days": "9"},
            "friend.expires_days",
            "Write the points that expire",
        ),
        ({"order_min": "1.234"}, "order_min", "Write an amount such as 20.00, or leave it empty"),
        ({"order_min": "-1"}, "order_min", "Write an amount such as 20.00, or leave it empty"),
        ({"hold_days": ""}, "hold_days", "Write a whole number from 0 to 365."),
        ({"hold_days": "٣٦٦"}, "hold_days", "Write a whole number from 0 to 365."),
        (
            {"opens": "2999-02-01T00:00", "closes": "2999-01-01T00:00"},
            "closes",
            "It would end before it begins: choose",
        ),
        ({"closes": "tomorrow"}, "closes", "Write a day and a time."),
        ({"paid": "never"}, "", "1 box needs another look."),
        ({"per": "hour"}, "", "1 box needs another look."),
        ({"friend.reward": "mug"}, "reward", "Choose a reward without a stock"),
        ({"friend.reward": "nothing"}, "reward", "Choose a reward without a stock"),
        ({"slug": "give-get"}, "slug", "There is one with this name already."),
    ],
)
async def test_what_is_wrong_is_said_beside_its_box_with_what_would_be_right(
    boxes: dict[str, str], where: str, said: str
) -> None:
    a_shop()
    page = await opened()
    for name, value in ({"slug": "summer", "name.en": "Summer"} | boxes).items():
        await call(page, "put", name, value)
    assert page.card.wrong == ""
    await call(page, "publish")
    card = page.card
    fields = [card.slug, *card.names, *card.friend, *card.sharer, *card.terms, *card.times]
    problems = {box.name: box.problem for box in fields if box.problem} | {
        "": card.wrong,
        "reward": card.reward_problem,
    }
    assert problems[where].startswith(said)
    assert len(offers()) == 1


async def test_both_sides_are_read_in_each_language() -> None:
    a_shop()
    page = await opened(query="slug=give-get")
    assert page.card.preview.headline == "300 points for your friend, 500 points for you"
    assert page.card.preview.title.startswith("300 points for you at ")
    await call(page, "see_in", "ar")
    shown = page.card.preview
    assert (shown.language, shown.dir) == ("ar", "rtl")
    assert "٣٠٠" in shown.title
    assert "language=ar" in shown.picture
    await call(page, "see_in", "../../etc")
    assert page.card.preview.language == "en"
    await call(page, "put", "friend.points", "x")
    assert page.card.preview.words == "Fill in what is missing to see it."


async def test_two_at_one_offer_do_not_overwrite_each_other() -> None:
    a_shop()
    one, two = await opened(query="slug=give-get"), await opened(query="slug=give-get", role="marketer")
    await call(one, "put", "friend.points", "310")
    await call(two, "put", "friend.points", "320")
    await call(one, "keep")
    await call(two, "keep")
    assert two.said == "Somebody has begun a draft of this. Open it again to go on from theirs."
    other = await opened(query="slug=give-get", role="marketer")
    assert other.card.friend[0].value == "310"
    await call(other, "put", "friend.points", "330")
    await call(other, "keep")
    await call(one, "put", "friend.points", "340")
    await call(one, "publish")
    assert one.said.startswith("Somebody else changed this draft meanwhile.")
    assert [offer.friend.points for offer in offers()] == [300]
    await call(other, "ask_discard")
    await call(other, "discard")
    with database.reading(door.engine()) as session:
        assert drafts(session) == []


async def test_what_the_page_shows_is_what_is_published_or_nothing() -> None:
    a_shop()
    page = await opened(query="slug=give-get")
    await call(page, "put", "friend.points", "310")
    listed = await opened(kind=ReferralsState, path=LIST)
    await call(listed, "ask_retire", "give-get")
    await call(listed, "retire")
    await call(page, "publish")
    assert "meanwhile" in page.said or "changed" in page.said
    assert [(one.friend.points, one.retired) for one in offers()] == [(300, True)]


async def test_a_draft_of_an_offer_opens_in_no_other_studio() -> None:
    a_shop()
    with database.transaction(door.engine()) as session:
        draft = create_draft(session, "offer", "", {"form": {"slug": "x"}}, "owner:kim", datetime.now(UTC))
        assert [one.id for one in drafts(session, OFFERS)] == [draft.id]
    page = await opened(kind=StudioState, path="/staff/badges/edit", query=f"draft={draft.id}")
    assert (page.status, page.said) == ("failed", "This draft is not there any more.")
    assert (await opened(query=f"draft={draft.id}")).card.slug.value == "x"


@pytest.mark.parametrize("query", ["slug=nothing", "draft=nothing", "draft=%00", "slug=<script>"])
async def test_an_address_that_leads_to_no_offer_says_so(query: str) -> None:
    a_shop()
    page = await opened(query=query)
    assert page.status == "failed"
    assert page.said in {"There is no such offer.", "This draft is not there any more."}


@pytest.mark.parametrize("role", ["", "support", "analyst", "cashier"])
async def test_who_may_not_edit_changes_nothing(role: str) -> None:
    a_shop()
    page = await opened(role)
    assert page.status == "stranger"
    for handler, given in (("put", ("slug", "mine")), ("keep", ()), ("publish", ()), ("discard", ())):
        await call(page, handler, *given)
    listed = await opened(role, kind=ReferralsState, path=LIST)
    for handler in ("put_first", "ask_retire"):
        await call(listed, handler, "give-get")
    await call(listed, "retire")
    assert [one.retired for one in offers()] == [False]
    with database.reading(door.engine()) as session:
        assert (drafts(session), versions(session).latest.number) == ([], 1)
