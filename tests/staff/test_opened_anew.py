"""A staff page that is opened anew waits for what it shows: no form begins with what the tab showed before."""

from __future__ import annotations

import pytest
from reflex_base.event import Event

from app.frame.anew import Anew
from pages.staff.studio import StudioState
from tests.staff.conftest import call, visit
from tests.staff.shop import a_game

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house")]


async def test_a_document_that_is_opened_anew_waits_for_its_load() -> None:
    a_game()
    page = visit(StudioState, "owner", "/staff/badges/edit?kind=badge&slug=regular")
    await call(page, "load")
    assert page.status == "here"
    root = page._get_root_state()
    await Anew().preprocess(None, root, Event(name="state.hydrate_and_load", payload={}))
    assert page.status == "here", "a line that was found again"
    assert "Regular" in str(root.dict())
    await Anew().preprocess(None, root, Event(name="state.hydrate_and_load", payload={"hashes": ["a"]}))
    assert (page.status, page.said) == ("waiting", "")
    assert "Regular" not in str(root.dict()), "who opens it may be somebody else"
    await call(page, "load")
    assert page.status == "here"
