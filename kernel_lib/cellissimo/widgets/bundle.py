"""The built TypeScript of the widgets: a loader that each widget carries, and the one bundle."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from cellissimo.domain.errors import CellissimoError

STATIC = Path(__file__).parent / "static"


class BundleError(CellissimoError):
    """The built files of the widgets are missing."""


@cache
def loader() -> str:
    """The module, about 1 KB, that fetches the bundle once a page: from a server, or from us."""
    return _read("loader.js").decode()


@cache
def bundle_name() -> str:
    """The file name of the bundle, which holds its hash."""
    return str(json.loads(_read("manifest.json"))["bundle"])


@cache
def bundle() -> bytes:
    """The bundle itself, for pages that cannot fetch it from a Jupyter server."""
    return _read(bundle_name())


def _read(name: str) -> bytes:
    try:
        return (STATIC / name).read_bytes()
    except FileNotFoundError:
        message = f"{name} is missing from {STATIC}; run `make build`, or install the wheel again"
        raise BundleError(message) from None
