"""What is shipped: one pure wheel with everything in it, and an sdist that makes the same one."""

import gzip
import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.slow

MEGABYTE = 1_000_000
BUDGET = 250_000
SAFELY = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}  # from Python 3.11.4 on
LAB = "share/jupyter/labextensions/@cellissimo/lab/"

SOUND = """
import cellissimo as cm
loop = cm.Loop("First beat")
loop.chords = "I V vi IV"
loop["drum-kick"] = "x...x...x...x..."
print(cm.__version__, loop.hash())
"""


def wheel_of(folder):
    (wheel,) = folder.glob("*.whl")
    return wheel


def bare(folder):
    """Make an environment in which no program can be found: no compiler, no Node."""
    return {"PATH": str(folder), "HOME": os.environ.get("HOME", str(folder))}


def run(*command, **options):
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_is_pure_and_under_10_mb(dist):
    """One file serves every system and every Python from 3.11."""
    wheel = wheel_of(dist)
    assert wheel.name.endswith("-py3-none-any.whl")
    assert wheel.stat().st_size < 10 * MEGABYTE


def test_the_wheel_carries_engine_bundle_and_lab_extension(dist):
    """What pip installs is complete: nothing is compiled or bundled later."""
    with zipfile.ZipFile(wheel_of(dist)) as wheel:
        names = wheel.namelist()
        manifest = json.loads(wheel.read("cellissimo/widgets/static/manifest.json"))
        bundle = wheel.read(f"cellissimo/widgets/static/{manifest['bundle']}")
        (copy,) = [name for name in names if name.endswith(f"{LAB}static/{manifest['bundle']}")]
        assert bundle == wheel.read(copy)
        engine = wheel.read("cellissimo/native/engine.wasm")
    assert engine.startswith(b"\0asm")
    assert "cellissimo/widgets/static/loader.js" in names
    assert any(re.search(rf"{LAB}static/remoteEntry\..*\.js$", name) for name in names)
    assert any(name.endswith(f"{LAB}package.json") for name in names)
    assert any(name.endswith(f"{LAB}install.json") for name in names)


def test_what_a_page_loads_is_under_250_kb(dist):
    """The bundle of the widgets, and the jam page's script with its style, as they travel."""
    pages = "cellissimo_server/publish/static"
    with zipfile.ZipFile(wheel_of(dist)) as wheel:
        bundle = json.loads(wheel.read("cellissimo/widgets/static/manifest.json"))["bundle"]
        jam = json.loads(wheel.read(f"{pages}/manifest.json"))
        widgets = len(gzip.compress(wheel.read(f"cellissimo/widgets/static/{bundle}"), 9))
        jams = [wheel.read(f"{pages}/{jam[kind]}") for kind in ("jam_script", "jam_style")]
    assert widgets < BUDGET
    assert sum(len(gzip.compress(part, 9)) for part in jams) < BUDGET


def test_the_wheel_carries_the_public_pages(dist):
    """Script, style and templates of the pages are there, under the names that pages ask for."""
    with zipfile.ZipFile(wheel_of(dist)) as wheel:
        names = wheel.namelist()
        manifest = json.loads(wheel.read("cellissimo_server/publish/static/manifest.json"))
    assert {f"cellissimo_server/publish/static/{name}" for name in manifest.values()} <= set(names)
    assert "cellissimo_server/publish/templates/show.html" in names


def test_the_wheel_carries_its_licences_and_no_sources_of_built_files(dist):
    """The licences of everything shipped travel with it; C and TypeScript stay in the sdist."""
    with zipfile.ZipFile(wheel_of(dist)) as wheel:
        names = wheel.namelist()
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    assert any(name.endswith("/licenses/LICENSES-THIRD-PARTY.md") for name in names)
    assert [name for name in names if re.search(r"\.(c|h|ts|map)$", name)] == []


def test_the_sdist_makes_the_same_wheel_without_compiler_and_node(dist, tmp_path):
    """Who builds from the sdist needs only Python, and gets the same bytes."""
    (sdist,) = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as packed:
        packed.extractall(tmp_path, **SAFELY)  # noqa: S202 - our own archive
    (source,) = tmp_path.glob("cellissimo-*")
    assert (source / "extension" / "src" / "lab" / "index.ts").exists()
    assert list((source / "kernel_lib" / "cellissimo" / "native" / "csrc").glob("*.c"))
    out = tmp_path / "out"
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", out, source]
    run(*command, env=bare(tmp_path))
    with zipfile.ZipFile(wheel_of(dist)) as ours, zipfile.ZipFile(wheel_of(out)) as theirs:
        assert {i.filename: i.CRC for i in ours.infolist()} == {
            i.filename: i.CRC for i in theirs.infolist()
        }


def test_the_wheel_installs_into_an_empty_environment_and_sounds_the_same(dist, tmp_path):
    """`pip install` needs no compiler and no Node, and the first loop has the known samples."""
    run(sys.executable, "-m", "venv", tmp_path / "venv")
    python = tmp_path / "venv" / "bin" / "python"
    pinned = Path(ROOT) / ".ci" / "requirements.txt"
    command = [python, "-m", "pip", "install", "-q", "-c", pinned, wheel_of(dist)]
    run(*command, env=os.environ | bare(tmp_path))
    run(python, "-m", "pip", "check")
    elsewhere = {"cwd": tmp_path, "env": bare(tmp_path)}
    heard = run(python, "-c", SOUND, **elsewhere)
    assert run(sys.executable, "-c", SOUND, **elsewhere) == heard
    version = json.loads((ROOT / "extension" / "package.json").read_text("utf-8"))["version"]
    assert heard.startswith(f"{version} ")
