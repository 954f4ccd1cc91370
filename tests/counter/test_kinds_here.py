"""The newer kinds of rewards at the counter: what is handed over there, and what members only get on their own page."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlmodel import Session, select

from app import door
from facts.events import OWN_SOURCE, Fact
from facts.refusals import Refusal
from members.actions.record import record
from members.actions.redeem import code_of, redeem
from members.actions.uploading_codes import upload
from members.programme import apply, load
from rewards.tables import Redemption
from tests.counter.conftest import SHOP, Counter
from tests.counter.test_redeeming import a_wish, code, inside, says_yes, scanned

pytestmark = pytest.mark.anyio

KINDS = """
  - {slug: class, kind: experience, name: A class, price: 60, terms: Fridays at six, fulfilment: by_staff}
  - {slug: cup, kind: gift, name: A cup, price: 20, per_period: {per: year, most: 1}}
  - {slug: cinema, kind: partner_code, name: Cinema, price: 10, terms: One seat, link: "https://cinema.example/"}
  - {slug: bread, kind: donation, name: Bread, price: 10, thanks: Thank you}
  - {slug: sale, kind: early_access, name: Sale, price: 10, access: The winter sale}
"""
CHOICE = """
  - {slug: cake, kind: gift, name: A cake, price: 0, occasion: {on: member.birthday, choice: c}}
  - {slug: points, kind: points, name: Points, price: 0, points: 50, occasion: {on: member.birthday, choice: c}}
"""


def wider(session: Session) -> None:
    """The shop with five more rewards, and a code for the cinema."""
    now, secret = datetime.now(UTC), b"any secret of thirty-two characters"
    more = load(SHOP.replace("safety:", KINDS.lstrip("\n") + "safety:"))
    apply(session, more, base=1, effective_from=now, actor="test", now=now)
    upload(session, "cinema", [b"FILM-1\n"], "staff:kim", now, secret)


@pytest.mark.feature(56)
async def test_what_is_had_here_is_handed_over_once_with_a_receipt(counter_of_kim: Counter) -> None:
    kim = counter_of_kim
    inside(wider)
    done = await kim.ask("redeem", **a_wish(kim, "class", 60), proof=await scanned(kim))
    assert done.json()["receipt"]["words"] == "60 points were taken."
    asked = a_wish(kim, "cup", 20)
    assert (await kim.ask("ask", **asked)).status_code == 200
    says_yes(kim.anna, asked)
    assert (await kim.ask("answer", ask=asked["request"])).json()["receipt"]["title"] == "A cup"
    states = inside(lambda session: session.exec(select(Redemption.reward, Redemption.state)).all())
    assert sorted(states) == [("class", "used"), ("cup", "used")]
    assert kim.balance() == 320
    again = a_wish(kim, "cup", 20)
    assert (await kim.ask("ask", **again)).status_code == 200
    with pytest.raises(Refusal, match="as often as it can be had for now"):
        says_yes(kim.anna, again)


async def test_what_members_get_on_their_own_page_is_neither_offered_nor_had_here(
    counter_of_kim: Counter,
) -> None:
    kim = counter_of_kim
    inside(wider)
    seen = (await kim.ask("look", who=kim.scanned())).json()
    assert {one["slug"] for one in seen["member"]["rewards"]} == {"class", "cup", "coffee", "mug"}
    for slug in ("cinema", "bread", "sale", "post"):
        answer = await kim.ask("redeem", **a_wish(kim, slug, 10), proof=seen["proof"])
        assert code(answer) == "reward_not_here", slug
    assert kim.balance() == 400


async def test_the_gift_of_a_choice_is_had_here_for_nothing_and_closes_the_points(
    counter_of_kim: Counter,
) -> None:
    kim, now = counter_of_kim, datetime.now(UTC)

    def birthday(session: Session) -> None:
        more = load(SHOP.replace("safety:", CHOICE.lstrip("\n") + "safety:"))
        apply(session, more, base=1, effective_from=now, actor="test", now=now)
        day = Fact(OWN_SOURCE, "birthday", "member.birthday", now, f"member:{kim.anna}", {"year": now.year})
        assert record(session, [day], now)[0].status == "recorded"

    inside(birthday)
    seen = (await kim.ask("look", who=kim.scanned())).json()
    offered = {one["slug"]: one["words"] for one in seen["member"]["rewards"]}
    assert offered["cake"] == "Free"
    assert "points" not in offered, "it is had on their own page"
    asked = a_wish(kim, "cake", 0)
    assert (await kim.ask("ask", **asked)).status_code == 200
    says_yes(kim.anna, asked)
    assert (await kim.ask("answer", ask=asked["request"])).json()["receipt"]["words"] == "Free"
    assert inside(lambda session: session.exec(select(Redemption.state)).all()) == ["used"]
    assert kim.balance() == 400
    with pytest.raises(Refusal, match="made your choice"):
        inside(lambda session: redeem(session, kim.anna, "points", datetime.now(UTC), "tap", door.secret()))


async def test_a_pass_is_looked_at_and_stays_active(counter_of_kim: Counter) -> None:
    kim = counter_of_kim
    inside(wider)

    def had(session: Session) -> str:
        made = redeem(session, kim.anna, "sale", datetime.now(UTC), "tap", door.secret())
        return code_of(made, door.secret()) or ""

    shown = inside(had)
    for _ in range(2):
        answer = await kim.ask("voucher", request=str(uuid4()), code=shown)
        assert answer.json()["receipt"]["balance"] == "The pass is good, and stays active.", answer.text
