"""``%%elsewhere``: a cell that runs in another kernel, as in somebody else's notebook."""

from __future__ import annotations

import atexit
import sys
from typing import Any

from IPython.core.magic import Magics, cell_magic, magics_class
from IPython.display import display

from cellissimo.domain.errors import CellissimoError

_START_S, _CELL_S = 60, 600
_SHOWN = ("text/plain", "text/html")
"""What is shown of a result: live widgets belong to the other kernel."""


class ElsewhereError(CellissimoError):
    """A cell that failed in another kernel; what it said there stands above."""


class OtherKernel:
    """A kernel beside this one, in a process of its own; it ends with this one."""

    def __init__(self) -> None:
        """Start it."""
        from jupyter_client.kernelspec import KernelSpec  # noqa: PLC0415 - heavy
        from jupyter_client.manager import KernelManager  # noqa: PLC0415

        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        argv += ["--log-level=ERROR"]
        self._manager: Any = KernelManager()
        self._manager._kernel_spec = KernelSpec(  # noqa: SLF001 - this Python, whatever is installed
            argv=argv, display_name="elsewhere", language="python"
        )
        self._manager.start_kernel()
        self._client: Any = self._manager.client()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=_START_S)
        atexit.register(self.end)

    def run(self, code: str) -> None:
        """Run code there; what it shows is shown here.

        Raises:
            ElsewhereError: it failed.
        """
        reply = self._client.execute_interactive(
            code, timeout=_CELL_S, output_hook=_show, allow_stdin=False
        )
        if reply["content"]["status"] != "ok":
            name, value = reply["content"].get("ename", ""), reply["content"].get("evalue", "")
            raise ElsewhereError(f"elsewhere: {name}: {value}")

    def end(self) -> None:
        """End it, and let it say what it has to say first."""
        self._client.stop_channels()
        self._manager.shutdown_kernel()


def _show(message: dict[str, Any]) -> None:
    content = message["content"]
    match message["header"]["msg_type"]:
        case "stream":
            stream = sys.stderr if content["name"] == "stderr" else sys.stdout
            stream.write(content["text"])
        case "execute_result" | "display_data":
            shown = {kind: content["data"][kind] for kind in _SHOWN if kind in content["data"]}
            display(shown, raw=True)
        case "error":
            sys.stderr.write("\n".join(content["traceback"]) + "\n")


@magics_class
class ElsewhereMagics(Magics):
    """The magic that runs cells in other kernels."""

    def __init__(self, shell: Any) -> None:  # noqa: ANN401 - IPython is untyped
        """None is there at first."""
        super().__init__(shell)
        self._kernels: dict[str, OtherKernel] = {}

    @cell_magic
    def elsewhere(self, line: str, cell: str) -> None:
        """Run the cell in another kernel, which is started when it is first named.

        ``%%elsewhere ben`` runs it in the one called "ben"; names and values stay there.
        """
        name = line.strip()
        if name not in self._kernels:
            self._kernels[name] = OtherKernel()
        self._kernels[name].run(cell)
