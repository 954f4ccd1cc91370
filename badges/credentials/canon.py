"""The canonical form of a credential (RDFC-1.0), which is what a Data Integrity proof signs.

Contexts come from the files beside this module. Nothing is ever fetched: another context than these is refused,
so a credential cannot make us call an address (and `shape` turns such a one away before it comes here).
"""

from __future__ import annotations

import hashlib
import json
import threading
from functools import cache
from pathlib import Path
from typing import Any

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
FILES = {CREDENTIALS: "credentials-v2.json", BADGES: "open-badges-3.0.3.json"}
_CONTEXTS = Path(__file__).parent / "contexts"
_one_at_a_time = threading.Lock()  # PyLD's caches of contexts are shared by all threads, and not made for it


def digest(document: dict[str, Any]) -> bytes:
    """SHA-256 of the canonical form. The document's shape has been checked: this costs what its size does.

    Raises ValueError for what JSON-LD cannot express.
    """
    from pyld import jsonld  # a fifth of a second, which only those pay who sign or verify

    options: dict[str, Any] = {
        "algorithm": "URDNA2015",  # what RDFC-1.0 was called before it was a standard
        "format": "application/n-quads",
        "documentLoader": _context,
    }
    try:
        with _one_at_a_time:
            canonical = jsonld.normalize(document, options)
    except jsonld.JsonLdError:
        raise ValueError("no JSON-LD") from None
    return hashlib.sha256(canonical.encode()).digest()


def _context(url: str, options: dict[str, Any]) -> dict[str, Any]:
    if url not in FILES:
        raise ValueError("another context than ours")
    found = {"document": _file(url), "documentUrl": url, "contextUrl": None}
    return {**found, "contentType": "application/ld+json"}


@cache
def _file(url: str) -> dict[str, Any]:
    return json.loads((_CONTEXTS / FILES[url]).read_text())
