"""`regulars serve`: the shop open, in a process of its own that ends with us.

This one imports little: it looks whether the pages are built, starts the other, and says where to go when that answers.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Annotated

import typer

from app import settings
from app.cli import page_builds
from app.cli.terminal import kindly, note, opened, say, stop
from app.settings import Settings

ROOT = Path(__file__).parents[2]
READY_SECONDS_MAX = 600
TERM_SECONDS = 10


def serve_command(
    host: Annotated[str, typer.Option(help="The address to listen on; REGULARS_HOST when left out.")] = "",
    port: Annotated[int, typer.Option(help="The port to listen on; REGULARS_PORT when left out.")] = 0,
) -> None:
    """Open the shop: tables up to date, pages built, pages and API on one port."""
    with kindly():
        if port:
            os.environ["REGULARS_PORT"] = str(port)
            settings.current.cache_clear()
        chosen = safe()
        _alone_at(host or chosen.host, chosen.port)
        _ = settings.secret(chosen)
        folder = page_builds.found(ROOT, chosen.public_url)
        if folder is None:
            _ = (
                opened()
            )  # what is wrong with the database is said before the pages are built, which takes a minute
            folder = page_builds.ready(ROOT, chosen.public_url, note)
        with page_builds.in_use(folder):
            raise typer.Exit(_run_pages(folder, host or chosen.host, chosen))


def _alone_at(host: str, port: int) -> None:
    """Two servers can share a port, each with half of the visitors: nobody wants that by mistake."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            stop(
                f"Nothing can be served at {host}, port {port}: {error.strerror}. Choose another with --port."
            )


def safe() -> Settings:
    """The settings; production with an unsafe one does not start."""
    chosen = settings.current()
    reasons = [] if chosen.demo else settings.check_safe(chosen)
    for reason in reasons:
        note(reason)
    if reasons:
        stop("Regulars does not start like this in production. See docs/operations.md.")
    return chosen


def _run_pages(folder: Path, host: str, chosen: Settings) -> int:
    """The pages of `folder` and the backend on one port, as a child that ends with us; returns its exit code."""
    hear, tell = os.pipe()
    command = [sys.executable, "-m", "app.cli.shop", host, str(chosen.port), str(tell)]
    environment = page_builds.environment() | whereabouts(chosen) | {"REFLEX_WEB_WORKDIR": str(folder)}
    child = subprocess.Popen(  # noqa: S603 - our own words
        command, cwd=ROOT, env=environment, start_new_session=True, pass_fds=(tell,)
    )
    os.close(tell)

    def end(number: int, _: object) -> None:
        _signal(child, signal.SIGTERM)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    here = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    threading.Thread(
        target=_announce, args=(f"http://{here}:{chosen.port}/ping", hear, child), daemon=True
    ).start()
    try:
        return child.wait()
    finally:
        _end_group(child)


def whereabouts(chosen: Settings) -> dict[str, str]:
    """Where the data is, for a child that runs in another folder than we do."""
    kind, _, path = chosen.database_url.partition(":///")
    url = chosen.database_url
    if kind.startswith("sqlite") and path and not path.startswith(("/", ":")):
        url = f"{kind}:///{Path(path).absolute()}"
    return {"REGULARS_DATA_DIR": str(chosen.data_dir.absolute()), "REGULARS_DATABASE_URL": url}


def _announce(address: str, hear: int, child: subprocess.Popen[bytes]) -> None:
    """Print the links, which come from the child, as soon as the pages answer."""
    with os.fdopen(hear) as told:
        links = told.read()
    from urllib.error import URLError
    from urllib.request import urlopen

    until = time.monotonic() + READY_SECONDS_MAX
    while child.poll() is None and time.monotonic() < until:
        try:
            with urlopen(address, timeout=5) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    say(links)
                    return
        except (URLError, OSError):
            time.sleep(0.2)


def _signal(child: subprocess.Popen[bytes], number: int) -> None:
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        return


def _end_group(child: subprocess.Popen[bytes]) -> None:
    """Nothing of the child's family stays behind."""
    _signal(child, signal.SIGTERM)
    deadline = time.monotonic() + TERM_SECONDS
    while time.monotonic() < deadline:
        try:
            os.killpg(child.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    _signal(child, signal.SIGKILL)
