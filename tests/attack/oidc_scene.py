"""A club with a provider that lies when it is told to, Anna who is a member by it, and visitors with a browser each."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import httpx
import pytest
from sqlmodel import col, func, select
from starlette.applications import Starlette

from app import database, door, limits, settings
from app.oidc import discovery
from app.public import oidc, passkeys
from members import sessions
from members.actions import logins
from members.actions.identify import identify
from members.actions.joining import Wish, join
from members.actions.logins import Vouched
from members.roles import MEMBER, Person
from members.tables import BrowserSession, Member
from members.way_tables import Login
from tests.api.shop import a_programme
from tests.attack.wicked import CLIENT, SECRET, Wicked

SITE = "http://club.test"
ROLES = {"shop-owners": "owner", "tills": "cashier"}


@dataclass
class Scene:
    """The club as it stands, and who visits it."""

    wicked: Wicked
    anna: Person
    other: str = ""  # the id of Otto, who is a member too
    visitors: Iterator[int] = field(default_factory=lambda: count(1))

    @asynccontextmanager
    async def visitor(self, person: Person | None = None) -> AsyncIterator[httpx.AsyncClient]:
        """Somebody with a browser of their own, signed in when `person` is said."""
        app = Starlette(routes=[*oidc.routes(), *passkeys.routes()])
        number = next(self.visitors)
        transport = httpx.ASGITransport(app, client=(f"10.0.{number // 250}.{number % 250 + 1}", 1))
        async with httpx.AsyncClient(transport=transport, base_url=SITE) as client:
            if person:
                with database.transaction(door.engine()) as session:
                    token, _ = sessions.start(session, person, datetime.now(UTC))
                client.cookies.set(door.COOKIE, token, domain="club.test", path="/")
            yield client

    async def set_out(self, client: httpx.AsyncClient, name: str = "wicked", **query: str) -> dict[str, str]:
        """What the provider is asked, by the browser that was sent there."""
        answer = await client.get(f"/oidc/{name}", params=query)
        assert answer.status_code == 303, answer.text
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))

    async def come_back(self, client: httpx.AsyncClient, name: str = "wicked", **came: str) -> httpx.Response:
        """To the callback, with what the provider has the browser say."""
        return await client.get(f"/oidc/{name}/back", params=came)

    async def through(self, client: httpx.AsyncClient, sub: str = "anna", **query: str) -> httpx.Response:
        """The whole way, as an honest browser goes it."""
        asked = await self.set_out(client, **query)
        code = self.wicked.allow(asked, sub)
        return await self.come_back(client, code=code, state=asked["state"], iss=self.wicked.issuer)

    def who(self, client: httpx.AsyncClient) -> Person | None:
        """Whom the browser's cookie means now."""
        with database.reading(door.engine()) as session:
            return sessions.person_of(session, client.cookies.get(door.COOKIE) or "", datetime.now(UTC))

    def counted(self) -> tuple[int, int, int]:
        """Sessions that are open, members, and logins: what an attack must not change."""
        with database.reading(door.engine()) as session:
            still = select(func.count()).where(col(BrowserSession.revoked_at).is_(None))
            return (
                session.exec(still.select_from(BrowserSession)).one(),
                session.exec(select(func.count()).select_from(Member)).one(),
                session.exec(select(func.count()).select_from(Login)).one(),
            )

    def anew(self) -> None:
        """Forget what one attack has taught us before the next one."""
        self.wicked.reset()
        discovery.forget()
        limits.forget()


def a_member(address: str, link: Vouched | None = None) -> Person:
    """Somebody who has joined with an e-mail address, and perhaps a login besides."""
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        member_id = join(session, f"email:{address}", Wish(), now)
        person = Person(str(member_id), MEMBER)
        if link:
            logins.link(session, person, link, now)
    return person


def own(person: Person, address: str) -> None:
    """Make an address somebody's own."""
    with database.transaction(door.engine()) as session:
        identify(session, UUID(person.id), address, datetime.now(UTC))


@contextmanager
def a_scene(house: Path, wicked: Wicked, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """The club, with Anna in it, and Otto."""
    second = wicked.issuer.replace("127.0.0.1", "localhost")
    shared = {"client_id": CLIENT, "client_secret_env": "WICKED_SECRET"}
    providers = [
        {"name": "wicked", "issuer": wicked.issuer, "label": "Wicked", "people": ["members", "staff"],
         "roles": ROLES, **shared},
        {"name": "other", "issuer": second, "label": "Other", **shared},
    ]  # fmt: skip
    monkeypatch.setenv("WICKED_SECRET", SECRET)
    monkeypatch.setenv("REGULARS_OIDC_PROVIDERS", json.dumps(providers))
    monkeypatch.setenv("REGULARS_PUBLIC_URL", SITE)
    settings.current.cache_clear()
    wicked.reset()
    discovery.forget()
    limits.forget()
    with a_programme(door.engine()):
        anna = a_member("anna@shop.example", Vouched("wicked", wicked.issuer, "anna"))
        yield Scene(wicked, anna, a_member("otto@shop.example").id)
    discovery.forget()
    limits.forget()
