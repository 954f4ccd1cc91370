"""A staff page that is opened anew waits for what it shows: no form begins with what the tab showed before."""

from __future__ import annotations

import pytest
from reflex_base.event import Event

from app.frame.anew import Anew, whose
from pages.staff.studio import StudioState
from tests.staff.conftest import call, visit
from tests.staff.shop import a_game

OPENED = "reflex___state____state.hydrate_and_load"
pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house")]


async def test_a_document_that_is_opened_anew_waits_for_its_load() -> None:
    a_game()
    page = visit(StudioState, "owner", "/staff/badges/edit?kind=badge&slug=regular")
    await call(page, "load")
    assert page.status == "here"
    root = page._get_root_state()
    page._filled_for = whose(root)
    await Anew().preprocess(None, root, Event(name=OPENED, payload={}))
    assert page.status == "here", "a line that was found again"
    assert "Regular" in str(root.dict())
    await Anew().preprocess(None, root, Event(name=OPENED, payload={"hashes": ["a"]}))
    assert (page.status, page.said) == ("waiting", "")
    assert "Regular" not in str(root.dict()), "who opens it may be somebody else"
    await call(page, "load")
    assert page.status == "here"
