"""What the studio's address names: once a draft is kept, that draft, so that a reload shows it."""

from __future__ import annotations

from typing import Any

import pytest

from pages.staff.studio import StudioState
from tests.staff.conftest import call, visit
from tests.staff.shop import a_game
from tests.staff.test_studio_page import drafts, named, opened

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house")]


async def press(page: Any, handler: str, *values: Any) -> list[str]:
    """Call a handler; returns where that leads."""
    handlers: Any = StudioState.event_handlers
    went = await handlers[handler].fn(page, *values)
    return [str(one.args) for one in (went if isinstance(went, list) else [went] if went else [])]


async def keep(page: Any) -> str:
    """Keep the draft; returns where that leads, or ""."""
    return "".join(await press(page, "keep"))


async def test_once_kept_the_address_names_the_draft() -> None:
    a_game()
    page = await opened()
    await named(page)
    went = await keep(page)
    [draft] = drafts()
    there = f"/staff/badges/edit?draft={draft.draft_id}"
    assert there in went
    await call(page, "put", "step.0.points", "8")
    page.router = visit(StudioState, "owner", there).router
    await call(page, "load")
    assert (page.said, page._form["step.0.points"]) == ("The draft is kept.", "8"), "only the address is new"
    assert await keep(page) == "", "it names it already"
    await call(page, "put", "step.0.points", "9")
    await call(page, "load")
    assert (page.card.title, page._form["step.0.points"]) == ("Tea time", "8"), "opened anew"


def at(page: Any, there: str) -> None:
    """The browser has gone there."""
    page.router = visit(StudioState, "owner", there).router


async def test_once_published_the_address_names_what_was_published() -> None:
    a_game()
    page = await opened()
    await named(page)
    await keep(page)
    at(page, f"/staff/badges/edit?draft={drafts()[0].draft_id}")
    await call(page, "load")
    [went] = await press(page, "publish")
    slug = page._slug
    assert f"/staff/badges/edit?kind=badge&slug={slug}" in went
    at(page, f"/staff/badges/edit?kind=badge&slug={slug}")
    await call(page, "load")
    assert page.said == "Published. It can be earned from now on.", "only the address is new"
    await call(page, "load")
    assert (page.status, page.card.title) == ("here", "Tea time"), "opened anew"


async def test_whatever_keeps_a_draft_names_it() -> None:
    a_game()
    page = await opened()
    await named(page)
    draft, artwork = await press(page, "compose")
    assert f"/staff/badges/edit?draft={page._draft}" in draft
    assert f"/staff/badges/artwork?draft={page._draft}" in artwork
    at(page, f"/staff/badges/edit?draft={page._draft}")
    page.status = "waiting"
    await call(page, "load")
    assert (page.status, page.card.title) == ("here", "Tea time"), "a document that was opened anew is filled"
