"""The page about rooms: what it says of kernels runs, with a server that is there."""

from __future__ import annotations

import ast
import re

import pytest

from cellissimo.music import connection
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "rooms.md").read_text("utf-8")


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
def test_the_part_about_kernels_runs():
    """From top to bottom, as it stands; what it says of a value is so."""
    part = PAGE.partition("\n## From a kernel\n")[2].partition("\n## ")[0]
    names, checked, shown = {}, 0, {}
    for block in re.findall(r"^```python\n(.*?)^```", part, re.MULTILINE | re.DOTALL):
        for node in ast.parse(block).body:
            code = ast.get_source_segment(block, node)
            said = block.splitlines()[node.end_lineno - 1].partition("# ")[2]
            if isinstance(node, ast.Expr):
                value = eval(code, names)  # noqa: S307 - our own page
                shown[code] = repr(value)
                if said == "True":
                    assert value is True, code
                    checked += 1
            else:
                exec(code, names)
    assert 5 == checked
    assert "Room of 'Crossing': live, 1 is here" == shown["room"]
    assert "key C major → D minor" in shown["room.come_back()"]
    assert "tempo from bar 1: 104 BPM → 88 BPM" in shown["file.words"]
