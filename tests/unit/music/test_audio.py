"""`cm.Audio`: a recording as an immutable value, named by its samples."""

import copy
import json
import pickle

import numpy as np
import pytest
import soundfile

import cellissimo as cm
from cellissimo.media.blobs import MemoryBlobs
from cellissimo.media.decode import AudioError, Source
from cellissimo.media.export import Exported
from cellissimo.media.wav import BlobError
from cellissimo.music.session import SESSION

RATE = 48_000


def noise(frames=RATE, channels=2, seed=0):
    """Hold noise at half of full scale, in steps of 24 bits."""
    steps = np.random.default_rng(seed).integers(-(1 << 22), 1 << 22, (channels, frames))
    return (steps / (1 << 23)).astype(np.float32)


@pytest.fixture
def audio():
    """Two seconds of stereo noise."""
    return cm.Audio(noise(2 * RATE), name="take")


def test_samples_of_24_bits_come_back_as_they_were(audio):
    """`samples` are what was given, and say their shape."""
    assert np.array_equal(audio.samples, noise(2 * RATE))
    assert audio.samples.dtype == np.float32
    assert (audio.channels, audio.frames, audio.seconds) == (2, 2 * RATE, 2.0)
    assert np.array_equal(audio.read(100, 200), noise(2 * RATE)[:, 100:200])


def test_a_file_is_taken_in_with_its_facts(tmp_path):
    """Name, format, rate and channels of the file are remembered; a path may be of any kind."""
    path = tmp_path / "Evening take.flac"
    soundfile.write(path, noise(44_100, 1).T, 44_100)
    audio = cm.Audio(str(path))
    assert audio.name == "Evening take"
    assert audio.source == Source(path.name, "FLAC", "PCM_16", 44_100, 1, 44_100)
    assert audio.seconds == 1
    assert cm.Audio(path) == audio
    assert cm.Audio(path, name="other").name == "other"


def test_equal_samples_are_equal_audio(tmp_path, audio):
    """Whatever file they came from; the blob is the sha256 of its WAV file."""
    soundfile.write(
        tmp_path / "a.wav", (noise(2 * RATE).T * (1 << 31)).astype(np.int32), RATE, "PCM_24"
    )
    found = cm.Audio(tmp_path / "a.wav")
    assert found == audio
    assert hash(found) == hash(audio)
    assert found != cm.Audio(noise(RATE))
    assert found != "take"
    assert len({found, audio}) == 1


def test_audio_is_found_again_by_its_blob(audio):
    """A song names its audio by hash; whoever has the hash has the samples."""
    found = cm.Audio.of(audio.blob, "again")
    assert found == audio
    assert (found.name, found.source) == ("again", None)
    with pytest.raises(BlobError, match="is not here"):
        cm.Audio.of("0" * 64)


def test_audio_tells_itself_the_same_each_time(tmp_path, audio):
    """Name, length, channels, where it came from and what was cut: no address, no time."""
    assert repr(audio) == f'Audio "take" · 2.00 s · stereo · {audio.blob[:12]}'
    soundfile.write(tmp_path / "a.wav", np.full(4410, 1.5), 44_100, "FLOAT")
    loud = cm.Audio(tmp_path / "a.wav")
    assert loud.clipped == pytest.approx(4800, abs=200)
    assert repr(loud) == (
        f'Audio "a" · 0.10 s · mono · from WAV FLOAT, 44100 Hz · {loud.clipped} samples clipped · '
        f"{loud.blob[:12]}"
    )


def test_copies_and_pickles_are_equal_also_elsewhere(audio, monkeypatch):
    """A pickle carries the samples along, into a process that never had them."""
    assert copy.copy(audio) == copy.deepcopy(audio) == audio
    pickled = pickle.dumps(audio)
    monkeypatch.setattr(SESSION.blobs, "made", MemoryBlobs())
    found = pickle.loads(pickled)  # noqa: S301 - our own
    assert found == audio
    assert (found.name, found.source) == (audio.name, audio.source)
    assert np.array_equal(found.samples, noise(2 * RATE))


def test_stretches_are_cut_by_seconds(audio):
    """As slices are in Python: from, to, from the end; a cut is audio of its own, exact."""
    assert np.array_equal(audio[0.5:1.25].samples, noise(2 * RATE)[:, 24_000:60_000])
    assert audio[:] == audio
    assert audio[-0.5:] == audio[1.5:]
    assert audio[1.9:99].seconds == pytest.approx(0.1)
    assert audio[0.5:1].name == "take"


@pytest.mark.parametrize("place", [1.5, slice(0, 1, 2), "a", (0, 1)])
def test_places_that_are_no_two_times_are_refused(audio, place):
    """The error shows how to write it."""
    with pytest.raises(AudioError, match=r"give two times in seconds, audio\[1\.5:4\]"):
        audio[place]


def test_an_empty_stretch_is_refused(audio):
    """There is no audio of no length."""
    with pytest.raises(AudioError, match=r"no audio between these times; it has 2\.000 s"):
        audio[1:1]


def test_loudness_and_peaks_are_those_of_the_samples(audio):
    """A full-scale tone of 1 kHz on both sides reads 0 LUFS; its outline reaches both ends."""
    time = np.arange(5 * RATE) / RATE
    tone = cm.Audio(np.tile(np.sin(2 * np.pi * 1000 * time) * 0.999, (2, 1)))
    assert tone.loudness.integrated == pytest.approx(0, abs=0.05)
    assert tone.loudness.true_peak == pytest.approx(0, abs=0.05)
    assert tone.loudness is tone.loudness
    data = json.loads(tone.peaks(4800).json())
    assert data["length"] == 50
    assert data["data"] == [-127, 127] * 50
    assert audio.peaks(512, split=True).channels == 2


def test_a_change_of_tempo_is_a_change_of_length(audio):
    """From 90 to 120 beats a minute it takes three quarters of the time; the source stays."""
    faster = audio.stretch(tempo=90, to=120)
    assert faster.frames == round(2 * RATE * 0.75)
    assert faster == audio.stretch(0.75)
    assert faster != audio
    assert audio.frames == 2 * RATE
    assert faster.name == "take"


def test_a_stretch_is_made_once(audio, monkeypatch):
    """The same audio and ratio give the blob that is there."""
    made = audio.stretch(1.5)
    monkeypatch.setattr("cellissimo.media.stretch.stretched", None)
    assert audio.stretch(1.5) == made
    assert audio.stretch(1) is audio
    assert audio.stretch(tempo=100, to=100) is audio


@pytest.mark.parametrize(
    "asked", [{}, {"tempo": 90}, {"to": 90}, {"ratio": 1.5, "to": 90}, {"tempo": 90, "to": 0}]
)
def test_a_stretch_needs_a_ratio_or_two_tempos(audio, asked):
    """The error shows both ways."""
    with pytest.raises(AudioError, match=r"stretch\(1\.5\), or two tempos, stretch\(tempo=90, to="):
        audio.stretch(**asked)


@pytest.mark.parametrize(("tempo", "to"), [(400, 20), (20, 400)])
def test_tempos_too_far_apart_are_refused(audio, tempo, to):
    """The error says how far audio stretches."""
    with pytest.raises(AudioError, match=r"give 0\.25 … 4\.0 times the length"):
        audio.stretch(tempo=tempo, to=to)


@pytest.mark.parametrize("ending", ["wav", "flac"])
@pytest.mark.parametrize("channels", [1, 2])
def test_an_export_comes_back_as_the_same_audio(tmp_path, ending, channels):
    """Out and in again, bit for bit, mono as mono."""
    audio = cm.Audio(noise(RATE + 7, channels))
    done = audio.export(tmp_path / f"a.{ending}")
    assert isinstance(done, Exported)
    assert cm.Audio(done) == audio
    assert done.integrated == pytest.approx(audio.loudness.integrated, abs=1e-9)


def test_wrong_sources_are_refused(tmp_path):
    """What is no audio says what is; nothing is kept of it."""
    (tmp_path / "a.wav").write_text("no audio")
    with pytest.raises(cm.CellissimoError, match="does not read as audio"):
        cm.Audio(tmp_path / "a.wav")
    with pytest.raises(FileNotFoundError):
        cm.Audio("no such file.wav")
    with pytest.raises(cm.CellissimoError, match="an array of object"):
        cm.Audio(None)
    with pytest.raises(cm.CellissimoError, match=r"array\.T"):
        cm.Audio(noise().T)
