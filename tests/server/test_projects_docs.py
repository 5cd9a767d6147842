"""The pages about projects from Python: every line of them runs, with a server that is there."""

from __future__ import annotations

import ast
import re

import pytest

import cellissimo as cm
from cellissimo.client.http import Client
from cellissimo.music import connection
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "projects.md").read_text("utf-8")


@pytest.fixture
def kernel(server, tmp_path, monkeypatch):
    """Be where a kernel of that server is."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CELLISSIMO_URL", f"{server.url}cellissimo")
    monkeypatch.setenv("CELLISSIMO_TOKEN", "ada-token")
    connection.disconnect()
    yield
    connection.disconnect()


@pytest.mark.usefixtures("kernel")
def test_the_readme_runs():
    """What it shows can be typed as it stands, from top to bottom."""
    words = (ROOT / "README.md").read_text("utf-8")
    names = {}
    for block in re.findall(r"^```python\n(.*?)^```", words, re.MULTILINE | re.DOTALL):
        exec(compile(block, "README.md", "exec"), names)
    assert "Evening" in names["cm"].projects().names


@pytest.mark.usefixtures("kernel")
def test_the_page_about_projects_runs(server):
    """From top to bottom, as it stands; what it says of a value is so."""
    with Client(server.url, "bert-token") as bert:
        bert.me()
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    names, checked = {}, 0
    try:
        for block in blocks:
            for node in ast.parse(block).body:
                code = ast.get_source_segment(block, node)
                said = block.splitlines()[node.end_lineno - 1].partition("# ")[2]
                if said == "True":
                    assert eval(code, names) is True  # noqa: S307 - our own page
                    checked += 1
                else:
                    exec(code, names)
    finally:
        names.get("client", Client(server.url)).close()
    assert checked == 4
    assert names["song"].tempo == 96
    assert isinstance(names["fork"], cm.Song)
