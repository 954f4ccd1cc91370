"""Who may do what: every capability, staff page, handler and file against every role, by what the browser can send."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from reflex_base.registry import RegistrationContext
from starlette.applications import Starlette

from app import app as root
from app import database, door, policy
from app.door import Admitted
from app.public import audit_file
from members import sessions
from members.roles import ROLES, Capability, Person
from tests.staff.conftest import call, visit
from tests.staff.shop import a_shop

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house"), pytest.mark.feature(110)]

OWN = {"see_own", "redeem_own", "play_own", "own_data"}
STAFF: dict[str, set[str]] = {
    "marketer": {"enter_staff", "see_catalogue", "edit_catalogue", "publish_programme"},
    "support": {
        "enter_staff", "see_members", "adjust_points", "ask_second", "see_catalogue", "see_cases", "merge_members",
        "decide_cases", "serve_counter",
    },
    "cashier": {"enter_staff", "see_members", "use_codes", "serve_counter"},
    "analyst": {"enter_staff", "see_catalogue", "see_cases", "see_audit", "export_data"},
}  # fmt: skip
EVERYBODY = ("", "member", "owner", *STAFF)
PAGES: dict[str, tuple[str, ...]] = {
    "/staff": ("owner", "marketer", "support", "analyst"),
    "/staff/reward": ("owner", "marketer"),
    "/staff/badges": ("owner", "marketer", "support", "analyst"),
    "/staff/badges/artwork": ("owner", "marketer"),
    "/staff/badges/bulk": ("owner",),
    "/staff/badges/edit": ("owner", "marketer"),
    "/staff/badges/holders": ("owner", "support", "cashier"),
    "/staff/referrals": ("owner", "marketer", "support", "analyst"),
    "/staff/referrals/edit": ("owner", "marketer"),
    "/staff/boards": ("owner", "support", "analyst"),
    "/staff/cases": ("owner", "support", "analyst"),
    "/staff/members": ("owner", "support", "cashier"),
    "/staff/member": ("owner", "support", "cashier"),
    "/staff/member/same": ("owner", "support"),
    "/staff/approvals": ("owner", "support"),
    "/staff/posters": ("owner", "marketer", "support", "analyst"),
    "/staff/team": ("owner",),
    "/staff/keys": ("owner",),
    "/staff/audit": ("owner", "analyst"),
}


def may(role: str) -> set[str]:
    """What a role may, as this test says it."""
    if role == "member":
        return OWN
    everything = {one.value for one in Capability}
    return everything - OWN if role == "owner" else STAFF.get(role, set())


def a_token(role: str) -> str:
    if not role:
        return ""
    with database.transaction(door.engine()) as session:
        return sessions.start(session, Person("kim", role), datetime.now(UTC))[0]


async def test_the_matrix_is_what_it_says(house: Path) -> None:
    """Asked of the door with a real session: each of the capabilities, for each of the roles, and for nobody."""
    assert set(ROLES) == {"member", "owner", *STAFF}
    wrong: list[str] = []
    for role in EVERYBODY:
        token = a_token(role)
        for capability in Capability:
            answer = door.admit(token, capability, lambda _s, person, _n: person.role, writes=False)
            if isinstance(answer, Admitted) != (capability.value in may(role)):
                wrong.append(f"{role or 'nobody'} {capability}")
    assert wrong == []


async def test_every_page_is_seen_by_its_roles_alone(house: Path) -> None:
    me = a_shop()
    found = {page.path: page for page in root.PAGES if page.path.startswith("/staff")}
    assert set(found) >= set(PAGES)
    wrong: list[str] = []
    for path, roles in PAGES.items():
        kind: Any = found[path].on_load[0]
        state = state_of(kind)
        for role in EVERYBODY:
            page = visit(state, role, f"{path}?id={me}&slug=coffee&kind=badge")
            await call(page, "load")
            if (page.status == "stranger") != (role not in roles):
                wrong.append(f"{path} {role or 'nobody'}: {page.status}")
            here = set(page.desk.paths)
            counter = {"/staff/counter"} & here  # no page of the frame
            if here - counter != {one for one in PAGES if role in PAGES[one] and one in NAVIGATION}:
                wrong.append(f"{path} {role or 'nobody'} is led to {sorted(here)}")
            if bool(counter) != ("serve_counter" in may(role)):
                wrong.append(f"{role or 'nobody'} and the counter")
    assert wrong == []


NAVIGATION = {"/staff", "/staff/badges", "/staff/members", "/staff/boards", "/staff/cases", "/staff/approvals",
              "/staff/posters", "/staff/team", "/staff/keys", "/staff/audit", "/staff/referrals"}  # fmt: skip


def state_of(handler: Any) -> Any:
    """The State of a handler that a page runs when it is opened."""
    names = RegistrationContext.ensure_context().event_handlers
    return next(
        found.states[0]
        for found in names.values()
        if found.handler is handler or found.handler.fn is handler.fn
    )


async def test_every_handler_of_staff_says_what_it_needs_and_is_held_to_it(house: Path) -> None:
    """What a handler declares is what the door asks for while it runs; a role without it is turned away."""
    known = RegistrationContext.ensure_context().event_handlers
    handlers = {
        name: found
        for name, found in known.items()
        if "pages___staff" in name and policy.of(found.handler) is not None
    }
    assert len(handlers) > 60
    assert [name for name in policy.undeclared() if "pages___staff" in name] == []
    tokens = {role: a_token(role) for role in EVERYBODY}
    for name, found in handlers.items():
        needed = policy.of(found.handler) or frozenset()
        assert needed <= {Capability(one) for one in may("owner")}, name
        for role, token in tokens.items():
            for capability in needed:
                answer = door.admit(token, capability, lambda _s, _p, _n: None, writes=False)
                assert isinstance(answer, Admitted) == (capability.value in may(role)), (name, role)


@pytest.fixture
async def client(house: Path) -> AsyncIterator[httpx.AsyncClient]:
    a_shop()
    app = Starlette(routes=audit_file.routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test") as made:
        yield made


@pytest.mark.parametrize("role", EVERYBODY)
async def test_files_are_for_their_roles_too(client: httpx.AsyncClient, role: str) -> None:
    answer = await client.get("/staff/audit.csv", headers={"cookie": f"{door.COOKIE}={a_token(role)}"})
    expected = 200 if "export_data" in may(role) else 403 if role else 401
    assert answer.status_code == expected
    assert ("programme.applied" in answer.text) == (expected == 200)


async def test_a_cashier_who_comes_to_the_landing_page_is_led_to_theirs(house: Path) -> None:
    from pages.staff.catalogue import CatalogueState

    a_shop()
    page = visit(CatalogueState, "cashier", "/staff")
    event = await type(page).event_handlers["load"].fn(page)
    assert "/staff/members" in str(event)
    assert (page.status, page.desk.role, page.desk.home) == ("stranger", "Cashier", "/staff/members")
