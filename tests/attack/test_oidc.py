"""QUALITY R10: every attack on signing in with a provider is refused with a kind page, and nothing has changed."""

from __future__ import annotations

import httpx
import pytest

from app import door
from tests.attack import oidc_journeys, oidc_tokens
from tests.attack.oidc_attacks import ATTACKS
from tests.attack.oidc_scene import Scene

pytestmark = pytest.mark.anyio
PARTS = (oidc_tokens, oidc_journeys)  # importing them fills the list


async def test_every_attack_is_refused(scene: Scene) -> None:
    assert len(ATTACKS) >= 25
    print(f"{len(ATTACKS)} attacks on signing in with a provider")
    assert await tried(scene, *ATTACKS) == {}


async def tried(scene: Scene, *names: str) -> dict[str, str]:
    """What went wrong, by the attack's name; nothing when all were refused."""
    failed: dict[str, str] = {}
    for name in names:
        scene.anew()
        before = scene.counted()
        try:
            answers = await ATTACKS[name](scene)
        except AssertionError as error:
            failed[name] = f"{error}" or "what the attack asks for itself does not hold"
            continue
        for answer in answers:
            if wrong := _wrong(answer):
                failed[name] = wrong
        after = scene.counted()
        if after[1:] != before[1:] or after[0] > before[0] + came_in_honestly(name):
            failed[name] = f"{before} became {after}"
    return failed


def came_in_honestly(name: str) -> int:
    """How many sessions the attack itself opened on the way, as Anna."""
    return {
        "the same answer twice": 1, "an address to be sent on to": 1, "a planted session": 1,
        "linking from another site": 1, "linking in another session": 2,
        "linking what opens another account": 1,
    }.get(name, 0)  # fmt: skip


def _wrong(answer: httpx.Response) -> str:
    """What is not as it should be with a refusal; nothing when all is."""
    if any(
        door.COOKIE in cookie for cookie in answer.headers.get_list("set-cookie")
    ) and not answer.extensions.get("looked_at"):
        return "a session was set"
    if answer.extensions.get("looked_at"):
        return ""
    if not 400 <= answer.status_code < 600 or answer.status_code == 500:
        return f"status {answer.status_code}"
    kind = "text/html" in answer.headers["content-type"] and 'role="alert"' in answer.text
    if not kind or "Traceback" in answer.text or answer.headers["cache-control"] != "no-store":
        return "not a kind page"
    return ""
