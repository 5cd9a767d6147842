"""A server of ours in a process of its own, started as a user starts it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from tests.ports import free_port

TOKEN = "plain"  # noqa: S105 - of a server that lives for a test
ROOT = Path(__file__).resolve().parents[2]
_START_S = 60


@dataclass
class Child:
    """A process that serves; ``said`` is what it wrote so far."""

    process: subprocess.Popen[str]
    url: str
    home: Path
    said: list[str] = field(default_factory=list)
    _reader: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        """Begin to listen to it."""
        self._reader = threading.Thread(target=self._listen)
        self._reader.start()

    def client(self, **headers: str) -> httpx2.Client:
        """A client of whoever started it."""
        headers.setdefault("Authorization", f"token {TOKEN}")
        base = f"{self.url}cellissimo/api/v1/"
        return httpx2.Client(
            base_url=base, headers=headers, timeout=60, trust_env=False, verify=False
        )

    def stop(self) -> int:
        """End it as a service manager does; its exit code. All that it said has been heard."""
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(60)
        except subprocess.TimeoutExpired as late:
            self.process.send_signal(signal.SIGABRT)  # upon which it says where it is
            self.process.wait(60)
            self._reader.join(60)
            raise AssertionError("it did not stop:\n" + "".join(self.said[-200:])) from late
        self._reader.join(60)
        return code

    def kill(self) -> None:
        """End it as a fault does."""
        self.process.kill()
        self.process.wait(60)
        self._reader.join(60)

    def _listen(self) -> None:
        self.said.extend(self.process.stderr or ())


@contextlib.contextmanager
def child(
    folder: Path, name: str = "server", module: str = "jupyter_server", **settings: object
) -> Iterator[Child]:
    """A plain ``jupyter server`` with its data in ``folder``; its process is gone afterwards."""
    home = folder / name
    home.mkdir()
    port = free_port()
    traits = {"data": folder / "data"} | settings
    command = [
        *(sys.executable, "-m", module, "--no-browser", "--allow-root"),
        *("--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"),
        f"--ServerApp.root_dir={home}",
        f"--IdentityProvider.token={TOKEN}",
        "--ServerApp.jpserver_extensions=cellissimo_server=True",
        *(f"--CellissimoApp.{trait}={value}" for trait, value in traits.items()),
    ]
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "PYTHONFAULTHANDLER": "1",
        "JUPYTER_RUNTIME_DIR": str(home),
        "JUPYTER_CONFIG_DIR": str(home),
        "JUPYTER_NO_CONFIG": "1",
    }
    with subprocess.Popen(
        command, env=environment, stderr=subprocess.PIPE, text=True, cwd=home
    ) as process:
        found = Child(process, f"http://127.0.0.1:{port}/", home)
        try:
            _wait(found)
            yield found
        finally:
            found.kill()


def _wait(found: Child) -> None:
    until = time.monotonic() + _START_S
    with found.client() as client:
        while time.monotonic() < until and found.process.poll() is None:
            with contextlib.suppress(httpx2.TransportError):
                if client.get(f"{found.url}cellissimo/healthz").status_code == 200:
                    return
            time.sleep(0.05)
    raise AssertionError("the server did not start:\n" + "".join(found.said))
