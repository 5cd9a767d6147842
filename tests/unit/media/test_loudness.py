"""The loudness meter reads the signals of EBU Tech 3341 and 3342 within their tolerances.

The signals are made here as those documents describe them. Case 6 of 3341 has five channels and
cases 7 and 8 (and 5 and 6 of 3342) are recordings; they are no case for a stereo meter in a test.
"""

import math
import re
import subprocess

import numpy as np
import pytest
from scipy.signal import resample_poly, sosfilt

from cellissimo.media.k_weighting import KWeighting
from cellissimo.media.loudness import Loudness, LoudnessMeter, loudness_of
from cellissimo.media.write import write_audio
from tests.bench.measure import K_WEIGHTING

RATE = 48_000


def tone(*parts, hertz=1000.0):
    """Sound a stereo sine of one (dBFS of its peak, seconds) after the other, in one phase."""
    levels = np.concatenate(
        [np.full(round(seconds * RATE), 10 ** (level / 20)) for level, seconds in parts]
    )
    wave = levels * np.sin(2 * np.pi * hertz * np.arange(len(levels)) / RATE)
    return np.stack((wave, wave)).astype(np.float32)


SILENT = -np.inf

INTEGRATED = {
    "1": (-23.0, [(-23, 20)]),
    "2": (-33.0, [(-33, 20)]),
    "3": (-23.0, [(-36, 10), (-23, 60), (-36, 10)]),
    "4": (-23.0, [(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)]),
    "5": (-23.0, [(-26, 20), (-20, 20.1), (-26, 20)]),
}


@pytest.mark.parametrize(("expected", "parts"), INTEGRATED.values(), ids=INTEGRATED)
def test_integrated_loudness(expected, parts):
    """EBU Tech 3341, cases 1 to 5: ±0.1 LU."""
    assert loudness_of(tone(*parts)).integrated == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("level", [-23.0, -33.0])
def test_steady_tones_read_alike_on_all_scales(level):
    """EBU Tech 3341, cases 1 and 2: momentary, short-term and integrated agree, ±0.1 LU."""
    found = loudness_of(tone((level, 20)))
    for reading in (found.momentary, found.short_term, found.integrated):
        assert reading == pytest.approx(level, abs=0.1)


def test_short_term_loudness_is_steady_where_it_should_be():
    """EBU Tech 3341, case 9: -23.0 ±0.1 LUFS at all times from 3 s on."""
    meter = LoudnessMeter()
    meter.add(tone(*[(-20, 1.34), (-30, 1.66)] * 5))
    assert np.abs(meter.short_term() + 23).max() <= 0.1


def test_momentary_loudness_is_steady_where_it_should_be():
    """EBU Tech 3341, case 12: -23.0 ±0.1 LUFS at all times from 1 s on."""
    meter = LoudnessMeter()
    meter.add(tone(*[(-20, 0.18), (-30, 0.22)] * 25))
    assert np.abs(meter.momentary()[60:] + 23).max() <= 0.1


@pytest.mark.parametrize("number", range(20))
def test_the_loudest_three_seconds_are_found_wherever_they_are(number):
    """EBU Tech 3341, case 10: maximum short-term loudness -23.0 ±0.1 LUFS."""
    found = loudness_of(tone((SILENT, 0.15 * number), (-23, 3), (SILENT, 1)))
    assert found.short_term == pytest.approx(-23, abs=0.1)


@pytest.mark.parametrize("number", range(20))
def test_the_loudest_moment_is_found_wherever_it_is(number):
    """EBU Tech 3341, case 13: maximum momentary loudness -23.0 ±0.1 LUFS."""
    found = loudness_of(tone((SILENT, 0.02 * number), (-23, 0.4), (SILENT, 1)))
    assert found.momentary == pytest.approx(-23, abs=0.1)


def test_the_maximum_rises_with_each_louder_tone():
    """EBU Tech 3341, cases 11 and 14: -38.0 … -19.0 LUFS one after the other, ±0.1 LU."""
    for seconds, step, reading in ((3, 0.15, "short_term"), (0.4, 0.02, "momentary")):
        meter = LoudnessMeter()
        for number in range(20):
            level = -38 + number
            meter.add(tone((SILENT, step * number), (level, seconds), (SILENT, seconds)))
            assert getattr(meter.result(), reading) == pytest.approx(level, abs=0.1)


RANGES = {
    "1": (10, [(-20, 20), (-30, 20)]),
    "2": (5, [(-20, 20), (-15, 20)]),
    "3": (20, [(-40, 20), (-20, 20)]),
    "4": (15, [(-50, 20), (-35, 20), (-20, 20), (-35, 20), (-50, 20)]),
}


@pytest.mark.parametrize(("expected", "parts"), RANGES.values(), ids=RANGES)
def test_loudness_range(expected, parts):
    """EBU Tech 3342, cases 1 to 4: ±1 LU."""
    assert loudness_of(tone(*parts)).range == pytest.approx(expected, abs=1)


PEAKS = {
    "15": (4, 0.0, 0.5, -6.0),
    "16": (4, 45.0, 0.5, -6.0),
    "17": (6, 60.0, 0.5, -6.0),
    "18": (8, 67.5, 0.5, -6.0),
    "19": (4, 45.0, 1.41, 3.0),
}


@pytest.mark.parametrize(("divisor", "phase", "amplitude", "expected"), PEAKS.values(), ids=PEAKS)
def test_true_peaks_of_tones_between_samples(divisor, phase, amplitude, expected):
    """EBU Tech 3341, cases 15 to 19: +0.2 / -0.4 dB, where the highest sample may be 3 dB lower."""
    turns = np.arange(5 * RATE) / divisor + phase / 360
    wave = (amplitude * np.sin(2 * np.pi * turns)).astype(np.float32)
    ease = np.minimum(1, np.minimum(np.arange(len(wave)), np.arange(len(wave))[::-1]) / 480)
    found = loudness_of(np.stack((wave, wave)) * ease.astype(np.float32))
    assert expected - 0.4 <= found.true_peak <= expected + 0.2
    assert found.sample_peak <= found.true_peak


@pytest.mark.parametrize("offset", range(4))
def test_true_peaks_of_a_burst_at_each_quarter_sample(offset):
    """EBU Tech 3341, as cases 20 to 23: one loud period, read to +0.2 / -0.4 dB."""
    count = 4 * RATE
    wave = 0.5 * np.sin(2 * np.pi * np.arange(count) / 24)
    middle = count // 48 * 24
    wave[middle : middle + 24] *= 2
    narrow = resample_poly(resample_poly(wave, 1, 4), 4, 1)
    expected = 20 * math.log10(np.abs(narrow[4000:-4000]).max())
    samples = np.roll(narrow, offset)[::4].astype(np.float32)
    found = loudness_of(np.stack((samples, samples)))
    assert expected - 0.4 <= found.true_peak <= expected + 0.2


def test_the_weighting_is_that_of_the_standard():
    """Block by block, whatever their sizes, it equals the two filters run sample by sample."""
    samples = np.random.default_rng(0).standard_normal((2, 50_000))
    weighting = KWeighting()
    sizes = np.random.default_rng(1).integers(1, 3000, 40).cumsum()
    pieces = [piece for piece in np.split(samples, sizes, axis=1) if piece.size]
    found = np.concatenate([weighting.next(piece) for piece in pieces], axis=1)
    assert np.abs(found - sosfilt(K_WEIGHTING, samples, axis=1)).max() < 1e-9


def test_the_size_of_blocks_does_not_matter():
    """A stream is measured as the whole is."""
    samples = tone((-23, 2), (-30, 3)) + np.float32(0.001)
    whole = loudness_of(samples)
    meter = LoudnessMeter()
    for piece in np.array_split(samples, 777, axis=1):
        meter.add(piece)
    found = meter.result()
    for reading in ("integrated", "range", "momentary", "short_term", "true_peak", "sample_peak"):
        assert getattr(found, reading) == pytest.approx(getattr(whole, reading), abs=1e-9)


def test_mono_is_measured_as_it_is_heard_on_both_sides():
    """One channel reads as the same on two."""
    stereo = tone((-23, 5))
    assert loudness_of(stereo[:1]) == loudness_of(stereo)


@pytest.mark.parametrize("seconds", [0, 0.3, 5])
def test_silence_and_what_is_too_short_have_no_loudness(seconds):
    """-inf, and a range of 0; never NaN, never a warning."""
    found = loudness_of(np.zeros((2, round(seconds * RATE)), np.float32))
    assert found == Loudness(-np.inf, 0.0, -np.inf, -np.inf, -np.inf, -np.inf)


def test_loudness_tells_itself_in_a_line():
    """As an engineer says it, to a tenth."""
    found = loudness_of(tone((-23, 5)))
    assert repr(found) == "-23.0 LUFS, range 0.0 LU, true peak -23.0 dBTP"


@pytest.mark.parametrize("name", ["vibe_ace.ogg", "hungarian_dance_5.ogg"])
def test_music_reads_as_ffmpeg_reads_it(name, require_data, require_tool, tmp_path):
    """An independent meter agrees on real recordings: 0.1 LU, 0.1 dB, and 0.3 LU of range."""
    from cellissimo.media.intake import take_file  # noqa: PLC0415
    from cellissimo.media.wav import HEADER_BYTES, samples_of, shape_of  # noqa: PLC0415

    content = take_file(require_data("audio", name)).content
    shape = shape_of(content[:HEADER_BYTES], len(content))
    samples = samples_of(
        content[HEADER_BYTES:][: 3 * shape.channels * shape.frames], shape.channels
    )
    path = write_audio(tmp_path / "a.wav", samples)
    command = [require_tool("ffmpeg"), "-nostats", "-i", path, "-af",
               "ebur128=peak=true+sample:dualmono=true", "-f", "null", "-"]  # fmt: skip
    said = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    theirs = dict(re.findall(r"(I|LRA):\s+(-?[\d.]+) LU", said.rpartition("Summary:")[2]))
    peaks = [
        float(one) for one in re.findall(r"Peak:\s+(-?[\d.]+)", said.rpartition("Summary:")[2])
    ]
    ours = loudness_of(samples)
    assert ours.integrated == pytest.approx(float(theirs["I"]), abs=0.1)
    assert ours.range == pytest.approx(float(theirs["LRA"]), abs=0.3)
    assert [ours.sample_peak, ours.true_peak] == pytest.approx(peaks, abs=0.1)
