"""Every page can be drawn: what Reflex refuses to draw is found here, before anything is built."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import pytest

import pages
import pages.staff

MODULES = [
    f"{package.__name__}.{found.name}"
    for package in (pages, pages.staff)
    for found in pkgutil.iter_modules(package.__path__)
    if not found.ispkg
]
DRAWN = [name for name in MODULES if callable(getattr(import_module(name), "page", None))]


def test_pages_are_found() -> None:
    assert {"pages.home", "pages.rules", "pages.staff.team"} <= set(DRAWN)


@pytest.mark.parametrize("name", DRAWN)
def test_a_page_can_be_drawn(name: str) -> None:
    assert import_module(name).page().render()
