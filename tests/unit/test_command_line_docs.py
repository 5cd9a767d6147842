"""The page about the command line: every command of it runs, and it names every rule."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest

import cellissimo as cm
from cellissimo.cli import main
from cellissimo.music import review

PAGE = (Path(__file__).parents[2] / "docs" / "command-line.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """What the page begins with: a pattern and a song, and a server's data folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CELLISSIMO_DATA", str(tmp_path / "data"))
    Path("beat.txt").write_text("chords: C | G\nseq kick: x...\namp kick: level=0.4", "utf-8")
    song = cm.Song("Evening")
    song.timeline.append(cm.Loop.from_text("seq hat: x.x.", name="Verse"), times=4)
    cm.save(song, "evening.song")


def test_every_command_of_the_page_runs(folder, capsys):
    """From top to bottom, as a reader types them: nothing is wrong, and files appear."""
    subprocess.run(["git", "init"], capture_output=True, check=True)
    lines = [line for block in BLOCKS for line in block.splitlines()]
    codes = {}
    for line in lines:
        program, *words = shlex.split(line)
        if program == "cellissimo":
            codes[line] = main(words)
        else:
            subprocess.run([program, *words], check=True)
    assert {line: code for line, code in codes.items() if code == 2} == {}
    assert len(codes) > 15
    assert codes["cellissimo diff evening.song evening.song"] == 0
    assert codes["cellissimo diff beat.song evening.song --audio heard"] == 1
    for name in (
        "evening.flac",
        "verse.mp3",
        "evening stems",
        "again.txt",
        "beat.mp3",
        "monday.zip",
    ):
        assert Path(name).exists(), name


def test_the_page_names_every_rule():
    """The table of lint holds each rule that a finding can have, and no other."""
    source = Path(review.__file__).read_text("utf-8")
    rules = set(re.findall(r'Finding\(\s*"(\w+)"', source))
    table = PAGE.split("| rule |")[1].split("\n\n")[0]
    assert rules == set(re.findall(r"^\| (\w+) \|", table, re.MULTILINE))
