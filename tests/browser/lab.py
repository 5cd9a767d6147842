"""A real JupyterLab on loopback, and what a person does in it: open, click, run, save, reopen."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import re
import secrets
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tests.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parents[2]
LABEXTENSION = ROOT / "extension" / "labextension"

START_S = 60.0
KERNEL_MS = 60_000

# A cell has run when a number comes into its brackets, be it the one that stood there before.
_WATCH = f"""(prompt) => {{
  prompt.ran = new Promise((done, failed) => {{
    new MutationObserver(() => {{
      if (/\\d/.test(prompt.textContent)) done();
    }}).observe(prompt, {{ childList: true, characterData: true, subtree: true }});
    setTimeout(() => failed(new Error("the cell has not run: " + prompt.textContent)), {KERNEL_MS});
  }});
}}"""
_HAS_RUN = "(prompt) => prompt.ran"

WITHOUT_PROJECTS = ('--ServerApp.jpserver_extensions={"cellissimo_server": False}',)
"""Options of a server that keeps none, whatever is installed on the machine."""

WITH_PROJECTS = (
    '--ServerApp.jpserver_extensions={"cellissimo_server": True}',
    "--CellissimoApp.database_url=memory:",
)
"""Options by which a server keeps projects and samples, as long as it runs."""

FOR_MANY = (*WITH_PROJECTS, "--ServerApp.identity_provider_class=tests.browser.people.People")
"""The same for several people, whom `as_` seats."""

QUIET = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
}

# Errors in the console that are JupyterLab's own, each with its reason.
HARMLESS = (
    # ipywidgets says in the console what it shows in the cell: the model went with its kernel.
    re.compile("widget model not found"),
    # JupyterLab's debugger asks each new kernel for its state; a notebook closed before the answer
    # makes JupyterLab report its own question as cancelled.
    re.compile("Could not restore the debugger state: Canceled future"),
    # Notebook 7 says both at every start, with no extension of ours too.
    re.compile(r"uncaught: Cannot read properties of undefined \(reading 'schema'\)"),
    re.compile("uncaught: Command 'filebrowser:open-path' not registered"),
    # JupyterLab says something more to the kernel on the socket that its own reload is closing.
    re.compile("WebSocket is already in CLOSING or CLOSED state"),
)


@dataclass(frozen=True)
class LabServer:
    """A JupyterLab with folders of its own; `root` is what its file browser shows."""

    url: str
    token: str
    root: Path
    env: dict[str, str]

    def as_(self, name: str) -> LabServer:
        """The same server, entered by somebody of that name."""
        return dataclasses.replace(self, token=f"{name}-{self.token}")

    def page(self, path: str) -> str:
        """The address of a page, with the token that opens it."""
        return f"{self.url}{path}?token={self.token}&reset"

    def write(self, name: str, notebook: dict[str, Any]) -> Path:
        """Put a notebook into the file browser."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(notebook))
        return path

    def read(self, name: str) -> dict[str, Any]:
        """Read a notebook as it is on the disk."""
        return json.loads((self.root / name).read_text())

    def trust(self, name: str) -> None:
        """Trust a notebook as `jupyter trust` does."""
        command = [sys.executable, "-m", "jupyter", "trust", str(self.root / name)]
        subprocess.run(command, env=self.env, check=True, capture_output=True)

    def ask(self, path: str, method: str = "GET") -> Any:
        """Ask the server's REST interface."""
        request = urllib.request.Request(  # noqa: S310 - our own loopback server
            f"{self.url}api/{path}",
            method=method,
            headers={"Authorization": f"token {self.token}"},
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - see above
            body = answer.read()
        return json.loads(body) if body else None

    def keep(self, path: str, body: object = None, method: str = "POST") -> Any:
        """Ask the part of the server that keeps projects and samples."""
        request = urllib.request.Request(  # noqa: S310 - our own loopback server
            f"{self.url}cellissimo/api/v1/{path}",
            None if body is None else json.dumps(body).encode(),
            {"Authorization": f"token {self.token}", "Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - see above
            return json.loads(answer.read())

    def text(self, path: str, written: str | None = None) -> str:
        """Read a text that the server keeps, or write it and give the answer."""
        request = urllib.request.Request(  # noqa: S310 - our own loopback server
            f"{self.url}cellissimo/api/v1/{path}",
            None if written is None else written.encode(),
            {"Authorization": f"token {self.token}", "Content-Type": "text/plain"},
            method="GET" if written is None else "PUT",
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - see above
            return answer.read().decode()

    def end_kernels(self) -> None:
        """End every kernel, as if the machine had been switched off over night."""
        for session in self.ask("sessions"):
            self.ask(f"sessions/{session['id']}", "DELETE")


@contextlib.contextmanager
def serve_lab(
    folder: Path,
    *,
    kernels: bool = True,
    options: Sequence[str] = WITHOUT_PROJECTS,
    beside: Path | None = None,
) -> Iterator[LabServer]:
    """Run a JupyterLab whose every folder lies in `folder`; one without `kernels` can only read.

    `options` are further words of its command line: unless told, it keeps no projects. What pip
    has installed into `beside` is there too.
    """
    env, root = _surroundings(folder)
    if beside is not None:
        env["PYTHONPATH"] += os.pathsep + str(beside)
        env["JUPYTER_PATH"] += os.pathsep + str(beside / "share" / "jupyter")
        env["JUPYTER_CONFIG_PATH"] = str(beside / "etc" / "jupyter")
    token = secrets.token_hex(16)
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
        *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={free_port()}"),
        *(f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={root}"),
        *(() if kernels else _NO_KERNELS),
        *options,
    ]
    with (folder / "log.txt").open("w") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log, cwd=root)
        try:
            url = _wait_for_url(process, folder)
            server = LabServer(url, token, root, env)
            yield server
            server.end_kernels()
        finally:
            process.terminate()
            process.wait()


_NO_KERNELS = (
    "--KernelSpecManager.ensure_native_kernel=False",
    "--KernelSpecManager.allowed_kernelspecs=none-at-all",
)


def _surroundings(folder: Path) -> tuple[dict[str, str], Path]:
    """The environment of a person who has nothing but cellissimo, and where their files are."""
    places = {
        "HOME": folder / "home",
        "JUPYTER_CONFIG_DIR": folder / "config",
        "JUPYTER_DATA_DIR": folder / "data",
        "JUPYTER_RUNTIME_DIR": folder / "runtime",
        "IPYTHONDIR": folder / "ipython",
        "CELLISSIMO_DATA": folder / "cellissimo",
        "JUPYTER_PATH": folder / "path",
    }
    root = folder / "notebooks"
    for place in (*places.values(), root):
        place.mkdir(parents=True)
    link = folder / "path" / "labextensions" / "@cellissimo" / "lab"
    link.parent.mkdir(parents=True)
    link.symlink_to(LABEXTENSION)
    settings = folder / "config" / "labconfig" / "default_setting_overrides.json"
    settings.parent.mkdir()
    settings.write_text(json.dumps(QUIET))
    # The server finds the tests' own identity provider.
    own = {"PYTHONPATH": str(ROOT)}
    return {**os.environ, **own, **{name: str(place) for name, place in places.items()}}, root


def _wait_for_url(process: subprocess.Popen[bytes], folder: Path) -> str:
    """The address from the file that a running server writes, which knows the port it got."""
    running = folder / "runtime" / f"jpserver-{process.pid}.json"
    deadline = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(FileNotFoundError, json.JSONDecodeError, OSError):
            url = str(json.loads(running.read_text())["url"])
            with urllib.request.urlopen(f"{url}api"):  # noqa: S310 - our own loopback server
                return url
        time.sleep(0.05)
    message = f"JupyterLab did not start:\n{(folder / 'log.txt').read_text()[-4000:]}"
    raise RuntimeError(message)


class Desk:
    """One person at one browser, with one notebook open; all they do is click and type."""

    def __init__(self, page: Any, server: LabServer) -> None:
        """Sit down at an empty page."""
        self.page = page
        self.server = server
        self.name = ""
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self._note(f"uncaught: {error}"))
        page.on("console", lambda said: self._heed(said) if said.type == "error" else None)

    def _heed(self, said: Any) -> None:
        self._note(f"{said.text} ({said.location.get('url', '')})")

    def _note(self, error: str) -> None:
        if not any(harmless.search(error) for harmless in HARMLESS):
            self.errors.append(error)

    # -- coming and going ----------------------------------------------------------------------

    def open_lab(self) -> None:
        """Open JupyterLab at its launcher."""
        self.page.goto(self.server.page("lab"))
        self.page.locator(".jp-Launcher").first.wait_for()

    def open(self, name: str) -> None:
        """Open a notebook in JupyterLab and wait for its kernel."""
        self._go_to(name)
        self.wait_for_cells()
        self.wait_for_kernel()

    def open_without_kernel(self, name: str) -> None:
        """Open a notebook where no kernel can be had, and accept that."""
        self._go_to(name)
        self.accept("No Kernel")
        self.wait_for_cells()

    def _go_to(self, name: str) -> None:
        """Go to a notebook in a workspace of its own: nothing else is open there."""
        self.name = name
        workspace = secrets.token_hex(4)
        self.page.goto(self.server.page(f"lab/workspaces/{workspace}/tree/{quote(name)}"))

    def open_in_notebook_7(self, name: str) -> None:
        """Open a notebook in Notebook 7 and wait for its kernel."""
        self.name = name
        self.page.goto(self.server.page(f"notebooks/{quote(name)}"))
        self.wait_for_cells()
        self.wait_for_kernel()

    def accept(self, button: str) -> None:
        """Press a button of the dialog that is open."""
        dialog = self.page.locator(".jp-Dialog")
        dialog.locator(".jp-Dialog-buttonLabel").get_by_text(button, exact=True).click()
        dialog.wait_for(state="detached")

    def wait_for_cells(self) -> None:
        """Wait until the notebook has drawn its first cell."""
        self.notebook.locator(".jp-Cell").first.wait_for()

    def reload(self) -> None:
        """Reload the page."""
        self.page.reload()
        self.wait_for_cells()

    # -- what is on the page -------------------------------------------------------------------

    @property
    def notebook(self) -> Any:
        """The notebook that is in front."""
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook")

    def cell(self, index: int) -> Any:
        """A cell, counted from 0."""
        return self.notebook.locator(".jp-Cell").nth(index)

    def output(self, index: int) -> Any:
        """What a cell has put out."""
        return self.cell(index).locator(".jp-OutputArea-output")

    # -- running -------------------------------------------------------------------------------

    def run(self, index: int) -> None:
        """Run a cell by Shift+Enter and wait until it has run; fail if it raises."""
        prompt = self.cell(index).locator(".jp-InputArea-prompt")
        prompt.evaluate(_WATCH)
        self.cell(index).locator(".jp-InputArea-editor").first.click(position={"x": 4, "y": 8})
        self.page.keyboard.press("Shift+Enter")
        prompt.evaluate(_HAS_RUN)
        raised = self.cell(index).locator('[data-mime-type="application/vnd.jupyter.error"]')
        assert [] == raised.all_text_contents()

    def run_all(self) -> None:
        """Run all cells from the menu and wait until the last has run."""
        prompts = self.notebook.locator(".jp-CodeCell .jp-InputArea-prompt").all()
        for prompt in prompts:
            prompt.evaluate(_WATCH)
        self.menu("Run", "Run All Cells")
        for prompt in prompts:
            prompt.evaluate(_HAS_RUN)

    def write_and_run(self, index: int, code: str) -> str:
        """Type over a cell's code, run it, and give what it printed."""
        self.cell(index).locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(code)
        self.run(index)
        printed = self.cell(index).locator(".jp-OutputArea-output pre")
        return "\n".join(printed.all_text_contents()).strip()

    def wait_for_kernel(self) -> None:
        """Wait until the notebook's kernel is idle and this page is connected to it."""
        deadline = time.monotonic() + KERNEL_MS / 1000
        while not self._kernel_waits_for_work():
            if time.monotonic() > deadline:
                message = f"no idle kernel for {self.name}: {self.server.ask('sessions')}"
                raise TimeoutError(message)
            self.page.wait_for_timeout(50)

    def _kernel_waits_for_work(self) -> bool:
        kernels = [s["kernel"] for s in self.server.ask("sessions") if s["path"] == self.name]
        return any(k["execution_state"] == "idle" and k["connections"] for k in kernels)

    def restart_kernel(self) -> None:
        """Restart the kernel from the menu."""
        self.menu("Kernel", "Restart Kernel…")
        self.accept("Restart")
        self.wait_for_kernel()

    def trust(self) -> None:
        """Trust the notebook as the command palette's entry does."""
        self.page.keyboard.press("ControlOrMeta+Shift+c")
        self.page.locator(".lm-CommandPalette-input").fill("Trust Notebook")
        self.page.locator(".lm-CommandPalette-item", has_text="Trust Notebook").first.click()
        self.accept("Trust")

    def save(self) -> None:
        """Save, and wait until the server has it."""
        saved = re.compile(r"/api/contents/.*\.ipynb")
        with self.page.expect_response(
            lambda answer: answer.request.method == "PUT" and bool(saved.search(answer.url))
        ):
            self.page.keyboard.press("ControlOrMeta+s")

    # -- the looks -----------------------------------------------------------------------------

    def menu(self, *path: str) -> None:
        """Choose from the menu bar with the mouse."""
        bar, *entries = path
        self.page.locator(".lm-MenuBar-item", has_text=re.compile(f"^{bar}$")).click()
        for entry in entries:
            label = re.compile(f"^{re.escape(entry)}$")
            item = self.page.locator(".lm-Menu-itemLabel", has_text=label).last
            item.hover()
            item.click()

    def theme(self, name: str) -> None:
        """Switch to "JupyterLab Dark" or "JupyterLab Light"."""
        self.menu("Settings", "Theme", name)
        light = "false" if "Dark" in name else "true"
        self.page.locator(f'body[data-jp-theme-light="{light}"]').wait_for(state="attached")

    def width(self, width: int, height: int = 900) -> None:
        """Make the window that wide, in CSS pixels."""
        self.page.set_viewport_size({"width": width, "height": height})

    def shot(self, name: str, of: Any = None) -> None:
        """Take a picture into the folder that CELLISSIMO_SHOTS names; none without it."""
        folder = os.environ.get("CELLISSIMO_SHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            (of or self.page).screenshot(path=str(Path(folder) / f"{name}.png"))


def code_cell(source: str, outputs: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """A code cell; with `outputs` it counts as having run."""
    return {
        "cell_type": "code",
        "id": f"cell-{secrets.token_hex(4)}",
        "metadata": {},
        "source": source,
        "execution_count": 1 if outputs else None,
        "outputs": outputs or [],
    }


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    """A notebook of those cells for the Python kernel."""
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": spec, "language_info": {"name": "python"}}
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
