from __future__ import annotations

import os
import subprocess
import sys

import pytest
from traitlets.config import Config

from cellissimo_server.app import CellissimoApp
from cellissimo_server.settings import documented
from tests.server.running import running


@pytest.mark.parametrize("name", documented())
def test_every_setting_is_a_trait_that_can_be_configured(name: str) -> None:
    """``c.CellissimoApp.<name>`` is how an administrator sets it; it says what it is."""
    trait = CellissimoApp.class_traits(config=True)[name]
    assert documented()[name] == trait.help


def test_a_setting_of_the_configuration_is_in_force(tmp_path) -> None:
    """What is configured is what the server goes by and what it says."""
    with running(tmp_path, song_quota=1, reads_per_hour=5000) as server:
        said = server.as_("ann").get("about").json()
        assert (said["quota"]["songs"], said["limits"]["hourly"]["reads"]) == (1, 5000)
        assert said["settings"]["song_quota"] == 1
        server.as_("ann").post("projects", json={"name": "One"})
        assert server.as_("ann").post("projects", json={"name": "Two"}).status_code == 413


def started_with(**variables: str) -> subprocess.CompletedProcess[str]:
    program = (
        "from cellissimo_server.app import CellissimoApp as A; print(A().song_quota, A().data)"
    )
    return subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def test_a_variable_of_the_environment_sets_it_too() -> None:
    """``CELLISSIMO_<NAME>``, for containers; a trait that is configured comes before it."""
    done = started_with(CELLISSIMO_SONG_QUOTA="7", CELLISSIMO_DATA="/srv/music")
    assert done.stdout.split() == ["7", "/srv/music"]
    configured = CellissimoApp(config=Config({"CellissimoApp": {"song_quota": 8}}))
    assert configured.song_quota == 8


def test_a_number_that_is_none_is_refused_with_its_name() -> None:
    """The administrator learns which variable is wrong and what it takes."""
    done = started_with(CELLISSIMO_SONG_QUOTA="many")
    assert done.returncode == 1
    assert "CELLISSIMO_SONG_QUOTA is 'many', not a whole number" in done.stderr
