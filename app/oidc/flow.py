"""The authorization code flow with PKCE: where to send somebody, and whom the provider says has come back.

`ask` makes the address and what has to be remembered meanwhile; `answer` takes what came back in the browser, with
what was remembered. Nothing is believed that is not the answer to what was asked.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import ECKey

from app.oidc import discovery, fetching, tokens
from app.oidc.discovery import Metadata
from app.oidc.words import LONG, Declined, Unusable
from app.providers import Provider
from facts.refusals import Refusal
from members import addresses
from members.actions.logins import Vouched

SIGNED_SECRET_SECONDS = 300
NAME_LENGTH_MAX = 80


async def ask(provider: Provider, back: str, language: str) -> tuple[str, dict[str, str]]:
    """The address to go to, and what to remember; `back` is our callback, word for word as it is registered."""
    about = await discovery.metadata(provider)
    kept = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
    words = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": back,
        "scope": provider.scopes,
        "state": kept["state"],
        "nonce": kept["nonce"],
        "code_challenge": create_s256_code_challenge(kept["verifier"]),
        "code_challenge_method": "S256",
        "ui_locales": language,
    }
    if provider.response_mode:
        words["response_mode"] = provider.response_mode
    joint = "&" if urlsplit(about.authorization).query else "?"
    return f"{about.authorization}{joint}{urlencode(words)}", kept


async def answer(provider: Provider, back: str, kept: Mapping[str, str], came: Mapping[str, str]) -> Vouched:
    """Whom the provider vouches for. Raises `Declined`, or `Unusable` for what cannot be believed."""
    if not hmac.compare_digest(came.get("state", "").encode(), kept["state"].encode()):
        raise Unusable("an answer to something else")
    about = await discovery.metadata(provider)
    issuer = came.get("iss")
    if (issuer is not None or about.announces_iss) and issuer != about.issuer:
        raise Unusable("an answer of another provider")
    if "error" in came:
        raise Declined
    code = came.get("code", "")
    if not 0 < len(code) <= LONG:
        raise Unusable("an answer without a code")
    given = await _exchange(provider, about, back, code, kept["verifier"])
    token, access = given.get("id_token"), given.get("access_token")
    if not isinstance(token, str) or not isinstance(access, str):
        raise Unusable("an answer without tokens")
    claims = await tokens.claims_of(provider, about, token, nonce=kept["nonce"], access_token=access)
    if about.userinfo and _incomplete(provider, claims):
        claims = await _completed(provider, about, claims, access)
    return vouched(provider, about.issuer, claims)


async def _exchange(
    provider: Provider, about: Metadata, back: str, code: str, verifier: str
) -> dict[str, Any]:
    words = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": verifier,
    }
    secret = _secret(provider, about)
    method = provider.auth_method or _method(provider, about, secret)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    auth = ClientAuth(provider.client_id, secret, method)
    address, headers, body = auth.prepare("POST", about.token, form, urlencode(words))
    return await fetching.post(address, body, headers, local=provider.local)


def _method(provider: Provider, about: Metadata, secret: str) -> str:
    if not secret:
        return "none"
    if provider.signed_secret or "client_secret_basic" not in about.auth_methods:
        return "client_secret_post"
    return "client_secret_basic"


def _secret(provider: Provider, about: Metadata) -> str:
    """The client's secret, or the one that its key signs for the next minutes."""
    signed = provider.signed_secret
    if signed is None:
        return provider.secret.get_secret_value()
    now = int(time.time())
    claims: dict[str, Any] = {
        "iss": signed.team, "iat": now, "exp": now + SIGNED_SECRET_SECONDS,
        "aud": about.issuer, "sub": provider.client_id,
    }  # fmt: skip
    key = ECKey.import_key(signed.key.get_secret_value())
    return jwt.encode({"alg": "ES256", "kid": signed.key_id}, claims, key)


def _incomplete(provider: Provider, claims: Mapping[str, Any]) -> bool:
    wanted = {"email"} if "email" in provider.scopes.split() else set[str]()
    if provider.roles:
        wanted.add(provider.groups_claim)
    return not wanted <= claims.keys()


async def _completed(
    provider: Provider, about: Metadata, claims: dict[str, Any], access: str
) -> dict[str, Any]:
    """The claims with those of the userinfo endpoint, which may say nothing of anybody else."""
    more = await fetching.get(about.userinfo, local=provider.local, bearer=access)
    if more.get("sub") != claims["sub"]:
        raise Unusable("it tells of another person")
    address = (
        claims if "email" in claims else more
    )  # never one's address with the other's word that it is verified
    pair = {name: address[name] for name in ("email", "email_verified") if name in address}
    rest = {
        name: value for name, value in {**more, **claims}.items() if name not in ("email", "email_verified")
    }
    return {**rest, **pair}


def vouched(provider: Provider, issuer: str, claims: Mapping[str, Any]) -> Vouched:
    """What is taken over: an address only when the provider has verified it, and the groups that it names."""
    email, name = claims.get("email"), claims.get("name")
    verified = claims.get("email_verified") in (True, "true")  # Apple writes it as a word
    groups = claims.get(provider.groups_claim) if provider.roles else None
    return Vouched(
        provider=provider.name,
        issuer=issuer,
        subject=claims["sub"],
        email=_address(email) if isinstance(email, str) and verified else "",
        name=" ".join(name.split())[:NAME_LENGTH_MAX] if isinstance(name, str) else "",
        groups=tuple(one for one in groups if isinstance(one, str)) if isinstance(groups, list) else (),
    )


def _address(email: str) -> str:
    """As we write addresses; "" for one that is none of ours to judge."""
    try:
        return addresses.email(email.strip())
    except Refusal:
        return ""
