"""A server of ours in a process of its own, started as a user starts it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

TOKEN = "plain"  # noqa: S105 - of a server that lives for a test
_START_S = 60


@dataclass
class Child:
    """A process that serves; ``said`` is what it wrote so far."""

    process: subprocess.Popen[str]
    url: str
    home: Path
    said: list[str] = field(default_factory=list)

    def client(self, **headers: str) -> httpx2.Client:
        """A client of whoever started it."""
        headers.setdefault("Authorization", f"token {TOKEN}")
        base = f"{self.url}cellissimo/api/v1/"
        return httpx2.Client(
            base_url=base, headers=headers, timeout=60, trust_env=False, verify=False
        )

    def stop(self) -> int:
        """End it as a service manager does; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def child(folder: Path, name: str = "server", **settings: object) -> Iterator[Child]:
    """A plain ``jupyter server`` with its data in ``folder``; its process is gone afterwards."""
    home = folder / name
    home.mkdir()
    port = free_port()
    traits = {"data": folder / "data"} | settings
    command = [
        *(sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root"),
        *("--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"),
        f"--ServerApp.root_dir={home}",
        f"--IdentityProvider.token={TOKEN}",
        "--ServerApp.jpserver_extensions=cellissimo_server=True",
        *(f"--CellissimoApp.{trait}={value}" for trait, value in traits.items()),
    ]
    environment = os.environ | {
        "JUPYTER_RUNTIME_DIR": str(home),
        "JUPYTER_CONFIG_DIR": str(home),
        "JUPYTER_NO_CONFIG": "1",
    }
    with subprocess.Popen(
        command, env=environment, stderr=subprocess.PIPE, text=True, cwd=home
    ) as process:
        found = Child(process, f"http://127.0.0.1:{port}/", home)
        reader = threading.Thread(target=_listen, args=(process, found.said))
        reader.start()
        try:
            _wait(found)
            yield found
        finally:
            process.kill()
            process.wait(60)
            reader.join(60)


def _listen(process: subprocess.Popen[str], said: list[str]) -> None:
    said.extend(process.stderr or ())


def _wait(found: Child) -> None:
    until = time.monotonic() + _START_S
    with found.client() as client:
        while time.monotonic() < until and found.process.poll() is None:
            with contextlib.suppress(httpx2.TransportError):
                if client.get(f"{found.url}cellissimo/healthz").status_code == 200:
                    return
            time.sleep(0.05)
    raise AssertionError("the server did not start:\n" + "".join(found.said))
