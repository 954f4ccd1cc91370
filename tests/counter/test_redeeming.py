"""Redeeming at the counter: proved by a card that was just scanned, or confirmed by the member on their own page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx
import pytest
import time_machine
from sqlmodel import Session, select

from app import database, door
from facts.language import language
from members import sessions
from members.actions import counter_rewards
from members.actions.counter_rewards import Wish, confirm, decline
from members.actions.erase import erase
from members.actions.redeem import code_of, redeem
from members.own_tables import Device
from members.programme import apply, load
from members.prove import prove
from members.views.home import home
from members.way_tables import Proof
from rewards.tables import Redemption
from tests.counter.conftest import NOW, SHOP, Counter, as_member, letters, noted, token

pytestmark = pytest.mark.anyio
T = TypeVar("T")


def a_wish(counter: Counter, reward: str = "coffee", price: int = 300) -> dict[str, Any]:
    return {"request": str(uuid4()), "member": str(counter.anna), "reward": reward, "price": price}


def inside(work: Callable[[Session], T]) -> T:
    with database.transaction(door.engine()) as session:
        return work(session)


def says_yes(anna: UUID, wish: dict[str, Any], known: bytes = b"") -> Redemption:
    now, ask = datetime.now(UTC), UUID(wish["request"])
    return inside(lambda session: confirm(session, anna, ask, known, now, door.secret()))


async def scanned(kim: Counter) -> str:
    answer = await kim.ask("look", who=kim.scanned())
    assert answer.status_code == 200, answer.text
    return answer.json()["proof"]


def code(answer: httpx.Response) -> str:
    return answer.json()["code"]


@pytest.mark.feature(56)
async def test_a_scanned_card_is_good_for_one_redemption(counter_of_kim: Counter) -> None:
    kim = counter_of_kim
    proof, wish = await scanned(kim), a_wish(kim)
    done = await kim.ask("redeem", **wish, proof=proof)
    assert done.json()["receipt"] == {
        "title": "Free coffee", "words": "300 points were taken.", "balance": "Balance: 100 points",
    }  # fmt: skip
    again = await kim.ask("redeem", **wish, proof=proof)
    assert again.json() == done.json(), "the same request is the same redemption"
    assert code(await kim.ask("redeem", **a_wish(kim, "mug", 50), proof=proof)) == "card_not_shown"
    assert kim.balance() == 100
    with database.reading(door.engine()) as session:
        made = session.exec(select(Redemption)).one()
        assert (made.state, made.used_in) == ("used", "cashier:kim")
        assert prove(session).flaws == []
    assert noted("redemption.handed_over") == [("cashier:kim", f"redemption:{made.redemption_id}")]


@pytest.mark.feature(56)
async def test_without_a_proof_nothing_is_taken(counter_of_kim: Counter) -> None:
    kim = counter_of_kim
    for proof in ("", "x" * 43):
        assert code(await kim.ask("redeem", **a_wish(kim), proof=proof)) == "card_not_shown"
    mine = await scanned(kim)
    kim.client.cookies.clear()
    kim.client.cookies.set(door.COOKIE, token("cashier", "lee"))
    assert code(await kim.ask("redeem", **a_wish(kim), proof=mine)) == "card_not_shown", "a colleague's scan"
    assert kim.balance() == 400


async def test_a_proof_is_over_after_three_minutes_and_bound_to_its_price(counter_of_kim: Counter) -> None:
    kim = counter_of_kim
    proof = await scanned(kim)
    assert code(await kim.ask("redeem", **a_wish(kim, price=299), proof=proof)) == "price_changed"
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=4), tick=True):
        assert code(await kim.ask("redeem", **a_wish(kim), proof=proof)) == "card_not_shown"
    assert kim.balance() == 400


@pytest.mark.feature(56)
async def test_the_member_confirms_on_their_own_page_once_at_the_price_that_was_said(
    counter_of_kim: Counter,
) -> None:
    kim, wish = counter_of_kim, a_wish(counter_of_kim)
    assert (await kim.ask("ask", **wish)).json() == {"ask": wish["request"]}
    assert (await kim.ask("ask", **wish)).json() == {"ask": wish["request"]}, (
        "asking again is the same question"
    )
    waiting = await kim.ask("answer", ask=wish["request"])
    assert waiting.json() == {"state": "waiting", "receipt": None}
    with database.reading(door.engine()) as session:
        card = home(session, kim.anna, datetime.now(UTC), language("en")).ask
        assert (card.key, card.name, card.words) == (wish["request"], "Free coffee", "300 points")
    says_yes(kim.anna, wish)
    told = (await kim.ask("answer", ask=wish["request"], wait=True)).json()
    assert (told["state"], told["receipt"]["words"]) == ("done", "300 points were taken.")
    with pytest.raises(Exception, match="This question is over"):
        says_yes(kim.anna, wish)
    assert kim.balance() == 100
    with database.reading(door.engine()) as session:
        assert home(session, kim.anna, datetime.now(UTC), language("en")).ask.key == ""
        assert prove(session).flaws == []


async def test_no_means_no_and_so_do_three_minutes_and_another_person(counter_of_kim: Counter) -> None:
    kim, wish = counter_of_kim, a_wish(counter_of_kim)
    await kim.ask("ask", **wish)
    with pytest.raises(Exception, match="This question is over"):
        says_yes(uuid4(), wish)
    inside(lambda session: decline(session, kim.anna, UUID(wish["request"]), datetime.now(UTC)))
    assert (await kim.ask("answer", ask=wish["request"])).json()["state"] == "refused"
    late = a_wish(kim)
    await kim.ask("ask", **late)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=4), tick=True):
        with pytest.raises(Exception, match="This question is over"):
            says_yes(kim.anna, late)
        assert (await kim.ask("answer", ask=late["request"])).json()["state"] == "over"
    first, second = a_wish(kim), a_wish(kim, "mug", 50)
    await kim.ask("ask", **first)
    await kim.ask("ask", **second)
    assert (await kim.ask("answer", ask=first["request"])).json()["state"] == "over", (
        "the newest question alone"
    )
    assert (await kim.ask("stop", ask=second["request"])).json()["state"] == "over"
    with pytest.raises(Exception, match="This question is over"):
        says_yes(kim.anna, second)
    kim.client.cookies.clear()
    kim.client.cookies.set(door.COOKIE, token("cashier", "lee"))
    assert code(await kim.ask("answer", ask=second["request"])) == "ask_unknown"
    assert kim.balance() == 400


async def test_the_last_mug_goes_to_one_of_two_who_say_yes(counter_of_kim: Counter) -> None:
    kim = counter_of_kim
    first = a_wish(kim, "mug", 50)
    await kim.ask("ask", **first)
    assert says_yes(kim.anna, first).state == "used"
    second = a_wish(kim, "mug", 50)
    await kim.ask("ask", **second)
    with pytest.raises(Exception, match="run out"):
        says_yes(kim.anna, second)
    assert kim.balance() == 350


@pytest.mark.feature(56)
async def test_a_card_on_a_new_device_is_not_enough_for_much(counter_of_kim: Counter) -> None:
    """Whoever came in with a stolen code has the card too: the member's own page asks for a fresh one."""
    kim = counter_of_kim
    await kim.sell("100.00")

    def fresh(session: Session) -> None:
        session.add(Device(member_id=kim.anna, digest=b"d" * 32, first_at=NOW, seen_at=NOW, trusted_at=NOW))
        document = session.exec(select(Proof)).all()
        assert document == []

    inside(fresh)
    inside(dearer)
    proof = await scanned(kim)
    refused = await kim.ask("redeem", **a_wish(kim, "coffee", 400), proof=proof)
    assert (refused.status_code, code(refused)) == (403, "fresh_code_needed")
    wish = a_wish(kim, "coffee", 400)
    await kim.ask("ask", **wish)
    known = sessions.digest(as_member(kim.anna))
    with pytest.raises(Exception, match="new on this device"):
        says_yes(kim.anna, wish, known)
    assert (await kim.ask("answer", ask=wish["request"])).json()["state"] == "waiting", (
        "they may type the code, and go on"
    )
    assert kim.balance() > 400


def dearer(session: Session) -> None:
    now = datetime.now(UTC)
    apply(
        session,
        load(SHOP.replace("price: 300", "price: 400")),
        base=1,
        effective_from=now,
        actor="test",
        now=now,
    )


async def test_vouchers_are_taken_once_and_say_what_they_give(counter_of_kim: Counter) -> None:
    kim = counter_of_kim

    def bought(session: Session) -> str:
        made = redeem(session, kim.anna, "coffee", datetime.now(UTC), "own", door.secret())
        return code_of(made, door.secret()) or ""

    voucher, request = inside(bought), str(uuid4())
    taken = await kim.ask("voucher", request=request, code=voucher.lower().replace("-", " "))
    assert taken.json()["receipt"]["title"] == "Free coffee"
    assert (await kim.ask("voucher", request=request, code=voucher)).json() == taken.json()
    other = await kim.ask("voucher", request=str(uuid4()), code=voucher)
    assert (other.status_code, code(other)) == (404, "code_refused")
    assert len(noted("redemption.used")) == 1


async def test_an_erasure_leaves_no_question(counter_of_kim: Counter) -> None:
    kim = counter_of_kim
    await kim.ask("ask", **a_wish(kim))
    await scanned(kim)
    inside(lambda session: erase(session, kim.anna, "owner:ada", datetime.now(UTC)))
    with database.reading(door.engine()) as session:
        assert session.exec(select(Proof)).all() == []
    assert letters() == []


def test_a_wish_names_no_one_but_its_member() -> None:
    one = Wish(uuid4(), uuid4(), "coffee", 300)
    assert counter_rewards.subject_of(one.member_id) == f"counter:{one.member_id.hex}"
