"""What a tab's State holds is for one person, and for one opening of the document.

Reflex finds a State by a token that the browser chose. So a page remembers the session it was filled for, and whoever
comes with the token but without that session finds it empty (`docs/decisions/0018-a-page-is-for-one-session.md`).

A document that is opened anew begins anew too: Reflex keeps a tab's State over a reload and sends it before `on_load`
has run. The document would carry today's balance, then show yesterday's, or another language's, and then today's again;
and a form of staff would open with the texts of the badge that was on the workbench before.

And what no handler of ours has declared is not run, whatever name is sent (`app.policy`); of what is sent with it, what
no database keeps as text is left out.
"""

from __future__ import annotations

from typing import Any

from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event
from reflex_base.registry import RegistrationContext

from app import door, policy
from app.frame.bound import Bound
from app.frame.staff_visit import StaffVisit
from app.frame.visit import Visit
from members import sessions

OPENED = "hydrate_and_load"
WHOLE = (OPENED, ".hydrate")


class Anew(Middleware):
    """For the composition root: `app.add_middleware(Anew())`."""

    async def preprocess(self, app: Any, state: BaseState, event: Event) -> StateUpdate | None:
        """Clear what is somebody else's, and the pages when a document opens; stop what nobody declared.

        A line that was lost and found again brings no `hashes`.
        """
        if not policy.runs(event.name):
            return StateUpdate()
        plain(event.payload)
        mine = whose(state)
        if event.name.endswith(WHOLE):
            opened = event.name.endswith(OPENED) and bool(event.payload.get("hashes"))
            for page in state.substates.values():
                _bind(page, mine)
                if opened:
                    _begin(page)
            return None
        kind = RegistrationContext.ensure_context().event_handlers[event.name].states[0]
        if issubclass(kind, Bound):
            _bind(await state.get_state(kind), mine)
        return None


def plain(payload: dict[str, Any]) -> None:
    """Leave NUL out of every text, and half surrogates: neither can be kept, and nobody types them."""
    cleaned = _plain(payload)
    payload.clear()
    payload.update(cleaned)


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_plain(name): _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def whose(state: BaseState) -> str:
    """The session that the line was opened with, as it may be kept: "" for none."""
    token = door.cookie_token(door.cookies(state))
    return sessions.digest(token).hex() if token else ""


def _bind(page: BaseState, mine: str) -> None:
    """Leave the page as it is to whom it was filled for, and empty to everybody else. A stranger's is no secret."""
    if isinstance(page, Bound) and page._filled_for != mine:
        if page._filled_for:
            page.reset()
        page._filled_for = mine


def _begin(page: BaseState) -> None:
    if isinstance(page, Visit):
        mine = page._filled_for
        page.reset()
        page._filled_for = mine
    elif isinstance(page, StaffVisit):
        _clear(page)


def _clear(page: BaseState) -> None:
    """Nothing that is sent stays. What the server keeps of a workbench is for its own `load` to clear."""
    fields = type(page).__fields__
    for name in page.base_vars:
        setattr(page, name, fields[name].default_value())
