"""Who a handler is for: declared at the handler, and held to while it runs.

    @rx.event
    @needs(Capability.REDEEM_OWN)
    async def confirm(self): ...

`needs` names every capability that the handler may ask the door for; asking for another one is a bug and raises. A
handler that is a plain function cannot ask, so the door is asked before it runs. `everybody` is for what only moves the
page: it may ask the door for nothing. A browser can call every public method of a State, so `undeclared` lists the
handlers of Reflex's own registry that say neither, and the app does not start with one.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

from reflex_base.registry import RegistrationContext

from members.roles import Capability

F = TypeVar("F", bound=Callable[..., Any])
Policy = frozenset[Capability]
Asked = Callable[[Any, Capability], Awaitable[bool]]

POLICY = "regulars_policy"
_STATE = "reflex___state____state"
REFLEX_OWN = frozenset(
    {
        f"{_STATE}.hydrate",
        f"{_STATE}.hydrate_and_load",
        f"{_STATE}.set_is_hydrated",
        f"{_STATE}.reflex___state____on_load_internal_state.on_load_internal",
        f"{_STATE}.reflex___state____on_load_internal_state.set_is_hydrated",
    }
)
"""What Reflex brings along and a page needs to open: it knows nothing of ours."""
REFLEX_SHUT = (".setvar", ".update_vars_internal", ".handle_frontend_exception")
"""What Reflex brings along and nobody here uses: it is not run (`app.frame.anew`)."""

_declared: ContextVar[Policy | None] = ContextVar("regulars_policy", default=None)


class Undeclared(RuntimeError):
    """A handler asked the door for what it had not declared."""


@contextmanager
def declared(policy: Policy) -> Iterator[None]:
    """Hold whatever runs inside to a policy."""
    before = _declared.get()
    _declared.set(policy)
    try:
        yield
    finally:
        _declared.set(before)


def check(capability: Capability) -> None:
    """Refuse a capability that the running handler has not declared."""
    policy = _declared.get()
    if policy is None:
        raise Undeclared(f"nobody declared who may {capability}: mark the handler with @needs or @everybody")
    if capability not in policy:
        raise Undeclared(f"the handler asked for {capability}, and declared {sorted(policy) or 'everybody'}")


def dressed(handler: F, policy: Policy, asked: Asked | None = None) -> F:
    """The handler, held to its policy; a plain function runs only when `asked` says so."""

    async def steps(state: Any, *args: Any, **named: Any) -> Any:
        with declared(policy):
            async for step in handler(state, *args, **named):
                yield step

    async def awaited(state: Any, *args: Any, **named: Any) -> Any:
        with declared(policy):
            return await handler(state, *args, **named)

    async def guarded(state: Any, *args: Any, **named: Any) -> Any:
        assert asked is not None
        with declared(policy):
            may = all([await asked(state, capability) for capability in policy])
            return handler(state, *args, **named) if may else None

    def plain(state: Any, *args: Any, **named: Any) -> Any:
        with declared(policy):
            return handler(state, *args, **named)

    if inspect.isasyncgenfunction(handler):
        chosen: Any = steps
    elif inspect.iscoroutinefunction(handler):
        chosen = awaited
    else:
        chosen = plain if asked is None else guarded
    done: Any = wraps(handler)(chosen)
    setattr(done, POLICY, policy)
    return done


def of(handler: Any) -> Policy | None:
    """The policy of a handler (a function, or Reflex's EventHandler); None when it has none."""
    return getattr(getattr(handler, "fn", handler), POLICY, None)


def runs(name: str) -> bool:
    """Whether an event of this name is run at all."""
    found = RegistrationContext.ensure_context().event_handlers.get(name)
    return name in REFLEX_OWN or (found is not None and of(found.handler) is not None)


def undeclared() -> list[str]:
    """The names of the handlers in Reflex's registry that anybody can call and nobody has thought about."""
    known = RegistrationContext.ensure_context().event_handlers
    return sorted(name for name in known if not runs(name) and not name.endswith(REFLEX_SHUT))


def insist() -> None:
    """Do not start with a handler that nobody has thought about."""
    silent = undeclared()
    if silent:
        raise Undeclared(f"mark these with @needs or @everybody: {', '.join(silent)}")
