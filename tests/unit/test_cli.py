"""The command line does what it says, and says what it did."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

import cellissimo as cm
from cellissimo.cli import main
from cellissimo.music.audio import Audio

BEAT = """TEMPO 120
chords: C | G
seq kick: x...x...x...x...
seq lead: x.......x.......
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a pattern and a song, which is the current one."""
    monkeypatch.chdir(tmp_path)
    Path("beat.txt").write_text(BEAT, "utf-8")
    song = cm.Song("Evening", tempo=120)
    loop = song.add(cm.Loop.from_text(BEAT, name="Verse"))
    song.timeline.append(loop, times=2)
    bass = song.stems.add("Bass", sound="bass-sub")
    bass.add_notes([(0, 960, "C2"), (3840, 960, "G2")], bar=1)
    cm.save(song, "evening.song")
    return tmp_path


def said(capsys, *words, code=0):
    """What a command prints, when it ends with a code."""
    assert code == main(list(words)), capsys.readouterr().err
    return capsys.readouterr().out


def test_render_writes_what_python_exports(folder, capsys):
    """The file of the command line has the samples that the song renders in Python."""
    out = said(capsys, "render", "evening.song", "-o", "evening.wav", "--bits", "32")
    assert out.startswith("evening.wav: ")
    assert "LUFS" in out
    samples, rate = soundfile.read("evening.wav", dtype="float32")
    assert rate == 48_000
    assert np.array_equal(samples.T, cm.load("evening.song").render())


def test_render_takes_bars_stems_and_the_usual_name(folder, capsys):
    """Bars are cut where they are, stems are a file each, and the name is the song's."""
    said(capsys, "render", "evening.song", "--bars", "2-3", "-o", "two.flac")
    assert np.isclose(soundfile.info("two.flac").duration, 4.0, atol=4)
    told = json.loads(said(capsys, "render", "evening.song", "--stems", "--json"))
    assert len(told["files"]) == 2
    assert all(Path(file).parent.name == "evening stems" for file in told["files"])
    said(capsys, "render", "beat.txt", "--bars", "1")
    assert Path("beat.wav").exists()


def test_what_is_converted_there_and_back_is_the_same(folder, capsys):
    """Pattern, song file and Python turn into each other and lose nothing."""
    for target in ("beat.song", "beat.py", "again.txt"):
        source = {"beat.song": "beat.txt", "beat.py": "beat.song", "again.txt": "beat.py"}[target]
        assert target in said(capsys, "convert", source, target)
    loop = cm.Loop.from_text(Path("again.txt").read_text("utf-8"), name="beat")
    assert loop == cm.load("beat.song")
    said(capsys, "convert", "evening.song", "evening.py")
    said(capsys, "convert", "evening.py", "again.song")
    assert cm.load("again.song") == cm.load("evening.song")


def test_a_pattern_converted_twice_is_the_same_file(folder, capsys):
    """Nothing random is in the file, so git sees no change."""
    said(capsys, "convert", "beat.txt", "one.song")
    first = Path("one.song").read_bytes()
    said(capsys, "convert", "beat.txt", "one.song")
    assert first == Path("one.song").read_bytes()


def test_audio_is_converted(folder, capsys):
    """Audio becomes another format of audio, and no song."""
    tone = np.sin(np.arange(48_000) / 30).astype(np.float32) / 2
    soundfile.write("tone.wav", tone, 48_000, subtype="PCM_24")
    assert "tone.flac: 1.0 s" in said(capsys, "convert", "tone.wav", "tone.flac")
    assert Audio("tone.flac") == Audio("tone.wav")
    assert 'Audio "tone" · 1.00 s · mono' in said(capsys, "show", "tone.wav")
    assert main(["convert", "tone.wav", "tone.song"]) == 2
    assert "audio cannot become 'tone.song'" in capsys.readouterr().err


def test_audio_travels_with_the_song_that_plays_it(folder, capsys):
    """A song with audio turns into Python and back, and finds its audio beside each file."""
    song = cm.load("evening.song")
    tone = Audio(np.sin(np.arange(9600) / 30).astype(np.float32) / 2, 48_000)
    song.stems.add("Voice").add_audio(tone, bar=1)
    cm.save(song, "sung.song")
    said(capsys, "convert", "sung.song", "code.py")
    assert Path("code.blobs", f"{tone.blob}.wav").exists()
    program = [sys.executable, "-m", "cellissimo.cli", "convert", "code.py", "again.song"]
    subprocess.run(program, check=True, capture_output=True)
    assert cm.load("again.song") == song


def test_show_is_the_digest(folder, capsys):
    """What is shown is what Python shows, of the whole and each part, of all or of some bars."""
    song = cm.load("evening.song")
    shown = said(capsys, "show", "evening.song")
    parts = (song, song.loops["Verse"], song.stems["Bass"], song.stems["Bass"].segments[0])
    assert "\n\n".join(map(repr, parts)) + "\n" == shown
    assert "timeline" not in said(capsys, "show", "evening.song", "--bars", "9")
    assert "Loop" in said(capsys, "show", "beat.txt", "--bars", "2")
    assert "bar 1: silent" in said(capsys, "show", "beat.txt", "--bars", "2")
    told = json.loads(said(capsys, "show", "evening.song", "--json"))
    assert (told["kind"], told["name"], told["tempo"]) == ("song", "Evening", 120)


def test_diff_tells_bars_and_has_the_codes_of_diff(folder, capsys):
    """0 where nothing is other, 1 where something is, and the words by bar."""
    song = cm.load("evening.song")
    song.stems["Bass"].volume = 0.2
    song.loops["Verse"]["kick"].set(4, velocity=1.0)
    cm.save(song, "louder.song")
    assert said(capsys, "diff", "evening.song", "evening.song") == "no difference\n"
    out = said(capsys, "diff", "evening.song", "louder.song", code=1)
    assert "bar 1 of Verse: kick on beat 2: velocity" in out
    assert "Bass: level" in out
    told = json.loads(said(capsys, "diff", "--json", "evening.song", "louder.song", code=1))
    assert told["bars"] == [[1, 3]]


def test_a_diff_can_be_heard(folder, capsys):
    """The changed bars come as A and B, equally loud, and one after the other."""
    Path("other.txt").write_text(BEAT.replace("x.......x.......", "x..............."), "utf-8")
    out = said(capsys, "diff", "beat.txt", "other.txt", "--audio", "heard", code=1)
    assert "wrote heard" in out
    levels = [Audio(f"heard/bars 1-2 {x}.wav").loudness.integrated for x in "AB"]
    assert abs(levels[0] - levels[1]) < 0.1
    both = Audio("heard/A then B.wav")
    assert both.frames == 2 * 4 * 48_000 + 24_000


def test_lint_finds_and_says_so(folder, capsys):
    """What is wrong is a line each with its file and rule; a clean song has code 0."""
    assert said(capsys, "lint", "--silent", "beat.txt") == "nothing found\n"
    song = cm.load("evening.song")
    song.stems.add("Empty", sound="bass-sub")
    cm.save(song, "odd.song")
    out = said(capsys, "lint", "odd.song", "--silent", code=1)
    assert "odd.song: stem Empty: it has no segments; delete it, or fill it [empty]" in out
    told = json.loads(said(capsys, "lint", "odd.song", "--silent", "--json", code=1))
    assert [finding["rule"] for finding in told["findings"]] == ["empty"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["show", "nothing.song"], "nothing.song: No such file or directory"),
        (["show", "noise.xyz"], "'noise.xyz' is no music that its ending tells; end it in .song"),
        (["show", "bad.txt"], "line 1, column 5: "),
        (["show", "bad.song"], "line 1: the file begins with"),
        (["show", "bad.py"], "ZeroDivisionError: division by zero"),
        (["show", "empty.py"], "leaves no song and no loop; call one `song` or `loop`"),
        (["convert", "evening.song", "evening.xyz"], "names no format that is written"),
        (["render", "beat.txt", "-o", "beat.aac"], "beat.aac"),
        (["render", "beat.txt", "--bars", "7"], "bars 7-7 are not in this loop; it has bars 1-2"),
        (["diff", "beat.txt"], "diff compares two files, not 1: cellissimo diff a.song b.song"),
    ],
)
def test_what_cannot_be_done_is_one_line(folder, capsys, words, message):
    """An error is one line on standard error and code 2, and no traceback."""
    Path("noise.xyz").write_text("noise", "utf-8")
    Path("bad.txt").write_text("seq k!k: x", "utf-8")
    Path("bad.song").write_text("song?", "utf-8")
    Path("bad.py").write_text("1 / 0", "utf-8")
    Path("empty.py").write_text("x = 1", "utf-8")
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("cellissimo: ")
    assert message in err


@pytest.mark.parametrize("words", [[], ["frob"], ["render"], ["show", "a", "--bars", "4-1"]])
def test_a_wrong_command_has_code_2(words, capsys):
    """What cannot be meant is told with how it is written."""
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2
    assert "usage: cellissimo" in capsys.readouterr().err


def test_git_shows_songs_in_words(folder):
    """As textconv, git's diff is of words; as external diff, it is ours."""
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "PYTHONIOENCODING": "utf-8"}
    program = f"'{sys.executable}' -m cellissimo.cli"

    def git(*words):
        identity = ["-c", "user.name=A", "-c", "user.email=a@b.c"]
        run = subprocess.run(
            ["git", *identity, *words], capture_output=True, check=False, env=environment
        )
        assert run.returncode == 0, run.stderr.decode()
        return run.stdout.decode()

    git("init")
    Path(".gitattributes").write_text("*.song diff=cellissimo\n", "utf-8")
    git("config", "diff.cellissimo.textconv", f"{program} show")
    git("add", ".")
    git("commit", "-m", "a song")
    song = cm.load("evening.song")
    song.loops["Verse"]["kick"].set(2)
    cm.save(song, "evening.song")
    assert "kick" in git("diff")
    git("config", "diff.cellissimo.command", f"{program} diff")
    assert "bar 1 of Verse: kick added on the and of 1" in git("diff")
    Path("new.song").write_bytes(Path("evening.song").read_bytes())
    git("add", "new.song")
    assert "loop Verse added" in git("diff", "--cached")
