"""The setting of the OpenID providers: read from JSON and TOML, and refused with a sentence that tells no secret."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app import settings
from app.providers import Wrong, read, safe_address

GOOD: dict[str, Any] = {
    "name": "acme",
    "issuer": "https://id.acme.example",
    "client_id": "club",
    "label": "Acme",
}


def one(**change: Any) -> str:
    return json.dumps([{**GOOD, **change}])


def test_json_and_toml_say_the_same(tmp_path: Path) -> None:
    file = tmp_path / "providers.toml"
    file.write_text(
        '[[provider]]\nname="acme"\nissuer="https://id.acme.example"\nclient_id="club"\nlabel="Acme"\n'
    )
    assert read(str(file)) == read(one())
    assert read("") == ()


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (one(issuer="http://id.acme.example"), "issuer is not an https address"),
        (one(issuer="https://id.acme.example?x=1"), "issuer is not an https address"),
        (one(name="Acme Inc"), "name"),
        (one(client_secret_env="SECRET_THAT_IS_NOT_THERE"), "SECRET_THAT_IS_NOT_THERE is not set"),
        (one(client_secret="hunter22"), "client_secret"),
        (one(scopes="email"), "the word openid"),
        (one(people=["everybody"]), "people"),
        (one(people=[]), "is for nobody"),
        (one(roles={"all": "owner"}), "not for staff"),
        (one(people=["staff"], roles={"all": "emperor"}), "emperor is not a role"),
        (one(people=["staff"], roles={"all": "member"}), "member is not a role"),
        (one(icon="https://evil.example/x.svg"), "icon"),
        (json.dumps([GOOD, GOOD]), "the same name"),
        (json.dumps([GOOD, {**GOOD, "name": "again"}]), "the same issuer"),
        ("[{", "neither a JSON list"),
        ("/nonexistent/providers.toml", "cannot be read"),
    ],
)
def test_a_wrong_one_is_refused_at_the_start(
    setting: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Wrong, match=said):
        read(setting)
    monkeypatch.setenv("REGULARS_OIDC_PROVIDERS", setting)
    settings.current.cache_clear()
    try:
        with pytest.raises(ValueError) as refused:
            settings.current()
    finally:
        settings.current.cache_clear()
    sentence = str(refused.value)
    assert sentence.startswith("REGULARS_OIDC_PROVIDERS: ")
    assert said in sentence
    assert "hunter22" not in sentence


@pytest.mark.parametrize(
    ("address", "local", "safe"),
    [
        ("https://id.acme.example/x", False, True),
        ("http://localhost:9/x", True, True),
        ("http://localhost:9/x", False, False),
        ("http://id.acme.example", True, False),
        ("https://a:b@id.acme.example", False, False),
        ("javascript:alert(1)", True, False),
        ("//id.acme.example", False, False),
        ("https://[bad", False, False),
        ("https://id.acme.example:port", False, False),
    ],
)
def test_where_we_may_go(address: str, local: bool, safe: bool) -> None:
    assert safe_address(address, local=local) is safe
