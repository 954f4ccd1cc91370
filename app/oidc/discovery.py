"""What a provider publishes: where its endpoints are, and its keys. Both are remembered for an hour.

A token with a key that is not known yet has the keys fetched anew, so that providers can rotate them; but not more
often than once in a minute, or made-up tokens would make us a nuisance.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.oidc import fetching
from app.oidc.words import Unusable
from app.providers import Provider, safe_address

KEPT_SECONDS = 3600
ANEW_SECONDS = 60
KEYS_MAX = 50
ALGORITHMS = (
    "RS256",
    "PS256",
    "ES256",
    "Ed25519",
    "EdDSA",
)  # signed with a private key: never none, never HS*
KINDS = {"RSA", "EC", "OKP"}


@dataclass(frozen=True)
class Metadata:
    """Of what a provider publishes, what is needed. `announces_iss`: its answers name it (RFC 9207)."""

    issuer: str
    authorization: str
    token: str
    keys: str
    userinfo: str
    algorithms: tuple[str, ...]
    auth_methods: tuple[str, ...]
    announces_iss: bool


@dataclass
class _Kept:
    at: float
    value: Any


_metadata: dict[str, _Kept] = {}
_keys: dict[str, _Kept] = {}


def forget() -> None:
    """Ask every provider anew; for tests."""
    _metadata.clear()
    _keys.clear()


async def metadata(provider: Provider) -> Metadata:
    """What the provider publishes about itself."""
    kept = _metadata.get(provider.issuer)
    if kept is None or time.monotonic() - kept.at > KEPT_SECONDS:
        address = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
        told = await fetching.get(address, local=provider.local)
        kept = _metadata[provider.issuer] = _Kept(time.monotonic(), _read(provider, told))
    found: Metadata = kept.value
    return found


def _read(provider: Provider, told: dict[str, Any]) -> Metadata:
    if told.get("issuer") != provider.issuer:
        raise Unusable("it calls itself by another name")
    ways = told.get("code_challenge_methods_supported")
    if ways is not None and "S256" not in _words(ways):
        raise Unusable("it does not know PKCE with S256")
    algorithms = tuple(
        one for one in ALGORITHMS if one in _words(told.get("id_token_signing_alg_values_supported"))
    )
    if not algorithms:
        raise Unusable("it signs with nothing that we believe")
    return Metadata(
        issuer=provider.issuer,
        authorization=_address(provider, told, "authorization_endpoint"),
        token=_address(provider, told, "token_endpoint"),
        keys=_address(provider, told, "jwks_uri"),
        userinfo=_address(provider, told, "userinfo_endpoint") if "userinfo_endpoint" in told else "",
        algorithms=algorithms,
        auth_methods=_words(told.get("token_endpoint_auth_methods_supported")) or ("client_secret_basic",),
        announces_iss=told.get("authorization_response_iss_parameter_supported") is True,
    )


def _address(provider: Provider, told: dict[str, Any], name: str) -> str:
    found = told.get(name)
    if not isinstance(found, str) or not safe_address(found, local=provider.local):
        raise Unusable(f"its {name} is not https")
    return found


def _words(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


async def keys(provider: Provider, about: Metadata, *, anew: bool = False) -> KeySet:
    """The keys that the provider signs with; `anew` when one was missing among those that are known."""
    kept = _keys.get(provider.issuer)
    lasts = ANEW_SECONDS if anew else KEPT_SECONDS
    if kept is None or time.monotonic() - kept.at > lasts:
        told = await fetching.get(about.keys, local=provider.local)
        kept = _keys[provider.issuer] = _Kept(time.monotonic(), _key_set(told))
    found: KeySet = kept.value
    return found


def _key_set(told: dict[str, Any]) -> KeySet:
    listed = told.get("keys")
    rows: list[Any] = listed if isinstance(listed, list) else []
    ours = [one for one in rows if isinstance(one, dict) and one.get("kty") in KINDS]
    if not ours or len(ours) > KEYS_MAX:
        raise Unusable("no keys, or far too many")
    try:
        return KeySet.import_key_set({"keys": ours})  # pyright: ignore[reportArgumentType]
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise Unusable(f"keys that cannot be read: {type(error).__name__}") from None
