"""A plain page is light or dark as its browser has chosen, and as the device where it has chosen nothing."""

from __future__ import annotations

import pytest
from httpx import ASGITransport, AsyncClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from app.public.appearance import Appearance, chosen
from app.public.sheet import sheet
from facts.language import language


async def _page(request: Request) -> HTMLResponse:
    return HTMLResponse(sheet(language("ar"), "Here", [], shop="Marlow", path="/here", description="Here"))


pytestmark = pytest.mark.anyio
PAGES = Appearance(Starlette(routes=[Route("/here", _page)]))


@pytest.mark.parametrize(
    ("cookie", "worn"),
    [
        ("regulars_theme=dark", ' class="dark"'),
        ("a=b; regulars_theme=light; c=d", ' class="light"'),
        ("", ""),
        ("regulars_theme=", ""),
        ('regulars_theme="><script>alert(1)</script>', ""),
        ("regulars_theme=dark%20x", ""),
        ("regulars_theme=Dark", ""),
        ("\x7f=;;;regulars_theme", ""),
    ],
)
async def test_what_was_chosen_is_worn_and_nothing_else(cookie: str, worn: str) -> None:
    async with AsyncClient(transport=ASGITransport(PAGES), base_url="http://shop") as browser:
        page = (await browser.get("/here", headers={"cookie": cookie})).text
    assert f'<html lang="ar" dir="rtl"{worn}><head>' in page
    assert chosen() == ""
