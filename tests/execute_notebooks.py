"""Runs the example notebooks and keeps their outputs: ``python -m tests.execute_notebooks``.

Outputs are written as nbval will compare them. The ids of live widgets, which are new in every
run, are left out: a saved notebook shows its static views.
"""

import sys
from pathlib import Path

import nbclient
import nbformat

from tests.conftest import ROOT
from tests.notebook_server import notebook_server

WIDGET = "application/vnd.jupyter.widget-view+json"


def main(paths: list[Path]) -> None:
    """Execute each notebook in place, with a server that kernels find."""
    with notebook_server():
        for path in paths or sorted((ROOT / "notebooks").glob("*.ipynb")):
            execute(path)


def execute(path: Path) -> None:
    """Run one notebook and write its outputs."""
    notebook = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute()
    for cell in notebook.cells:
        cell.metadata = {}
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET, None)
    notebook.metadata = {
        "kernelspec": notebook.metadata["kernelspec"],
        "language_info": {"name": "python"},
    }
    nbformat.write(notebook, path)


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
