"""R9: every id in the pages, the routes and the API, tried by who is neither its owner nor staff for it.

An id of somebody else is answered exactly as one that was made up: the same status, the same words, nothing written. So
nobody learns what there is. `tests/attack/ids.py` lists what takes an id; what is new and not listed fails here.
"""

from __future__ import annotations

import inspect
import re
import sys
from functools import cache
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

import app.app as shop
from app import door, limits, policy
from app.api import OPERATIONS
from app.frame.gate import Gate
from members.roles import MEMBER, Capability, Person
from tests.api.shop import Shop, a_client, an_order
from tests.attack.ids import (
    CALLS,
    COUNTER,
    EVENTS,
    FOR_SERVING,
    FORMS,
    PAGES,
    PARTS,
    PLAIN_CALLS,
    PLAIN_FORMS,
    Pair,
    planted,
)
from tests.attack.test_handlers import (
    KNOWING,
    PEOPLE,
    PLANTED,
    STAFF,
    Tally,
    Watch,
    a_cookie,
    a_page,
    handlers,
    may,
    of_mira,
    role_of,
    strike,
    victim,
)
from tests.attack.test_lines import a_cookie as cookie_of
from tests.pages.conftest import House, house

pytestmark = pytest.mark.anyio
SQLITE_ALONE = True
__all__ = ["house", "victim"]
FORM_BOXES = ("id", "key", "member", "object", "alias", "text", "who", "lines", "wanted")
DRAWING = "/pictures/preview/{what}.png"
A_DRAWING = "circle-plain-ink-leaf-none-1-0"


def module_of(name: str) -> str:
    """`staff.cases` of a handler's name in the registry."""
    found = re.match(r".*\.pages___(?:staff___)?(\w+?)____\w+\.\w+$", name)
    assert found, name
    return ("staff." if ".pages___staff___" in name else "") + found[1]


@cache
def arguments() -> dict[str, tuple[Any, str]]:
    """`staff.cases.look(key)` → its registration, and the argument."""
    return {
        f"{module_of(name)}.{name.rpartition('.')[2]}({one})": (found, one)
        for name, found in handlers().items()
        for one in list(inspect.signature(found.handler.fn).parameters)[1:]
    }


def own_routes() -> list[Route]:
    """Our own routes, in the language of the source."""
    plain = [one for one in shop.routes.routes if isinstance(one, Route)]
    return [one for one in plain if not one.path.startswith(("/ru/", "/ar/"))]


def test_every_argument_address_and_form_is_listed() -> None:
    """What is new says whether it takes an id: in `tests/attack/ids.py`."""
    assert set(arguments()) == set(EVENTS)
    assert {one.path for one in own_routes() if "{" in one.path} == set(PARTS)
    posts = {one.path for one in own_routes() if "POST" in (one.methods or ()) and "{" not in one.path}
    assert posts == set(FORMS) | set(COUNTER) | PLAIN_FORMS
    assert {one.path for one in OPERATIONS} == set(CALLS) | PLAIN_CALLS
    asked = {
        module_of(f"{kind.get_full_name()}.load")
        for kind in {found.states[0] for found in handlers().values()}
        if "query_parameters" in inspect.getsource(sys.modules[kind.__module__])
    }
    assert asked == set(PAGES)


async def answered(
    house: House, cookie: str, found: Any, argument: str, one: str, pair: Pair, address: str
) -> tuple[str, bool]:
    """All that a page knows after it was opened and asked about an id, with the id taken out; and whether it wrote."""
    kind, tally = found.states[0], Tally()
    state = a_page(kind, cookie, address, house)
    opening = handlers().get(f"{kind.get_full_name()}.load")
    if opening:
        await strike(opening, state, {}, tally)
    watch = Watch()
    if argument:
        names = list(inspect.signature(found.handler.fn).parameters)[1:]
        sent: Any = dict.fromkeys(FORM_BOXES, one) if argument == "form" else one
        await strike(found, state, {**dict.fromkeys(names, one), argument: sent}, tally)
    assert tally.raised == 0, f"{argument} raised"
    said = str(state._get_root_state().dict())
    return said.replace(pair.theirs, "ID").replace(pair.nobodys, "ID"), watch.moved()


@pytest.mark.parametrize("who", PEOPLE)
async def test_an_id_of_another_is_as_good_as_none_in_the_pages(victim: House, who: str) -> None:
    pairs, cookie = planted(victim.mira), a_cookie(who, victim)
    before, told, tried = of_mira(victim), list[str](), 0
    knows = role_of(who) is not None and any(Person("x", role_of(who) or "").may(one) for one in KNOWING)
    for label, kind in EVENTS.items():
        found, argument = arguments()[label]
        if not kind or (role_of(who) in STAFF and may(who, policy.of(found.handler) or frozenset())):
            continue  # no id, or staff whose work it is
        pair, address = pairs[kind], f"/?id={victim.mira}" if kind != "member" else "/"
        theirs, nobodys = [
            await answered(victim, cookie, found, argument, one, pair, address)
            for one in (pair.theirs, pair.nobodys)
        ]
        tried += 1
        if theirs != nobodys or (PLANTED in theirs[0] and not knows) or theirs[1]:
            told.append(label)
    for module, boxes in PAGES.items():
        found = next(
            one for name, one in handlers().items() if module_of(name) == module and name.endswith(".load")
        )
        if may(who, policy.of(found.handler) or frozenset()):
            continue
        for box, kind in boxes.items():
            if not kind:
                continue
            pair, seen = pairs[kind], list[tuple[str, bool]]()
            for one in (pair.theirs, pair.nobodys):
                seen.append(await answered(victim, cookie, found, "", one, pair, f"/x?{box}={one}"))
            tried += 1
            if seen[0] != seen[1] or PLANTED in seen[0][0] or seen[0][1]:
                told.append(f"{module}?{box}")
    print(f"{who}: {tried} ids in the pages, theirs and made-up ones")
    assert told == []
    assert tried > 2
    assert of_mira(victim) == before


def requests(pairs: dict[str, Pair]) -> list[tuple[str, str, str, Pair]]:
    """Method, address and box of everything that takes an id; the address has `@` where the id goes."""
    found: list[tuple[str, str, str, Pair]] = []
    for route in own_routes():
        kind = PARTS.get(route.path, "")
        if kind:
            path = re.sub(r"\{\w+(:\w+)?\}", "@", route.path)
            if route.path == DRAWING:
                path = f"/pictures/preview/{A_DRAWING}.png?draft=@"
            found += [
                (method, path, "", pairs[kind]) for method in sorted((route.methods or set()) - {"HEAD"})
            ]
    found += [("POST", path, box, pairs[kind]) for path, (box, kind) in FORMS.items()]
    found.append(("POST", "/oidc/wicked/unlink", "which", pairs["login"]))
    return found


def opens(who: str, path: str) -> bool:
    """Whether it is this person's work."""
    needed = {"/staff/posters/": Capability.SEE_CATALOGUE, "/pictures/preview/": Capability.EDIT_CATALOGUE}
    return any(path.startswith(start) and may(who, frozenset({one})) for start, one in needed.items())


@pytest.mark.parametrize("who", PEOPLE)
async def test_an_id_of_another_is_as_good_as_none_in_the_routes(victim: House, who: str) -> None:
    pairs, cookie = planted(victim.mira), a_cookie(who, victim)
    inside = Starlette(routes=[one for one in shop.routes.routes if isinstance(one, Route)])
    transport, told, tried = httpx.ASGITransport(Gate(inside)), list[str](), 0
    before = of_mira(victim)
    for method, path, box, pair in requests(pairs):
        if opens(who, path):
            continue
        seen: list[tuple[int, str, str]] = []
        for one in (pair.theirs, pair.nobodys):
            limits.forget()
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost:3000") as client:
                sent = {"name": "mine", **({box: one} if box else {})} if method == "POST" else None
                headers = {"cookie": cookie, "origin": "http://localhost:3000"} if cookie else {}
                answer = await client.request(method, path.replace("@", one), data=sent, headers=headers)
            text = answer.text.replace(pair.theirs, "ID").replace(pair.nobodys, "ID")
            went = answer.headers.get("location", "").replace(pair.theirs, "ID").replace(pair.nobodys, "ID")
            seen.append((answer.status_code, went, re.sub(r'(nonce|value)="[\w-]{20,}"', "", text)))
        tried += 1
        if seen[0] != seen[1] or seen[0][0] >= 500 or PLANTED in seen[0][2]:
            told.append(f"{method} {path}: {seen[0][0]} and {seen[1][0]}")
    print(f"{who}: {tried} ids in the routes")
    assert told == []
    assert tried > 10
    assert of_mira(victim) == before


@pytest.mark.parametrize("who", PEOPLE)
async def test_an_id_of_another_is_as_good_as_none_at_the_counter(victim: House, who: str) -> None:
    """Who serves does not see, undo or stop what a colleague has begun."""
    pairs, cookie = planted(victim.mira), a_cookie(who, victim)
    before, serves = of_mira(victim), may(who, frozenset({Capability.SERVE_COUNTER}))
    transport = httpx.ASGITransport(Gate(Starlette(routes=own_routes())))
    headers = {"cookie": cookie, "origin": "http://localhost:3000"} if cookie else {}
    for path, (box, kind, more) in COUNTER.items():
        if serves and path in FOR_SERVING:
            continue
        seen: set[tuple[int, str]] = set()
        for one in (pairs[kind].theirs, pairs[kind].nobodys):
            limits.forget()
            sent = {name: str(victim.mira) if value == "@mira" else value for name, value in more.items()}
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost:3000") as client:
                answer = await client.post(path, json={**sent, box: one}, headers=headers)
            seen.add((answer.status_code, answer.text))
        assert len(seen) == 1, (path, seen)
        assert 400 <= seen.pop()[0] < 500, path
    assert of_mira(victim) == before


async def test_an_id_of_another_is_as_good_as_none_in_the_api(victim: House) -> None:
    """Another shop's key, and another member of the same shop."""
    engine = door.engine()
    async with a_client(engine) as client:
        there = Shop(engine, client)
        ours, others = there.key(), there.key(source="another.example/orders")
        for customer in ("900", "901"):
            assert (
                await there.post(an_order("900.00", customer=customer, days_ago=100), key=ours)
            ).status_code == 200
        made = await client.post("/api/v1/redemptions", json={"subject": "customer:900", "reward": "coffee"},
                                 headers=ours | {"Idempotency-Key": "one"})  # fmt: skip
        kept = made.json()["redemption_id"]
        made_up = "0190a5d2-0000-7000-8000-000000000000"
        tried: list[tuple[int, str]] = []
        for one in ("customer:900", "customer:nobody"):
            tried.append(_plain(await client.get(f"/api/v1/members/{one}", headers=others), one))
            wish = {"subject": one, "reward": "coffee"}
            sent = others | {"Idempotency-Key": "two"}
            tried.append(_plain(await client.post("/api/v1/redemptions", json=wish, headers=sent), one))
        assert tried[:2] == tried[2:]
        assert {status for status, _ in tried} == {404}
        cancels = [
            _plain(
                await client.post(f"/api/v1/redemptions/{one}/cancel", json={"subject": whose}, headers=key),
                one,
            )
            for one in (kept, made_up)
            for whose, key in (("customer:901", ours), ("customer:900", others))
        ]
        assert cancels[:2] == cancels[2:]
        assert {status for status, _ in cancels} == {404}
        good = await client.post(
            f"/api/v1/redemptions/{kept}/cancel", json={"subject": "customer:900"}, headers=ours
        )
        assert good.status_code == 200, "or nothing that is said here would mean anything"


def _plain(answer: httpx.Response, one: str) -> tuple[int, str]:
    return answer.status_code, answer.text.replace(one, "ID")


async def test_the_owner_is_answered_otherwise(victim: House) -> None:
    """Or the sameness that is asked for would be that of a page which says nothing to anybody."""
    pairs = planted(victim.mira)
    hers, staffs = cookie_of(Person(str(victim.mira), MEMBER)), a_cookie("owner", victim)
    for label, cookie in (("history.open_order(key)", hers), ("offers.show(key)", hers),
                          ("staff.cases.look(key)", staffs), ("staff.team.ask_leave(key)", staffs)):  # fmt: skip
        found, argument = arguments()[label]
        pair = pairs[EVENTS[label]]
        theirs, nobodys = [
            await answered(victim, cookie, found, argument, one, pair, "/")
            for one in (pair.theirs, pair.nobodys)
        ]
        assert theirs != nobodys, label
