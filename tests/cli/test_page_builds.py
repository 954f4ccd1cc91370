"""Built pages: built when something that goes into them has changed, whole or not at all, and by one at a time."""

from __future__ import annotations

import fcntl
import socket
import threading
from pathlib import Path

import pytest

from app.cli import page_builds
from app.cli.page_builds import digest, in_use, ready
from facts.refusals import Refusal
from tests.cli.conftest import Run

HERE = "http://localhost:3000"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small house, in which building is copying: the tests in a browser have the real builder."""
    for name in page_builds.SOURCES:
        if "." in name:
            continue
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.py").write_text("1")
    (tmp_path / "reflex.lock").mkdir()
    (tmp_path / "rxconfig.py").write_text("2")
    monkeypatch.setattr(page_builds, "_build", _copied)
    return tmp_path


def _copied(root: Path) -> None:
    page = root / ".web" / "build" / "client" / "index.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text((root / "pages" / "a.py").read_text())


def served(folder: Path) -> str:
    return (folder / "build" / "client" / "index.html").read_text()


def test_what_has_not_changed_is_not_built_again(root: Path) -> None:
    said: list[str] = []
    first = ready(root, HERE, said.append)
    assert ready(root, HERE, said.append) == first
    assert said == ["Building the pages; the first time this takes a minute."]


def test_what_goes_into_the_pages_makes_another_build(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {digest(root, HERE), digest(root, "https://club.example")}
    for name in ("pages/a.py", "locales/a.py", "assets/a.py", "rxconfig.py"):
        (root / name).write_text("changed")
        found.add(digest(root, HERE))
    (root / "reflex.lock" / "bun.lock").write_text("3")
    found.add(digest(root, HERE))
    monkeypatch.setenv("REFLEX_SSR", "false")
    found.add(digest(root, HERE))
    assert len(found) == 8
    (root / "pages" / "__pycache__").mkdir()
    (root / "pages" / "__pycache__" / "a.pyc").write_text("x")
    (root / "docs.md").write_text("x")
    assert digest(root, HERE) in found


def test_whoever_comes_second_waits_says_so_and_builds_nothing(root: Path) -> None:
    place, said, found = root / ".built", list[str](), list[Path]()
    place.mkdir()
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = threading.Thread(target=lambda: found.append(ready(root, HERE, said.append)))
        second.start()
        while not said:
            second.join(0.01)
        assert "waiting" in said[0]
        made = place / digest(root, HERE)
        (made / "build" / "client").mkdir(parents=True)  # the first one has finished
    second.join(30)
    assert found == [made]
    assert len(said) == 1


def test_a_build_that_failed_or_was_cut_short_is_never_served(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / ".built" / f"{digest(root, HERE)}.draft" / "build").mkdir(
        parents=True
    )  # cut short while it was copied

    def fails(root: Path) -> None:
        raise Refusal("pages_not_built", "No.")

    with monkeypatch.context() as patch:
        patch.setattr(page_builds, "_build", fails)
        with pytest.raises(Refusal, match="No"):
            ready(root, HERE, lambda _: None)
    assert not (root / ".built" / digest(root, HERE)).exists()
    assert served(ready(root, HERE, lambda _: None)) == "1"


def test_a_file_that_is_edited_meanwhile_is_built_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edits = iter(["edited"])

    def build(root: Path) -> None:
        _copied(root)
        for text in edits:
            (root / "pages" / "a.py").write_text(text)

    monkeypatch.setattr(page_builds, "_build", build)
    folder = ready(root, HERE, lambda _: None)
    assert served(folder) == "edited"
    assert folder.name == digest(root, HERE)


def test_old_builds_go_except_those_that_are_served(root: Path) -> None:
    first = ready(root, HERE, lambda _: None)
    with in_use(first):
        others = [ready(root, f"{HERE}/{n}", lambda _: None) for n in range(4)]
        kept = {path for path in (root / ".built").iterdir() if path.is_dir()}
        assert kept == {first, *others[-page_builds.KEPT :]}
    ready(root, "https://another.example", lambda _: None)
    assert not first.exists()


def test_a_port_at_which_somebody_listens_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_PORT", "3000")  # what serving sets is undone
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as other:
        port = other.getsockname()[1]
        said = run("serve", "--port", str(port), code=1).output
    assert f"port {port}" in said
    assert "--port" in said
