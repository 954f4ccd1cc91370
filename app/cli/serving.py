"""`regulars serve`, `worker` and `demo`: the shop open, its jobs, and something to look at."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import make_url
from sqlmodel import Session

from app import database, mail, settings
from app.cli import page_builds
from app.cli.staff import start_link
from app.cli.terminal import bar, kindly, note, opened, say, stop
from app.settings import Settings
from facts.refusals import Refusal
from members import demo, sessions
from members.actions import team
from members.programme import versions
from members.takeover import DEMO

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
        chosen = _safe()
        _alone_at(host or chosen.host, chosen.port)
        _ = settings.secret(chosen)
        engine = opened()
        if not chosen.demo:
            close_demo(engine)
        links = links_of(chosen, engine)
        folder = page_builds.ready(ROOT, chosen.public_url, note)
        with page_builds.in_use(folder):
            raise typer.Exit(_run_pages(folder, host or chosen.host, chosen, links))


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


def _safe() -> Settings:
    """The settings; production with an unsafe one does not start."""
    chosen = settings.current()
    reasons = [] if chosen.demo else settings.check_safe(chosen)
    for reason in reasons:
        note(reason)
    if reasons:
        stop("Regulars does not start like this in production. See docs/operations.md.")
    return chosen


def close_demo(engine: database.Engine) -> None:
    """Who came in by the demo's entrances does not stay when the shop opens in earnest over the same database."""
    now = datetime.now(UTC)
    database.attempt(engine, lambda session: sessions.end_way(session, DEMO, now))


def links_of(chosen: Settings, engine: database.Engine) -> list[str]:
    """Where to go: the block that is printed when the pages answer."""
    public = chosen.public_url
    with database.reading(engine) as session:
        name, entrances = _shop(session)
    token = None if chosen.demo else _first_owner(engine)
    lines = ["", f"{name} is open.", f"  Members' page    {public}/"]
    if chosen.demo:
        titles = {"new": "as a new member", "middling": "as a middling one", "top": "as a top-tier one"}
        lines += [
            f"    {title:<20} {public}/demo/enter/{key}" for key, title in titles.items() if key in entrances
        ]
        lines.append(f"  Staff            {public}/demo/enter/staff")
    else:
        lines.append(f"  Staff            {public}/staff/")
        if token:
            lines.append(
                "  Nobody looks after this shop yet. Whoever opens this first, within 24 hours, is its owner:"
            )
            lines.append(f"    {start_link(token)}")
        if not mail.senders(chosen):
            lines.append(
                "  No letters can be sent (REGULARS_SMTP_URL): nobody can join or sign in with an address."
            )
    lines.append(f"  API              {public}/api/v1/openapi.json")
    if not entrances and chosen.demo:
        lines.append("  There are no members yet: `regulars demo` brings some.")
    return [*lines, "Stop with Ctrl-C.", ""]


def _first_owner(engine: database.Engine) -> str | None:
    """The token of the first owner's link, while there is no owner."""
    now = datetime.now(UTC)
    return database.attempt(engine, lambda session: team.first_owner(session, now))


def _shop(session: Session) -> tuple[str, set[str]]:
    try:
        document = versions(session).latest.programme
    except Refusal:
        return "The shop (without a programme yet: `regulars programme apply FILE`)", set()
    return document.words(document.name, "en"), set(demo.chosen(session))


def _run_pages(folder: Path, host: str, chosen: Settings, links: list[str]) -> int:
    """The pages of `folder` and the backend on one port, as a child that ends with us; returns its exit code."""
    command = [sys.executable, "-m", "app.frame.server", host, str(chosen.port)]
    environment = page_builds.environment() | whereabouts(chosen) | {"REFLEX_WEB_WORKDIR": str(folder)}
    child = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)  # noqa: S603 - our own words

    def end(number: int, _: object) -> None:
        _signal(child, signal.SIGTERM)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    here = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    threading.Thread(
        target=_announce, args=(f"http://{here}:{chosen.port}/ping", links, child), daemon=True
    ).start()
    try:
        return child.wait()
    finally:
        _end_group(child)


def whereabouts(chosen: Settings) -> dict[str, str]:
    """Where the data is, for a child that runs in another folder than we do."""
    url = make_url(chosen.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        url = url.set(database=str(Path(url.database).absolute()))
    return {
        "REGULARS_DATA_DIR": str(chosen.data_dir.absolute()),
        "REGULARS_DATABASE_URL": url.render_as_string(hide_password=False),
    }


def _announce(address: str, links: list[str], child: subprocess.Popen[bytes]) -> None:
    """Print the links as soon as the pages answer."""
    until = time.monotonic() + READY_SECONDS_MAX
    while child.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    for line in links:
                        say(line)
                    return
        except (urllib.error.URLError, OSError):
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


def worker_command() -> None:
    """Run the jobs: what happens by the clock. Beside `serve` when there are several web workers."""
    with kindly():
        chosen = _safe()
        opened()
        from app.jobs import schedule

        over = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: over.set())
        schedule.start(chosen)
        say("The jobs are running. Stop with Ctrl-C.")
        over.wait()
        schedule.stop()


def demo_command(
    households: Annotated[
        int | None, typer.Option(min=1, help="How many households of real shopping.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="All 2,469 households, 155,848 orders.")] = False,
    reset: Annotated[
        bool, typer.Option("--reset", help="Throw everything away first, and begin anew.")
    ] = False,
    if_needed: Annotated[
        bool, typer.Option("--if-needed", help="Do nothing when the demo is there already.")
    ] = False,
) -> None:
    """Fill the demo shop with a year of real grocery shopping."""
    with kindly():
        chosen = settings.current()
        if not chosen.demo:
            stop("This is production: the demo would mix with your own members.")
        engine = opened()
        if if_needed and not reset and _is_there(engine):
            return
        from app.cli.imports import demo as loading

        if reset:
            loading.reset(engine, chosen.database_url)
        with bar() as progress:
            task = progress.add_task("Importing real shopping", total=None)

            def step(done: int, total: int) -> None:
                progress.update(task, completed=done, total=total)

            report = loading.load_demo(engine, households=households, full=full, progress=step)
        rate = report.posted.total / report.posted.seconds if report.posted.seconds else 0
        say(f"{report.households:,} households, {report.orders:,} orders, the last one on {report.last_order}; "
            f"{rate:,.0f} orders a second into {_place(chosen)}.")  # fmt: skip
        for kind, (member_id, name) in report.people.items():
            say(f"  {kind:<10} {name or 'a member'} ({member_id})")


def _is_there(engine: database.Engine) -> bool:
    with database.reading(engine) as session:
        return len(demo.chosen(session)) == len(demo.NAMES)


def _place(chosen: Settings) -> str:
    return make_url(chosen.database_url).render_as_string(hide_password=True)
