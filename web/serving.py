"""The process that serves the pages: started by `dondoc up` and `dondoc demo --serve`."""

from __future__ import annotations

import logging
import sys

import uvicorn

from config.clock import wall_clock
from config.logs import log_to_file
from config.settings import Settings, load_settings
from domain.founding import open_ledger
from web.app import create_app


def server_of(settings: Settings) -> uvicorn.Server:
    """The server of this office's pages; addresses are not logged, because tokens stand in them."""
    ledger = open_ledger(settings, wall_clock)
    app = create_app(settings, ledger)
    config = uvicorn.Config(
        app,
        host=settings.web_host,
        port=settings.web_port,
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=bool(settings.trusted_proxy),
        forwarded_allow_ips=settings.trusted_proxy or None,
        timeout_graceful_shutdown=10,
    )
    return uvicorn.Server(config)


def main() -> None:
    """Serves until somebody asks it to stop."""
    settings = load_settings()
    log_to_file(settings)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    server_of(settings).run()
    sys.exit(0)


if __name__ == "__main__":
    main()
