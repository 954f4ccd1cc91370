"""A badge for many by the handlers of its page: looked over by line, done, gone on with, undone; by the owner alone."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import select

from app import database, door
from app.frame.routes import address
from badges.tables import Award, BadgeBatch, BadgeBatchLine
from members.actions import bulk
from members.actions.record import record
from members.prove import prove
from pages.staff.bulk import BulkState
from tests.builders import an_order
from tests.staff.conftest import call, visit
from tests.staff.shop import a_game, actions

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house")]
FORM = {
    "badge": "first 1",
    "reason": "For the long queue",
    "list": "customer:1\ncustomer:2\nnobody@example.org\n",
}
FOUNDER = FORM | {"badge": "founder 1"}


class File:
    """What Reflex hands over of an upload."""

    def __init__(self, content: bytes) -> None:
        self.content, self.asked = io.BytesIO(content), 0

    async def read(self, size: int = -1) -> bytes:
        self.asked += 1
        return self.content.read(size)


def more_customers(count: int) -> str:
    """So many more, and the list of all of them."""
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        record(
            session,
            [an_order(f"m{n}", "1.00", at=now, subject=f"customer:{n}") for n in range(3, 3 + count)],
            now,
        )
    return "\n".join(f"customer:{n}" for n in range(1, 3 + count))


def held(slug: str) -> int:
    with database.reading(door.engine()) as session:
        query = select(Award).where(Award.slug == slug, Award.revoked_at == None)  # noqa: E711
        assert prove(session).flaws == []
        return len(session.exec(query).all())


async def the_page(role: str = "owner", code: str = "en") -> Any:
    page = visit(BulkState, role, address("/staff/badges/bulk", code))
    await call(page, "load")
    return page


async def test_a_list_is_looked_over_and_done_and_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "STEP", 4)
    a_game()
    text = more_customers(8)
    page = await the_page()
    assert [one.key for one in page.card.options][:4] == ["first 1", "regular 1", "regular 2", "regular 3"]
    assert "gone" in [one.key for one in page.card.takable]
    await call(page, "look_over", FOUNDER | {"list": f"{text}\ncustomer:1\nnobody"})
    assert (page.found.ready, page.found.go) == ("10 members will get it.", "Give it to 10 members")
    assert page.found.left_out == "2 lines are left out"
    assert [(one.place, one.text, one.problem) for one in page.found.wrong] == [
        ("Line 11", "customer:1", "The same member as in line 1."),
        ("Line 12", "nobody", "We know nobody by this."),
    ]
    assert held("founder") == 0
    await call(page, "do")
    assert page.said == "Done. Each of them reads your reason."
    assert held("founder") == 5, "the edition has five"
    card = page.card.batches[0]
    assert card.title == "Founder: given to 5 members"
    assert card.words.endswith("Owner (kim) · none left for 5")
    assert (card.state, card.reason, card.may_go_on, card.may_undo) == (
        "Done",
        "For the long queue",
        False,
        True,
    )
    assert actions()[-1] == ("owner:kim", "badges.granted_in_bulk")
    await call(page, "do")
    assert len(page.card.batches) == 1, "what was done is not done again"

    await call(page, "ask_undo", card.key)
    assert page.undoing_title == card.title
    await call(page, "undo")
    assert page.said == "Undone. It is as if it had never been."
    assert held("founder") == 0
    assert (page.card.batches[0].state, page.card.batches[0].may_undo) == ("Undone", False)
    assert actions()[-1] == ("owner:kim", "badges.batch_undone")


async def test_taking_away_and_what_was_interrupted_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "STEP", 1)
    a_game()
    page = await the_page()
    await call(page, "choose", "revoke")
    await call(page, "look_over", FORM | {"badge": "first"})
    assert page.found.go == "Take it from 2 members"
    doing = type(page).event_handlers["do"].fn(page)
    await anext(doing)
    assert (page.told, page.percent) == ("1 of 2 done", 50)
    await doing.aclose()
    assert held("first") == 1
    other = await the_page()
    card = other.card.batches[0]
    assert (card.state, card.percent, card.may_go_on) == ("Not finished", 50, True)
    await call(other, "go_on", card.key)
    assert held("first") == 0
    await call(other, "ask_undo", card.key)
    await call(other, "undo")
    assert held("first") == 2


async def test_a_list_comes_from_a_file() -> None:
    a_game()
    page = await the_page()
    await call(page, "take_list", [File("\ufeffcustomer:1;Анна\n".encode())])
    assert page.typed == "customer:1;Анна\n"
    for content, said in ((b"\xff\xfe\x00a", "cannot be read"), (b"x" * 500_001, "too long")):
        await call(page, "take_list", [File(content)])
        assert said in page.said
    assert page.typed == "customer:1;Анна\n"
    await call(page, "take_list", [])


@pytest.mark.parametrize("role", ["", "member", "marketer", "analyst", "cashier", "support"])
async def test_nobody_but_the_owner(role: str) -> None:
    a_game()
    owner = await the_page()
    await call(owner, "look_over", FORM | {"badge": "founder 1"})
    await call(owner, "do")
    key, before = owner.card.batches[0].key, actions()
    page = visit(BulkState, role, "/staff/badges/bulk")
    for come_in in (False, True):
        if come_in:
            await call(page, "load")
        page._batch, page._order, page._list = "b", ("grant", "first", "1", "A reason"), "customer:1"
        page.undoing = key
        file = File(b"customer:1")
        for handler, values in (
            ("look_over", (FORM,)), ("do", ()), ("go_on", (key,)), ("undo", ()), ("take_list", ([file],)),
        ):  # fmt: skip
            await call(page, handler, *values)
        assert file.asked == 0, "who may not is turned away before a byte is read"
    assert page.status == "stranger"
    assert (page.card.batches, page.found.ready, page.typed) == ((), "", "")
    assert actions() == before
    assert held("founder") == 2


HOSTILE: list[Any] = [
    "", "x" * 100_000, "\x00", "💥", 7, None, True, ["a"], {"a": [1]}, "' OR 1=1 --", "founder 9", "nobody 1", "gone 1",
    "founder 1 1", "founder \u0661", "__class__",
]  # fmt: skip


@pytest.mark.parametrize("value", HOSTILE)
async def test_hostile_values_do_nothing(value: Any) -> None:
    a_game()
    page = await the_page()
    for form in ({}, FORM | {"badge": value}, FORM | {"reason": "\x00\x00\x00"}, FORM | {"list": value}):
        await call(page, "look_over", form)
        if form.get("badge") != "first 1":
            await call(page, "do")
    for handler in ("choose", "go_on", "ask_undo"):
        await call(page, handler, value)
    await call(page, "undo")
    assert page.status == "here"
    with database.reading(door.engine()) as session:
        assert session.exec(select(BadgeBatch)).all() == []
        assert session.exec(select(BadgeBatchLine)).all() == []


@pytest.mark.parametrize(
    ("code", "go", "problem"),
    [
        ("en", "Give it to 2 members", "We know nobody by this."),
        ("ru", "Вручить 2 участникам", "Такого участника мы не знаем."),
        ("ar", "منحها لعضوين", "لا نعرف أحدًا بهذا."),
    ],
)
async def test_the_page_speaks(code: str, go: str, problem: str) -> None:
    a_game()
    page = await the_page(code=code)
    await call(page, "look_over", FOUNDER)
    assert (page.found.go, page.found.wrong[0].problem) == (go, problem)
