"""The list of attacks on signing in with a provider, and what they share.

Every attack is a function that takes the scene and gives the answers that its victim, or its attacker, got.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import httpx

from tests.attack.oidc_scene import Scene
from tests.attack.wicked import Claims

Attack = Callable[[Scene], Awaitable[list[httpx.Response]]]
ATTACKS: dict[str, Attack] = {}


def attack(run: Attack) -> Attack:
    """Take an attack into the list, by its name."""
    ATTACKS[run.__name__.strip("_").replace("_", " ")] = run
    return run


async def one_journey(scene: Scene, **query: str) -> list[httpx.Response]:
    """What an ordinary visitor gets from the provider as it is told to be."""
    async with scene.visitor() as browser:
        return [await scene.through(browser, **query)]


def without(claims: Claims, name: str) -> Claims:
    """The claims but one."""
    return {key: value for key, value in claims.items() if key != name}


def refusal_instead(answer: httpx.Response) -> httpx.Response:
    """What the attack looked at itself: it came to nothing, with another answer than a refusal."""
    answer.extensions["looked_at"] = True
    return answer


def close(browser: httpx.AsyncClient) -> None:
    """Forget the cookies, as a browser does with those of a private window."""
    browser.cookies.clear()
