"""What tests may ask of the machine: programs and real data, said loudly when missing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]

# Machines are shared and noisy: what takes long there says nothing about the code.
settings.register_profile(
    "cellissimo",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("cellissimo")

# Set by CI: there a missing program or file is a failure, here it is one loud skip.
REQUIRED = os.environ.get("CELLISSIMO_REQUIRE_TOOLS") == "1"


def lacking(what: str) -> None:
    """Skip the test because `what` is not here; fail it where everything has to be here."""
    if REQUIRED:
        pytest.fail(f"needs {what}")
    pytest.skip(f"SKIPPED, NOT TESTED: needs {what}")


def require_tool(name: str) -> Path:
    """The path of a program, or a skip (in CI a failure) when it is not installed."""
    found = shutil.which(name)
    if found is None:
        lacking(f"the program {name!r} on PATH")
    return Path(str(found))


def require_data(*parts: str) -> Path:
    """The path of real test data, or a skip (in CI a failure) when it is not there."""
    folder = Path(os.environ.get("CELLISSIMO_SHARED") or ROOT.parent / "shared" / "data")
    path = folder.joinpath(*parts)
    if not path.exists():
        lacking(f"the test data {path} (set CELLISSIMO_SHARED)")
    return path


@pytest.fixture(scope="session", name="require_tool")
def require_tool_fixture():
    """Give tests the function above without an import."""
    return require_tool


@pytest.fixture(scope="session", name="require_data")
def require_data_fixture():
    """Give tests the function above without an import."""
    return require_data


@pytest.fixture(scope="session")
def dist(tmp_path_factory):
    """Hold the sdist and the wheel that `python -m build` makes of the repository."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return out
