"""The OpenID providers that people may sign in with: read from a setting, and refused with a sentence when wrong.

`REGULARS_OIDC_PROVIDERS` is JSON, a list of providers, or the path of a TOML file with `[[provider]]` tables. Secrets
stand in neither: a provider names the environment variable that holds its secret.
"""

from __future__ import annotations

import json
import os
import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from members.roles import MEMBER, ROLES

HERE = {"localhost", "127.0.0.1", "::1"}
Side = Literal["members", "staff"]


class Wrong(ValueError):
    """The setting cannot be used; the text says which provider, and why."""


class SignedSecret(BaseModel):
    """Instead of a secret a key that signs one (ES256), for a few minutes each time, as Apple wants it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    team: str
    key_id: str
    key_env: str

    @property
    def key(self) -> SecretStr:
        """The private key, as PEM."""
        return _from_environment(self.key_env)


class Provider(BaseModel):
    """One provider. `issuer` leads to everything else, by discovery (OpenID Connect Discovery 1.0)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
    issuer: str
    client_id: Annotated[str, Field(min_length=1)]
    label: Annotated[str, Field(min_length=1, max_length=40)]
    people: tuple[Side, ...] = ("members",)
    client_secret_env: str = ""
    signed_secret: SignedSecret | None = None
    auth_method: Literal["", "client_secret_basic", "client_secret_post", "none"] = ""
    scopes: str = "openid email profile"
    response_mode: Literal["", "query", "form_post"] = ""
    icon: Annotated[str, Field(pattern=r"^(/[\w./-]+)?$")] = ""
    groups_claim: str = "groups"
    roles: dict[str, str] = {}

    @field_validator("issuer")
    @classmethod
    def _reachable_safely(cls, value: str) -> str:
        if not safe_address(value, local=is_here(value)) or urlsplit(value).query:
            raise ValueError("is not an https address without a query")
        return value

    @field_validator("scopes")
    @classmethod
    def _openid(cls, value: str) -> str:
        if "openid" not in value.split():
            raise ValueError("does not have the word openid in it")
        return value

    @model_validator(mode="after")
    def _that_it_fits(self) -> Provider:
        if not self.people:
            raise ValueError("people: is for nobody; say members, staff or both")
        strange = sorted(role for role in self.roles.values() if role == MEMBER or role not in ROLES)
        if strange:
            raise ValueError(f"roles: {strange[0]} is not a role of staff")
        if self.roles and "staff" not in self.people:
            raise ValueError("roles: groups become roles of staff, and this provider is not for staff")
        if self.client_secret_env:
            _from_environment(self.client_secret_env)
        if self.signed_secret:
            _ = self.signed_secret.key
        return self

    @property
    def secret(self) -> SecretStr:
        """The client's secret; empty for one that has none, and proves itself by PKCE alone."""
        return _from_environment(self.client_secret_env) if self.client_secret_env else SecretStr("")

    @property
    def local(self) -> bool:
        """Whether it runs on this machine, where http will do."""
        return is_here(self.issuer)


def is_here(address: str) -> bool:
    """Whether an address leads to this machine."""
    return urlsplit(address).hostname in HERE


def safe_address(address: str, *, local: bool) -> bool:
    """Whether we may go there, or send people there: https, or with `local` http on this machine."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    if not parts.hostname or parts.username or parts.password or parts.fragment:
        return False
    return parts.scheme == "https" or (local and parts.scheme == "http" and parts.hostname in HERE)


@cache
def read(setting: str) -> tuple[Provider, ...]:
    """The providers of the setting, none when it is empty. Raises `Wrong`."""
    rows = _rows(setting)
    found: list[Provider] = []
    for row in rows:
        name = row.get("name") if isinstance(row, dict) else None
        try:
            found.append(Provider.model_validate(row))
        except ValidationError as error:
            raise Wrong(f"the provider {name or 'without a name'}: {_told(error)}") from None
    names = [one.name for one in found]
    if len(set(names)) < len(names):
        raise Wrong("two providers have the same name")
    if len({one.issuer for one in found}) < len(found):
        raise Wrong("two providers have the same issuer")
    return tuple(found)


def _rows(setting: str) -> list[Any]:
    if not setting.strip():
        return []
    try:
        if setting.lstrip().startswith("["):
            rows = json.loads(setting)
        else:
            rows = tomllib.loads(Path(setting).read_text()).get("provider", [])
    except OSError as error:
        raise Wrong(f"{setting} cannot be read: {error.strerror}") from None
    except ValueError:
        raise Wrong("neither a JSON list of providers nor a TOML file with [[provider]] tables") from None
    if not isinstance(rows, list):
        raise Wrong("neither a JSON list of providers nor a TOML file with [[provider]] tables")
    return rows


def _told(error: ValidationError) -> str:
    """The first thing that is wrong, in words, without the value: it may be a secret in the wrong place."""
    first = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    said = first["msg"].removeprefix("Value error, ")
    return f"{where} {said}" if where else said


def _from_environment(name: str) -> SecretStr:
    value = os.environ.get(name, "")
    if not value:
        raise ValueError(f"the environment variable {name} is not set")
    return SecretStr(value.replace("\\n", "\n") if "BEGIN" in value else value)
