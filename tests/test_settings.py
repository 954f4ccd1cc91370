"""Settings: read from the environment, refused in production where they are not safe, and secrets kept."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app.settings import PREFIX, Mode, Settings, check_safe, secret

GOOD: dict[str, Any] = {
    "mode": "production",
    "public_url": "https://club.marlow.example",
    "secret": "k3:Zq81-vTn0_pLx9.Rm2yWd7uEb5sHg",
    "database_url": "postgresql://shop:a-long-one-9182@db.marlow.example/regulars",
    "redis_url": "rediss://:another-long-one@cache.marlow.example/0",
    "data_dir": "/nonexistent/regulars",
    "trusted_proxy_hops": 1,
    "smtp_url": "smtps://mail.marlow.example",
    "mail_from": "club@marlow.example",
}


def test_a_good_production_may_start() -> None:
    assert check_safe(Settings(**GOOD)) == []
    assert check_safe(Settings(**{**GOOD, "database_url": "", "redis_url": ""})) == []
    assert check_safe(Settings(**{**GOOD, "smtp_url": "", "no_mail": True})) == [], "no letters, on purpose"


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"mode": "demo"}, "MODE"),
        ({"secret": ""}, "SECRET"),
        ({"secret": "short"}, "SECRET"),
        ({"secret": "abab" * 16}, "SECRET"),
        ({"public_url": "http://club.marlow.example"}, "PUBLIC_URL"),
        ({"trusted_proxy_hops": 0}, "TRUSTED_PROXY_HOPS"),
        ({"public_url": "https://localhost:3000"}, "PUBLIC_URL"),
        ({"public_url": "https://127.0.0.1"}, "PUBLIC_URL"),
        ({"database_url": "mysql://shop:a-long-one@db.marlow.example/x"}, "DATABASE_URL"),
        ({"database_url": "postgresql://shop@db.marlow.example/x"}, "DATABASE_URL"),
        ({"database_url": "postgresql://shop:postgres@db.marlow.example/x"}, "DATABASE_URL"),
        ({"redis_url": "redis://cache.marlow.example/0"}, "REDIS_URL"),
        ({"redis_url": "http://cache.marlow.example/0"}, "REDIS_URL"),
        ({"smtp_url": ""}, "SMTP_URL"),
    ],
)
def test_production_refuses_to_start(change: dict[str, Any], name: str) -> None:
    said = check_safe(Settings(**{**GOOD, **change}))
    assert len(said) == 1
    assert said[0].startswith(PREFIX + name)
    assert said[0].endswith(".")


def test_production_refuses_an_open_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert check_safe(Settings(**{**GOOD, "data_dir": tmp_path}))[0].startswith(f"{PREFIX}DATA_DIR")
    tmp_path.chmod(0o750)
    assert check_safe(Settings(**{**GOOD, "data_dir": tmp_path})) == []


def test_production_refuses_a_setting_it_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_DATBASE_URL", "postgresql://typo")
    assert any("REGULARS_DATBASE_URL" in sentence for sentence in check_safe(Settings(**GOOD)))


def test_no_sentence_repeats_a_password() -> None:
    bad = {
        **GOOD,
        "database_url": "mysql://shop:hunter22@db.example/x",
        "redis_url": "http://:hunter22@r.example",
    }
    assert "hunter22" not in " ".join(check_safe(Settings(**bad)))
    assert "hunter22" not in repr(Settings(**bad))
    assert GOOD["secret"] not in repr(Settings(**bad))


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REGULARS_MODE", "production")
    monkeypatch.setenv("REGULARS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("REGULARS_REDIS_URL", "")
    read = Settings()
    assert read.mode is Mode.PRODUCTION
    assert read.database_url == f"sqlite:///{tmp_path}/regulars.sqlite"
    assert read.redis_url == ""


@pytest.mark.parametrize(
    "url", ["club.example.com", "ftp://club.example", "https://", "https://a.example/?x=1"]
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match=r"club\.example\.com"):
        Settings(public_url=url)


def test_the_demo_makes_its_secret_once(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    first = secret(settings)
    assert len(first) == 64
    assert secret(settings) == first
    path = tmp_path / "data" / "secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [*path.parent.iterdir()] == [path]
    assert secret(Settings(data_dir=tmp_path / "other")) != first


def test_production_makes_no_secret(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="SECRET"):
        secret(Settings(mode=Mode.PRODUCTION, data_dir=tmp_path))
    assert [*tmp_path.iterdir()] == []
    assert secret(Settings(**GOOD)) == GOOD["secret"].encode()


def test_without_an_address_it_is_this_machine_at_its_port() -> None:
    assert Settings().public_url == "http://localhost:3000"
    assert Settings(port=3777).public_url == "http://localhost:3777"
    assert Settings(port=3777, public_url="https://club.example").public_url == "https://club.example"
