"""A document that is opened anew begins anew: what the tab showed before is not shown again.

Reflex keeps a tab's State over a reload and sends it before `on_load` has run. The document would carry today's
balance, then show yesterday's, or another language's, and then today's again.
"""

from __future__ import annotations

from typing import Any

from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event

from app.frame.visit import Visit

OPENED = "hydrate_and_load"


class Anew(Middleware):
    """For the composition root: `app.add_middleware(Anew())`."""

    async def preprocess(self, app: Any, state: BaseState, event: Event) -> StateUpdate | None:
        """Clear the member pages when a document opens. A line that was lost and found again brings no `hashes`."""
        if event.name.endswith(OPENED) and event.payload.get("hashes"):
            for page in state.substates.values():
                if isinstance(page, Visit):
                    page.reset()
        return None
