"""`/r/<code>/poster.pdf` (or `.png`): a friend's link as a sheet to print. It says what the link says."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app import database, settings
from app.door import engine
from app.pictures import badges
from app.pictures.poster import KINDS, Poster, poster
from app.pictures.routes import in_turn
from app.public.coming_in_pages import prefix
from app.public.invited import too_often
from facts.language import N_, codes, language
from facts.refusals import Refusal
from members.channels import tagged
from members.referral_codes import by_code, over, read
from members.views.inviting import invitation

LINE = N_("Scan it, and join in three taps.")
SHEETS = ("pdf", "png")
AN_HOUR = "private, max-age=3600"


def routes() -> list[Route]:
    """For the composition root."""
    found: list[Route] = []
    for code in codes():
        start = f"{prefix(language(code))}/r/{{code}}/poster"
        found += [Route(f"{start}.{kind}", _answered(code, kind), methods=["GET"]) for kind in SHEETS]
    return found


def _answered(spoken: str, kind: str) -> Callable[[Request], Any]:
    async def answer(request: Request) -> Response:
        if wait := await too_often(request):
            return wait
        made = await in_turn(_made, read(str(request.path_params["code"])[:60]), spoken, kind)
        if made is None:
            return Response(status_code=404)
        headers = {
            "Content-Disposition": f'inline; filename="poster.{kind}"',
            "Cache-Control": AN_HOUR,
            "X-Robots-Tag": "noindex",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(made, media_type=KINDS[kind], headers=headers)

    return answer


def _made(code: str, spoken: str, kind: str) -> bytes | None:
    """Drawn once for the same words. None for a link that leads nowhere."""
    say, now = language(spoken), datetime.now(UTC)
    try:
        with database.reading(engine()) as session:
            link = by_code(session, code)
            card = invitation(session, link, now, say)
            if over(link, now):
                return None
    except Refusal:
        return None
    address = tagged(f"{settings.current().public_url}{prefix(say)}/r/{code}", "poster")
    sheet = Poster(card.shop.name, card.title, say.text(LINE), address, spoken)
    name = f"poster/{hashlib.sha256(repr((sheet, kind)).encode()).hexdigest()[:32]}"
    content = badges.kept.get(name)
    if content is None:
        content = poster(sheet, kind)
        badges.kept.put(name, content)
    return content
