"""Errors that nobody expected: logged once, without what the browser sent, and never shown to it."""

from __future__ import annotations

import logging
import traceback

from app.frame.redacting import redacted

LENGTH_MAX = 400

log = logging.getLogger("regulars.pages")


def on_backend_error(exception: Exception) -> None:
    """For `rx.App`: where it happened and of what kind, but neither event, token nor headers (nor the message)."""
    frames = traceback.extract_tb(exception.__traceback__)
    where = " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames[-4:]))
    log.error("an event failed: %s at %s", type(exception).__name__, where)


def on_frontend_error(exception: Exception) -> None:
    """What a browser says went wrong there: anybody can say anything, so one line, not too long."""
    said = " ".join(redacted(str(exception)).split())[:LENGTH_MAX]
    log.warning("a browser says: %s", "".join(one for one in said if one.isprintable()))
