"""Programs on Node that tests need: their packages by a lock of hashes, in a cache folder outside of the project."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent
NODE = str(BIN / "node")


def installed(here: Path) -> Path:
    """The packages of `here/package-lock.json`, with today's programs beside them; npm fetches what is not there yet.

    One process installs, the others wait for it.
    """
    name = f"{here.name}-{hashlib.sha256((here / 'package-lock.json').read_bytes()).hexdigest()[:12]}"
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "regulars-tests"
    folder = base / name
    folder.mkdir(parents=True, exist_ok=True)
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for file in here.iterdir():
            if file.is_file():
                shutil.copyfile(file, folder / file.name)
        if not (folder / "node_modules" / ".package-lock.json").exists():
            words = [str(BIN / "npm"), "ci", "--no-fund", "--no-audit", "--ignore-scripts", "--silent"]
            subprocess.run(words, cwd=folder, env=environment(), check=True, timeout=300)
    return folder


def environment() -> dict[str, str]:
    """Ours, with Node on the path."""
    return {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
