"""cellissimo's Jupyter server extension: projects kept safely and shared with the right people."""

from __future__ import annotations

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """Where Jupyter finds the extension."""
    from cellissimo_server.app import CellissimoApp  # noqa: PLC0415 - Jupyter reads this early

    return [{"module": "cellissimo_server", "app": CellissimoApp}]
