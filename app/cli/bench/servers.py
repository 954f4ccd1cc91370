"""The servers that are compared: the shop as `regulars serve` opens it, and a blank Reflex app beside it.

Both run from folders of their own, so that nothing that is open in the project is disturbed.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[3]
SHOP = ("app", "pages", "components", "members", "rewards", "badges", "facts", "assets", "locales", "rxconfig.py",
        "reflex.lock", "pyproject.toml")  # fmt: skip
READY_SECONDS_MAX = 400
END_SECONDS_MAX = 20
COMMAND_LINE = "from app.cli import main; main()"  # of the copy, not of the project
SHOP_SERVE = (sys.executable, "-c", COMMAND_LINE, "serve")
BLANK_RUN = (sys.executable, "-m", "reflex", "run", "--env", "prod", "--loglevel", "warning", "--single-port",
             "--backend-host", "127.0.0.1")  # fmt: skip

BLANK_CONFIG = """import reflex as rx

config = rx.Config(
    app_name="blank",
    plugins=[rx.plugins.TailwindV4Plugin()],
    disable_plugins=[rx.plugins.SitemapPlugin],
    telemetry_enabled=False,
    show_built_with_reflex=False,
    api_url="{address}",
    deploy_url="{address}",
    state_manager_mode="memory",
)
"""
BLANK_APP = """import reflex as rx


class Counter(rx.State):
    count: int = 0

    @rx.event
    def up(self):
        self.count += 1


def blank():
    return rx.el.main(rx.el.h1("A blank page"), class_name="p-4")


def counter():
    return rx.el.main(rx.el.button(Counter.count, on_click=Counter.up))


app = rx.App()
app.add_page(blank, route="/")
app.add_page(counter, route="/counter")
"""
BLANK_SERVE = """from reflex.utils import exec
from reflex_base import constants
from reflex_base.config import get_config
from reflex_base.environment import environment

environment.REFLEX_ENV_MODE.set(constants.Env.PROD)
environment.REFLEX_SKIP_COMPILE.set(True)
get_config()._set_persistent(frontend_port={port}, backend_port={port}, backend_host="127.0.0.1")
exec.run_backend_prod("127.0.0.1", {port}, constants.LogLevel.WARNING, mount_frontend_compiled_app=True)
"""  # the second half of `reflex run --env prod` (0.10.1), after it has built


class Server:
    """A server in a folder. `start` and `again` return how many seconds it took until /ping answered."""

    def __init__(
        self, folder: Path, port: int, settings: Mapping[str, str], first: Sequence[str], then: Sequence[str]
    ) -> None:
        """`first` is the command that builds what is to be built and serves, `then` the one when that is there."""
        self.folder, self.port, self.settings = folder, port, settings
        self._first, self._then = first, then
        self.address = f"http://localhost:{port}"
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process that was started; its group is the server."""
        assert self._child is not None
        return self._child.pid

    def start(self) -> float:
        """Build what is to be built and serve, pages and backend on one port."""
        return self._run(self._first)

    def again(self) -> float:
        """End it, and serve what was built."""
        self.stop()
        return self._run(self._then)

    def run(self, *words: str) -> None:
        """One command to its end."""
        subprocess.run(words, cwd=self.folder, env=self._environment(), check=True, stdout=subprocess.DEVNULL)  # noqa: S603

    def _run(self, command: Sequence[str]) -> float:
        begin = time.perf_counter()
        log = (self.folder / "server.log").open("ab")
        self._child = subprocess.Popen(  # noqa: S603 - our own words
            command, cwd=self.folder, env=self._environment(), start_new_session=True, stdout=log, stderr=log
        )
        log.close()
        while time.perf_counter() - begin < READY_SECONDS_MAX:
            if self._child.poll() is not None:
                raise ValueError(f"The server ended: {(self.folder / 'server.log').read_text()[-2000:]}")
            if self._answers():
                return time.perf_counter() - begin
            time.sleep(0.02)
        raise ValueError("The server does not answer.")

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/ping", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("REGULARS_")}
        kept.pop("PYTHONDONTWRITEBYTECODE", None)  # what is compiled once is kept, as it is by default
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
        ours = {
            "REFLEX_TELEMETRY_ENABLED": "false",
            "PYTHONPYCACHEPREFIX": str(self.folder / "bytecode"),
            "PATH": path,
        }
        return {**kept, **ours, **self.settings}

    def stop(self) -> None:
        """End it, and every process that it started."""
        if self._child is None:
            return
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._child.pid, number)
                self._child.wait(END_SECONDS_MAX)
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue
        self._child = None


def a_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def a_shop(folder: Path, database_url: str) -> Server:
    """The shop, copied out of the project."""
    place = folder / "shop"
    shutil.rmtree(place, ignore_errors=True)  # of an attempt that failed
    place.mkdir()
    for name in SHOP:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy(source, place / name)
    port = a_port()
    settings = {"DATABASE_URL": database_url, "DATA_DIR": str(place / "data"), "PORT": str(port),
                "PUBLIC_URL": f"http://localhost:{port}"}  # fmt: skip
    named = {f"REGULARS_{name}": value for name, value in settings.items()}
    return Server(place, port, named, SHOP_SERVE, SHOP_SERVE)


def a_blank(folder: Path) -> Server:
    """A Reflex app with one blank page and one counter."""
    place = folder / "blank"
    (place / "blank").mkdir(parents=True, exist_ok=True)
    port = a_port()
    (place / "rxconfig.py").write_text(BLANK_CONFIG.format(address=f"http://localhost:{port}"))
    (place / "blank" / "__init__.py").touch()
    (place / "blank" / "blank.py").write_text(BLANK_APP)
    first = [*BLANK_RUN, "--frontend-port", str(port), "--backend-port", str(port)]
    return Server(place, port, {}, first, [sys.executable, "-c", BLANK_SERVE.format(port=port)])
