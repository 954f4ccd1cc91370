"""The ID token: believed when a key of its issuer signed it, for us, now, and in answer to what this browser began."""

from __future__ import annotations

import warnings
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError, SecurityWarning
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from app.oidc import discovery
from app.oidc.discovery import Metadata
from app.oidc.words import Unusable
from app.providers import Provider

LEEWAY_SECONDS = 60
SUBJECT_LENGTH_MAX = 255  # OpenID Connect Core, section 2


async def claims_of(
    provider: Provider, about: Metadata, token: str, *, nonce: str, access_token: str
) -> dict[str, Any]:
    """The claims of an ID token, every one of which was checked that can be (OpenID Connect Core, section 3.1.3.7)."""
    try:
        read = _decoded(token, await discovery.keys(provider, about), about.algorithms)
    except InvalidKeyIdError:
        read = _decoded_anew(token, await discovery.keys(provider, about, anew=True), about.algorithms)
    options: dict[str, Any] = {
        "iss": {"essential": True, "value": about.issuer},
        "aud": {"essential": True, "value": provider.client_id},
        "sub": {"essential": True},
    }
    given = {"nonce": nonce, "client_id": provider.client_id, "access_token": access_token}
    claims = CodeIDToken(read.claims, read.header, options, given)
    try:
        claims.validate(leeway=LEEWAY_SECONDS)
    except (JoseError, ValueError, TypeError, AttributeError) as error:
        raise Unusable(f"an ID token that is not for us: {error}") from None
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT_LENGTH_MAX:
        raise Unusable("an ID token without a subject")
    return dict(claims)


def _decoded_anew(token: str, keys: KeySet, algorithms: tuple[str, ...]) -> jwt.Token:
    try:
        return _decoded(token, keys, algorithms)
    except InvalidKeyIdError:
        raise Unusable("an ID token of an unknown key") from None


def _decoded(token: str, keys: KeySet, algorithms: tuple[str, ...]) -> jwt.Token:
    registry = JWSRegistry(algorithms=algorithms, strict_check_header=False)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SecurityWarning)  # EdDSA by the name it had before RFC 9864
            return jwt.decode(token, keys, registry=registry)
    except InvalidKeyIdError:
        raise
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise Unusable(f"an ID token that is not signed as it should be: {type(error).__name__}") from None
