"""Attacks by what the provider says: its tokens, its keys, what it publishes."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
from joserfc.jwk import KeySet

from app.oidc import fetching
from tests.attack.oidc_attacks import ATTACKS, attack, one_journey, without
from tests.attack.oidc_scene import Scene
from tests.attack.wicked import RSA, STRANGE, Claims


def with_claims(name: str, change: Callable[[Claims, Scene], Claims]) -> None:
    """An attack by an ID token with other claims."""

    async def run(scene: Scene) -> list[httpx.Response]:
        scene.wicked.claims = lambda claims: change(claims, scene)
        return await one_journey(scene)

    ATTACKS[name] = run


with_claims("another nonce", lambda claims, _: {**claims, "nonce": "x" * 43})
with_claims("no nonce", lambda claims, _: without(claims, "nonce"))
with_claims("another issuer", lambda claims, _: {**claims, "iss": "https://accounts.example"})
with_claims("no issuer", lambda claims, _: without(claims, "iss"))
with_claims("a token for another club", lambda claims, _: {**claims, "aud": "another-club"})
with_claims(
    "a token for another club by ours", lambda claims, _: {**claims, "aud": "another-club", "azp": "club"}
)
with_claims("no audience", lambda claims, _: without(claims, "aud"))
with_claims("several audiences and no azp", lambda claims, _: {**claims, "aud": ["club", "another-club"]})
with_claims("another azp", lambda claims, _: {**claims, "azp": "another-club"})
with_claims("expired", lambda claims, _: {**claims, "exp": int(time.time()) - 120})
with_claims("no end", lambda claims, _: without(claims, "exp"))
with_claims("an end that is no number", lambda claims, _: {**claims, "exp": "2099-01-01"})
with_claims("issued in the future", lambda claims, _: {**claims, "iat": int(time.time()) + 3600})
with_claims("not good yet", lambda claims, _: {**claims, "nbf": int(time.time()) + 3600})
with_claims("another access token", lambda claims, _: {**claims, "at_hash": "AAAAAAAAAAAAAAAAAAAAAA"})
with_claims("no subject", lambda claims, _: without(claims, "sub"))
with_claims("a subject that is no text", lambda claims, _: {**claims, "sub": ["anna"]})
with_claims("an empty subject", lambda claims, _: {**claims, "sub": ""})


def signed_by(name: str, sign: Callable[[Scene, Claims], str], keys: Callable[[], Any] | None = None) -> None:
    """An attack by an ID token that is signed in another way."""

    async def run(scene: Scene) -> list[httpx.Response]:
        scene.wicked.sign = lambda claims: sign(scene, claims)
        if keys:
            scene.wicked.keys = keys
        return await one_journey(scene)

    ATTACKS[name] = run


def part(value: dict[str, Any]) -> str:
    """A part of a token."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def by_hmac(secret: bytes, claims: Claims) -> str:
    """Signed with a shared secret; by hand, since libraries refuse to."""
    plain = f"{part({'alg': 'HS256', 'kid': 'one'})}.{part(claims)}"
    made = hmac.digest(secret, plain.encode(), "sha256")
    return f"{plain}.{base64.urlsafe_b64encode(made).decode().rstrip('=')}"


SHARED = b"a word that everybody can read, and nobody believes"
PUBLIC = RSA.as_pem(private=False)
AS_KEY = {"kty": "oct", "kid": "one", "k": base64.urlsafe_b64encode(SHARED).decode().rstrip("=")}

signed_by("alg none", lambda _, claims: f"{part({'alg': 'none', 'kid': 'one'})}.{part(claims)}.")
signed_by("alg none and no key id", lambda _, claims: f"{part({'alg': 'none'})}.{part(claims)}.")
signed_by("hs256 with the public key", lambda _, claims: by_hmac(PUBLIC, claims))
signed_by("an unknown key", lambda scene, claims: scene.wicked.signed(claims, key=STRANGE))
signed_by(
    "a foreign key under a known id",
    lambda scene, claims: scene.wicked.signed(claims, key=STRANGE, kid="one"),
)
signed_by("a key in the header", lambda scene, claims: scene.wicked.signed(
    claims, key=STRANGE, jwk=STRANGE.as_dict(private=False)))  # fmt: skip
signed_by("an algorithm that was not announced", lambda scene, claims: scene.wicked.signed(claims, "PS256"))
signed_by("a signature cut off", lambda scene, claims: scene.wicked.signed(claims).rpartition(".")[0] + ".")
signed_by("no token at all", lambda _, claims: "eyJ")
signed_by("a secret among the keys", lambda _, claims: by_hmac(SHARED, claims), lambda: {"keys": [AS_KEY]})
signed_by("huge keys", lambda scene, claims: scene.wicked.signed(claims), lambda: {
    **KeySet([RSA]).as_dict(private=False), "more": "x" * 300_000})  # fmt: skip
signed_by("too many keys", lambda scene, claims: scene.wicked.signed(claims), lambda: {
    "keys": KeySet([RSA]).as_dict(private=False)["keys"] * 51})  # fmt: skip
signed_by(
    "keys that are a list of words",
    lambda scene, claims: scene.wicked.signed(claims),
    lambda: {"keys": ["one"]},
)


def published(name: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """An attack by what the provider publishes."""

    async def run(scene: Scene) -> list[httpx.Response]:
        scene.wicked.metadata = change
        async with scene.visitor() as browser:
            return [await browser.get("/oidc/wicked")]

    ATTACKS[name] = run


published("discovery of another issuer", lambda told: {**told, "issuer": "https://accounts.example"})
published("no issuer in the discovery", lambda told: without(told, "issuer"))
published(
    "an open token endpoint elsewhere", lambda told: {**told, "token_endpoint": "http://evil.example/token"}
)
published("keys over http elsewhere", lambda told: {**told, "jwks_uri": "http://169.254.169.254/keys"})
published(
    "a script for an authorization endpoint", lambda told: {**told, "authorization_endpoint": "javascript:1"}
)
published("a password in an address", lambda told: {**told, "token_endpoint": "https://a:b@evil.example/"})
published("only hmac", lambda told: {**told, "id_token_signing_alg_values_supported": ["HS256", "none"]})


@attack
async def a_discovery_that_leads_elsewhere(scene: Scene) -> list[httpx.Response]:
    scene.wicked.redirects["/.well-known/openid-configuration"] = f"{scene.wicked.issuer}/jwks"
    async with scene.visitor() as browser:
        answer = await browser.get("/oidc/wicked")
        assert "/jwks" not in scene.wicked.asked
        return [answer]


@attack
async def keys_that_lead_elsewhere(scene: Scene) -> list[httpx.Response]:
    scene.wicked.redirects["/jwks"] = "http://evil.example/keys"
    return await one_journey(scene)


@attack
async def a_provider_that_never_answers(scene: Scene) -> list[httpx.Response]:
    patient = fetching.SECONDS_MAX
    scene.wicked.sleeps = 3.0
    async with scene.visitor() as browser:
        asked = await scene.set_out(browser)
        code = scene.wicked.allow(asked)
        fetching.SECONDS_MAX = 0.5
        try:
            return [await scene.come_back(browser, code=code, state=asked["state"], iss=scene.wicked.issuer)]
        finally:
            fetching.SECONDS_MAX = patient
