"""Two verifiers that were not written here: `@digitalbazaar/vc` (with `jose` for tokens) on Node, and `openbadgeslib`.

The Node packages are those of `verifier/package-lock.json`, each by its hash, in a cache folder outside of the project;
npm fetches them when they are not there yet. Neither verifier fetches anything else: contexts come with them, and what
the shop publishes is handed over.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3 import OB3LdpVerifier, OB3Verifier, resolve_did, verify_data_integrity_proof

from tests.npm_packages import NODE, environment, installed

HERE = Path(__file__).parent / "verifier"


@dataclass(frozen=True)
class Answer:
    """What a verifier said. `revoked`: the status list is why."""

    verified: bool
    revoked: bool
    errors: list[str]


class Bazaar:
    """The Node program, asked line by line."""

    def __init__(self, program: subprocess.Popen[str]) -> None:
        self.program = program

    def document(self, credential: dict[str, Any], published: dict[str, str], now: str) -> Answer:
        """`@digitalbazaar/vc`: proof, dates, issuer, and the status list with its own proof."""
        known = {address: json.loads(text) for address, text in published.items() if text.startswith("{")}
        did = next(document for address, document in known.items() if address.endswith("did.json"))
        return self._ask({"credential": credential, "published": {**known, did["id"]: did}, "now": now})

    def token(self, token: str, jwks: dict[str, Any], now: str) -> Answer:
        """`jose`: signature and dates of a token."""
        return self._ask({"token": token, "jwks": jwks, "now": now})

    def _ask(self, ask: dict[str, Any]) -> Answer:
        assert self.program.stdin
        assert self.program.stdout
        self.program.stdin.write(json.dumps(ask) + "\n")
        self.program.stdin.flush()
        return Answer(**json.loads(self.program.stdout.readline()))


@contextmanager
def bazaar() -> Iterator[Bazaar]:
    """The program, for as long as the block lasts."""
    folder = installed(HERE)
    words = [NODE, "verify.mjs"]
    with subprocess.Popen(
        words, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment()
    ) as program:
        yield Bazaar(program)
        program.stdin.close()  # type: ignore[union-attr]
        program.wait(timeout=60)


def library_document(
    credential: dict[str, Any], published: dict[str, str], recipient: str | None = None
) -> Answer:
    """`openbadgeslib` on a Data Integrity document; the list's proof is checked apart, since it would want a token."""

    def check() -> None:
        did = credential["issuer"]["id"]
        listed = credential["credentialStatus"]["statusListCredential"]
        key = resolve_did(did, download=_from(published))
        verify_data_integrity_proof(json.loads(published[listed]), key)
        OB3LdpVerifier.for_issuer_did(did).verify(
            json.dumps(credential),
            recipient,
            check_status=True,
            verify_status_list=False,
            download=_from(published),
        )

    return _said(check)


def library_token(token: str, did: str, published: dict[str, str]) -> Answer:
    """`openbadgeslib` on a VC-JWT: the key by did:web, the claims, the dates, and the signed status list."""

    def check() -> None:
        verifier = OB3Verifier.for_issuer_did(did, download=_from(published))
        verifier.verify(token, check_status=True, download=_from(published))

    return _said(check)


def library_text(png: bytes) -> str:
    """What `openbadgeslib` finds baked into a picture."""
    return OB3Verifier.extract_token_from_png(png)


def _from(published: dict[str, str]) -> Any:
    return lambda address: published[address].encode()


def _said(check: Any) -> Answer:
    try:
        check()
    except LibOpenBadgesException as error:
        return Answer(False, "Credential status 'revocation' is set" in str(error), [str(error)])
    return Answer(True, False, [])


@pytest.fixture(scope="session")
def outside() -> Iterator[Bazaar]:
    """The Node verifier, once for all tests of a process."""
    with bazaar() as program:
        yield program
