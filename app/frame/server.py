"""Serves pages that were built before: `serve`, with `REFLEX_WEB_WORKDIR` naming them.

This is the second half of `reflex run --env prod`, which always builds first (0.10.1, `reflex.reflex._run_prod`).
"""

from __future__ import annotations

import gc

from reflex.utils import exec as running
from reflex.utils import prerequisites
from reflex_base import constants
from reflex_base.config import get_config
from reflex_base.environment import environment


def serve(host: str, port: int) -> None:
    """Pages and backend on one port, until a signal ends it."""
    environment.REFLEX_ENV_MODE.set(constants.Env.PROD)
    environment.REFLEX_SKIP_COMPILE.set(True)
    get_config()._set_persistent(frontend_port=port, backend_port=port, backend_host=host)
    prerequisites.get_app()
    gc.freeze()  # what stands by now is no garbage: Reflex would look through all of it before the workers fork
    running.run_backend_prod(host, port, constants.LogLevel.WARNING, mount_frontend_compiled_app=True)
