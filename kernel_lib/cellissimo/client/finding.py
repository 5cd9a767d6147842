"""Which server this process belongs to: the one that started its kernel, or one of this user."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cellissimo.client.errors import NoServerError

URL, TOKEN = "CELLISSIMO_URL", "CELLISSIMO_TOKEN"
"""The variables that the server gives to its kernels."""

ROOT = "cellissimo"

_CURE = (
    "Start one with `jupyter lab`, or set CELLISSIMO_URL to http://…/cellissimo and "
    "CELLISSIMO_TOKEN to a token of it"
)


@dataclass(frozen=True, slots=True)
class Address:
    """A server: ``url`` ends with "/cellissimo"; ``token`` is ours ("cel_…") or Jupyter's."""

    url: str
    token: str | None = None

    @property
    def interface(self) -> str:
        """Where the REST interface begins."""
        return f"{self.url}/api/v1/"

    @property
    def headers(self) -> dict[str, str]:
        """What proves who asks; of a guest, whom a cookie names, that no other site sent them."""
        if not self.token:
            parts = urlsplit(self.url)
            return {"Origin": f"{parts.scheme}://{parts.netloc}"}
        scheme = "Bearer" if self.token.startswith("cel_") else "token"
        return {"Authorization": f"{scheme} {self.token}"}

    @property
    def is_here(self) -> bool:
        """Whether it runs on this machine: no proxy is needed to reach it."""
        host = urlsplit(self.url).hostname or ""
        return host in {"localhost", "::1"} or host.startswith("127.")

    def __repr__(self) -> str:
        """Without the token: it must not be in a saved notebook."""
        return f"Address({self.url!r})"


def address_of(url: str, token: str | None = None) -> Address:
    """The address of a server that was named, with "/cellissimo" at its end or without.

    Raises:
        NoServerError: this is no address.
    """
    plain = url.strip().rstrip("/")
    parts = urlsplit(plain)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        message = f"{url!r} is no address of a server; write http://localhost:8888 or the like"
        raise NoServerError(message)
    plain = plain.partition("/api/v1")[0]
    return Address(plain if plain.endswith(f"/{ROOT}") else f"{plain}/{ROOT}", token)


def find_servers(environ: Mapping[str, str], runtime: Path | None) -> list[Address]:
    """The servers that may be meant, the likeliest first.

    ``environ`` names the one that started this kernel; else ``runtime`` is the folder in which
    the running Jupyter servers of this user have put their addresses, newest first.

    Raises:
        NoServerError: there is none; the message says how to get one.
    """
    if environ.get(URL):
        return [address_of(environ[URL], environ.get(TOKEN))]
    found = [] if runtime is None else list(_running(runtime))
    if not found:
        message = f"no cellissimo server is known here. {_CURE}"
        raise NoServerError(message)
    return found


def runtime_folder() -> Path | None:
    """Where the Jupyter servers of this user say that they run; None without Jupyter."""
    try:
        from jupyter_core.paths import jupyter_runtime_dir  # noqa: PLC0415 - not always there
    except ImportError:
        return None
    return Path(jupyter_runtime_dir())


def _running(folder: Path) -> list[Address]:
    files = [(path.stat().st_mtime_ns, path) for path in folder.glob("jpserver-*.json")]
    found = [_address(_read(path)) for _, path in sorted(files, reverse=True)]
    return [address for address in found if address is not None]


def _read(path: Path) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):  # it ended, or is just being written
        return None


def _address(told: Any) -> Address | None:  # noqa: ANN401 - any JSON
    if not isinstance(told, dict) or not isinstance(told.get("url"), str) or told.get("sock"):
        return None
    if not _is_alive(told.get("pid")):
        return None
    try:
        return address_of(told["url"], str(told.get("token") or "") or None)
    except NoServerError:
        return None


def _is_alive(pid: object) -> bool:
    if not isinstance(pid, int) or pid <= 0 or os.name == "nt":
        return True  # it is asked anyway
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
