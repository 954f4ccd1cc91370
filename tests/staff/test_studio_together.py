"""Two who work in the studio at once: neither publishes nor overwrites what they have not seen."""

from __future__ import annotations

from typing import Any

import pytest

from members.staff_studio_cards import PreviewCard
from pages.staff import studio_trials as trials
from tests.pages.conftest import Open
from tests.staff.conftest import call
from tests.staff.shop import a_game
from tests.staff.test_studio_page import awards, drafts, latest, named, opened, run

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house")]


def points() -> int:
    return latest().programme.badge("regular").prizes[0].points


async def test_a_colleagues_draft_is_not_published_by_a_form_that_was_never_kept() -> None:
    a_game()
    before = points()
    mine, theirs = await opened(query="badge&slug=regular"), await opened("owner", "badge&slug=regular")
    await call(theirs, "put", "step.0.points", "9999")
    await call(theirs, "keep")
    await call(mine, "put", "step.0.points", "7")
    for handler in ("keep", "publish"):
        await call(mine, handler)
        assert mine.said.startswith("Somebody has begun a draft of this")
    assert (latest().number, points(), len(drafts())) == (1, before, 1)
    await call(theirs, "publish")
    for handler, value in (("keep", ()), ("publish", ()), ("plan", ({"at": "2099-01-01T10:00"},))):
        await call(mine, handler, *value)
    assert mine.said.startswith("Somebody changed it")
    assert (mine.card.stale, points()) == (True, 9999)
    assert [row.publish_at for row in drafts()] == [None]


async def test_two_who_work_on_one_draft_see_each_others_work() -> None:
    a_game()
    first = await opened()
    await named(first)
    await call(first, "keep")
    query = f"badge&draft={drafts()[0].draft_id}"
    second, third = await opened(query=query), await opened(query=query)
    await call(second, "put", "step.0.points", "7")
    await call(second, "keep")
    await call(second, "keep")
    assert second.said == "The draft is kept."
    body = drafts()[0].body
    await call(third, "put", "step.0.points", "9999")
    for handler, value in (
        ("keep", ()), ("publish", ()), ("plan", ({"at": "2099-01-01T10:00"},)), ("unplan", ()), ("renew", ()),
        ("discard", ()), ("keep", ()),
    ):  # fmt: skip
        await call(third, handler, *value)
        assert third.said.startswith("Somebody else changed this draft meanwhile")
        third.said = ""
    assert ([row.body for row in drafts()], latest().number) == ([body], 1)
    await call(third, "load")
    await call(third, "publish")
    assert third.said.startswith("Published")


async def test_what_was_published_of_something_else_is_told_and_the_form_stays() -> None:
    a_game()
    page, other = await opened(), await opened()
    await named(page)
    await named(other, "cocoa")
    await call(other, "publish")
    await call(page, "publish")
    assert "moved on to version 2" in page.said
    assert (len(drafts()), page.card.draft != "", page.card.stale) == (1, True, False)
    await call(page, "publish")
    assert page.said.startswith("Published")
    assert latest().number == 3
    await call(other, "put", "name.en", "Cocoa")
    await call(other, "publish")
    assert latest().number == 4
    await call(other, "publish")
    assert (other.said, drafts()) == ("Nothing would change.", [])


class Leaving(Open):
    """A page that `leave` is done on, as soon as the walk has claimed it."""

    async def __aexit__(self, *_: object) -> None:
        leave = self.state.__dict__.pop("leave", None)
        if leave:
            await call(self.state, *leave)


@pytest.mark.parametrize("handler", ["load", "stop"])
async def test_who_only_looks_stops_when_the_page_goes_on(handler: str) -> None:
    a_game()
    page = await opened()
    await named(page)
    page.__dict__["leave"] = (handler,)
    await type(page).event_handlers["preview_all"].fn(Leaving(page))
    assert (page.preview.words, page.preview.running) == ("", False)
    await named(page)
    await run(page, "preview_all")
    assert page.preview.done


async def test_what_is_given_is_given_to_the_last_and_not_shown_elsewhere(monkeypatch: Any) -> None:
    monkeypatch.setattr("pages.staff.studio_trials.BATCH", 1)
    a_game()
    page = await opened()
    await named(page)
    for name, value in (("part.0.at_least", "1"), ("counts", "from_beginning")):
        await call(page, "put", name, value)
    await call(page, "publish")
    page.__dict__["leave"] = ("load",)
    await type(page).event_handlers["fill"].fn(Leaving(page))
    assert (page.preview.words, awards("tea")) == ("", 2)
    page.preview = PreviewCard(running=True, kept=True)
    await call(page, "stop")
    assert page.preview.running


async def test_what_cannot_be_shown_is_not_taken(monkeypatch: Any) -> None:
    a_game()
    page = await opened()
    await named(page)

    def broken(*_: object, **__: object) -> None:
        raise ValueError("a box that nobody thought of")

    with monkeypatch.context() as patch:
        patch.setattr("pages.staff.studio_bench.studio", broken)
        await call(page, "put", "slug", "--5")
        assert page.said != ""
    await call(page, "put", "name.en", "Green tea")
    assert (page.card.slug.value, page.card.title) == ("tea", "Green tea")


async def test_taking_it_back_goes_on_where_it_was_interrupted(monkeypatch: Any) -> None:
    monkeypatch.setattr("pages.staff.studio_trials.BATCH", 1)
    a_game()
    page = await opened()
    await named(page)
    for name, value in (("part.0.at_least", "1"), ("counts", "from_beginning")):
        await call(page, "put", name, value)
    await call(page, "publish")
    await run(page, "fill")
    assert awards("tea") == 2
    real, done = trials.backfill, list[int]()

    def breaks(*given: Any) -> Any:
        done.append(1)
        if len(done) > 1:
            raise RuntimeError("the power went")
        return real(*given)

    with monkeypatch.context() as patch:
        patch.setattr(trials, "backfill", breaks)
        await run(page, "undo_fill")
    assert "not everybody was reached" in page.said
    assert awards("tea") == 1
    number = latest().number
    page = await opened(query="badge&slug=tea")
    assert (page.card.from_beginning, page.card.was_from_beginning) == (False, True)
    await run(page, "undo_fill")
    assert (awards("tea"), latest().number) == (0, number)


async def test_what_is_pressed_while_a_walk_runs_begins_nothing() -> None:
    a_game()
    page = await opened()
    await named(page)
    await call(page, "put", "counts", "from_beginning")
    await call(page, "publish")
    page.preview = PreviewCard(running=True)
    number = latest().number
    await run(page, "undo_fill")
    assert latest().number == number
