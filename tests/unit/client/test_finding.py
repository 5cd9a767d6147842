"""How a kernel finds its server."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

import cellissimo as cm
from cellissimo.client.errors import NoServerError
from cellissimo.client.finding import find_servers, runtime_folder


def runs(folder, number: int, **told: object) -> None:
    """Say that a Jupyter server runs, as it does itself."""
    path = folder / f"jpserver-{number}.json"
    path.write_text(json.dumps({"pid": os.getpid(), "token": f"t{number}"} | told))
    os.utime(path, (number, number))


def test_the_server_that_started_the_kernel_comes_first(tmp_path):
    """Its environment says where and who; behind a prefix too."""
    runs(tmp_path, 1, url="http://localhost:1/")
    environ = {"CELLISSIMO_URL": "http://hub/user/ann/cellissimo", "CELLISSIMO_TOKEN": "cel_1"}
    (found,) = find_servers(environ, tmp_path)
    assert (found.url, found.token) == ("http://hub/user/ann/cellissimo", "cel_1")


def test_else_those_that_run_here_newest_first(tmp_path):
    """With the token that their files hold."""
    runs(tmp_path, 1, url="http://localhost:1/")
    runs(tmp_path, 3, url="http://localhost:3/lab/")
    runs(tmp_path, 2, url="http://localhost:2/", token="")
    found = find_servers({}, tmp_path)
    assert [(one.url, one.token) for one in found] == [
        ("http://localhost:3/lab/cellissimo", "t3"),
        ("http://localhost:2/cellissimo", None),
        ("http://localhost:1/cellissimo", "t1"),
    ]


def test_what_does_not_run_any_more_is_passed_over(tmp_path):
    """A process that ended, half a file, a socket, an address that is none."""
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"],
                           check=True, capture_output=True, text=True)  # fmt: skip
    runs(tmp_path, 1, url="http://localhost:1/", pid=int(ended.stdout))
    (tmp_path / "jpserver-2.json").write_text("{")
    runs(tmp_path, 3, url="http+unix://x", sock="/x")
    runs(tmp_path, 4, url="nowhere")
    runs(tmp_path, 5, url=None)
    with pytest.raises(NoServerError, match="jupyter lab"):
        find_servers({}, tmp_path)


def test_where_there_is_none_the_cure_is_said(tmp_path):
    """Start one, or say where it is."""
    for folder in (tmp_path, tmp_path / "no", None):
        with pytest.raises(NoServerError, match="CELLISSIMO_URL"):
            find_servers({}, folder)
    with pytest.raises(NoServerError):
        cm.Client(environ={}, runtime=tmp_path)


def test_jupyter_says_where_its_servers_put_their_addresses(monkeypatch, tmp_path):
    """As jupyter_core has it."""
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    assert runtime_folder() == tmp_path


def test_importing_the_library_needs_no_client():
    """Neither httpx2 nor pydantic are imported before a server is spoken with."""
    code = (
        "import sys, cellissimo as cm; cm.Song('x'); "
        "print([n for n in ('httpx2', 'pydantic') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["httpx2", "pydantic"])
@pytest.mark.parametrize("use", ["cm.Client", "cm.AsyncClient", "cm.Song('x').push()"])
def test_without_its_packages_the_extra_is_named(name, use):
    """What to install, in the error."""
    code = f"import sys; sys.modules[{name!r}] = None; import cellissimo as cm; {use}"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert "pip install 'cellissimo[client]'" in done.stderr.splitlines()[-1]
