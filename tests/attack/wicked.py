"""A provider that can be told to lie: honest until one of its habits is changed. A real server, on this machine."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from joserfc.jws import JWSRegistry

CLIENT, SECRET = "club", "not-much-of-a-secret"
Claims = dict[str, Any]
RSA = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
STRANGE = RSAKey.generate_key(2048, {"kid": "strange"})
EC = ECKey.generate_key("P-256", {"kid": "curve"})


class Wicked:
    """The provider. What it says of a user is `people[sub]`; each habit is a field that an attack replaces."""

    def __init__(self) -> None:
        self.issuer = ""
        self.people: dict[str, Claims] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.reset()

    def reset(self) -> None:
        """Honest again, and nobody known."""
        self.people = {"anna": {"name": "Anna", "email": "anna@shop.example", "email_verified": True}}
        self.codes.clear()
        self.asked.clear()
        self.metadata: Callable[[dict[str, Any]], dict[str, Any]] = lambda told: told
        self.claims: Callable[[Claims], Claims] = lambda claims: claims
        self.sign: Callable[[Claims], str] = self.signed
        self.answer: Callable[[dict[str, Any]], dict[str, Any]] = lambda given: given
        self.told: Callable[[Claims], Claims] = lambda claims: claims
        self.keys: Callable[[], Any] = lambda: KeySet([RSA, EC]).as_dict(private=False)
        self.redirects: dict[str, str] = {}
        self.checks = True
        self.sleeps = 0.0

    def signed(self, claims: Claims, alg: str = "RS256", key: Any = RSA, **header: Any) -> str:
        """A token as it should be."""
        head = {"alg": alg, "kid": key.kid, **header}
        return jwt.encode(head, claims, key, registry=JWSRegistry(algorithms=[alg]))

    def allow(self, asked: dict[str, str], sub: str = "anna") -> str:
        """The code that a browser is sent back with after somebody has signed in."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = {**asked, "sub": sub}
        return code

    def discovery(self) -> dict[str, Any]:
        """What it publishes."""
        return self.metadata({
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        })  # fmt: skip

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Exchange a code, once, for who holds the verifier and the secret."""
        begun = self.codes.pop(form.get("code", ""), None)
        if begun is None:
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        fits = base64.urlsafe_b64encode(digest).decode().rstrip("=") == begun["code_challenge"]
        knows = authorization == f"Basic {base64.b64encode(f'{CLIENT}:{SECRET}'.encode()).decode()}"
        if self.checks and not (fits and knows and form.get("redirect_uri") == begun["redirect_uri"]):
            return 400, {"error": "invalid_grant"}
        now, access = int(time.time()), f"access-{begun['sub']}"
        half = hashlib.sha256(access.encode()).digest()[:16]
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": begun["sub"], "iat": now, "exp": now + 300,
            "nonce": begun["nonce"], "at_hash": base64.urlsafe_b64encode(half).decode().rstrip("="),
            **self.people.get(begun["sub"], {}),
        }  # fmt: skip
        token = self.sign(self.claims(claims))
        return 200, self.answer({"access_token": access, "token_type": "Bearer", "id_token": token})

    def userinfo(self, authorization: str) -> dict[str, Any]:
        """What it says beside the token."""
        sub = authorization.removeprefix("Bearer access-")
        return self.told({"sub": sub, **self.people.get(sub, {})})


class _Handler(BaseHTTPRequestHandler):
    wicked: Wicked

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.wicked.asked.append(path)
        if path in self.wicked.redirects:
            self.send_response(302)
            self.send_header("Location", self.wicked.redirects[path])
            self.end_headers()
            return
        if path == "/.well-known/openid-configuration":
            self._say(200, self.wicked.discovery())
        elif path == "/jwks":
            self._say(200, self.wicked.keys())
        elif path == "/userinfo":
            self._say(200, self.wicked.userinfo(self.headers.get("Authorization", "")))
        else:
            self._say(404, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.wicked.asked.append(urlsplit(self.path).path)
        time.sleep(self.wicked.sleeps)
        self._say(*self.wicked.token(form, self.headers.get("Authorization", "")))

    def _say(self, status: int, said: Any) -> None:
        raw = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        with suppress(ConnectionError):  # who asked has heard enough
            self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:
        return


@contextmanager
def wicked_provider() -> Iterator[Wicked]:
    """One, for as long as the block lasts."""
    wicked = Wicked()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"wicked": wicked}))
    server.daemon_threads = True
    wicked.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield wicked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
