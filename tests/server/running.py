"""A real server of ours on loopback, in a thread of the test, with a clock of the test's own."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from jupyter_server.auth import IdentityProvider, User
from jupyter_server.serverapp import ServerApp
from traitlets.config import Config

from cellissimo_server.app import CellissimoApp

START_MS = 1_780_000_000_000
PLAIN = "plain"
"""The token of a server that belongs to one person."""


class NamedTokens(IdentityProvider):
    """Many people on one server: ``Authorization: token <name>-token`` is <name>."""

    def get_user(self, handler: Any) -> User | None:
        """The person of a token."""
        scheme, _, token = handler.request.headers.get("Authorization", "").partition(" ")
        name = token.removesuffix("-token")
        if scheme != "token" or name == token or not name:
            return None
        handler._token_authenticated = True
        return User(username=name, name=name, display_name=name.title())

    @property
    def auth_enabled(self) -> bool:
        """Nobody gets in without a token."""
        return True


class TestClock:
    """Time that moves when the test says so."""

    __test__ = False

    def __init__(self) -> None:
        """The start of all tests."""
        self.now = START_MS

    def __call__(self) -> int:
        """Milliseconds since 1970 UTC."""
        return self.now

    def forward(self, *, days: float = 0, hours: float = 0, seconds: float = 0) -> None:
        """Let time pass."""
        self.now += int(((days * 24 + hours) * 3600 + seconds) * 1000)


@dataclass
class Running:
    """A server that runs: its address, its clock, and clients for its people."""

    url: str
    clock: TestClock | None
    app: Any
    loop: asyncio.AbstractEventLoop
    _clients: list[httpx2.Client] = field(default_factory=list)

    @property
    def services(self) -> Any:
        """The services, for faults that are planted from the inside."""
        return self.app.web_app.settings["cellissimo"]

    def client(self, token: str | None = None, **headers: str) -> httpx2.Client:
        """A client of the REST interface with a token of its own, or with none."""
        if token is not None:
            headers["Authorization"] = token
        base = f"{self.url}cellissimo/api/v1/"
        made = httpx2.Client(  # there is no TLS; reading certificates would take 30 ms each time
            base_url=base, headers=headers, timeout=60, trust_env=False, verify=False
        )
        self._clients.append(made)
        return made

    def as_(self, name: str) -> httpx2.Client:
        """A client of somebody who is signed in."""
        return self.client(f"token {name}-token")

    def run(self, waiting: Any) -> Any:
        """What a coroutine gives that runs in the server's own loop."""
        return asyncio.run_coroutine_threadsafe(waiting, self.loop).result(60)

    def close(self) -> None:
        """Close what was handed out."""
        for client in self._clients:
            client.close()


@contextlib.contextmanager
def running(folder: Path, *, many: bool = True, frozen: bool = True, **settings: Any) -> Any:
    """A server with its data in ``folder``; ``settings`` are those of the extension.

    ``many``: people by ``NamedTokens``; otherwise a plain server whose token is ``PLAIN``.
    ``frozen``: time stands still until the test moves it.
    """
    clock = TestClock() if frozen else None
    ready: threading.Event = threading.Event()
    held: dict[str, Any] = {}
    thread = threading.Thread(
        target=_serve,
        args=(folder, many, settings, clock, ready, held),
        name="server",
        daemon=True,  # one that does not stop fails its test, and keeps nobody waiting
    )
    thread.start()
    ready.wait(60)
    if "error" in held:
        thread.join()
        raise held["error"]
    server = Running(held["url"], clock, held["app"], held["loop"])
    try:
        yield server
    finally:
        server.close()
        held["loop"].call_soon_threadsafe(held["stop"].set)
        thread.join(60)
        assert not thread.is_alive(), "the server did not stop"
        if "error" in held:
            raise held["error"]


def _serve(
    folder: Path,
    many: bool,
    settings: dict[str, Any],
    clock: TestClock | None,
    ready: threading.Event,
    held: dict[str, Any],
) -> None:
    async def serve() -> None:
        held["stop"] = asyncio.Event()
        held["loop"] = asyncio.get_running_loop()
        app = _app(folder, many, settings, clock)
        held["app"] = app
        await app._post_start()
        held["url"] = f"http://127.0.0.1:{app.port}{app.base_url}"
        ready.set()
        await held["stop"].wait()
        await app._cleanup()
        app.http_server.stop()
        await app.http_server.close_all_connections()

    try:
        asyncio.run(serve())
    except BaseException as error:  # noqa: BLE001 - the test's thread tells of it
        held.setdefault("error", error)
        ready.set()


def _app(folder: Path, many: bool, settings: dict[str, Any], clock: TestClock | None) -> Any:
    config = Config()
    config.ServerApp.jpserver_extensions = {"cellissimo_server": True}
    config.ServerApp.root_dir = str(folder)
    config.ServerApp.allow_root = True
    config.ServerApp.open_browser = False
    config.ServerApp.ip = "127.0.0.1"
    config.ServerApp.port = 0
    config.ServerApp.base_url = settings.pop("base_url", "/")
    config.ServerApp.reraise_server_extension_failures = True
    config.ServerApp.allow_unauthenticated_access = False
    config.ServerApp.runtime_dir = str(folder / "runtime")
    if many:
        config.ServerApp.identity_provider_class = NamedTokens
    else:
        config.IdentityProvider.token = PLAIN
    usual = {"data": str(folder / "data"), "database_url": "memory:"}
    for name, value in (usual | settings).items():
        config.CellissimoApp[name] = value
    app = ServerApp(config=config, log_level="ERROR")
    app.init_signal = lambda: None
    if clock is not None:
        CellissimoApp.clock = lambda _app: clock()
    app.initialize(argv=[], find_extensions=False)
    app.start_app()
    return app


def hash_of(content: bytes) -> str:
    """The name of a blob."""
    return hashlib.sha256(content).hexdigest()
