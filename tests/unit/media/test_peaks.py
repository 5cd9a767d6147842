"""Peaks are those that audiowaveform makes, checked against a slow reading of its definition."""

import json
import math
import struct

import numpy as np
import pytest
import soundfile

from cellissimo.media.blobs import MemoryBlobs
from cellissimo.media.intake import take_array, take_file
from cellissimo.media.peaks import PeaksError, blob_peaks, sample_peaks

RATE = 48_000


def slow_peaks(shorts, zoom, *, split):
    """Go through 16-bit samples one by one, as audiowaveform's text says: integers as in C."""
    rows = [list(map(int, row)) if split else [math.trunc(sum(map(int, row)) / len(row))]
            for row in shorts]  # fmt: skip
    points = []
    for start in range(0, len(rows), zoom):
        for channel in zip(*rows[start : start + zoom], strict=True):
            points += [min(channel), max(channel)]
    return points


def noise(frames=10_000, channels=2):
    """Hold loud 16-bit noise that differs between channels, with both extremes."""
    shorts = np.random.default_rng(3).integers(-32_768, 32_768, (frames, channels))
    shorts[10] = -32_768
    shorts[20] = 32_767
    return shorts.astype(np.int16)


def stored(shorts):
    """Store 16-bit samples as a blob."""
    blobs = MemoryBlobs()
    return blobs, blobs.put(take_array(shorts.T, RATE, "noise").content)


@pytest.mark.parametrize("split", [False, True])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("zoom", [2, 256, 999, 20_000])
def test_peaks_are_the_lowest_and_highest_of_each_stretch(zoom, channels, split):
    """Mono is the sum divided as in C, the last short point is kept, channels stand in turn."""
    shorts = noise(channels=channels)
    found = blob_peaks(*stored(shorts), zoom, split=split)
    expected = slow_peaks(shorts, zoom, split=split)
    assert found.values(16).tolist() == expected
    assert found.length == math.ceil(10_000 / zoom)
    assert found.values(8).tolist() == [math.trunc(value / 256) for value in expected]


def test_a_long_recording_is_read_in_pieces_that_leave_no_seam():
    """More frames than are read at once, at a zoom that does not divide them."""
    shorts = noise(600_001)
    assert blob_peaks(*stored(shorts), 7777).values(16).tolist() == slow_peaks(
        shorts, 7777, split=False
    )


@pytest.mark.parametrize("zoom", [64, 512])
def test_wav_and_flac_have_equal_peaks(tmp_path, zoom):
    """The same music in either file has the same outline, to the bit."""
    found = []
    for ending in ("wav", "flac"):
        soundfile.write(tmp_path / f"a.{ending}", noise(), RATE)
        blobs = MemoryBlobs()
        name = blobs.put(take_file(tmp_path / f"a.{ending}").content)
        found.append(blob_peaks(blobs, name, zoom).dat())
    assert found[0] == found[1]
    assert (
        found[0][24:]
        == np.array(
            [math.trunc(value / 256) for value in slow_peaks(noise(), zoom, split=False)], "<i1"
        ).tobytes()
    )


def test_24_bits_count_by_their_upper_16():
    """As libsndfile gives them to audiowaveform: the lower 8 bits are cut, not rounded."""
    steps = np.array([[255, -1, 511, -257]], np.int32) << 8
    assert blob_peaks(*stored(steps.T), 2).values(16).tolist() == [-1, 0, -2, 1]


def test_samples_have_the_peaks_of_the_blob_they_would_make():
    """A render shows the outline that its export has."""
    samples = np.random.default_rng(1).uniform(-1, 1, (2, 5000)).astype(np.float32)
    blobs = MemoryBlobs()
    name = blobs.put(take_array(samples, RATE, "a").content)
    assert sample_peaks(samples, 300).dat(16) == blob_peaks(blobs, name, 300).dat(16)


@pytest.mark.parametrize("times", [1, 2, 5])
def test_coarser_peaks_equal_those_made_from_the_audio(times):
    """All levels of zoom can be made from the finest."""
    fine = blob_peaks(*stored(noise()), 100, split=True)
    direct = blob_peaks(*stored(noise()), 100 * times, split=True)
    assert fine.coarser(times).dat(16) == direct.dat(16)


@pytest.mark.parametrize(("bits", "code", "flags"), [(8, "b", 1), (16, "h", 0)])
def test_the_dat_file_is_version_2(bits, code, flags):
    """Header of 24 bytes: version, flags, rate, zoom, length, channels; then all points."""
    found = blob_peaks(*stored(noise()), 256, split=True)
    content = found.dat(bits)
    assert struct.unpack("<iIiiIi", content[:24]) == (2, flags, RATE, 256, 40, 2)
    assert list(struct.unpack(f"<160{code}", content[24:])) == found.values(bits).tolist()


def test_the_json_file_is_version_2():
    """Its fields and their order are audiowaveform's, without spaces, with a line end."""
    shorts = np.array([[-1024, 1024], [2048, -2048], [512, 513]], np.int16)
    found = blob_peaks(*stored(shorts), 2, split=True)
    assert found.json() == (
        '{"version":2,"channels":2,"sample_rate":48000,"samples_per_pixel":2,"bits":8,"length":2,'
        '"data":[-4,8,-8,4,2,2,2,2]}\n'
    )
    assert json.loads(found.json(16))["data"] == [-1024, 2048, -2048, 1024, 512, 512, 513, 513]


def test_wrong_zooms_bits_and_steps_are_refused():
    """Each error says what is accepted."""
    blobs, name = stored(noise())
    with pytest.raises(PeaksError, match="1 frames a point; give 2 or more"):
        blob_peaks(blobs, name, 1)
    with pytest.raises(PeaksError, match="12 bits; give 8 or 16"):
        blob_peaks(blobs, name, 2).json(12)
    with pytest.raises(PeaksError, match="0 times as coarse"):
        blob_peaks(blobs, name, 2).coarser(0)
