"""What the studio's address names: once a draft is kept, that draft, so that a reload shows it."""

from __future__ import annotations

from typing import Any

import pytest

from pages.staff.studio import StudioState
from tests.staff.conftest import call, visit
from tests.staff.shop import a_game
from tests.staff.test_studio_page import drafts, named, opened

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house")]


async def keep(page: Any) -> str:
    """Keep the draft; returns where that leads, or ""."""
    handlers: Any = StudioState.event_handlers
    went = await handlers["keep"].fn(page)
    return str(went.args) if went else ""


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
