"""A headless Chromium and loopback servers, for tests of what runs in a page."""

from __future__ import annotations

import contextlib
import functools
import http.server
import shutil
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.lab import WITH_PROJECTS, Desk, serve_lab

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
EXTENSION = ROOT / "extension"

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
EXPECT_MS = 15_000
"""What comes at all has come by then, on a machine that is busy too."""
LET_SOUND_OUT = "--autoplay-policy=no-user-gesture-required"


# Playwright keeps an event loop running in this thread while it is open: one module, not longer.
@pytest.fixture(scope="module")
def launch(require_tool) -> Iterator[Callable[..., object]]:
    """Give a function that starts a headless Chromium; `locked` keeps sound behind a gesture."""
    sync_api = pytest.importorskip("playwright.sync_api")
    sync_api.expect.set_options(timeout=EXPECT_MS)
    executable = require_tool("chromium")
    with sync_api.sync_playwright() as driver, contextlib.ExitStack() as opened:

        def start(*flags: str, locked: bool = False):
            wanted = [*CHROMIUM_FLAGS, *flags, *(() if locked else (LET_SOUND_OUT,))]
            browser = driver.chromium.launch(executable_path=str(executable), args=wanted)
            opened.callback(browser.close)
            return browser

        yield start


@pytest.fixture(scope="module")
def chromium(launch):
    """Hold a browser that lets sound out at once."""
    return launch()


@pytest.fixture
def page(chromium):
    """Hold an empty page; the test fails on an error that the page did not catch."""
    context = chromium.new_context()
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors


@pytest.fixture(scope="module")
def serve() -> Iterator[Callable[..., str]]:
    """Give a function that serves a folder on loopback and gives its URL."""
    with contextlib.ExitStack() as opened:
        urls: dict[tuple[Path, str], str] = {}

        def once(folder: Path, headers: dict[str, str] | None = None) -> str:
            key = (folder, repr(headers))
            if key not in urls:
                urls[key] = start(folder, headers)
            return urls[key]

        def start(folder: Path, headers: dict[str, str] | None) -> str:
            handler = functools.partial(_QuietHandler, directory=str(folder), extra=headers or {})
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
            thread = threading.Thread(target=server.serve_forever, args=(0.05,))
            thread.start()
            opened.callback(thread.join)
            opened.callback(server.server_close)
            opened.callback(server.shutdown)
            return f"http://127.0.0.1:{server.server_address[1]}"

        yield once


class _QuietHandler(http.server.SimpleHTTPRequestHandler):
    """A file server that says nothing and sends what headers it is told to."""

    def __init__(self, *args: object, extra: dict[str, str], **options: object) -> None:
        self.extra = extra
        super().__init__(*args, **options)  # type: ignore[arg-type]

    def end_headers(self) -> None:
        for name, value in self.extra.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def bundled(tmp_path_factory) -> Callable[[str], Path]:
    """Give a function that bundles `extension/test/pages/<name>.ts` into a folder with a page."""

    @functools.cache
    def bundle(name: str) -> Path:
        folder = tmp_path_factory.mktemp(name)
        node = shutil.which("node")
        assert node, "needs node"
        script = EXTENSION / "test" / "pages" / "build.mjs"
        subprocess.run([node, str(script), name, str(folder)], check=True)
        (folder / "index.html").write_text(
            f'<!doctype html><meta charset="utf-8"><title>{name}</title>'
            f'<body><script type="module" src="{name}.js"></script>'
        )
        return folder

    return bundle


@pytest.fixture(scope="session")
def lab_server(require_tool, tmp_path_factory):
    """Hold a running JupyterLab."""
    require_tool("chromium")
    with serve_lab(tmp_path_factory.mktemp("lab")) as server:
        yield server


@pytest.fixture(scope="session")
def keeping_server(require_tool, tmp_path_factory):
    """Hold a JupyterLab of one person, whose kernels find its projects and samples."""
    require_tool("chromium")
    with serve_lab(tmp_path_factory.mktemp("keeping"), options=WITH_PROJECTS) as server:
        yield server


@pytest.fixture(scope="session")
def reading_server(require_tool, tmp_path_factory):
    """Hold the JupyterLab of somebody else: it has no kernel and has trusted nothing yet."""
    require_tool("chromium")
    with serve_lab(tmp_path_factory.mktemp("reader"), kernels=False) as server:
        yield server


@pytest.fixture(scope="module")
def locked_chromium(launch):
    """Hold a browser that lets sound out only after a click, as people's browsers do."""
    return launch(locked=True)


@pytest.fixture
def sit_down(locked_chromium) -> Iterator[Callable[..., Desk]]:
    """Give a function that opens a browser window at a server; errors in its console fail."""
    with contextlib.ExitStack() as opened:
        desks: list[Desk] = []

        def sit(server, **options: object) -> Desk:
            context = locked_chromium.new_context(
                viewport={"width": 1280, "height": 900}, **options
            )
            opened.callback(context.close)
            desks.append(Desk(context.new_page(), server))
            return desks[-1]

        yield sit
        assert [error for desk in desks for error in desk.errors] == []
