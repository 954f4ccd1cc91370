"""Keys by the handlers of their page: asked for by one, shown once, good when another one agreed, ended by one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlmodel import col, select

from app import database, door
from app.frame.routes import address
from badges.credentials import keys as signing
from badges.credentials.tables import IssuerKey
from facts.language import codes
from members import issuer, keys
from members.tables import ApiKey, Audit
from members.way_tables import Approval
from pages.staff.approvals import ApprovalsState
from pages.staff.audit import AuditState
from pages.staff.keys import KeysState
from tests.api.shop import a_client
from tests.builders import days
from tests.staff.conftest import call, visit
from tests.staff.shop import actions
from tests.staff.test_team_page import opened, staff

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house"), pytest.mark.feature(111)]
PATH = "/staff/keys"
NEW = {
    "name": "web-shop",
    "source": "shop.example/orders",
    "scope_1": "yes",
    "scope_2": "yes",
    "why": "The new shop",
}


async def agreed(who: str = "eva") -> Any:
    page = await opened(ApprovalsState, who, "owner", "/staff/approvals")
    await call(page, "agree", page.card.waiting[0].key)
    return page


def last(action: str) -> dict[str, Any]:
    with database.reading(door.engine()) as session:
        rows = select(Audit.detail).where(Audit.action == action).order_by(col(Audit.seq).desc())
        return json.loads(str(session.exec(rows).first()))


async def standing(token: str) -> int:
    """What the API says to who comes with the key, over HTTP."""
    async with a_client(door.engine()) as client:
        head = {"authorization": f"Bearer {token}"}
        answer: httpx.Response = await client.get("/api/v1/catalogue", headers=head)
        return answer.status_code


async def test_a_key_is_asked_for_shown_once_and_good_when_another_one_agreed() -> None:
    staff()
    page = await opened(KeysState, "ada", "owner", PATH)
    await call(page, "ask_new", NEW)
    token = page.token
    assert token.startswith("rk_")
    assert page.said == "Asked. It is done as soon as a second person agrees."
    assert page.card.words == "1 request about keys waits for a second person."
    assert (await standing(token), page.card.api) == (401, ())
    await call(page, "ask_new", NEW)  # the same button twice: no second key, and the first is still shown
    assert (page.token, page.said) == (token, "This was asked for already, and waits for a second person.")
    with database.reading(door.engine()) as session:
        row = session.exec(select(Approval)).one()
    assert token not in row.model_dump_json()
    own = await opened(ApprovalsState, "ada", "owner", "/staff/approvals")
    await call(own, "agree", own.card.waiting[0].key)
    assert "Somebody else has to agree" in own.said
    assert await standing(token) == 401
    seen = await opened(ApprovalsState, "eva", "owner", "/staff/approvals")
    assert seen.card.waiting[0].what == (
        "Make the API key “web-shop” for shop.example/orders: Read the rewards and Read how members stand"
    )
    assert (seen.card.waiting[0].reason, seen.card.waiting[0].path) == ("The new shop", PATH)
    await call(seen, "agree", seen.card.waiting[0].key)
    assert await standing(token) == 200
    await call(page, "load")
    assert (page.token, [(one.name, one.state) for one in page.card.api]) == ("", [("web-shop", "In use")])
    assert last("key.created") == {
        "agreed_by": "owner:eva", "before": None,
        "after": {"key": keys._digest(token).hex()[:12], "scopes": "catalogue:read members:read",
                  "source": "shop.example/orders"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "needs a name"),
        ({"scope_1": "", "scope_2": ""}, "one scope or more"),
        ({"source": "regulars"}, "programme's own"),
        ({"name": "x\u202ey"}, "letters, digits"),
        ({"name": "x" * 61}, "60 at most"),
        ({"source": "a\x00b"}, "letters, digits"),
        ({"why": " "}, "whoever agrees reads it"),
    ],
)
async def test_what_is_no_key_is_said_and_nothing_waits(change: dict[str, str], said: str) -> None:
    staff()
    page = await opened(KeysState, "ada", "owner", PATH)
    await call(page, "ask_new", {**NEW, **change})
    assert said in page.said
    assert (page.token, page.card.words) == ("", "")


async def test_a_key_is_renewed_by_two_without_a_gap_and_ended_by_one_at_once() -> None:
    staff()
    now = datetime.now(UTC)
    with database.transaction(door.engine()) as session:
        old = keys.create(session, "till", [keys.Scope.CATALOGUE_READ], "till.example", "staff:test", now)
    page = await opened(KeysState, "ada", "owner", PATH)
    await call(page, "ask_about", "renew", page.card.api[0].key)
    assert (page.asking, page.asking_name) == ("renew", "till")
    await call(page, "answer", {"reason": "Once a year"})
    new = page.token
    assert (page.card.api[0].state, await standing(old), await standing(new)) == ("To be renewed", 200, 401)
    await agreed()
    assert (await standing(old), await standing(new)) == (200, 200)
    assert (
        last("key.renewed")["before"]["scopes"] == last("key.renewed")["after"]["scopes"] == "catalogue:read"
    )
    with database.reading(door.engine()) as session:
        assert keys.resolve(session, old, now + keys.GRACE - days(1)) is not None
        assert keys.resolve(session, old, datetime.now(UTC) + keys.GRACE) is None
        assert keys.resolve(session, new, datetime.now(UTC) + keys.GRACE) is not None
    await call(page, "load")
    assert [one.open for one in page.card.api] == [True, False]
    await call(page, "ask_about", "end", page.card.api[0].key)
    await call(page, "answer", {})
    assert page.said == "Ended. Nobody comes in with it any more."
    assert (await standing(old), await standing(new)) == (401, 401)
    assert last("key.revoked")["before"]["source"] == "till.example"
    await call(page, "answer", {})  # sent twice: nothing is asked about any more
    assert actions()[-1] == ("owner:ada", "key.revoked")


async def test_what_was_ended_or_taken_meanwhile_is_not_made_again() -> None:
    """The deed is refused, and the request waits on; what nobody agrees to in time never becomes a key."""
    staff()
    now = datetime.now(UTC)
    page = await opened(KeysState, "ada", "owner", PATH)
    await call(page, "ask_new", NEW)
    token = page.token
    with database.transaction(door.engine()) as session:
        keys.create(session, "web-shop", [keys.Scope.REDEEM], "other.example", "staff:test", now)
    seen = await agreed()
    assert "There is already a key named" in seen.said
    assert (len(seen.card.waiting), await standing(token)) == (1, 401)
    with database.transaction(door.engine()) as session:
        keys.revoke(session, "web-shop", "staff:test", now)
        row = session.exec(select(Approval)).one()
        row.expires_at = now
        session.add(row)
    seen = await opened(ApprovalsState, "eva", "owner", "/staff/approvals")
    assert (seen.card.waiting, await standing(token)) == ((), 401)
    with database.reading(door.engine()) as session:
        assert len(session.exec(select(ApiKey)).all()) == 1


async def test_the_key_that_signs_is_renewed_by_two_and_the_old_one_still_verifies() -> None:
    staff()
    with database.transaction(door.engine()) as session:
        old = issuer.signing_key(session, door.secret(), datetime.now(UTC))
    signature = old.sign(b"a badge")
    page = await opened(KeysState, "ada", "owner", PATH)
    await call(page, "ask_about", "rotate", page.card.signing[0].key)
    await call(page, "answer", {"reason": "Once a year"})
    assert (page.card.signing[0].state, page.token) == ("To be renewed", "")
    await agreed()
    await call(page, "load")
    assert [one.state for one in page.card.signing] == [
        "Signs badges",
        "Signs no more; what it signed is good",
    ]
    with database.reading(door.engine()) as session:
        good = issuer.published(session)
    assert (len(good), signing.genuine(good[1], signature, b"a badge")) == (2, True)
    assert last("issuer_key.made")["before"] == {"signs": old.name}
    await call(page, "ask_about", "withdraw", old.name)
    await call(page, "answer", {"reason": "It was on a laptop that is gone"})
    await agreed()
    with database.reading(door.engine()) as session:
        assert old.public not in issuer.published(session)
        assert session.get_one(IssuerKey, old.name).withdrawn_at
    assert last("issuer_key.withdrawn")["agreed_by"] == "owner:eva"


async def test_others_neither_see_nor_ask() -> None:
    staff()
    for role in ("support", "marketer", "cashier", "analyst"):
        page = visit(KeysState, role, PATH)
        await call(page, "load")
        await call(page, "ask_new", NEW)
        assert (page.status, page.token) == ("stranger", "")
    with database.reading(door.engine()) as session:
        assert session.exec(select(Approval)).all() == []


@pytest.mark.parametrize("code", codes())
async def test_it_speaks_every_language(code: str) -> None:
    staff()
    page = await opened(KeysState, "ada", "owner", address(PATH, code))
    await call(page, "ask_new", NEW)
    assert (page.card.words == "1 request about keys waits for a second person.") == (code == "en")
    seen = await opened(ApprovalsState, "eva", "owner", address("/staff/approvals", code))
    assert seen.card.waiting[0].what.startswith("Make the API key") == (code == "en")
    await call(seen, "agree", seen.card.waiting[0].key)
    audit = await opened(AuditState, "ada", "owner", address("/staff/audit", code))
    assert (audit.card.rows[0].what == "API key made") == (code == "en")
