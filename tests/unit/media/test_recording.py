"""Recordings: stretches of sound, and the outline of the wave."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cellissimo.media.blobs import MemoryBlobs
from cellissimo.media.recording import (
    ArrayRecording,
    BlobRecording,
    SideBySide,
    coarser,
    peaks,
)
from cellissimo.media.wav import quantised, wav_bytes


def blob_of(samples):
    """A recording that is kept as a blob."""
    blobs = MemoryBlobs()
    name = blobs.put(wav_bytes([quantised(samples.T)], samples.shape[0]))
    return BlobRecording(blobs, name)


sounds = hnp.arrays(
    np.float32, st.tuples(st.integers(1, 2), st.integers(1, 300)),
    elements=st.floats(-1, 1, width=32),
)  # fmt: skip


@given(sounds, st.integers(1, 70))
def test_peaks_enclose_every_sample_and_nothing_more(samples, bucket):
    """[low, high] of each bucket, rounded outward by less than a 127th."""
    found = peaks(ArrayRecording(samples), bucket).astype(float) / 127
    assert len(found) == -(-samples.shape[1] // bucket)
    for at, (low, high) in enumerate(found):
        part = samples[:, at * bucket : (at + 1) * bucket]
        assert low <= part.min() + 1e-6
        assert part.max() - 1e-6 <= high
        assert part.min() - low < 1 / 126
        assert high - part.max() < 1 / 126


@given(sounds, st.integers(1, 70))
def test_a_blobs_peaks_are_those_of_its_samples(samples, bucket):
    """Taken from one byte in three, they are right to within two 128ths."""
    recording = blob_of(samples)
    found = peaks(recording, bucket)
    plain = peaks(ArrayRecording(recording.read(0, recording.frames)), bucket)
    assert np.abs(found.astype(int) - plain).max() <= 2


def test_a_recording_of_a_blob_reads_what_was_put_there():
    """To within the rounding to 24 bits."""
    samples = np.random.default_rng(1).uniform(-0.9, 0.9, (2, 1000)).astype(np.float32)
    recording = blob_of(samples)
    assert (recording.channels, recording.frames) == (2, 1000)
    np.testing.assert_allclose(samples[:, 100:300], recording.read(100, 300), atol=2**-23)


def test_side_by_side_each_has_two_channels_and_silence_behind():
    """Mono is on both of its channels; what is shorter ends earlier."""
    mono = ArrayRecording(np.full((1, 3), 0.25, np.float32))
    stereo = ArrayRecording(np.array([[1, 2, 3, 4, 5], [6, 7, 8, 9, 10]], np.float32))
    both = SideBySide((mono, stereo))
    assert (both.channels, both.frames) == (4, 5)
    expected = [[0.25, 0, 0], [0.25, 0, 0], [3, 4, 5], [8, 9, 10]]
    assert both.read(2, 9).tolist() == expected
    assert both.read(3, 5).tolist() == [[0, 0], [0, 0], [4, 5], [9, 10]]


@pytest.mark.parametrize("count", [1, 7, 64, 1000])
def test_a_coarser_outline_encloses_the_finer(count):
    """No peak is lost."""
    fine = peaks(ArrayRecording(np.random.default_rng(2).uniform(-1, 1, (1, 640))
                                .astype(np.float32)), 10)  # fmt: skip
    found = coarser(fine, count)
    assert len(found) == min(count, len(fine))
    assert (found[:, 0].min(), found[:, 1].max()) == (fine[:, 0].min(), fine[:, 1].max())
