"""A disk that is full or fails: a clear error, nothing half, and the service goes on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import lacking

ROOT = Path(__file__).resolve().parents[2]
ALWAYS = "1000000"
LONG = os.environ.get("CELLISSIMO_LONG") == "1"
SHORT_CASES = [("work", "ENOSPC", ALWAYS), ("work", "EIO", "1"), ("start", "ENOSPC", "1")]
CASES = [
    (scenario, error, most)
    for scenario in ("work", "start")
    for error in ("ENOSPC", "EIO", "EDQUOT")
    for most in ("1", "2", ALWAYS)
]


@pytest.fixture(scope="module")
def failing_disk(tmp_path_factory):
    """Compile the library that lets calls fail."""
    if sys.platform != "linux":
        lacking("Linux, where LD_PRELOAD is")
    library = tmp_path_factory.mktemp("disk") / "failing_disk.so"
    source = Path(__file__).with_name("failing_disk.c")
    compiler = [sys.executable, "-m", "ziglang", "cc", "-O1", "-shared", "-fPIC"]
    subprocess.run([*compiler, "-o", str(library), str(source)], check=True)
    return library


def _reports(failing_disk, folder, case):
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.disk", str(folder), *case],
        cwd=ROOT,
        env=os.environ | {"LD_PRELOAD": str(failing_disk), "CELLISSIMO_FAILING": str(folder)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("case", CASES if LONG else SHORT_CASES, ids="-".join)
def test_a_disk_that_fails_anywhere_breaks_nothing(case, failing_disk, tmp_path):
    """At every call that writes, syncs or truncates: said clearly, nothing half, nothing lost."""
    *failed, last = _reports(failing_disk, tmp_path, case)
    assert len(failed) >= 10
    for report in failed:
        kept = report["kept"]
        assert report["failures"] >= 1
        assert list(range(1, len(kept) + 1)) == kept, report
        assert set(report["acknowledged"]) <= set(kept), report
        assert max(report["indexed"], default=0) == report["index"], report
        assert set(report["indexed"]) <= set(kept), report
        assert report["said_after"] == [], report
        assert all("database" in said for said in report["said"]), report
    assert any(report["said"] for report in failed)
    assert (last["said"], last["failures"]) == ([], 0)
