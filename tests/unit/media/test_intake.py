"""Audio is decoded, mixed, resampled and quantised once; bad files are told apart and refused."""

import io
import re
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from cellissimo.media.decode import AudioError, Source
from cellissimo.media.downmix import mixing
from cellissimo.media.intake import take_array, take_file, take_file_into
from cellissimo.media.wav import SAMPLE_RATE

LOSSLESS = {
    "wav": "WAV",
    "flac": "FLAC",
    "aiff": "AIFF",
    "caf": "CAF",
    "w64": "W64",
    "rf64": "RF64",
}
LOSSY = {"mp3": ("MP3", "MPEG_LAYER_III"), "ogg": ("OGG", "VORBIS"), "opus": ("OGG", "OPUS")}


def tones(seconds=1.0, rate=SAMPLE_RATE, hertz=(440, 660)):
    """One tone a channel at half of full scale, ``(frames, channels)``."""
    time = np.arange(round(seconds * rate)) / rate
    return np.stack([0.5 * np.sin(2 * np.pi * one * time) for one in hertz], axis=1)


def written(path, samples, form, encoding, rate=SAMPLE_RATE):
    """Write a file with libsndfile, in blocks."""
    with soundfile.SoundFile(path, "w", rate, samples.shape[1], encoding, format=form) as file:
        for start in range(0, len(samples), 16_384):
            file.write(samples[start : start + 16_384])
    return Path(path)


def samples_in(taken):
    """Read the samples of what was taken in with another implementation."""
    read, rate = soundfile.read(io.BytesIO(taken.content), dtype="float64", always_2d=True)
    assert rate == SAMPLE_RATE
    return read


@pytest.mark.parametrize("ending", LOSSLESS)
@pytest.mark.parametrize(("encoding", "bits"), [("PCM_16", 16), ("PCM_24", 24)])
def test_lossless_files_are_taken_in_exactly(tmp_path, ending, encoding, bits):
    """Samples of 16 or 24 bits at 48 000 Hz come out bit for bit, whatever the container."""
    integers = np.random.default_rng(0).integers(-(1 << bits - 1), 1 << bits - 1, (3000, 2))
    wide = (integers << (32 - bits)).astype(np.int32)
    path = written(tmp_path / f"a.{ending}", wide, LOSSLESS[ending], encoding)
    taken = take_file(path)
    assert np.array_equal(samples_in(taken), integers / (1 << bits - 1))
    assert taken.source == Source(path.name, LOSSLESS[ending], encoding, SAMPLE_RATE, 2, 3000)
    assert taken.clipped == 0


def test_the_same_music_in_wav_and_flac_is_the_same_blob(tmp_path):
    """What names audio is its samples, not the file that they came in."""
    steps = np.rint(tones() * 2**23).astype(np.int32) << 8
    contents = {
        take_file(written(tmp_path / f"a.{ending}", steps, LOSSLESS[ending], "PCM_24")).content
        for ending in ("wav", "flac", "aiff")
    }
    assert len(contents) == 1


@pytest.mark.parametrize(
    ("ending", "rate", "channels"), [(".wav", 48_000, 1), (".flac", 44_100, 2)]
)
def test_a_file_is_taken_into_another_as_it_is_into_memory(tmp_path, ending, rate, channels):
    """What is written while it is read are the same bytes, also of an odd number of them."""
    samples = np.random.default_rng(1).uniform(-1.2, 1.2, (70_001, channels))
    path = tmp_path / f"sound{ending}"
    soundfile.write(path, samples, rate, subtype="PCM_24")
    taken = take_file(path)
    with (tmp_path / "out").open("w+b") as out:
        written = take_file_into(path, out)
    assert taken.content == (tmp_path / "out").read_bytes()
    assert (taken.source, taken.clipped) == (written.source, written.clipped)
    assert (channels, (len(taken.content) - 44) // (3 * channels)) == (
        written.shape.channels, written.shape.frames
    )  # fmt: skip


@pytest.mark.parametrize("ending", LOSSY)
def test_compressed_files_keep_their_tones_levels_and_length(tmp_path, ending):
    """MP3, Ogg Vorbis and Opus decode in step: same frames, tone and level in each channel."""
    taken = take_file(written(tmp_path / f"a.{ending}", tones(2), *LOSSY[ending]))
    samples = samples_in(taken)
    assert len(samples) == 2 * SAMPLE_RATE
    middle = samples[SAMPLE_RATE // 2 : SAMPLE_RATE]
    for channel, hertz in enumerate((440, 660)):
        spectrum = np.abs(np.fft.rfft(middle[:, channel]))
        assert np.argmax(spectrum) == hertz / 2
        assert np.sqrt((middle[:, channel] ** 2).mean()) == pytest.approx(0.5**1.5, rel=0.03)


@pytest.mark.parametrize("ending", ["mp3", "ogg", "opus", "flac", "wav", "aiff"])
def test_files_that_ffmpeg_wrote_are_taken_in(tmp_path, require_tool, ending):
    """Other programs' files are read, also a WAV stream of unknown length."""
    source = written(tmp_path / "source.wav", tones(2, 44_100), "WAV", "PCM_16", 44_100)
    path = tmp_path / f"a.{ending}"
    kind = ["-f", "wav", "-"] if ending == "wav" else [path]
    command = [require_tool("ffmpeg"), "-v", "error", "-i", source, *kind]
    made = subprocess.run(command, check=True, capture_output=True).stdout
    if made:
        path.write_bytes(made)
    taken = take_file(path)
    assert len(samples_in(taken)) == pytest.approx(2 * SAMPLE_RATE, abs=2)


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 44_101, 96_000, 192_000])
def test_resampling_keeps_time_pitch_and_level(rate):
    """A tone at any rate is the same tone at 48 000 Hz to -90 dB, and as long to the frame."""
    taken = take_array(tones(1.5, rate, (1000,)).T, rate, "tone")
    samples = samples_in(taken)[:, 0]
    assert len(samples) == int(round(1.5 * rate) * SAMPLE_RATE / rate + 0.5)
    middle = slice(SAMPLE_RATE // 2, SAMPLE_RATE)
    error = samples[middle] - tones(1.5, SAMPLE_RATE, (1000,))[middle, 0]
    assert np.abs(error).max() < 10 ** (-90 / 20)


def test_resampling_lets_nothing_through_above_the_new_band():
    """A tone that 48 000 Hz cannot hold is gone, not folded down."""
    taken = take_array(tones(1, 96_000, (30_000,)).T, 96_000, "high")
    assert np.abs(samples_in(taken)[2000:-2000]).max() < 10 ** (-110 / 20)


def test_an_impulse_stays_where_it_was():
    """Resampling moves nothing: what was at half a second is there still."""
    clicks = np.zeros((1, 44_100))
    clicks[0, 22_050] = 1
    assert np.abs(samples_in(take_array(clicks, 44_100, "click"))[:, 0]).argmax() == 24_000


@pytest.mark.parametrize("frames", [1, 2, 7, 100])
def test_very_short_audio_is_taken_in(frames):
    """A single frame at another rate is audio too."""
    taken = take_array(np.full((2, frames), 0.25), 44_100, "short")
    assert len(samples_in(taken)) == round(frames * 48_000 / 44_100)


def test_what_is_less_than_a_frame_is_no_audio():
    """A sixteenth of a frame is none."""
    with pytest.raises(AudioError, match="holds no samples"):
        take_array(np.array([0.5]), 768_000, "click")


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (np.array([0.5, -0.25], np.float32), [[0.5], [-0.25]]),
        (np.array([[0.5], [-0.25]]), [[0.5, -0.25]]),
        (np.array([16_384, -32_768], np.int16), [[0.5], [-1.0]]),
        (np.array([1 << 30, -(1 << 31)], np.int32), [[0.5], [-1.0]]),
    ],
    ids=["frames only", "two channels", "int16", "int32"],
)
def test_arrays_are_taken_by_shape_and_type(array, expected):
    """Floats with 1.0 as full scale, or integers with their own."""
    assert samples_in(take_array(array, SAMPLE_RATE, "a")).tolist() == expected


def test_samples_are_rounded_to_nearest_and_what_is_too_loud_is_counted():
    """Half a step rounds to even; above full scale the highest value stands, and is reported."""
    step = 2.0**-23
    taken = take_array(np.array([0.6, 1.5, 0.4, 1 / step, -2 / step]) * step, SAMPLE_RATE, "a")
    assert (samples_in(taken)[:, 0] / step).tolist() == [1, 2, 0, (1 << 23) - 1, -(1 << 23)]
    assert taken.clipped == 1


@pytest.mark.parametrize("channels", [3, 4, 5, 6, 7, 8])
def test_more_than_two_channels_become_two_without_clipping(channels):
    """Left stays left, right right, the middle is in both, and full scale everywhere fits."""
    full = take_array(np.ones((channels, 100)), SAMPLE_RATE, "full")
    assert full.clipped == 0
    assert samples_in(full).max() == pytest.approx(1, abs=1e-6)
    left = mixing(channels)[0]
    assert left[0] > 0
    assert left[1] == 0
    assert np.array_equal(mixing(channels)[:2], mixing(channels)[1::-1, ::-1])
    if channels in (3, 5, 6, 7, 8):
        assert mixing(channels)[2] == pytest.approx(left[0] * np.sqrt([0.5, 0.5]))


BAD_ARRAYS = {
    "no samples": (np.zeros((2, 0)), 48_000, "holds no samples"),
    "no number": (np.array([0.0, np.nan]), 48_000, r"no numbers \(NaN or infinite\)"),
    "infinite": (np.array([0.0, -np.inf]), 48_000, r"nan_to_num"),
    "turned": (np.zeros((1000, 2)), 48_000, r"shape \(1000, 2\).*array\.T"),
    "three axes": (np.zeros((2, 2, 2)), 48_000, r"give \(channels, frames\)"),
    "a single number": (np.array(0.5), 48_000, r"shape \(\)"),
    "nine channels": (np.zeros((9, 9)), 48_000, "9 channels; give 1 to 8"),
    "complex": (np.zeros(4, complex), 48_000, "an array of complex128; give float32"),
    "text": (np.array(["a"]), 48_000, "an array of str"),
    "slow": (np.zeros(4), 0, "a sample rate of 0 Hz; give 1000 … 768000"),
    "fast": (np.zeros(4), 10**6, "a sample rate of 1000000 Hz"),
    "long": (np.zeros(1000 * 3600 * 5), 1000, "lasts 5.0 hours; .* at most 4: split it"),
}


@pytest.mark.parametrize(("array", "rate", "said"), BAD_ARRAYS.values(), ids=BAD_ARRAYS)
def test_arrays_that_are_no_audio_are_refused_with_a_cure(array, rate, said):
    """Each error names the value, what is accepted, and what to do."""
    with pytest.raises(AudioError, match=said):
        take_array(array, rate, "array")


@pytest.mark.parametrize("name", ["a.txt", "a.raw", "a.mp3", "a.wav"])
@pytest.mark.parametrize("content", [b"", b"not audio at all" * 100, b"RIFF\0\0\0\0WAVE", b"OggS"])
def test_what_is_no_audio_is_refused(tmp_path, name, content):
    """The error names the formats that are read, and how to make one."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(
        AudioError, match=r"does not read as audio; give WAV|was cut off|no samples"
    ):
        take_file(path)


CUT = {"wav": "missing", "aiff": "missing", "flac": "frames", "mp3": "frames", "ogg": "last page"}


@pytest.mark.parametrize(("ending", "said"), CUT.items())
@pytest.mark.parametrize("kept", [0.5, 0.9])
def test_a_file_that_was_cut_off_is_noticed_and_may_be_taken_as_it_is(tmp_path, ending, said, kept):
    """Nothing is lost in silence; `partial=True` gives what is there, from the beginning."""
    form, encoding = LOSSY.get(ending) or (LOSSLESS[ending], "PCM_16")
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (6 * SAMPLE_RATE, 2))
    path = written(tmp_path / f"a.{ending}", noise, form, encoding)
    whole = samples_in(take_file(path))
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])
    with pytest.raises(AudioError, match=rf"was cut off or damaged: .*{said}.*partial=True"):
        take_file(path)
    found = samples_in(take_file(path, partial=True))
    assert 0.5 * kept * len(whole) < len(found) < len(whole)
    same = len(found) - 4096
    assert np.abs(found[:same] - whole[:same]).max() <= 2**-15


def test_samples_that_are_no_numbers_in_a_file_are_refused(tmp_path):
    """A float file can hold NaN; no blob can."""
    samples = tones(0.1)
    samples[100, 0] = np.nan
    path = written(tmp_path / "a.wav", samples, "WAV", "FLOAT")
    with pytest.raises(AudioError, match=r"'a\.wav' holds samples that are no numbers"):
        take_file(path)


def test_a_file_that_promises_more_than_four_hours_is_refused_before_it_is_read(tmp_path):
    """A header of a few bytes cannot fill the memory."""
    path = written(tmp_path / "a.w64", np.zeros((8 * 3600 * 1000, 1)), "W64", "PCM_U8", 1000)
    with pytest.raises(AudioError, match=r"lasts 8\.0 hours"):
        take_file(path)


@pytest.mark.parametrize("ending", [*LOSSLESS, *LOSSY])
def test_damaged_files_are_taken_in_or_refused_and_nothing_else(tmp_path, ending):
    """Whatever bytes a file holds, the answer is audio or an error that says what is wrong."""
    form, encoding = LOSSY.get(ending) or (LOSSLESS[ending], "PCM_16")
    whole = written(tmp_path / f"a.{ending}", tones(0.2), form, encoding).read_bytes()
    chance = np.random.default_rng(11)
    path = tmp_path / f"b.{ending}"
    for _ in range(40):
        damaged = bytearray(whole)
        for place in chance.integers(
            0, chance.choice([64, 200, len(whole)]), chance.choice([1, 4])
        ):
            damaged[place] = chance.choice([0, 1, 127, 128, 255])
        path.write_bytes(damaged)
        said = [outcome(path, partial=partial) for partial in (False, True)]
        assert all(re.search(EXPECTED, one) for one in said), said


EXPECTED = "^audio$|; (give|split)|was cut off|no samples|are no numbers"


def outcome(path, *, partial):
    """Take in a file; "audio", or what the error says."""
    try:
        return "audio" if samples_in(take_file(path, partial=partial)).size else "nothing"
    except AudioError as error:
        return str(error)


def test_places_that_hold_no_file_are_told(tmp_path):
    """A missing file and a folder are what they are."""
    with pytest.raises(FileNotFoundError, match="there is no file"):
        take_file(tmp_path / "none.wav")
    with pytest.raises(IsADirectoryError, match="is a folder"):
        take_file(tmp_path)


def test_a_wav_file_may_carry_other_chunks(tmp_path):
    """Chunks before the samples, of odd length too, do not look like a cut."""
    path = written(tmp_path / "a.wav", tones(0.1), "WAV", "PCM_16")
    content = path.read_bytes()
    more = struct.pack("<4sI", b"note", 3) + b"odd\0"
    size = struct.pack("<I", len(content) + len(more) - 8)
    path.write_bytes(content[:4] + size + content[8:36] + more + content[36:])
    assert len(samples_in(take_file(path))) == 4800


@pytest.mark.parametrize(
    ("name", "seconds"),
    [("vibe_ace.ogg", 61), ("solo_trumpet.ogg", 5), ("hungarian_dance_5.ogg", 45)],
)
def test_real_recordings_are_taken_in(require_data, name, seconds):
    """Music from the world comes in at its length and sounds."""
    taken = take_file(require_data("audio", name))
    samples = samples_in(taken)
    assert len(samples) / SAMPLE_RATE == pytest.approx(seconds, abs=1)
    assert 0.1 < np.abs(samples).max() <= 1
