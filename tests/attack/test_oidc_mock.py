"""Signing in with a provider that was not written here: `oidc-provider-mock`, in a process of its own."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app import door, settings
from app.oidc import discovery
from tests.api.shop import a_programme
from tests.attack.oidc_scene import SITE, Scene
from tests.attack.wicked import Wicked

pytestmark = pytest.mark.anyio
PROGRAM = (
    "import oidc_provider_mock as mock, sys; mock.app(require_nonce=True).run('localhost', int(sys.argv[1]))"
)
PATIENCE = 60  # seconds for a process to come up


@pytest.fixture(scope="module")
def mock() -> Iterator[str]:
    """Its issuer; it lets anybody be anybody."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-W", "ignore", "-c", PROGRAM, str(port)]
    issuer = f"http://localhost:{port}"
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as program:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                httpx.get(f"{issuer}/jwks", timeout=5)
                break
            except httpx.HTTPError:
                time.sleep(0.2)
        yield issuer
        program.terminate()


@pytest.fixture
def scene(house: Path, mock: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """The club with that provider alone."""
    one = {
        "name": "mock",
        "issuer": mock,
        "label": "Mock",
        "client_id": "club",
        "client_secret_env": "MOCK_SECRET",
    }
    monkeypatch.setenv("MOCK_SECRET", "anything will do")
    monkeypatch.setenv("REGULARS_OIDC_PROVIDERS", json.dumps([one]))
    monkeypatch.setenv("REGULARS_PUBLIC_URL", SITE)
    settings.current.cache_clear()
    discovery.forget()
    with a_programme(door.engine()):
        yield Scene(Wicked(), anna=None)  # type: ignore[arg-type]  # there is nobody yet


@pytest.mark.feature(2)
async def test_the_whole_way_with_a_provider_of_others(scene: Scene, mock: str) -> None:
    said = {"email": "rosa@shop.example", "email_verified": True, "name": "Rosa"}
    async with httpx.AsyncClient() as there, scene.visitor() as browser:
        await there.put(f"{mock}/users/rosa", json=said)
        for time_ in ("first", "second"):
            to = (await browser.get("/oidc/mock")).headers["location"]
            back = (await there.post(to, data={"sub": "rosa"})).headers["location"]
            assert back.startswith(f"{SITE}/oidc/mock/back?")
            answer = await browser.get(back.removeprefix(SITE))
            assert answer.status_code == 303, answer.text
            if time_ == "first":
                assert "rosa@shop.example" in (await browser.get(answer.headers["location"])).text
                await browser.post("/oidc/mock/join", data={"agreed": "1"})
                first = scene.who(browser)
                assert first
                browser.cookies.delete(door.COOKIE)
        assert scene.who(browser) == first
        denied = await there.post(
            (await browser.get("/oidc/mock")).headers["location"], data={"action": "deny"}
        )
        answer = await browser.get(denied.headers["location"].removeprefix(SITE))
        assert (answer.status_code, 'role="alert"' in answer.text) == (403, True)
