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
ROOM_CASES = [
    (error, most) for error in ("ENOSPC", "EIO", "EDQUOT") for most in ("1", "2", "3", "1000")
]
SHORT_ROOM_CASES = [("ENOSPC", "1000"), ("EIO", "1")]
CLOSED = [4500, "the server cannot keep edits now: its disk or database fails"]


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


def _reports(failing_disk, folder, case, module="disk"):
    done = subprocess.run(
        [sys.executable, "-m", f"tests.faults.{module}", str(folder), *case],
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


@pytest.mark.parametrize("case", ROOM_CASES if LONG else SHORT_ROOM_CASES, ids="-".join)
def test_a_room_outlives_a_disk_that_fails(case, failing_disk, tmp_path):
    """[ROOM-15] Authors are told why and come again; nothing is acknowledged that is not kept.

    Whoever listens stays, whoever comes hears the song, and once the disk is well again all is
    kept, told and found, each edit once.
    """
    *failed, last = _reports(failing_disk, tmp_path, case, "room_disk")
    assert len(failed) >= 4
    assert CLOSED in [report["closed"] for report in failed]
    for report in failed:
        assert report["failures"] >= 1
        assert report["closed"] in (CLOSED, None), report
        assert set(range(1, report["acknowledged"] + 1)) <= set(report["kept"]), report
        assert report["visitor"] in ("comes in", ""), report
    for report in (*failed, last):
        assert report["closed_after"] is None, report
        assert list(range(1, report["count"] + 1)) == report["after"], report
        assert (1, 0) == (report["songs"], report["rows_behind"]), report
    assert (None, 0) == (last["closed"], last["failures"])
