"""Weaknesses of signing in with a provider, planted: each takes one check of ours away, for as long as a test lasts.

An attack that is refused for the right reason gets through where its check is gone. What a plant mends beforehand
(a claim, say) is what the check would have looked at, so that everything behind it goes on.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet

from app.oidc import discovery, fetching, flow, tokens
from app.oidc.discovery import Metadata
from app.providers import Provider
from app.public import arrival, oidc
from members import proofs, sessions
from members.actions import logins

Plant = Callable[[pytest.MonkeyPatch], None]
PLANTS: dict[str, tuple[Plant, tuple[str, ...]]] = {}
"""By name: what takes the check away, and the attacks that must notice."""


def plant(name: str, *noticed_by: str) -> Callable[[Plant], Plant]:
    """Take a weakness into the list."""

    def keep(run: Plant) -> Plant:
        PLANTS[name] = run, noticed_by
        return run

    return keep


# --- what came back in the browser -------------------------------------------------------------------------


@plant("the state is not compared", "no state", "a made up state")
def _state(patch: pytest.MonkeyPatch) -> None:
    class Easy:
        @staticmethod
        def compare_digest(_one: bytes, _other: bytes) -> bool:
            return True

    patch.setattr(flow, "hmac", Easy)


@plant("the issuer of the answer is not compared", "an answer that names another provider")
def _answer_iss(patch: pytest.MonkeyPatch) -> None:
    honest = flow.answer

    async def answer(provider: Provider, back: str, kept: Mapping[str, str], came: Mapping[str, str]) -> Any:
        return await honest(provider, back, kept, {**came, "iss": provider.issuer})

    patch.setattr(flow, "answer", answer)


@plant("a journey is ended more than once", "the same answer twice")
def _twice(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(proofs, "end", proofs.look)


@plant("a journey may end at another provider", "a callback of another provider under its name")
def _mix_up(patch: pytest.MonkeyPatch) -> None:
    class Whoever(str):
        __slots__ = ()
        __hash__ = str.__hash__

        def __ne__(self, other: object) -> bool:
            return False

    honest = oidc._ended

    def ended(token: str) -> dict[str, Any] | None:
        kept = honest(token)
        return kept and {**kept, "provider": Whoever(kept["provider"])}

    patch.setattr(oidc, "_ended", ended)


@plant("every journey has the same verifier", "a stolen code in the attackers journey")
def _pkce(patch: pytest.MonkeyPatch) -> None:
    ours = flow.create_s256_code_challenge
    patch.setattr(flow, "create_s256_code_challenge", lambda _: ours("v" * 43))
    honest = flow._exchange

    async def exchange(provider: Provider, about: Metadata, back: str, code: str, _: str) -> dict[str, Any]:
        return await honest(provider, about, back, code, "v" * 43)

    patch.setattr(flow, "_exchange", exchange)


# --- the token ---------------------------------------------------------------------------------------------


def _claim(mend: Callable[[Any], None]) -> Plant:
    """A check of one claim is gone."""

    class Blind(CodeIDToken):
        def validate(self, now: Any = None, leeway: int = 0) -> None:
            mend(self)
            super().validate(now, leeway)

    return lambda patch: patch.setattr(tokens, "CodeIDToken", Blind)


for _name, _mend, _noticed in (
    ("the nonce is not compared", lambda one: one.update(nonce=one.params["nonce"]), ("another nonce", "no nonce")),
    ("the issuer of the token is not compared", lambda one: one.update(iss=one.options["iss"]["value"]),
     ("another issuer", "no issuer")),
    ("the audience is not compared", lambda one: one.update(aud=one.options["aud"]["value"]),
     ("a token for another club", "no audience")),
    ("the authorized party is not compared", lambda one: one.update(azp=one.params["client_id"]),
     ("another azp", "several audiences and no azp")),
    ("an expired token is good", lambda one: one.update(exp=int(time.time()) + 300), ("expired", "no end")),
    ("a token of the future is good", lambda one: one.update(iat=int(time.time())), ("issued in the future",)),
    ("a token is good before its time", lambda one: one.pop("nbf", None), ("not good yet",)),
    ("the access token is not compared", lambda one: one.pop("at_hash", None), ("another access token",)),
):  # fmt: skip
    plant(_name, *_noticed)(_claim(_mend))


@plant("the signature is not checked", "a foreign key under a known id", "a signature cut off")
def _signature(patch: pytest.MonkeyPatch) -> None:
    def decoded(token: str, _keys: KeySet, _algorithms: tuple[str, ...]) -> jwt.Token:
        import base64

        head, body = (
            json.loads(base64.urlsafe_b64decode(one + "=" * (-len(one) % 4))) for one in token.split(".")[:2]
        )
        return jwt.Token(head, body)

    patch.setattr(tokens, "_decoded", decoded)


@plant("a shared secret may be a key", "a secret among the keys")
def _secret_key(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(discovery, "KINDS", {*discovery.KINDS, "oct"})
    honest = tokens._decoded
    patch.setattr(
        tokens, "_decoded", lambda token, keys, algorithms: honest(token, keys, (*algorithms, "HS256"))
    )


@plant("an algorithm that was not announced is good", "an algorithm that was not announced")
def _announced(patch: pytest.MonkeyPatch) -> None:
    honest = tokens._decoded
    patch.setattr(tokens, "_decoded", lambda token, keys, _: honest(token, keys, discovery.ALGORITHMS))


# --- what the provider publishes and says ------------------------------------------------------------------


@plant("another issuer may publish", "discovery of another issuer", "no issuer in the discovery")
def _discovery(patch: pytest.MonkeyPatch) -> None:
    honest = discovery._read
    patch.setattr(discovery, "_read", lambda one, told: honest(one, {**told, "issuer": one.issuer}))


@plant("any address is safe", "keys over http elsewhere", "an open token endpoint elsewhere")
def _address(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(discovery, "safe_address", lambda *_, **__: True)


@plant("a provider without S256 will do", "a provider without s256")
def _s256(patch: pytest.MonkeyPatch) -> None:
    honest = discovery._read
    unsaid = "code_challenge_methods_supported"
    patch.setattr(discovery, "_read", lambda one, told: honest(
        one, {name: value for name, value in told.items() if name != unsaid}))  # fmt: skip


@plant("answers may be as long as they like", "huge keys")
def _length(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(fetching, "BYTES_MAX", 10**9)


@plant("any number of keys will do", "too many keys")
def _many(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(discovery, "KEYS_MAX", 10**9)


@plant("userinfo may be about anybody", "userinfo of somebody else")
def _userinfo(patch: pytest.MonkeyPatch) -> None:
    honest = fetching.get

    async def get(address: str, *, local: bool, bearer: str = "") -> dict[str, Any]:
        found = await honest(address, local=local, bearer=bearer)
        return {**found, "sub": "anna"} if bearer else found

    patch.setattr(flow.fetching, "get", get)


# --- accounts ----------------------------------------------------------------------------------------------


@plant("an unverified address is believed", "an unverified address becomes nobodys own")
def _unverified(patch: pytest.MonkeyPatch) -> None:
    honest = flow.vouched
    patch.setattr(flow, "vouched", lambda one, issuer, claims: honest(
        one, issuer, {**claims, "email_verified": True}))  # fmt: skip


@plant("an address opens the account that has it", "a verified address of the victim")
def _by_address(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(logins, "check_new", lambda *_: None)


@plant("what the browser had goes on", "a planted session")
def _fixation(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(arrival.sessions, "end", lambda *_: None)


@plant("another site may ask", "linking from another site", "setting out from another site")
def _foreign(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(oidc, "same_origin", lambda _: True)


@plant("what one session began another one ends", "linking in another session")
def _other_session(patch: pytest.MonkeyPatch) -> None:
    honest = oidc._link
    patch.setattr(oidc, "_link", lambda token, _, one: honest(token, sessions.digest(token).hex(), one))
