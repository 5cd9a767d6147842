"""Audio files, read back by a second implementation."""

import json
import subprocess

import numpy as np
import pytest
import soundfile

from cellissimo.media.encode import FormatError
from cellissimo.media.wav import SAMPLE_RATE
from cellissimo.media.write import mp3_bytes, write_audio


@pytest.fixture
def samples():
    """Two seconds of two tones, left and right, longer than one block of the encoder."""
    time = np.arange(2 * SAMPLE_RATE) / SAMPLE_RATE
    tones = [0.5 * np.sin(2 * np.pi * hertz * time) for hertz in (440, 660)]
    return np.asarray(tones, dtype=np.float32)


@pytest.mark.parametrize("ending", [".wav", ".flac", ".WAV"])
def test_lossless_files_hold_the_samples_in_24_bits(samples, tmp_path, ending):
    """What is read back differs by less than the last of 24 bits."""
    path = write_audio(tmp_path / f"a{ending}", samples)
    read, rate = soundfile.read(path, dtype="float64")
    assert rate == SAMPLE_RATE
    assert soundfile.info(path).subtype == "PCM_24"
    assert np.abs(read.T - samples).max() <= 2**-23


def test_an_mp3_sounds_like_the_samples(samples, tmp_path):
    """Decoded, it has the same tones at the same level."""
    path = write_audio(tmp_path / "a.mp3", samples)
    read, rate = soundfile.read(path)
    assert rate == SAMPLE_RATE
    middle = slice(SAMPLE_RATE // 2, SAMPLE_RATE)
    for channel, hertz in enumerate((440, 660)):
        spectrum = np.abs(np.fft.rfft(read[middle, channel]))
        assert np.argmax(spectrum) == pytest.approx(hertz / 2, abs=1)
        assert np.sqrt(np.mean(read[middle, channel] ** 2)) == pytest.approx(0.3535, abs=0.02)


@pytest.mark.parametrize(
    ("ending", "codec"), [("wav", "pcm_s24le"), ("flac", "flac"), ("mp3", "mp3"), ("ogg", "vorbis")]
)
def test_ffprobe_reads_what_was_written(samples, tmp_path, require_tool, ending, codec):
    """Another implementation agrees on codec, rate, channels and length."""
    path = write_audio(tmp_path / f"a.{ending}", samples)
    command = [require_tool("ffprobe"), "-v", "error", "-show_streams", "-of", "json", path]
    said = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    stream = said["streams"][0]
    assert (stream["codec_name"], stream["sample_rate"], stream["channels"]) == (codec, "48000", 2)
    assert float(stream["duration"]) == pytest.approx(2, abs=0.06)


def test_mp3_bytes_are_stable(samples):
    """The same samples give the same bytes, and lower quality gives fewer."""
    assert mp3_bytes(samples, 0.5) == mp3_bytes(samples, 0.5)
    assert len(mp3_bytes(samples, 0.9)) < len(mp3_bytes(samples, 0.1))


def test_an_unknown_ending_is_refused_and_nothing_is_written(samples, tmp_path):
    """The error names the endings that are known."""
    with pytest.raises(FormatError, match=r"'a\.aac'; name the file \.wav, \.flac, \.mp3 or \.ogg"):
        write_audio(tmp_path / "a.aac", samples)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_the_file_that_was_there(samples, tmp_path):
    """A file is replaced as a whole or not at all."""
    path = write_audio(tmp_path / "a.wav", samples)
    before = path.read_bytes()
    with pytest.raises((TypeError, ValueError, AttributeError)):
        write_audio(path, np.asarray([["x"]]))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
