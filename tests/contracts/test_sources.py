"""The sources stay as the style asks: short functions, short modules, nothing stale."""

import ast
import re
import statistics

import pytest

import cellissimo
from cellissimo.schema import generate
from tests.conftest import ROOT

MODULES = sorted(
    path
    for source in ("kernel_lib", "server_ext")
    for path in (ROOT / source).rglob("*.py")
    if "generated" not in path.parts and ".ipynb_checkpoints" not in path.parts
)

VAGUE = {"utils", "util", "helpers", "helper", "manager", "common", "misc", "data", "info"}


def length_of(function):
    """Count the lines of a function's body without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def functions_of(path):
    """Yield the name and length of each function that does something."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path.name}:{node.lineno} {node.name}", length_of(node)


def test_no_function_is_longer_than_40_lines_and_half_have_at_most_8():
    """A function is read at one glance."""
    lengths = dict(pair for path in MODULES for pair in functions_of(path))
    assert {name: length for name, length in lengths.items() if length > 40} == {}
    assert statistics.median(lengths.values()) <= 8


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_is_longer_than_400_lines_or_vaguely_named(path):
    """A module holds one noun."""
    assert len(path.read_text("utf-8").splitlines()) <= 400
    assert path.stem not in VAGUE


@pytest.mark.parametrize("path", sorted(generate.files()), ids=lambda path: path.name)
def test_generated_files_are_what_the_schema_generates(path):
    """Nobody edits them, and nobody forgets `make gen`."""
    assert path.read_text("utf-8") == generate.files()[path]


def test_no_folder_of_the_package_is_without_its_sentence():
    """Each folder's `__init__.py` says in its docstring what the folder holds."""
    folders = {path.parent for path in MODULES}
    silent = [
        str(folder.relative_to(ROOT))
        for folder in folders
        if not re.match(r'"""\S', (folder / "__init__.py").read_text("utf-8"))
    ]
    assert silent == []


def test_the_version_stands_in_one_place_and_is_told_by_all():
    """`extension/package.json` holds the version; the package says the same."""
    held = re.search(r'"version": "([^"]+)"', (ROOT / "extension/package.json").read_text("utf-8"))
    assert held[1] == cellissimo.__version__
