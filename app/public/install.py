"""`/manifest.webmanifest`: what a phone is told that puts the programme beside its apps (W3C Web App Manifest)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app import database, door
from app.door import in_worker
from app.public.coming_in_pages import prefix
from facts.language import Language, codes, language
from members.programme.versions import in_force
from members.views.saying import shop as shop_card

SHORT = 12  # letters under a sign on a phone's screen
ICONS = [
    {"src": "/icon-192.png", "sizes": "192x192", "type": "image/png"},
    {"src": "/icon-512.png", "sizes": "512x512", "type": "image/png"},
    {"src": "/icon-maskable.png", "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
]


def routes() -> list[Route]:
    """For the composition root: one manifest for each language, of one and the same app."""
    return [
        Route(f"{prefix(say)}/manifest.webmanifest", _answered(say), methods=["GET"])
        for say in map(language, codes())
    ]


def _answered(say: Language) -> Any:
    async def route(request: Request) -> Response:
        headers = {"Cache-Control": "public, max-age=3600"}
        return JSONResponse(
            await in_worker(_read, say), media_type="application/manifest+json", headers=headers
        )

    return route


def _read(say: Language) -> dict[str, Any]:
    with database.reading(door.engine()) as session:
        return manifest(session, say, datetime.now(UTC))


def manifest(session: Session, say: Language, now: datetime) -> dict[str, Any]:
    """The shop's name, where it opens, and the card one long press away."""
    shop = shop_card(in_force(session, now), say).name
    return {
        "id": "/",
        "name": shop,
        "short_name": shop if len(shop) <= SHORT else shop.split()[0][:SHORT],
        "lang": say.code,
        "dir": say.dir,
        "start_url": f"{prefix(say)}/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#faf7f2",
        "theme_color": "#faf7f2",
        "icons": ICONS,
        "shortcuts": [{"name": say.text("Your card"), "url": f"{prefix(say)}/card", "icons": ICONS[:1]}],
    }
