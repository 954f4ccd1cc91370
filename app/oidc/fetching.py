"""Asking a provider over HTTP: briefly, a small answer, from the very address that was asked."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from functools import cache
from typing import Any

import anyio
import httpx

from app.oidc.words import Unusable
from app.providers import safe_address

BYTES_MAX = 256 * 1024
SECONDS_MAX = 10.0
HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "Regulars"}


async def get(address: str, *, local: bool, bearer: str = "") -> dict[str, Any]:
    """The JSON object at an address."""
    more = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    return await _ask("GET", address, local, more, None)


async def post(address: str, body: str, headers: Mapping[str, str], *, local: bool) -> dict[str, Any]:
    """The JSON object that answers a form."""
    return await _ask("POST", address, local, headers, body)


async def _ask(
    method: str, address: str, local: bool, headers: Mapping[str, str], body: str | None
) -> dict[str, Any]:
    if not safe_address(address, local=local):
        raise Unusable("an address that is not https")
    try:
        with anyio.fail_after(SECONDS_MAX):
            raw = await _body(method, address, {**HEADERS, **headers}, body)
    except TimeoutError:
        raise Unusable("no answer in time") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unusable(type(error).__name__) from None
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        raise Unusable("an answer that is not JSON") from None
    if not isinstance(found, dict):
        raise Unusable("an answer that is no object")
    return found


async def _body(method: str, address: str, headers: Mapping[str, str], body: str | None) -> bytes:
    client = httpx.AsyncClient(verify=_trusted(), follow_redirects=False, timeout=SECONDS_MAX)
    async with client, client.stream(method, address, headers=headers, content=body) as answer:
        if answer.status_code != 200:
            raise Unusable(f"status {answer.status_code}")
        if answer.headers.get("content-encoding", "identity") != "identity":
            raise Unusable("a compressed answer")
        raw = bytearray()
        async for part in answer.aiter_raw():
            raw += part
            if len(raw) > BYTES_MAX:
                raise Unusable("too long an answer")
    return bytes(raw)


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities that are trusted; reading them takes longer than asking."""
    return httpx.create_ssl_context()
