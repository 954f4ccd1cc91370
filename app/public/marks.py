"""The mark in a browser's cookies that says whose card lies there, for the card's script alone.

It says nothing but “the same as when the card was kept”. Whoever signs in, leaves or is erased loses it, and with it
the card: the script shows nothing that was kept under another mark, and sweeps it away.
"""

from __future__ import annotations

import hmac

from starlette.responses import Response

from app import settings
from app.door import secret

MARK = "regulars_card"
SECONDS = 90 * 24 * 3600


def wear(response: Response, number: str) -> None:
    """Say that the card with this number may be kept in this browser."""
    mark = hmac.digest(secret(), f"card mark:{number}".encode(), "sha256").hex()[:16]
    secure = settings.current().secure_cookies
    response.set_cookie(MARK, mark, max_age=SECONDS, samesite="lax", secure=secure)


def forget(response: Response) -> None:
    """Whatever card is kept here is nobody's any more."""
    response.delete_cookie(MARK, samesite="lax", secure=settings.current().secure_cookies)
