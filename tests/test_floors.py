"""Versions below which there is a published hole, and locks that name every hash and no address."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.version import Version

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
FLOORS = {
    "reflex": "0.10.1",
    "authlib": "1.9.0",
    "pillow": "13.0.0",
    "python-socketio": "5.14",
    "starlette": "1.3.1",
    "python-multipart": "0.0.32",
    "granian": "2.7.4",
    "redis": "4.5.5",
}


def locked(name: str) -> dict[str, str]:
    """Package and version of every row of a lock."""
    return dict(
        re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", (ROOT / name).read_text(), re.MULTILINE)
    )


@pytest.mark.parametrize(("package", "floor"), FLOORS.items())
def test_no_version_with_a_published_hole(package: str, floor: str) -> None:
    assert Version(version(package)) >= Version(floor)
    for name in LOCKS:
        assert Version(locked(name)[package]) >= Version(floor)


def test_reflex_is_pinned_exactly() -> None:
    assert re.search(r"^reflex==0\.10\.1$", (ROOT / "requirements.in").read_text(), re.MULTILINE)
    assert version("reflex") == "0.10.1"


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_every_hash_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text
    pinned = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(pinned) > 50
    assert [block.split()[0] for block in pinned if "--hash=sha256:" not in block] == []
    assert not (ROOT / "uv.lock").exists()


def test_tests_run_what_the_shop_runs() -> None:
    shop, dev = (locked(name) for name in LOCKS)
    assert {package: dev.get(package) for package in shop} == shop


def test_the_locks_carry_what_was_asked_for() -> None:
    for asked, name in (
        ("requirements.in", "requirements.lock"),
        ("requirements-dev.in", "requirements-dev.lock"),
    ):
        wanted = re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)", (ROOT / asked).read_text(), re.MULTILINE)
        assert [package for package in wanted if package.lower() not in locked(name)] == []


def test_no_server_beside_granian() -> None:
    """With uvicorn or gunicorn installed, Reflex would serve with one process."""
    assert {"uvicorn", "gunicorn"}.isdisjoint(locked("requirements.lock"))
