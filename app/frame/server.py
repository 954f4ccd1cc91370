"""Serves pages that were built before: `python -m app.frame.server HOST PORT`, with `REFLEX_WEB_WORKDIR` naming them.

This is the second half of `reflex run --env prod`, which always builds first (0.10.1, `reflex.reflex._run_prod`).
"""

from __future__ import annotations

import sys

from reflex.utils import exec as running
from reflex_base import constants
from reflex_base.config import get_config
from reflex_base.environment import environment


def serve(host: str, port: int) -> None:
    """Pages and backend on one port, until a signal ends it."""
    environment.REFLEX_ENV_MODE.set(constants.Env.PROD)
    environment.REFLEX_SKIP_COMPILE.set(True)
    get_config()._set_persistent(frontend_port=port, backend_port=port, backend_host=host)
    running.run_backend_prod(host, port, constants.LogLevel.WARNING, mount_frontend_compiled_app=True)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
