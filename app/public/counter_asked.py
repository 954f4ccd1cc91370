"""What the counter's page sends, read strictly: each word and number as what it has to be."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from facts.language import N_
from facts.refusals import Refusal

TEXT_LENGTH_MAX = 254
NOT_HERE = N_("That did not work. Please begin again.")


class Asked:
    """What a page has sent: words and numbers by name, each read as what it has to be."""

    def __init__(self, token: str, given: dict[str, Any]) -> None:
        self.token, self.given = token, given

    def words(self, name: str, most: int = TEXT_LENGTH_MAX) -> str:
        """A text, "" when there is none; refuses a longer one, and what is no text."""
        found = self.given.get(name, "")
        if not isinstance(found, str) or len(found) > most:
            raise Refusal("malformed", NOT_HERE, path=name)
        return found.replace("\x00", "").encode("utf-8", "ignore").decode().strip()  # nor half a surrogate

    def key(self, name: str) -> UUID:
        """An id that the phone made, or that we gave it."""
        try:
            return UUID(self.words(name, 40))
        except ValueError:
            raise Refusal("malformed", NOT_HERE, path=name) from None

    def number(self, name: str, most: int) -> int:
        """A whole number from 0 to `most`."""
        found = self.given.get(name, 0)
        if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= most:
            raise Refusal("malformed", NOT_HERE, path=name)
        return found

    def flag(self, name: str) -> bool:
        """Whether something is so."""
        return self.given.get(name) is True


async def sent(request: Request) -> dict[str, Any]:
    """The words and numbers of a request, by name; refuses what is no JSON object."""
    if request.method != "POST":
        return {}
    try:
        found: Any = await request.json()
    except (ValueError, RecursionError, HTTPException, ClientDisconnect):
        found = None
    if not isinstance(found, dict):
        raise Refusal("malformed", NOT_HERE)
    return {str(name): value for name, value in found.items()}  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
