"""A server for the notebooks: ``pytest -p tests.notebook_server --nbval notebooks``.

It runs in a process of its own with an empty folder, and kernels find it as they find that of a
real JupyterLab: by their environment.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
USER = "ada"


@contextlib.contextmanager
def notebook_server() -> Iterator[str]:
    """A server that runs, and is in the environment, for as long as this lasts; its address."""
    with tempfile.TemporaryDirectory(prefix="cellissimo-notebooks-") as folder:
        command = [sys.executable, "-m", "tests.server.serve", folder]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        log = Path(folder) / "server.log"
        with (
            log.open("w") as pipes["stderr"],
            subprocess.Popen(command, cwd=ROOT, text=True, **pipes) as process,
        ):
            told = process.stdout.readline()
            assert told, log.read_text("utf-8")
            url = f"{json.loads(told)['url']}cellissimo"
            before = dict(os.environ)
            os.environ |= {"CELLISSIMO_URL": url, "CELLISSIMO_TOKEN": f"{USER}-token"}
            try:
                yield url
            finally:
                os.environ.clear()
                os.environ.update(before)
                process.stdin.close()
                process.wait(60)


def pytest_configure(config: Any) -> None:
    """Start it before the first kernel."""
    held = contextlib.ExitStack()
    held.enter_context(notebook_server())
    config.add_cleanup(held.close)
