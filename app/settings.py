"""What a shop can set from outside: environment variables that begin with `REGULARS_`.

Every field here is a row of docs/operations.md, and a test says so. `check_safe` lists, in sentences, why
these settings must not meet the public; production refuses to start while it says anything.
"""

from __future__ import annotations

import os
import secrets
import stat
from enum import StrEnum
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app import providers
from app.providers import Provider

PREFIX = "REGULARS_"
SECRET_LENGTH_MIN = 32
POOR_PASSWORDS = {"", "admin", "changeme", "password", "postgres", "redis", "regulars", "secret", "test"}


class Mode(StrEnum):
    """`demo` has entrances without a sign-in; `production` has none, and checks its settings."""

    DEMO = "demo"
    PRODUCTION = "production"


class Settings(BaseSettings):
    """The settings, read once when the process starts."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, env_ignore_empty=True, hide_input_in_errors=True
    )

    mode: Mode = Mode.DEMO
    data_dir: Path = Path("data")
    database_url: str = Field(default="", repr=False)
    redis_url: str = Field(default="", repr=False)
    public_url: str = "http://localhost:3000"
    host: str = "127.0.0.1"
    port: int = Field(default=3000, ge=1, le=65535)
    trusted_proxy_hops: int = Field(default=0, ge=0, le=10)
    secret: SecretStr = SecretStr("")
    oidc_providers: str = Field(default="", repr=False)
    smtp_url: SecretStr = SecretStr("")
    mail_from: str = ""
    no_mail: bool = False
    sms_url: SecretStr = SecretStr("")
    sms_header: SecretStr = SecretStr("")
    sms_body: str = '{"to": "{to}", "text": "{text}"}'

    @field_validator("public_url")
    @classmethod
    def _an_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("give an address such as https://club.example.com")
        return value.rstrip("/")

    @field_validator("oidc_providers")
    @classmethod
    def _known_providers(cls, value: str) -> str:
        providers.read(value)
        return value

    @model_validator(mode="before")
    @classmethod
    def _what_follows(cls, values: dict[str, object]) -> dict[str, object]:
        """The database lies in the data folder, and the address is this machine's, unless something else was said."""
        folder = Path(str(values.get("data_dir") or "data"))
        values = {
            **values,
            "database_url": values.get("database_url") or f"sqlite:///{folder / 'regulars.sqlite'}",
        }
        return {
            **values,
            "public_url": values.get("public_url") or f"http://localhost:{values.get('port') or 3000}",
        }

    @property
    def demo(self) -> bool:
        """Whether the entrances of the demo are open."""
        return self.mode is Mode.DEMO

    @property
    def providers(self) -> tuple[Provider, ...]:
        """The OpenID providers that people may sign in with."""
        return providers.read(self.oidc_providers)

    @property
    def secure_cookies(self) -> bool:
        """Whether people come by https, so that cookies may be marked Secure."""
        return self.public_url.startswith("https://")


@cache
def current() -> Settings:
    """The settings of this process. A wrong one is told in a sentence, without what was in it."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = f"{PREFIX}{first['loc'][0]}".upper() if first["loc"] else PREFIX.rstrip("_")
        raise ValueError(f"{name}: {first['msg'].removeprefix('Value error, ')}.") from None


def secret(settings: Settings) -> bytes:
    """The key that digests and signatures are made with.

    In demo mode one is made by chance, once, and kept in the data folder for its owner's eyes only.
    Production is given one from outside, so that it is never lost together with the data it protects.
    """
    given = settings.secret.get_secret_value()
    if given:
        return given.encode()
    if not settings.demo:
        raise RuntimeError(f"{PREFIX}SECRET is not set.")
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = settings.data_dir / "secret"
    if not path.exists():
        _write_whole(path, secrets.token_hex(32).encode())
    return path.read_bytes()


def _write_whole(path: Path, content: bytes) -> None:
    """Make a file that is complete as soon as it is there; the first of several processes wins."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def check_safe(settings: Settings) -> list[str]:
    """Why production must not start like this, one sentence for each reason; nothing when it may."""
    return [
        *_about_spelling(),
        *_about_mode(settings),
        *_about_secret(settings),
        *_about_address(settings),
        *_about_stores(settings),
        *_about_providers(settings),
        *_about_data_dir(settings),
        *_about_letters(settings),
    ]


def _about_spelling() -> list[str]:
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    strangers = sorted(
        name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known
    )
    return [
        f"{name} is not a setting of Regulars: is it spelt as in docs/operations.md?" for name in strangers
    ]


def _about_mode(settings: Settings) -> list[str]:
    if settings.demo:
        return [f"{PREFIX}MODE is demo: anybody could enter as a member or as staff. Set it to production."]
    return []


def _about_secret(settings: Settings) -> list[str]:
    value = settings.secret.get_secret_value()
    if not value:
        return [f"{PREFIX}SECRET is not set: give it {SECRET_LENGTH_MIN} random characters or more."]
    if len(value) < SECRET_LENGTH_MIN or len(set(value)) < 10:
        return [f"{PREFIX}SECRET is easy to guess: give it {SECRET_LENGTH_MIN} random characters or more."]
    return []


def _about_address(settings: Settings) -> list[str]:
    parts = urlsplit(settings.public_url)
    said: list[str] = []
    if parts.scheme != "https":
        said.append(f"{PREFIX}PUBLIC_URL is not https: sign-in cookies would travel in the open.")
    elif settings.trusted_proxy_hops == 0:
        said.append(
            f"{PREFIX}TRUSTED_PROXY_HOPS is 0: behind the proxy that speaks https all visitors share one rate."
        )
    if _is_here(parts.hostname):
        said.append(f"{PREFIX}PUBLIC_URL is this machine itself: give the address that members type.")
    return said


def _about_stores(settings: Settings) -> list[str]:
    said: list[str] = []
    if not settings.database_url.startswith(("sqlite", "postgres")):
        said.append(f"{PREFIX}DATABASE_URL is neither SQLite nor PostgreSQL.")
    elif _is_open(settings.database_url):
        said.append(f"{PREFIX}DATABASE_URL has no password, or one that everybody knows.")
    if settings.redis_url and not settings.redis_url.startswith(("redis://", "rediss://", "unix://")):
        said.append(f"{PREFIX}REDIS_URL is not an address of Redis.")
    elif _is_open(settings.redis_url):
        said.append(
            f"{PREFIX}REDIS_URL has no password, or one that everybody knows; who writes there rules here."
        )
    return said


def _is_open(url: str) -> bool:
    """Whether a store on another machine would let in somebody who guesses."""
    parts = urlsplit(url)
    away = bool(parts.hostname) and not _is_here(parts.hostname)
    return away and (parts.password or "") in POOR_PASSWORDS


def _about_providers(settings: Settings) -> list[str]:
    return [
        f"{PREFIX}OIDC_PROVIDERS has {one.name} on this machine, by http: that is for trying it out."
        for one in settings.providers
        if one.issuer.startswith("http:")
    ]


def _about_data_dir(settings: Settings) -> list[str]:
    folder = settings.data_dir
    if folder.exists() and stat.S_IMODE(folder.stat().st_mode) & 0o007:
        return [f"{PREFIX}DATA_DIR ({folder}) is open to every user of this machine: chmod 750 it."]
    return []


def _about_letters(settings: Settings) -> list[str]:
    """Codes and links let people in: nobody may read them on the way."""
    said: list[str] = []
    mail, texts = (urlsplit(one.get_secret_value()) for one in (settings.smtp_url, settings.sms_url))
    if not mail.scheme and not settings.no_mail:
        said.append(
            f"{PREFIX}SMTP_URL is not set: nobody would get a code or a warning by e-mail. "
            f"Where that is meant, set {PREFIX}NO_MAIL to true."
        )
    if mail.scheme not in {"", "smtp", "smtps", "smtp+plain"}:
        said.append(f"{PREFIX}SMTP_URL begins with smtp:// (STARTTLS), smtps:// or smtp+plain://.")
    elif mail.scheme == "smtp+plain" and not _is_here(mail.hostname):
        said.append(
            f"{PREFIX}SMTP_URL sends letters in the open to another machine: use smtp:// or smtps://."
        )
    if mail.scheme and "@" not in settings.mail_from:
        said.append(f"{PREFIX}MAIL_FROM is not set: say from whom letters come, such as club@shop.example.")
    if texts.scheme and texts.scheme != "https" and not _is_here(texts.hostname):
        said.append(f"{PREFIX}SMS_URL is not https: codes would travel in the open.")
    return said


def _is_here(host: str | None) -> bool:
    return host in {"localhost", "::1"} or (host or "").startswith("127.")
