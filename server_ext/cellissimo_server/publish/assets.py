"""The built script and style of public pages, by the names that hold their hashes."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cellissimo_server.errors import UnavailableError, not_found

STATIC = Path(__file__).parent / "static"

_TYPES = {".js": "text/javascript; charset=UTF-8", ".css": "text/css; charset=UTF-8"}
_NAME = re.compile(r"(?:pages|jam)\.[0-9a-f]{16}\.(?:js|css)")


@dataclass(frozen=True, slots=True)
class Assets:
    """The file names of scripts and styles; ``worker`` is served under another name."""

    script: str
    style: str
    jam_script: str
    jam_style: str
    worker: str


@cache
def assets() -> Assets:
    """The files that pages name.

    Raises:
        UnavailableError: they were not built.
    """
    try:
        names = json.loads((STATIC / "manifest.json").read_bytes())
    except FileNotFoundError:
        raise UnavailableError(
            f"The pages' files are missing from {STATIC}.",
            cure="Run `make build`, or install the wheel again.",
        ) from None
    return Assets(**names)


@dataclass(frozen=True, slots=True)
class Asset:
    """A built file: its bytes, the same bytes compressed, and their type."""

    content: bytes
    compressed: bytes
    type: str


@cache
def asset(name: str) -> Asset:
    """A built file, compressed once.

    Raises:
        NotFoundError: there is no such file; what is not a name of ours is never looked for.
    """
    path = STATIC / name
    if not _NAME.fullmatch(name) or not path.is_file():
        raise not_found("file")
    content = path.read_bytes()
    return Asset(content, gzip.compress(content, 9, mtime=0), _TYPES[path.suffix])
