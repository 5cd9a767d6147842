"""Pieces of sound for browsers: FLAC in fragmented MP4, nothing lost."""

import io
import struct

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from cellissimo.media import streaming


def boxes(data):
    """The boxes of a stretch of MP4, as ``(kind, content)``."""
    found = []
    while data:
        size, kind = struct.unpack(">I4s", data[:8])
        assert 8 <= size <= len(data)
        found.append((kind.decode(), data[8:size]))
        data = data[size:]
    return found


def only(data, *path):
    """The content of the one box at a path."""
    for kind in path:
        (data,) = [content for name, content in boxes(data) if name == kind]
    return data


def description(channels):
    """The sample description of a head: its fields, and the FLAC stream's STREAMINFO."""
    stbl = only(streaming.head(channels, 48_000), "moov", "trak", "mdia", "minf", "stbl")
    ((kind, entry),) = boxes(only(stbl, "stsd")[8:])
    assert kind == "fLaC"
    fields = struct.unpack(">6xH8xHH4xI", entry[:28])
    return fields, only(entry[28:], "dfLa")[4:]


def decoded(head_info, piece, channels, frames):
    """The samples of a piece, read by libFLAC as integers of 24 bits."""
    # A file says how long it is; a stream does not.
    length = (int.from_bytes(head_info[14:22], "big") | frames).to_bytes(8, "big")
    stream = b"fLaC" + head_info[:14] + length + head_info[22:] + only(piece, "mdat")
    samples, rate = soundfile.read(io.BytesIO(stream), dtype="int32", always_2d=True)
    assert (rate, samples.shape) == (48_000, (frames, channels))
    return samples.T >> 8


def noise(channels, frames, seed=1):
    """Loud noise, the hardest to pack."""
    noise = np.random.default_rng(seed).uniform(-1, 1, (channels, frames))
    return noise.astype(np.float32)


@pytest.mark.parametrize("channels", [1, 2, 4])
def test_the_head_names_channels_bits_and_rate(channels):
    """What a browser is told is what the pieces hold."""
    (reference, told, bits, rate), info = description(channels)
    assert (reference, told, bits, rate >> 16) == (1, channels, 24, 48_000)
    assert info[:4] == b"\x80\x00\x00\x22"
    packed = int.from_bytes(info[14:22], "big")
    assert packed >> 44 == 48_000
    assert (packed >> 41 & 7) + 1 == channels
    assert packed & (1 << 36) - 1 == 0


@settings(max_examples=25, deadline=None)
@given(
    channels=st.sampled_from([1, 2, 4]),
    frames=st.integers(1, 6 * streaming.BLOCK),
    seed=st.integers(0, 1000),
)
def test_every_piece_gives_its_samples_back_exactly(channels, frames, seed):
    """24 bits go in and the same 24 bits come out, whatever the length."""
    samples = noise(channels, frames, seed)
    _, info = description(channels)
    piece = streaming.piece(samples, 48_000, 0)
    expected = np.clip(np.rint(samples.astype(np.float64) * 2**23), -(2**23), 2**23 - 1)
    assert np.array_equal(expected.astype(np.int32), decoded(info, piece, channels, frames))


def test_a_piece_says_where_it_belongs_and_how_long_its_frames_are():
    """The start in frames, a size and length for each FLAC frame, and where their bytes begin."""
    samples = noise(2, 3 * streaming.BLOCK + 100)
    start = 5 * streaming.PIECE_FRAMES
    piece = streaming.piece(samples, 48_000, start)
    traf = only(piece, "moof", "traf")
    assert struct.unpack(">Q", only(traf, "tfdt")[4:])[0] == start
    trun = only(traf, "trun")
    count, offset = struct.unpack(">Ii", trun[4:12])
    table = np.frombuffer(trun[12:], ">u4").reshape(-1, 2)
    assert (count, len(table)) == (4, 4)
    assert table[:, 0].tolist() == [4096, 4096, 4096, 100]
    assert table[:, 1].sum() == len(only(piece, "mdat"))
    for at in offset + np.concatenate([[0], np.cumsum(table[:-1, 1])]):
        assert piece[int(at) : int(at) + 2] == b"\xff\xf8"


def test_frames_are_found_among_bytes_that_look_like_frames():
    """Half a minute of noise has sync words by chance; each piece is still taken apart rightly."""
    samples = noise(2, 30 * 48_000)
    _, info = description(2)
    by_chance = 0
    for start in range(0, samples.shape[1], streaming.PIECE_FRAMES):
        part = samples[:, start : start + streaming.PIECE_FRAMES]
        piece = streaming.piece(part, 48_000, start)
        by_chance += only(piece, "mdat").count(b"\xff\xf8") - -(-part.shape[1] // streaming.BLOCK)
        heard = decoded(info, piece, 2, part.shape[1])
        np.testing.assert_allclose(heard / 2**23, part, atol=2**-23)
    assert by_chance > 0


def test_what_is_above_full_scale_is_cut_there():
    """As in every file and every loudspeaker."""
    samples = np.array([[2.0, -2.0, 1.0, -1.0]], np.float32)
    _, info = description(1)
    heard = decoded(info, streaming.piece(samples, 48_000, 0), 1, 4)
    assert heard.tolist() == [[2**23 - 1, -(2**23), 2**23 - 1, -(2**23)]]
