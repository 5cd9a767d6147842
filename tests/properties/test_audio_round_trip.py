"""Laws of audio: what goes out and in again is the same, however it is cut."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cellissimo as cm
from cellissimo.media.blobs import MemoryBlobs
from cellissimo.media.export import export_mix
from cellissimo.media.intake import take_array
from cellissimo.media.loudness import LoudnessMeter, loudness_of
from cellissimo.media.pages import blob_samples
from cellissimo.media.peaks import blob_peaks, sample_peaks
from cellissimo.media.wav import FULL_SCALE, integers_of, quantised, samples_of

RATE = 48_000


@st.composite
def sounds(draw, most=3000):
    """Draw samples of one or two channels, some above full scale."""
    frames = draw(st.integers(1, most))
    channels = draw(st.integers(1, 2))
    level = draw(st.sampled_from([2.0**-23, 0.1, 1.0, 1.5]))
    seed = draw(st.integers(0, 2**32 - 1))
    noise = np.random.default_rng(seed).uniform(-level, level, (channels, frames))
    return noise.astype(np.float32)


@given(sounds())
def test_packing_24_bits_and_unpacking_them_is_the_identity(samples):
    """Quantised once, samples are quantised for good; the error is at most half a step."""
    packed = quantised(samples.T)
    channels = samples.shape[0]
    again = samples_of(packed, channels)
    assert quantised(again.T) == packed
    within = np.clip(samples, -1, 1 - 1 / FULL_SCALE)
    assert np.abs(again - within).max() <= 0.5 / FULL_SCALE + 1e-12
    assert np.array_equal(integers_of(packed, channels).T, np.rint(again * FULL_SCALE))


@given(sounds(), st.sampled_from(["wav", "flac"]))
def test_audio_out_and_in_again_is_the_same_audio(tmp_path_factory, samples, ending):
    """A lossless export of 24 bits has the blob that it came from."""
    audio = cm.Audio(samples)
    path = tmp_path_factory.mktemp("round") / f"a.{ending}"
    assert cm.Audio(audio.export(path)) == audio
    assert cm.Audio(audio.samples) == audio


@given(sounds(), st.integers(0, 3000), st.integers(0, 3000))
def test_reading_a_stretch_is_cutting_the_whole(samples, start, frames):
    """`blob_samples` from a place on equals the same slice of all."""
    blobs = MemoryBlobs()
    name = blobs.put(take_array(samples, RATE, "a").content)
    whole = blob_samples(blobs, name)
    assert np.array_equal(
        blob_samples(blobs, name, start, frames), whole[:, start : start + frames]
    )


@given(sounds(), st.integers(2, 500), st.integers(1, 9))
def test_peaks_of_peaks_are_the_peaks(samples, zoom, times):
    """Made from samples, from a blob, or from finer ones: always the same."""
    blobs = MemoryBlobs()
    name = blobs.put(take_array(samples, RATE, "a").content)
    fine = blob_peaks(blobs, name, zoom)
    assert fine.dat(16) == sample_peaks(samples, zoom).dat(16)
    assert fine.coarser(times).dat(16) == blob_peaks(blobs, name, zoom * times).dat(16)


@given(st.lists(st.integers(1, 20_000), min_size=1, max_size=8), st.integers(0, 2**32 - 1))
def test_the_loudness_meter_hears_the_same_in_any_blocks(sizes, seed):
    """How sound is cut into blocks is no part of it."""
    frames = sum(sizes)
    samples = np.random.default_rng(seed).uniform(-0.5, 0.5, (2, frames)).astype(np.float32)
    meter = LoudnessMeter()
    for piece in np.split(samples, np.cumsum(sizes)[:-1], axis=1):
        meter.add(piece)
    found, whole = meter.result(), loudness_of(samples)
    for reading in ("integrated", "momentary", "true_peak", "sample_peak"):
        assert getattr(found, reading) == pytest.approx(getattr(whole, reading), abs=1e-9)


@given(
    sounds(), st.sampled_from([("wav", 16), ("wav", 24), ("wav", 32), ("flac", 16), ("flac", 24)])
)
def test_the_bytes_of_a_file_do_not_depend_on_blocks(tmp_path_factory, samples, form):
    """Written whole or frame by frame, a file is the same."""
    ending, bits = form
    folder = tmp_path_factory.mktemp("blocks")
    channels = len(samples)
    short = samples[:, :50]
    for name, blocks in (("a", [short]), ("b", np.split(short, short.shape[1], axis=1))):
        export_mix(folder / f"{name}.{ending}", blocks, bits=bits, channels=channels)
    assert (folder / f"a.{ending}").read_bytes() == (folder / f"b.{ending}").read_bytes()
