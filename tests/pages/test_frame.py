"""The frame: addresses by language, the document's own language, caches, sizes and what a page may run."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route

from app import settings
from app.app import PAGES, app
from app.frame import gate
from app.frame.build import DIGESTS, DocumentLanguage, digest
from app.frame.routes import address, code_of
from facts.language import codes


def test_every_page_is_there_in_every_language() -> None:
    found = set(app._unevaluated_pages)
    wanted = {address(page.path, code).strip("/") or "index" for page in PAGES for code in codes()}
    assert wanted <= found


@pytest.mark.parametrize(
    ("path", "code", "where"),
    [("/", "ru", "/ru"), ("/history", "en", "/history"), ("/history", "ar", "/ar/history")],
)
def test_addresses(path: str, code: str, where: str) -> None:
    assert address(path, code) == where
    assert code_of(where) == code


def test_documents_say_their_language_and_their_scripts(tmp_path: Path) -> None:
    static = tmp_path / "client"
    (static / "ar" / "rules").mkdir(parents=True)
    page = '<!DOCTYPE html><html lang="en"><script>one()</script><script src="/a.js"></script>'
    page += '<link rel="modulepreload" href="/b.js"/></html>'
    for name in ("index.html", "ru.html", "ar/rules/index.html"):
        (static / name).parent.mkdir(exist_ok=True)
        (static / name).write_text(page)
    DocumentLanguage().post_build(static_dir=static)
    assert '<html lang="en" dir="ltr">' in (static / "index.html").read_text()
    assert '<html lang="ru" dir="ltr">' in (static / "ru.html").read_text()
    assert '<html lang="ar" dir="rtl">' in (static / "ar/rules/index.html").read_text()
    assert json.loads((tmp_path / DIGESTS).read_text())["ru.html"] == [digest("one()")]


def test_scripts_are_asked_for_after_the_first_paint(tmp_path: Path) -> None:
    static = tmp_path / "client"
    static.mkdir()
    script = 'import * as home from "/assets/home.js";\nimport("/assets/client.js");'
    ahead = (
        '<link rel="modulepreload" href="/assets/home.js"/><link rel="modulepreload" href="/assets/x.js"/>'
    )
    styles = '<link rel="stylesheet" href="/a.css"/>'
    page = f'<html><head>{ahead}{styles}</head><body><script type="module" async="">{script}</script></body></html>'
    (static / "index.html").write_text(page)
    DocumentLanguage().post_build(static_dir=static)
    built = (static / "index.html").read_text()
    (start,) = static.glob("assets/start-*.js")
    assert start.read_text() == script
    assert 'type="module"' not in built
    assert '<link rel="modulepreload"' not in built
    assert styles in built
    assert 'for(const href of ["/assets/home.js","/assets/x.js"])' in built
    assert f'import("/assets/{start.name}").finally(()=>import("/pwa.js"))' in built
    (inline,) = re.findall(r"<script>(.*?)</script>", built, re.DOTALL)
    assert json.loads((tmp_path / DIGESTS).read_text())["index.html"] == [digest(inline)]


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> httpx.AsyncClient:
    async def page(request: Request) -> HTMLResponse:
        return HTMLResponse(f"<p>{request.url.path}</p>")

    async def taken(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(len(await request.body())))

    monkeypatch.setattr(gate, "_digests", lambda: {"ru/index.html": ["sha256-abc"]})
    routes = [
        Route("/take", taken, methods=["POST"]),
        Route("/assets/a.js", taken),
        Route("/{rest:path}", page),
    ]
    transport = httpx.ASGITransport(gate.Gate(Starlette(routes=routes)))
    return httpx.AsyncClient(transport=transport, base_url="http://shop")


def test_a_page_that_is_not_there_runs_the_scripts_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        gate, "_digests", lambda: {"__spa-fallback.html": ["sha256-fall"], "index.html": ["no"]}
    )
    assert "script-src 'self' 'sha256-fall';" in gate.policy("/nowhere", 404)


@pytest.mark.anyio
async def test_a_page_runs_its_own_scripts_only(client: httpx.AsyncClient) -> None:
    answer = await client.get("/ru")
    assert "/ru/" in answer.text
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self' 'sha256-abc';" in policy
    assert "unsafe-eval" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "geolocation=()" in answer.headers["permissions-policy"]
    assert "strict-transport-security" not in answer.headers


@pytest.mark.anyio
async def test_where_people_come_by_https_they_come_so_again(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGULARS_PUBLIC_URL", "https://club.example")
    settings.current.cache_clear()
    try:
        said = (await client.get("/ru")).headers["strict-transport-security"]
    finally:
        monkeypatch.undo()
        settings.current.cache_clear()
    assert said == "max-age=31536000"


@pytest.mark.anyio
async def test_what_is_built_is_kept_for_ever(client: httpx.AsyncClient) -> None:
    assert (await client.get("/assets/a.js")).headers["cache-control"] == gate.FOR_EVER


@pytest.mark.anyio
async def test_too_much_is_refused_before_it_is_read(client: httpx.AsyncClient) -> None:
    assert (await client.post("/take", content=b"x" * 100)).text == "100"
    for path, most in (
        ("/take", gate.FORM_BYTES_MAX),
        ("/ru/verify", gate.BODY_BYTES_MAX),
        ("/_upload", gate.BODY_BYTES_MAX),
    ):
        assert (await client.post(path, headers={"content-length": str(most + 1)})).status_code == 413
    assert (await client.post("/take", headers={"content-length": "nonsense"})).status_code == 413


@pytest.mark.anyio
async def test_too_much_in_pieces_is_cut_off(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "FORM_BYTES_MAX", 1000)

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 100

    assert (await client.post("/take", content=pieces())).status_code == 413
