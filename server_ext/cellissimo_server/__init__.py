"""cellissimo's Jupyter server extension: projects kept safely and shared with the right people."""

from __future__ import annotations

import importlib.util
from typing import Any

_NEEDED = ("duckdb", "httpx2", "prometheus_client", "pydantic")
"""What the extra ``server`` brings; the library alone is installed without it."""


def lacking() -> list[str]:
    """The packages that the server needs and that are not installed."""
    return [name for name in _NEEDED if importlib.util.find_spec(name) is None]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """Where Jupyter finds the extension."""
    if lacking():
        return [{"module": "cellissimo_server"}]
    from cellissimo_server.app import CellissimoApp  # noqa: PLC0415 - needs all of the above

    return [{"module": "cellissimo_server", "app": CellissimoApp}]


def _load_jupyter_server_extension(serverapp: Any) -> None:  # noqa: ANN401 - Jupyter's
    """Say once what is missing, where the library was installed without its server."""
    serverapp.log.info(
        "cellissimo keeps and shares projects once its server is installed "
        "(%s missing): pip install 'cellissimo[server]'",
        ", ".join(lacking()),
    )
