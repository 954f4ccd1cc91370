"""Every handler says whom it is for, is held to that, and the door is asked before what cannot ask by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from reflex_base.registry import RegistrationContext

import app.app  # noqa: F401 - all pages, as the server has them
from app import database, door, policy
from app.door import everybody, needs
from members import sessions
from members.roles import Capability, Person

pytestmark = pytest.mark.anyio


def test_every_handler_that_a_browser_can_call_is_declared() -> None:
    """By Reflex's own registry, mixins and its internals included."""
    assert policy.undeclared() == []


def test_the_registry_is_the_one_that_events_are_looked_up_in() -> None:
    known = RegistrationContext.ensure_context().event_handlers
    assert sum(1 for one in known.values() if policy.of(one.handler) is not None) > 120
    assert any(name.endswith(".setvar") for name in known)
    assert not any(policy.of(one.handler) for name, one in known.items() if name.endswith(".setvar"))


def test_what_reflex_brings_is_named_one_by_one() -> None:
    known = RegistrationContext.ensure_context().event_handlers
    assert set(known) >= policy.REFLEX_OWN
    shut = [name for name in known if name.endswith(policy.REFLEX_SHUT)]
    assert len(shut) > 20
    assert not any(policy.runs(name) for name in (*shut, "no.such.handler", ""))


def a_state(role: str = "") -> Any:
    cookie = ""
    if role:
        with database.transaction(door.engine()) as session:
            token, _ = sessions.start(session, Person("kim", role), datetime.now(UTC))
        cookie = f"{door.COOKIE}={token}"
    return SimpleNamespace(router=SimpleNamespace(headers=SimpleNamespace(cookie=cookie)), ran=0)


async def _nothing(state: Any, capability: Capability) -> Any:
    return await door.look(state, capability, lambda *_: None)


async def test_a_handler_may_ask_for_what_it_declared(house: Path) -> None:
    @needs(Capability.SEE_CASES)
    async def handler(state: Any) -> Any:
        return await _nothing(state, Capability.SEE_CASES)

    assert isinstance(await handler(a_state("owner")), door.Admitted)
    assert isinstance(await handler(a_state("cashier")), door.Turned)


@pytest.mark.parametrize("way", [needs(Capability.SEE_CASES), needs(), everybody])
async def test_a_declaration_cannot_lie(house: Path, way: Any) -> None:
    @way
    async def handler(state: Any) -> Any:
        return await _nothing(state, Capability.DECIDE_CASES)

    with pytest.raises(policy.Undeclared):
        await handler(a_state("owner"))


async def test_without_a_declaration_the_door_is_shut(house: Path) -> None:
    with pytest.raises(policy.Undeclared):
        await _nothing(a_state("owner"), Capability.SEE_CASES)


@pytest.mark.parametrize(("role", "times"), [("", 0), ("member", 0), ("cashier", 0), ("support", 1)])
async def test_the_door_is_asked_before_a_plain_function(house: Path, role: str, times: int) -> None:
    @needs(Capability.DECIDE_CASES)
    def handler(state: Any) -> None:
        state.ran += 1

    state, plain = a_state(role), handler
    await plain(state)  # type: ignore[misc]
    assert state.ran == times


async def test_a_handler_that_yields_is_held_too(house: Path) -> None:
    @needs(Capability.SEE_CASES)
    async def handler(state: Any) -> Any:
        yield await _nothing(state, Capability.SEE_CASES)
        yield await _nothing(state, Capability.DECIDE_CASES)

    steps: Any = handler(a_state("owner"))
    assert isinstance(await anext(steps), door.Admitted)
    with pytest.raises(policy.Undeclared):
        await anext(steps)


def test_the_app_does_not_start_with_a_handler_that_nobody_thought_about(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    policy.insist()
    monkeypatch.setattr(policy, "REFLEX_OWN", frozenset[str]())
    with pytest.raises(policy.Undeclared, match="hydrate_and_load"):
        policy.insist()
