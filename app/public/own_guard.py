"""What stands before the plain pages of one's own: a session of a member, a form of ours, and words for a refusal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from app import database
from app.door import cookie_token, engine, in_worker
from app.public import arrival
from app.public.coming_in_ends import AGAIN
from app.public.coming_in_pages import prefix
from app.public.entrances import same_origin
from facts.language import Language
from facts.refusals import Refusal
from members import sessions
from members.roles import Capability


def guarded(
    say: Language, answer: Any, refused: Callable[[Language, Refusal], Response], *, own: bool = True
) -> Any:
    """A route that gives `answer` the request, the language and the token of the session; `refused` answers a refusal.

    With `own` whoever has no session of a member is sent to sign in.
    """

    async def route(request: Request) -> Response:
        if request.method == "POST" and not same_origin(request):
            return PlainTextResponse(say.text(AGAIN), 403)
        token = cookie_token(request.headers.get("cookie", ""))
        if own and not await in_worker(member_by, token):
            return arrival.sent_on(f"{prefix(say)}/sign-in")
        try:
            return await answer(request, say, token)
        except Refusal as refusal:
            return await in_worker(refused, say, refusal)

    return route


def member_by(token: str) -> UUID | None:
    """Whose session a token is of; None for nobody's, and for one of staff."""
    with database.reading(engine()) as session:
        person = sessions.person_of(session, token, datetime.now(UTC))
    return person.member_id if person and person.may(Capability.OWN_DATA) else None
