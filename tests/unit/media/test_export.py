"""Exports: each format read back by others, stems that add up, and no half file ever."""

import json
import os
import struct
import subprocess
import sys

import numpy as np
import pytest
import soundfile

from cellissimo.media.encode import FormatError
from cellissimo.media.export import Exported, export_mix, export_stems, stem_files
from cellissimo.media.loudness import loudness_of
from cellissimo.media.wav import SAMPLE_RATE
from cellissimo.media.wav_file import Tags

LOSSLESS = [(".wav", 16), (".wav", 24), (".wav", 32), (".flac", 16), (".flac", 24)]
EVERY = [*LOSSLESS, (".mp3", 24), (".ogg", 24)]
SUBTYPES = {16: "PCM_16", 24: "PCM_24", 32: "FLOAT"}


@pytest.fixture
def samples():
    """Two seconds of noise at half of full scale, left and right differing."""
    noise = np.random.default_rng(7).uniform(-0.5, 0.5, (2, 2 * SAMPLE_RATE + 77))
    return noise.astype(np.float32)


def blocks_of(samples, size=4096):
    """Give the samples as a render does, block by block."""
    for start in range(0, samples.shape[1], size):
        yield samples[:, start : start + size]


@pytest.mark.parametrize(("ending", "bits"), LOSSLESS)
def test_lossless_files_hold_the_samples_to_their_last_bit(samples, tmp_path, ending, bits):
    """24 bits round to nearest, 32 keep floats as they are, 16 err by one and a half steps."""
    done = export_mix(tmp_path / f"a{ending}", blocks_of(samples), bits=bits)
    read, rate = soundfile.read(done, dtype="float64")
    info = soundfile.info(done)
    assert (rate, info.subtype, read.shape) == (SAMPLE_RATE, SUBTYPES[bits], samples.T.shape)
    allowed = {16: 1.5 * 2.0**-15, 24: 0.5 * 2.0**-23, 32: 0}[bits]
    assert np.abs(read.T - samples).max() <= allowed


@pytest.mark.parametrize("ending", [".wav", ".flac"])
def test_16_bits_have_dither_that_leaves_no_distortion(tmp_path, ending):
    """A tone of a third of a step survives, its error is noise of no level of its own."""
    time = np.arange(10 * SAMPLE_RATE) / SAMPLE_RATE
    wave = (2.0**-15 / 3 * np.sin(2 * np.pi * 1000 * time)).astype(np.float32)
    done = export_mix(tmp_path / f"a{ending}", [np.stack((wave, -wave))], bits=16)
    read, _ = soundfile.read(done, dtype="float64")
    strength = 2 * np.abs(np.fft.rfft(read[:, 0]) / len(read))
    assert strength[10_000] == pytest.approx(2.0**-15 / 3, rel=0.05)
    assert strength[[20_000, 30_000, 50_000]].max() < strength[10_000] / 50
    error = read[:, 0] - wave
    assert np.abs(error).max() <= 1.5 * 2.0**-15
    assert error.std() == pytest.approx(0.5 * 2.0**-15, rel=0.02)  # triangle and rounding


@pytest.mark.parametrize(("ending", "bits"), LOSSLESS)
def test_the_same_samples_give_the_same_bytes_in_whatever_blocks(samples, tmp_path, ending, bits):
    """Nothing of the time of day, of block sizes or of chance is in a file."""
    first = export_mix(tmp_path / f"a{ending}", blocks_of(samples), bits=bits)
    again = export_mix(tmp_path / f"b{ending}", blocks_of(samples, 999), bits=bits)
    assert first.path.read_bytes() == again.path.read_bytes()


@pytest.mark.parametrize(("ending", "codec"), [(".mp3", "mp3"), (".ogg", "vorbis")])
def test_compressed_files_keep_tone_level_and_length(tmp_path, require_tool, ending, codec):
    """Read back by ffprobe and libsndfile; also a minute, which once crashed libsndfile."""
    time = np.arange(61 * SAMPLE_RATE) / SAMPLE_RATE
    wave = (0.5 * np.sin(2 * np.pi * 440 * time)).astype(np.float32)
    done = export_mix(tmp_path / f"a{ending}", [np.stack((wave, wave))])
    read, rate = soundfile.read(done)
    assert (rate, len(read)) == (SAMPLE_RATE, len(wave))
    middle = read[SAMPLE_RATE : 2 * SAMPLE_RATE, 0]
    assert np.abs(np.fft.rfft(middle)).argmax() == 440
    assert np.sqrt((middle**2).mean()) == pytest.approx(0.5**1.5, rel=0.02)
    stream = probed(require_tool, done.path)["streams"][0]
    assert (stream["codec_name"], stream["sample_rate"]) == (codec, "48000")


def probed(require_tool, path):
    """Let ffprobe say what it finds in a file."""
    command = [require_tool("ffprobe"), "-v", "error", "-show_streams", "-show_format"]
    done = subprocess.run([*command, "-of", "json", path], check=True, capture_output=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize(("ending", "bits"), EVERY)
def test_title_and_tempo_are_in_the_file(samples, tmp_path, require_tool, ending, bits):
    """Other programs show the title; the tempo is a comment, or where samplers look in a WAV."""
    done = export_mix(
        tmp_path / f"a{ending}", blocks_of(samples), bits=bits, tags=Tags("Évening ☾", 92.5, (3, 8))
    )
    found = probed(require_tool, done.path)
    streams = (stream.get("tags", {}) for stream in found["streams"])
    tags = {key.lower(): value for tags in (found["format"].get("tags", {}), *streams)
            for key, value in tags.items()}  # fmt: skip
    assert tags["title"] == "Évening ☾"
    if ending == ".wav":
        content = done.path.read_bytes()
        acid = struct.unpack("<IHHfIHHf", content[content.rindex(b"acid") + 8 :])
        assert acid == (1, 60, 0x8000, 0, 6, 8, 3, 92.5)  # one shot, 6 eighths in 3/8
    else:
        assert "92.5 BPM" in {tags.get("comment"), tags.get("description")}
    assert soundfile.info(done).frames == samples.shape[1]


@pytest.mark.parametrize(("ending", "bits"), EVERY)
@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_what_ends_an_export_early_leaves_the_old_file(samples, tmp_path, ending, bits, error):
    """Ctrl-C and failures in the middle: the file that was there stays, and nothing else is."""
    path = tmp_path / f"a{ending}"
    path.write_bytes(b"what was there before")

    def broken():
        yield samples
        raise error

    with pytest.raises(error):
        export_mix(path, broken(), bits=bits)
    assert [path] == list(tmp_path.iterdir())
    assert path.read_bytes() == b"what was there before"


FULL_DISK = """
import resource, sys
from pathlib import Path
import numpy as np
from cellissimo.media.export import export_mix

resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))
noise = np.random.default_rng(0).uniform(-0.5, 0.5, (2, 200_000)).astype(np.float32)
export_mix(Path(sys.argv[1]), [noise[:, : int(sys.argv[2])]])
"""


@pytest.mark.parametrize("ending", [".wav", ".flac", ".mp3", ".ogg"])
@pytest.mark.parametrize("frames", [60_000, 200_000])
def test_a_full_disk_is_an_error_and_leaves_nothing(tmp_path, ending, frames):
    """Whether a first or a last byte does not fit, no file that lacks some is kept."""
    command = [sys.executable, "-c", FULL_DISK, tmp_path / f"a{ending}", str(frames)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr.rstrip().endswith("OSError: [Errno 27] File too large")
    assert list(tmp_path.iterdir()) == []


def test_what_was_exported_is_told_and_is_a_path(samples, tmp_path):
    """Length, loudness and true peak are those of the samples; any function takes it as a path."""
    done = export_mix(tmp_path / "evening.wav", blocks_of(samples))
    expected = loudness_of(samples)
    assert isinstance(done, Exported)
    assert os.fspath(done) == str(tmp_path / "evening.wav")
    assert done.files == (done.path,)
    assert done.seconds == samples.shape[1] / SAMPLE_RATE
    assert done.integrated == pytest.approx(expected.integrated, abs=1e-9)
    assert done.true_peak == pytest.approx(expected.true_peak, abs=1e-9)
    assert repr(done) == (
        f"evening.wav: 2.0 s, {expected.integrated:.1f} LUFS, "
        f"true peak {expected.true_peak:.1f} dBTP"
    )


def test_what_clips_is_counted_and_floats_keep_it(tmp_path):
    """Above full scale integers are cut, and that is said; 32-bit floats are not."""
    loud = np.array([[1.5, -1.5, 0.5], [0, 0, 1.0]], np.float32)
    cut = export_mix(tmp_path / "a.wav", [loud])
    assert cut.clipped == 2
    assert repr(cut).endswith(", 2 samples clipped")
    read, _ = soundfile.read(cut)
    assert read[:, 0].tolist() == [1 - 2.0**-23, -1, 0.5]
    kept = export_mix(tmp_path / "b.wav", [loud], bits=32)
    assert kept.clipped == 0
    assert np.array_equal(soundfile.read(kept, dtype="float32")[0].T, loud)


@pytest.mark.parametrize(
    ("name", "bits", "said"),
    [
        ("a.aac", 24, r"cannot write 'a\.aac'; name the file \.wav, \.flac, \.mp3 or \.ogg"),
        ("a", 24, "cannot write 'a'"),
        ("a.wav", 12, r"\.wav with 12 bits; give 16, 24 or 32"),
        ("a.flac", 32, r"\.flac with 32 bits; give 16 or 24"),
    ],
)
def test_unknown_endings_and_bits_are_refused_before_anything_sounds(tmp_path, name, bits, said):
    """No render is begun for a file that cannot be written."""
    with pytest.raises(FormatError, match=said):
        export_mix(tmp_path / name, iter([]), bits=bits)
    assert list(tmp_path.iterdir()) == []


def test_nothing_at_all_is_a_file_of_no_length(tmp_path):
    """An empty song exports as an empty file, and says so."""
    done = export_mix(tmp_path / "a.wav", [])
    assert repr(done) == "a.wav: 0.0 s, -inf LUFS, true peak -inf dBTP"
    assert soundfile.info(done).frames == 0


def stems_of(samples):
    """Give three stems as a render does, by blocks."""
    for block in blocks_of(samples):
        yield {"Bass": block, "Keys/left: 1": block * np.float32(0.5), "": -block}


@pytest.mark.parametrize(("ending", "bits"), EVERY)
def test_stems_have_one_length_and_add_up(samples, tmp_path, ending, bits):
    """Every stem has all frames of the song; lossless, their sum is the mix."""
    done = export_stems(tmp_path / f"Evening *{ending}", stems_of(samples), bits=bits)
    names = ["Evening 01 Bass", "Evening 02 Keys left 1", "Evening 03 stem"]
    assert done.files == tuple(tmp_path / f"{name}{ending}" for name in names)
    assert sorted(tmp_path.iterdir()) == sorted(done.files)
    read = [soundfile.read(file, dtype="float64")[0].T for file in done.files]
    assert {one.shape for one in read} == {samples.shape}
    if (ending, bits) in LOSSLESS:
        steps = {16: 2.0**-15, 24: 2.0**-24, 32: 2.0**-30}[bits]
        assert np.abs(sum(read) - samples / 2).max() <= 4.5 * steps
    assert done.integrated == pytest.approx(loudness_of(samples / 2).integrated, abs=1e-6)
    assert repr(done).startswith(f"Evening *{ending} (3 files): 2.0 s, ")


def test_stems_go_into_a_folder_that_is_made(samples, tmp_path):
    """A folder is enough: WAV files, numbered in the order of the song."""
    done = export_stems(tmp_path / "stems", stems_of(samples), bits=32)
    assert sorted(path.name for path in (tmp_path / "stems").iterdir()) == [
        "01 Bass.wav",
        "02 Keys left 1.wav",
        "03 stem.wav",
    ]
    assert os.fspath(done) == str(tmp_path / "stems")


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_interrupted_stems_leave_nothing(samples, tmp_path, error):
    """All files appear, or none; a folder that was made for them is gone again."""

    def broken():
        yield from stems_of(samples)
        raise error

    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "01 Bass.wav").write_bytes(b"before")
    for folder in ("new", "old"):
        with pytest.raises(error):
            export_stems(tmp_path / folder, broken())
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
    assert [path.read_bytes() for path in (tmp_path / "old").iterdir()] == [b"before"]


def test_a_song_without_stems_says_so(tmp_path):
    """The error says what to export instead."""
    with pytest.raises(FormatError, match="there are no stems to export; export the mix"):
        export_stems(tmp_path / "stems", [{}])
    assert list(tmp_path.iterdir()) == []


def test_stems_of_one_name_have_files_of_their_own(tmp_path):
    """The number in front tells them apart, also past ninety-nine."""
    files = stem_files(tmp_path / "*.flac", ["Pad"] * 120)
    assert len(set(files)) == 120
    assert files[0].name == "001 Pad.flac"


def test_progress_is_shown_for_what_takes_long(capsys, samples, tmp_path):
    """A minute and more shows how far it is and cleans up behind itself; less shows nothing."""
    export_mix(tmp_path / "a.wav", blocks_of(samples), frames=samples.shape[1])
    assert capsys.readouterr().err == ""
    export_mix(tmp_path / "b.wav", blocks_of(samples), frames=samples.shape[1], progress=True)
    shown = capsys.readouterr().err
    assert "b.wav:" in shown
    assert shown.endswith("\r")
    minute = np.zeros((2, 61 * SAMPLE_RATE), np.float32)
    export_mix(tmp_path / "c.wav", blocks_of(minute), frames=minute.shape[1], progress=False)
    assert capsys.readouterr().err == ""
    export_mix(tmp_path / "d.wav", blocks_of(minute), frames=minute.shape[1])
    assert "of 61 s" in capsys.readouterr().err
