"""The audit by its page and its files: asked for by person, deed, thing and day; looks are in it; no edit hides."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import col, select
from starlette.applications import Starlette

from app import database, door
from app.cli.laws import broken_chains
from app.frame.routes import address
from app.public import audit_file
from facts.guards import Guard, Within
from facts.language import codes
from members import sessions
from members.actions.erase import erase
from members.actions.staff import set_stock
from members.audit import audit
from members.programme import apply, versions
from members.roles import Person
from members.tables import Audit, Member
from pages.staff.audit import AuditState
from pages.staff.people import PeopleState
from pages.staff.person import PersonState
from tests.staff.conftest import call, visit
from tests.staff.shop import a_shop, actions

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("house"), pytest.mark.feature(111)]


async def opened(kind: Any, role: str, path: str, who: str = "kim") -> Any:
    page = visit(kind, role, path, who=who)
    await call(page, "load")
    return page


async def test_before_and_after_are_told_and_what_is_asked_for_is_found() -> None:
    me = a_shop()
    helping = await opened(PersonState, "support", f"/staff/member?id={me}")
    await call(helping, "adjust", {"how_many": "25", "reason": "Broken eggs"})
    page = await opened(AuditState, "owner", "/staff/audit")
    row = page.card.rows[0]
    assert (row.what, row.code, row.thing) == ("Points given or taken", "points.adjusted", f"member:{me}")
    assert row.path == f"/staff/member?id={me}"
    assert "balance: 90 → 115" in row.changes
    assert "eggs" not in repr(page.card)
    today = datetime.now(UTC).astimezone().date().isoformat()
    assert today
    for asked, found in (
        ({"actor": "support:kim"}, {"member.viewed", "points.adjusted"}),
        ({"actor": "kim", "action": "points.adjusted"}, {"points.adjusted"}),
        ({"object": f"member:{me}"}, {"member.viewed", "points.adjusted"}),
        ({"action": "programme.applied"}, {"programme.applied"}),
        ({"day": "1999-12-31"}, set[str]()),
        ({"actor": "nobody"}, set[str]()),
    ):
        await call(page, "search", asked)
        assert {one.code for one in page.card.rows} == found, asked
    await call(page, "search", {"day": "the day after"})
    assert page.said == "Write a day such as 2026-11-22."
    one = await opened(AuditState, "analyst", f"/staff/audit?object=member:{me}")
    assert {row.path for row in one.card.rows} == {""}  # an analyst is led to no member


async def test_members_and_things_are_called_by_their_names_by_who_may_see_them() -> None:
    me, now = a_shop(), datetime.now(UTC)
    guard = Guard(
        slug="many", name={"en": "Many at once"}, on="review.posted", at_most=3, within=Within(hours=1)
    )
    with database.transaction(door.engine()) as session:
        latest = versions(session).latest
        guarded = latest.programme.model_copy(update={"guards": [guard]})
        apply(session, guarded, base=latest.number, effective_from=now, actor="owner:kim", now=now)
        set_stock(session, "coffee", 5, "owner:kim", now)
        audit(session, "owner:kim", "members.searched", "search:newest", {"members": [str(me), "gone"]}, now)
        audit(
            session, "owner:kim", "badge.granted", f"member:{me}", {"badge": "founder", "wallet": "cash"}, now
        )
        audit(session, "owner:kim", "stock.set", "reward:nothing", {}, now, after={"tier": "gold"})
        audit(session, "owner:kim", "case.released", f"member:{me}", {"guard": "many"}, now)
        audit(session, "owner:kim", "key.revoked", "key:web-shop", {}, now)
        audit(session, "owner:kim", "case.viewed", f"case:{me} many 1", {}, now)
    page = await opened(AuditState, "owner", "/staff/audit")
    told = [(row.thing, row.name, row.changes) for row in page.card.rows[:7]]
    assert told == [
        (f"case:{me} many 1", "Anna Petrova · Many at once", ()),
        ("key:web-shop", "web-shop", ()),
        (f"member:{me}", "Anna Petrova", ("guard: Many at once",)),
        ("reward:nothing", "", ("tier: – → Gold",)),
        (f"member:{me}", "Anna Petrova", ("badge: founder", "wallet: cash")),
        ("search:newest", "", ("members: Anna Petrova, gone",)),
        ("reward:coffee", "Coffee", ("left: 9 → 5",)),
    ]
    analyst = await opened(AuditState, "analyst", "/staff/audit")
    assert "Anna" not in repr(analyst.card)
    assert analyst.card.rows[6].name == "Coffee"
    with database.transaction(door.engine()) as session:
        erase(session, me, "owner:kim", now)
    await call(page, "load")
    assert "Anna" not in repr(page.card)
    assert any(row.thing == f"member:{me}" for row in page.card.rows)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("en", {"action: Points given or taken", "object: Anna Petrova", "asked by: The command line",
                "role: Cashier → Support", "scopes: – → Send events such as orders · Read how members stand",
                "until: 31 Dec 2026", "effective from: 23 Nov 2026, 07:00", "good: no", "points: −3,000",
                "names: Cocoa", "members: Anna Petrova, a, b, c, d, e, f, g, and 2 more"}),
        ("ru", {"действие: Баллы начислены или сняты", "с чем: Anna Petrova", "кто запросил: Командная строка",
                "роль: Кассир → Поддержка", "до: 31 дек. 2026 г.", "действителен: нет", "баллы: −3 000",
                "действует с: 23 нояб. 2026 г., 07:00", "names: Какао"}),
        ("ar", {"الإجراء: مُنحت نقاط أو سُحبت", "على ماذا: Anna Petrova", "طلب: سطر الأوامر", "حتى: ٣١ ديسمبر ٢٠٢٦",
                "الدور: أمين صندوق ← الدعم", "النقاط: −٣٬٠٠٠",
                "الأعضاء: Anna Petrova، a، b، c، d، e، f، g، واثنان آخران"}),
    ],
)  # fmt: skip
async def test_what_there_is_to_know_is_said_in_words(code: str, told: set[str]) -> None:
    me, now = a_shop(), datetime.now(UTC)
    detail: dict[str, Any] = {
        "action": "points.adjusted", "object": f"member:{me}", "asked_by": "staff:command-line", "points": -3000,
        "until": "2026-12-31", "effective_from": "2026-11-23T12:00:00+00:00", "good": False, "fact": "2026-13-40",
        "names": {"en": "Cocoa", "ru": "Какао"}, "members": [str(me), *"abcdefghi"],
    }  # fmt: skip
    before, after = {"role": "cashier"}, {"role": "support", "scopes": "events:write members:read"}
    with database.transaction(door.engine()) as session:
        audit(session, "owner:kim", "points.adjusted", "programme:2", detail, now, before=before, after=after)
    page = await opened(AuditState, "owner", address("/staff/audit", code))
    plain = str.maketrans(dict.fromkeys("\u00a0\u202f", " ") | dict.fromkeys("\u2068\u2069\u200e"))
    changes = {one.translate(plain) for one in page.card.rows[0].changes}
    assert told - changes == set(), changes
    analyst = await opened(AuditState, "analyst", address("/staff/audit", code))
    assert "Anna" not in repr(analyst.card)


async def test_a_day_is_a_local_day_and_pages_follow_each_other() -> None:
    a_shop()
    at = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)  # 23:30 of the day before in the shop's New York
    with database.transaction(door.engine()) as session:
        for number in range(70):
            audit(
                session,
                "owner:kim",
                "stock.set",
                f"reward:r{number}",
                {},
                at,
                before={"left": number},
                after={"left": 1},
            )
    page = await opened(AuditState, "owner", "/staff/audit")
    assert len(page.card.rows) == 30
    while page.card.older:
        await call(page, "older")
    keys = [int(one.key) for one in page.card.rows]
    assert keys == sorted(keys, reverse=True)
    assert len(set(keys)) == len(keys) >= 71
    await call(page, "search", {"day": "2026-11-22", "action": "stock.set"})
    assert len(page.card.rows) == 30
    await call(page, "search", {"day": "2026-11-23", "action": "stock.set"})
    assert page.card.rows == ()


async def test_looking_at_somebody_is_in_the_audit_once_an_hour_and_never_by_name() -> None:
    me = a_shop()
    for role in ("support", "support", "cashier"):
        await opened(PersonState, role, f"/staff/member?id={me}")
    people = await opened(PeopleState, "support", "/staff/members")
    for wanted in ("anna", "anna", "petrova"):
        await call(people, "search", {"wanted": wanted})
    looks = [one for one in actions() if one[1] in ("member.viewed", "members.searched")]
    assert looks == [
        ("support:kim", "member.viewed"), ("cashier:kim", "member.viewed"),
        *[("support:kim", "members.searched")] * 3,
    ]  # fmt: skip
    with database.reading(door.engine()) as session:
        rows = session.exec(select(Audit).where(col(Audit.action) == "members.searched")).all()
    assert all(json.loads(one.detail) == {"members": [str(me)]} for one in rows)
    assert "anna" not in " ".join(one.object for one in rows).lower()


@pytest.mark.parametrize("role", ["marketer", "analyst", ""])
async def test_who_sees_nobody_leaves_no_look(role: str) -> None:
    me = a_shop()
    await opened(PersonState, role, f"/staff/member?id={me}")
    await opened(PersonState, "support", f"/staff/member?id={UUID(int=7)}")
    assert "member.viewed" not in [what for _, what in actions()]


@pytest.fixture
async def client(house: Path) -> AsyncIterator[httpx.AsyncClient]:
    a_shop()
    with database.transaction(door.engine()) as session:
        audit(session, "owner:kim", "stock.set", "=cmd", {}, datetime.now(UTC), after={"left": 1})
        token, _ = sessions.start(session, Person("kim", "analyst"), datetime.now(UTC))
    app = Starlette(routes=audit_file.routes())
    headers = {"cookie": f"{door.COOKIE}={token}"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test", headers=headers) as made:
        yield made


async def test_it_is_exported_and_the_export_is_in_it(client: httpx.AsyncClient) -> None:
    answer = await client.get("/staff/audit.jsonl?action=stock.set")
    rows = [json.loads(line) for line in answer.text.splitlines()]
    assert [(row["action"], row["detail"]["after"]) for row in rows] == [("stock.set", {"left": 1})]
    assert rows[0]["at"].endswith("Z")
    assert "attachment" in answer.headers["content-disposition"]
    answer = await client.get("/staff/audit.csv")
    assert answer.text.splitlines()[0] == "seq,at,actor,action,object,detail,hash"
    assert ",'=cmd," in answer.text  # no formula for a spreadsheet
    assert actions()[-2:] == [("analyst:kim", "audit.exported")] * 2
    assert (await client.get("/staff/audit.csv?day=never")).status_code == 422
    assert (await client.get("/staff/audit.csv", headers={"sec-fetch-site": "cross-site"})).status_code == 403
    assert len([one for one in actions() if one[1] == "audit.exported"]) == 2


async def test_what_was_exported_proves_itself_and_finds_whom_it_is_asked_for(
    client: httpx.AsyncClient,
) -> None:
    """Row 111 whole, by HTTP: the file alone shows that no row was changed or left out, and it can be filtered."""
    with database.reading(door.engine()) as session:
        me = session.exec(select(Member.member_id)).one()
    helping = await opened(PersonState, "support", f"/staff/member?id={me}")
    await call(helping, "adjust", {"how_many": "25", "reason": "Broken eggs"})
    rows = [json.loads(line) for line in (await client.get("/staff/audit.jsonl")).text.splitlines()]
    rows.sort(key=lambda row: row["seq"])
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    before = bytes(32)
    for row in rows:  # the rule stands in docs/operations.md: nothing of ours is needed to check it
        detail = json.dumps(row["detail"], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        at = datetime.fromisoformat(row["at"]).isoformat(timespec="microseconds")
        said = [row["seq"], at, row["actor"], row["action"], row["object"], detail]
        text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        before = hashlib.sha256(before + text.encode()).digest()
        assert row["hash"] == before.hex(), row
    assert {"member.viewed", "points.adjusted", "audit.exported"} <= {row["action"] for row in rows}
    changed = next(row["detail"] for row in rows if row["action"] == "points.adjusted")
    assert (changed["before"], changed["after"]) == ({"balance": 90}, {"balance": 115})
    for query, found in (
        (f"object=member:{me}", {"member.viewed", "points.adjusted"}),
        ("actor=kim&action=points.adjusted", {"points.adjusted"}),
        ("actor=analyst:kim", {"audit.exported"}),
        ("day=1999-12-31", set[str]()),
    ):
        answer = await client.get(f"/staff/audit.csv?{query}")
        assert {row["action"] for row in csv.DictReader(io.StringIO(answer.text))} == found, query


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE audit SET detail = '{}' WHERE action = 'points.adjusted'",
        "UPDATE audit SET actor = 'owner:eve' WHERE action = 'points.adjusted'",
        "DELETE FROM audit WHERE action = 'member.viewed'",
        "DELETE FROM audit WHERE action = 'programme.applied'",
    ],
)
async def test_prove_finds_every_change(damage: str) -> None:
    me = a_shop()
    helping = await opened(PersonState, "support", f"/staff/member?id={me}")
    await call(helping, "adjust", {"how_many": "25", "reason": "Broken eggs"})
    with database.transaction(door.engine()) as session:
        assert broken_chains(session) == []
        session.connection().execute(text(damage))
        assert len(broken_chains(session)) == 1


@pytest.mark.parametrize("code", codes())
async def test_it_speaks_every_language(code: str) -> None:
    a_shop()
    page = await opened(AuditState, "owner", address("/staff/audit", code))
    assert (page.card.rows[0].what == "Programme published") == (code == "en")
