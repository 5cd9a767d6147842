"""The audio of songs: played, exported, saved beside the song, and found again."""

import shutil
import struct
import subprocess
import sys

import numpy as np
import pytest
import soundfile

import cellissimo as cm
from cellissimo.media.blobs import Shelves
from cellissimo.media.export import Exported
from cellissimo.music.session import SESSION

RATE = 48_000


def take(seconds=2.0, hertz=440.0):
    """Sound a tone as audio."""
    time = np.arange(round(seconds * RATE)) / RATE
    return cm.Audio(0.25 * np.sin(2 * np.pi * hertz * time).astype(np.float32), name="take")


@pytest.fixture
def song():
    """A song of audio, a pattern, a loop on the timeline and a return, 120 BPM."""
    song = cm.Song("Evening", tempo=120)
    song.stems.add("Vocal/1").add_audio(take(), bar=1)
    bass = song.stems.add("Bass", sound="bass-sub")
    bass.add_pattern("seq bass: x...x...", bar=1, bars=2)
    song.returns.add("Room", **{"reverb.mix": 1})
    bass.sends["Room"] = 0.5
    loop = cm.Loop("Beat")
    loop["kick"] = "x..."
    song.pads[0] = loop
    song.timeline.append(song.pads[0])
    return song


def test_a_saved_song_has_its_audio_beside_it(song, tmp_path, monkeypatch):
    """Its folder holds one WAV file a blob, and another session plays the same."""
    expected = song.hash()
    path = cm.save(song, tmp_path / "Evening.song")
    blob = take().blob
    assert [f"{blob}.wav"] == [one.name for one in (tmp_path / "Evening.blobs").iterdir()]
    monkeypatch.setattr(SESSION, "blobs", Shelves())
    monkeypatch.setattr(SESSION, "_pages", None)
    found = cm.load(path)
    assert found == song
    assert found.hash() == expected


def test_saving_again_leaves_the_audio_alone(song, tmp_path):
    """Files that are there are neither written nor removed."""
    cm.save(song, tmp_path / "Evening.song")
    (file,) = (tmp_path / "Evening.blobs").iterdir()
    before = file.stat().st_mtime_ns
    song.name = "Night"
    cm.save(song, tmp_path / "Evening.song")
    assert file.stat().st_mtime_ns == before


def test_a_song_without_audio_has_no_folder(tmp_path):
    """Only what is needed is written."""
    cm.save(cm.Song("Silence"), tmp_path / "Silence.song")
    assert [one.name for one in tmp_path.iterdir()] == ["Silence.song"]


def test_a_frozen_stem_is_saved_with_its_sound(song, tmp_path):
    """What was frozen here is heard there."""
    song.stems["Bass"].freeze()
    cm.save(song, tmp_path / "Evening.song")
    names = {one.stem for one in (tmp_path / "Evening.blobs").iterdir()}
    assert names == {take().blob, song.stems["Bass"].model.frozen.blob}


def test_a_song_whose_audio_is_nowhere_is_saved_and_that_is_said(song, tmp_path, monkeypatch):
    """The text is never lost for a missing file; rendering says which is missing and the cure."""
    path = cm.save(song, tmp_path / "Evening.song")
    missing = take().blob
    shutil.rmtree(tmp_path / "Evening.blobs")
    monkeypatch.setattr(SESSION, "blobs", Shelves())
    monkeypatch.setattr(SESSION, "_pages", None)
    found = cm.load(path)
    with pytest.warns(UserWarning, match=rf"saved without 1 of its pieces of audio.*{missing}"):
        cm.save(found, tmp_path / "Other.song")
    assert cm.load(tmp_path / "Other.song") == song
    with pytest.raises(cm.CellissimoError, match=r"is not here; put its file .*\.blobs"):
        found.render()


@pytest.mark.parametrize("ending", ["wav", "flac"])
def test_a_song_exports_what_it_renders(song, tmp_path, ending):
    """To the last of 24 bits, with its tail; the result is a path that tells its loudness."""
    done = song.export(tmp_path / f"a.{ending}")
    samples = song.render()
    read, rate = soundfile.read(done, dtype="float64")
    assert isinstance(done, Exported)
    assert rate == RATE
    assert read.T.shape == samples.shape
    assert np.abs(read.T - samples).max() <= 2.0**-24
    assert repr(done).startswith(f"a.{ending}: {samples.shape[1] / RATE:.1f} s, -")


def test_stems_add_up_to_the_mix_before_the_master(song, tmp_path):
    """Stems, loops of the timeline and returns, each as long as the song; nothing is missing."""
    song.master.volume = 1
    done = song.export(tmp_path / "stems", stems=True, bits=32)
    assert [file.name for file in done.files] == [
        "01 Vocal 1.wav",
        "02 Bass.wav",
        "03 Beat.wav",
        "04 Room.wav",
    ]
    parts = [soundfile.read(file, dtype="float32")[0].T for file in done.files]
    mix = song.render()
    assert {part.shape for part in parts} == {mix.shape}
    assert np.abs(mix).max() < 0.8  # the limiter has nothing to do
    assert np.abs(np.sum(parts, axis=0) - mix).max() < 1e-5
    assert all(np.abs(part).max() > 1e-3 for part in parts)


def test_a_loop_exports_its_rows_as_stems(tmp_path):
    """A row is a file, named by it."""
    loop = cm.Loop("Beat")
    loop["kick"] = "x..."
    loop["hat"] = "..x."
    done = loop.export(tmp_path / "Beat *.flac", stems=True)
    assert {file.name for file in done.files} == {"Beat 01 kick.flac", "Beat 02 hat.flac"}


def test_a_seamless_export_is_one_pass(tmp_path):
    """Its file repeats without a seam: exactly the samples of the seamless render."""
    loop = cm.Loop("Beat", bars=1)
    loop["kick"] = "x..."
    done = loop.export(tmp_path / "a.wav", bits=32, seamless=True)
    read, _ = soundfile.read(done, dtype="float32")
    assert np.array_equal(read.T, loop.render(seamless=True))


@pytest.mark.parametrize(("seamless", "kind"), [(True, 4), (False, 1)])
def test_samplers_are_told_tempo_meter_and_beats(tmp_path, seamless, kind):
    """A seamless export is a loop of so many beats; one with a tail is played once."""
    loop = cm.Loop("Waltz", bars=2, tempo=90, meter="3/4")
    loop["kick"] = "x..."
    content = loop.export(tmp_path / "a.wav", seamless=seamless).path.read_bytes()
    words = struct.unpack("<IHHfIHHf", content[content.rindex(b"acid") + 8 :])
    assert (words[0], words[5:]) == (kind, (4, 3, 90.0))
    assert words[4] == 6 or not seamless


def test_a_song_whose_tempo_changes_names_none(song, tmp_path):
    """One number would be wrong."""
    song.tempos.set(bar=2, tempo=140)
    assert b"acid" not in song.export(tmp_path / "a.wav").path.read_bytes()


def test_a_stretch_of_a_song_and_a_stem_export_alone(song, tmp_path):
    """Whatever sounds can be exported."""
    assert song.bars(1, 1).export(tmp_path / "a.wav").seconds >= 2
    assert song.stems["Bass"].export(tmp_path / "b.wav").seconds >= 4


INTERRUPTED = """
import _thread, signal, sys
import cellissimo as cm
from cellissimo.native.host import Engine

# A process that was started in the background of a script ignores Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)

song = cm.Song("Long", tempo=60)
loop = cm.Loop("Beat", bars=8)
loop["kick"] = "x..."
song.pads[0] = loop
song.timeline.append(song.pads[0], times=100)
render, rendered = Engine.render, []

def counted(self, frames):
    rendered.append(frames)
    if len(rendered) == 20:
        _thread.interrupt_main()  # what Ctrl-C does
    return render(self, frames)

Engine.render = counted
song.export(sys.argv[1], progress=True)
"""


@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.mp3", "a.ogg"])
def test_ctrl_c_stops_a_song_cleanly(tmp_path, name):
    """The process ends with KeyboardInterrupt, and no half file is left."""
    command = [sys.executable, "-c", INTERRUPTED, tmp_path / name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert done.stderr.rstrip().endswith("KeyboardInterrupt")
    assert list(tmp_path.iterdir()) == []
