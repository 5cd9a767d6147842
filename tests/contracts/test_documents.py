"""The documents' commands exist, and the pages they point to are there."""

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT

PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "ARCHITECTURE.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "docs/audio.md",
    "docs/generators.md",
    "docs/command-line.md",
    "docs/loops.md",
    "docs/patterns.md",
    "docs/player.md",
    "docs/playing-together.md",
    "docs/projects.md",
    "docs/rooms.md",
    "docs/samples.md",
    "docs/server.md",
    "docs/sharing.md",
    "docs/sidebars.md",
    "docs/songs.md",
    "docs/sounds.md",
    "docs/storage.md",
    "docs/tables.md",
)


def commands(page):
    """The lines of a page's `sh` blocks."""
    words = (ROOT / page).read_text("utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", words, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.replace("\\\n", "").splitlines()]
    return [line for line in lines if line]


def is_known(command):
    """Whether a command of the documents would start: its target, program or extra exists."""
    program, *rest = shlex.split(command)
    if program == "curl":  # of the reader's system
        return True
    if program == "make":
        made = subprocess.run(["make", "-n", *rest], cwd=ROOT, capture_output=True, check=False)
        return made.returncode == 0
    if [program, *rest[:1]] == ["pip", "install"]:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        name, _, extras = rest[-1].removesuffix("]").partition("[")
        known = {"", *project["optional-dependencies"]}
        return name == project["name"] and set(extras.split(",")) <= known
    places = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    return shutil.which(program, path=places) is not None


@pytest.mark.parametrize(
    ("page", "command"), [(page, command) for page in PAGES for command in commands(page)]
)
def test_each_command_of_the_documents_exists(page, command, require_tool):
    """What a page tells the reader to type is there to be typed."""
    require_tool("make")
    assert is_known(command)


def test_a_command_that_does_not_exist_is_noticed():
    """The check above can fail."""
    assert not is_known("make no-such-target")
    assert not is_known("pip install 'cellissimo[no-such-extra]'")


@pytest.mark.parametrize("page", PAGES)
def test_links_between_pages_lead_somewhere(page):
    """A link to a file of the repository finds it."""
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", (ROOT / page).read_text("utf-8"))
    folder = (ROOT / page).parent
    assert [link for link in links if not (folder / link).exists()] == []


@pytest.mark.parametrize(
    "page",
    [
        "docs/audio.md",
        "docs/loops.md",
        "docs/player.md",
        "docs/songs.md",
        "docs/generators.md",
        "docs/tables.md",
    ],
)
def test_the_python_of_the_pages_runs(page, tmp_path, monkeypatch):
    """What a page shows can be typed as it stands, from top to bottom."""
    monkeypatch.chdir(tmp_path)
    words = (ROOT / page).read_text("utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", words, re.MULTILINE | re.DOTALL)
    names = {}
    for block in blocks:
        exec(compile(block, page, "exec"), names)
    assert len(blocks) > 1


def test_what_the_loops_page_says_of_results_is_so():
    """A value in a comment behind an expression is the expression's value."""
    words = (ROOT / "docs/loops.md").read_text("utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", words, re.MULTILINE | re.DOTALL)
    names, checked = {}, 0
    for line in "".join(blocks[:2]).splitlines():
        code, _, said = line.partition("# ")
        exec(code, names)
        if said.startswith("("):
            assert ast.literal_eval(said) == eval(code, names)  # noqa: S307 - our own page
            checked += 1
    assert checked == 4


def test_what_the_generators_page_says_of_results_is_so():
    """A value, or a rhythm, in a comment behind an expression is what comes out."""
    words = (ROOT / "docs/generators.md").read_text("utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", words, re.MULTILINE | re.DOTALL)
    names, checked = {}, 0
    for block in blocks:
        exec(block, names)
        for line in block.splitlines():
            code, _, said = line.partition("# ")
            if said.startswith(("(", "'", "Steps")):
                assert said == repr(eval(code, names))  # noqa: S307 - our own page
                checked += 1
    assert checked == 3
