"""The server: granian around the app, made from the settings in each process."""

import gc
from typing import Any

from granian import Granian
from granian.constants import Interfaces, Loops

from core.app import create_app
from core.logs import set_up_logging
from core.settings import Settings, load_settings

__all__ = ["app_factory", "serve"]


def app_factory() -> Any:
    """Return the ASGI app of this process, from `vitral.toml` and `VITRAL_*`."""
    settings = load_settings().settings
    set_up_logging(settings)
    app = create_app(settings)
    # what was made so far lives as long as the process: the collector need not look at it again and again
    gc.collect()
    gc.freeze()
    return app


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; requests in progress are finished first.

    The settings must be what `app_factory` reads: the command puts its options into the environment.
    """
    Granian(
        "core.server:app_factory",
        factory=True,
        interface=Interfaces.ASGI,
        address="127.0.0.1" if settings.host == "localhost" else settings.host,
        port=settings.port,
        workers=settings.workers,
        loop=Loops.uvloop,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_access=False,
        websockets=False,
    ).serve()
