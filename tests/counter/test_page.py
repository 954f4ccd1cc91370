"""Who may ask what of the counter, and what its page is before anybody is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from app import door, limits
from app.frame.build import CodeReader
from app.public.counter import POSTS
from tests.counter.conftest import Counter, as_member, token
from tests.repo.sources import ROOT

pytestmark = pytest.mark.anyio
GOOD: dict[str, Any] = {
    "request": str(uuid4()), "ask": str(uuid4()), "member": str(uuid4()), "who": "anna@shop.example", "amount": "1",
    "reward": "coffee", "price": 300, "proof": "x", "code": "x", "agreed": True,
}  # fmt: skip


@pytest.mark.feature(121)
@pytest.mark.parametrize("role", ["", "member", "marketer", "analyst", "cashier", "support", "owner"])
async def test_it_is_for_those_who_serve(counter_of_kim: Counter, role: str) -> None:
    kim = counter_of_kim
    kim.client.cookies.clear()
    if role:
        kim.client.cookies.set(door.COOKIE, as_member(kim.anna) if role == "member" else token(role))
    may = role in {"cashier", "support", "owner"}
    turned = {401} if not role else {403}
    statuses = {(await kim.ask(path, **GOOD)).status_code for path in POSTS}
    statuses.add((await kim.client.get("/counter/desk")).status_code)
    assert bool(statuses & {401, 403}) != may
    assert may or statuses == turned
    limits.forget()


async def test_what_is_no_request_of_the_page_is_refused(counter_of_kim: Counter) -> None:
    bad: list[Any] = [[], "x", 1, None, {"request": "1"}, {**GOOD, "who": {"a": 1}}, {**GOOD, "who": "x" * 999},
                      {**GOOD, "amount": 5, "price": -1, "code": []} | {"who": []}]  # fmt: skip
    for path in POSTS:
        limits.forget()
        for body in bad:
            answer = await counter_of_kim.client.post(f"/counter/{path}", json=body)
            assert 400 <= answer.status_code < 500, (path, body)
            assert answer.json()["said"]
        broken = await counter_of_kim.client.post(f"/counter/{path}", content=b"{" * 9000)
        assert broken.status_code == 422


async def test_another_site_is_not_heard(counter_of_kim: Counter) -> None:
    for path in POSTS:
        answer = await counter_of_kim.client.post(
            f"/counter/{path}", json=GOOD, headers={"origin": "https://evil.example"}
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "not_here")


async def test_numbers_of_cards_are_not_guessed(counter_of_kim: Counter) -> None:
    statuses = [(await counter_of_kim.ask("look", who=f"{n}@shop.example")).status_code for n in range(40)]
    assert statuses[:20] == [404] * 20
    assert statuses[-1] == 429


def test_what_reads_codes_is_the_package_of_the_lock(tmp_path: Path) -> None:
    (wanted,) = CodeReader().get_frontend_development_dependencies()
    name, _, number = wanted.partition("@")
    assert json.loads((ROOT / "reflex.lock" / "package.json").read_text())["devDependencies"][name] == number
    assert not CodeReader().get_frontend_dependencies(), "what pages depend on is sent with each of them"
    package, static = tmp_path / "node_modules" / name / "dist", tmp_path / "build" / "client"
    package.mkdir(parents=True)
    static.mkdir(parents=True)
    (package / "jsQR.js").write_text("read()")
    CodeReader().post_build(static_dir=static)
    assert (static / "jsqr.js").read_text() == "read()"


@pytest.mark.parametrize("prefix", ["", "/ru", "/ar"])
async def test_the_page_is_the_same_for_everybody_and_names_nobody(
    counter_of_kim: Counter, prefix: str
) -> None:
    kim = counter_of_kim
    mine = await kim.client.get(f"{prefix}/staff/counter")
    kim.client.cookies.clear()
    shell = await kim.client.get(f"{prefix}/staff/counter/shell")
    assert (mine.status_code, mine.text) == (200, shell.text)
    assert f'lang="{prefix.strip("/") or "en"}"' in shell.text
    assert "onclick" not in shell.text
    scripts = [part.split(">")[0] for part in shell.text.split("<script")[1:]]
    assert scripts == [' type="application/json" id="about"', ' type="module" src="/counter.js"']
