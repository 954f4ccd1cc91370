"""The built pages: made when something that goes into them has changed, each build in a folder of its own.

Reflex builds in `.web`, one at a time (a lock sees to it). A build that is complete is put under `.built` in one
step, by the digest of everything that went into it; servers read there, so nobody is ever served half a build,
and two servers of one folder do not disturb each other.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import IO

from facts.refusals import Refusal

SOURCES = (
    "app", "pages", "components", "members", "rewards", "badges", "facts", "assets", "locales", "reflex.lock",
    "rxconfig.py",
)  # fmt: skip
NEEDED = ("build/client", "build/inline-scripts.json", "backend", "routes.json")
PASSED_OVER = {"__pycache__", "external"}  # `assets/external` is Reflex's own
TOOLS = ("REFLEX_", "VITE_")  # settings of the tools that build; ours that go in are given as `address`
KEPT = 3
ATTEMPTS = 3
IN_USE = "in-use"


def digest(root: Path, address: str) -> str:
    """Of everything that goes into the pages: sources, texts, drawings, locks, Reflex, and the public address."""
    found = hashlib.sha256(f"{version('reflex')} {sys.version_info[:2]} {address}".encode())
    for name in sorted(name for name in os.environ if name.startswith(TOOLS)):
        found.update(f"\0{name}={os.environ[name]}".encode())
    for path in sorted(_files(root)):
        content = path.read_bytes()
        found.update(f"\0{path.relative_to(root).as_posix()} {len(content)}\0".encode())
        found.update(content)
    return found.hexdigest()[:32]


def _files(root: Path) -> Iterator[Path]:
    for name in SOURCES:
        place = root / name
        for path in place.rglob("*") if place.is_dir() else [place]:
            if path.is_file() and not PASSED_OVER & set(path.relative_to(root).parts):
                yield path


def found(root: Path, address: str) -> Path | None:
    """The folder with the pages as they should be now, when they were built already."""
    folder = root / ".built" / digest(root, address)
    if not folder.is_dir():
        return None
    os.utime(folder)  # the newest are kept
    return folder


def ready(root: Path, address: str, tell: Callable[[str], None]) -> Path:
    """The folder with the pages as they should be now; builds them first when they are not there."""
    place = root / ".built"
    if folder := found(root, address):
        return folder
    with _alone(place, tell):
        for _ in range(ATTEMPTS):
            folder = place / digest(root, address)
            if not folder.is_dir():  # whoever was before us may have built the same
                tell("Building the pages; the first time this takes a minute.")
                _build(root)
                if folder.name != digest(root, address):
                    continue  # somebody edited a file meanwhile
                _put(root / ".web", folder)
            _forget(place, folder)
            return folder
    raise Refusal("pages_unsteady", "The files that the pages are made of change while they are built.")


@contextmanager
def _alone(place: Path, tell: Callable[[str], None]) -> Iterator[None]:
    """One builder at a time; the others wait, and say so. The lock goes with its process, however that ends."""
    place.mkdir(exist_ok=True)
    with (place / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell("Somebody else is building the pages in this folder; waiting until they are done.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _build(root: Path) -> None:
    """Let Reflex build in `.web`."""
    command = [
        sys.executable,
        "-m",
        "reflex",
        "export",
        "--frontend-only",
        "--no-zip",
        "--loglevel",
        "warning",
    ]
    done = subprocess.run(  # noqa: S603 - our own words
        command, cwd=root, env=environment(), stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False
    )
    if done.returncode or not (root / ".web" / NEEDED[0] / "index.html").exists():
        raise Refusal("pages_not_built", "The pages could not be built; what went wrong is said above.")


def environment() -> dict[str, str]:
    """For children of ours: without telemetry, and with the tools of our own .venv."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return os.environ | {"REFLEX_TELEMETRY_ENABLED": "false", "PATH": path}


def _put(made: Path, folder: Path) -> None:
    """Copy a build to its place; it is there whole or not at all."""
    draft = folder.with_name(f"{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)  # of somebody who was interrupted
    for name in NEEDED:
        source, to = made / name, draft / name
        to.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, to)
        elif source.exists():
            shutil.copyfile(source, to)
    (draft / IN_USE).touch()
    draft.rename(folder)


@contextmanager
def in_use(folder: Path) -> Iterator[None]:
    """Keep a build from being thrown away while it is served."""
    with (folder / IN_USE).open() as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


def _forget(place: Path, newest: Path) -> None:
    """Throw old builds away, except a few and those that are served right now."""
    old = [path for path in place.iterdir() if path.is_dir() and path != newest]
    for folder in sorted(old, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT - 1 :]:
        if _nobody_serves(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _nobody_serves(folder: Path) -> bool:
    try:
        file: IO[str]
        with (folder / IN_USE).open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return True  # somebody was interrupted
    except BlockingIOError:
        return False
    return True
