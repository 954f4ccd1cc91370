"""A document that is opened anew begins anew: what the tab showed before is not shown again.

Reflex keeps a tab's State over a reload and sends it before `on_load` has run. The document would carry today's
balance, then show yesterday's, or another language's, and then today's again; a form of staff would open with the
texts of the badge that was on the workbench before; and who comes in after somebody else left would be sent their page.
"""

from __future__ import annotations

from typing import Any

from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event

from app.frame.staff_visit import StaffVisit
from app.frame.visit import Visit

OPENED = "hydrate_and_load"


class Anew(Middleware):
    """For the composition root: `app.add_middleware(Anew())`."""

    async def preprocess(self, app: Any, state: BaseState, event: Event) -> StateUpdate | None:
        """Clear the pages when a document opens. A line that was lost and found again brings no `hashes`."""
        if event.name.endswith(OPENED) and event.payload.get("hashes"):
            for page in state.substates.values():
                if isinstance(page, Visit):
                    page.reset()
                elif isinstance(page, StaffVisit):
                    _clear(page)
        return None


def _clear(page: BaseState) -> None:
    """Nothing that is sent stays. What the server keeps of a workbench is for its own `load` to clear."""
    fields = type(page).__fields__
    for name in page.base_vars:
        setattr(page, name, fields[name].default_value())
