"""Blobs: immutable bytes by their sha256. One suite of promises, kept by every place."""

import hashlib
import io
import threading

import numpy as np
import pytest
import soundfile

from cellissimo.media.blobs import FolderBlobs, MemoryBlobs, Shelves
from cellissimo.media.pages import PAGE_FRAMES, Pages, blob_samples, blob_shape
from cellissimo.media.wav import BlobError, header, quantised, shape_of, wav_bytes

ABSENT = "0" * 64


def blob(channels=2, frames=1000, seed=0):
    """Hold noise as the bytes of a canonical WAV file."""
    samples = np.random.default_rng(seed).uniform(-1, 1, (frames, channels))
    return wav_bytes([quantised(samples)], channels)


@pytest.fixture(params=["memory", "folder", "shelves"])
def blobs(request, tmp_path):
    """Each place that keeps blobs, empty."""
    places = {
        "memory": MemoryBlobs,
        "folder": lambda: FolderBlobs(tmp_path / "song.blobs"),
        "shelves": Shelves,
    }
    return places[request.param]()


def test_a_blob_is_found_under_the_hash_of_its_bytes(blobs):
    """`put` gives the sha256, and `get` the very bytes."""
    content = blob()
    name = blobs.put(content)
    assert name == hashlib.sha256(content).hexdigest()
    assert blobs.get(name) == content
    assert blobs.has(name)
    assert blobs.size(name) == len(content)


def test_putting_the_same_bytes_again_changes_nothing(blobs):
    """Two imports of one file are one blob."""
    assert blobs.put(blob()) == blobs.put(blob())


def test_a_stretch_of_a_blob_is_read_alone(blobs):
    """`read` gives bytes from a place on, fewer where the blob ends."""
    content = blob()
    name = blobs.put(content)
    assert blobs.read(name, 44, 10) == content[44:54]
    assert blobs.read(name, len(content) - 3, 10) == content[-3:]
    assert blobs.read(name, len(content) + 5, 10) == b""


@pytest.mark.parametrize("call", ["get", "size", "read"])
def test_a_blob_that_is_not_there_is_said_with_what_to_do(blobs, call):
    """The error says where its file belongs, or how to take the audio in again."""
    more = (0, 1) if call == "read" else ()
    with pytest.raises(BlobError, match=r"000000000000… is not here; put its file 0+\.wav"):
        getattr(blobs, call)(ABSENT, *more)
    assert not blobs.has(ABSENT)


@pytest.mark.parametrize("name", ["", "../secret", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_a_name_that_is_no_hash_never_reaches_the_disk(tmp_path, name):
    """A document cannot name a file outside the folder."""
    with pytest.raises(BlobError, match="names no blob"):
        FolderBlobs(tmp_path).get(name)


def test_a_folder_keeps_wav_files_that_anything_plays(tmp_path):
    """A blob on disk is an ordinary WAV file called by its hash, and nothing else is left there."""
    place = FolderBlobs(tmp_path / "song.blobs")
    name = place.put(blob())
    assert [tmp_path / "song.blobs" / f"{name}.wav"] == list(place.folder.iterdir())
    assert soundfile.info(place.path(name)).subtype == "PCM_24"


def test_a_folder_notices_a_changed_file(tmp_path):
    """Bytes that are not what their name says are never played, also when changed later."""
    place = FolderBlobs(tmp_path)
    name = place.put(blob())
    assert len(place.get(name)) == 44 + 6000
    changed = bytearray(place.path(name).read_bytes())
    changed[100] ^= 1
    place.path(name).write_bytes(changed)
    for read in (place.get, place.size, lambda one: place.read(one, 0, 4)):
        with pytest.raises(BlobError, match="is not what its name says; restore it"):
            read(name)


def test_putting_a_blob_again_mends_a_damaged_file(tmp_path):
    """Who has the bytes can restore the file by saving again."""
    place = FolderBlobs(tmp_path)
    name = place.put(blob())
    place.path(name).write_bytes(b"cut off")
    assert place.put(blob()) == name
    assert place.get(name) == blob()


def test_shelves_find_what_any_opened_folder_holds(tmp_path):
    """Opening a song makes its audio known; what was made in the session stays known."""
    elsewhere = FolderBlobs(tmp_path / "a.blobs").put(blob(seed=1))
    shelves = Shelves()
    own = shelves.put(blob(seed=2))
    assert not shelves.has(elsewhere)
    shelves.open(tmp_path / "a.blobs")
    shelves.open(tmp_path / "there is none.blobs")
    assert shelves.get(elsewhere) == blob(seed=1)
    assert shelves.get(own) == blob(seed=2)


def test_shelves_pass_over_a_damaged_copy(tmp_path):
    """Where another folder has the blob whole, a damaged file does no harm."""
    shelves = Shelves()
    for folder in ("whole", "damaged"):
        name = FolderBlobs(tmp_path / folder).put(blob())
        shelves.open(tmp_path / folder)
    (tmp_path / "damaged" / f"{name}.wav").write_bytes(b"")
    assert shelves.get(name) == blob()
    (tmp_path / "whole" / f"{name}.wav").write_bytes(b"")
    with pytest.raises(BlobError, match="is not what its name says"):
        shelves.get(name)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("frames", [1, 2, 1001])
def test_a_blob_is_a_wav_file_as_others_read_it(channels, frames):
    """A header of 44 bytes, 24 bits, 48 000 Hz; an odd number of bytes is padded."""
    content = blob(channels, frames)
    info = soundfile.info(io.BytesIO(content))
    assert (info.samplerate, info.channels, info.frames) == (48_000, channels, frames)
    assert info.subtype == "PCM_24"
    assert len(content) % 2 == 0
    assert content[36:40] == b"data"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"RIFF",
        blob()[:-2],
        blob() + b"\0\0",
        blob()[:20] + b"\3" + blob()[21:],
        blob()[:24] + b"\0" + blob()[25:],
        header(shape_of(blob(), len(blob()))).replace(b"data", b"date") + blob()[44:],
    ],
)
def test_bytes_that_are_no_canonical_wav_file_are_refused(content):
    """Whatever a folder or a network gives, only the canonical form is played."""
    place = MemoryBlobs()
    name = place.put(content)
    with pytest.raises(BlobError, match="no canonical WAV file"):
        Pages(place).page(name, 0)


@pytest.mark.parametrize("channels", [1, 2])
def test_pages_hold_the_samples_exactly(blobs, channels):
    """Page by page, as 24-bit numbers in float32; mono on both sides, silence behind the end."""
    frames = PAGE_FRAMES + 1234
    content = blob(channels, frames)
    name = blobs.put(content)
    expected, _ = soundfile.read(io.BytesIO(content), dtype="float64", always_2d=True)
    pages = Pages(blobs)
    found = np.concatenate([pages.page(name, number) for number in range(3)], axis=1)
    assert found.shape == (2, 3 * PAGE_FRAMES)
    assert np.array_equal(found[:, :frames], np.broadcast_to(expected.T, (2, frames)))
    assert not found[:, frames:].any()


def test_a_page_counts_from_0(blobs):
    """A negative page is refused by its number."""
    name = blobs.put(blob())
    with pytest.raises(BlobError, match="page -1; pages count from 0"):
        Pages(blobs).page(name, -1)


def test_pages_are_kept_and_let_go(blobs):
    """What was asked for last is decoded once; the rest makes room; nobody can write into one."""
    name = blobs.put(blob(frames=3 * PAGE_FRAMES))
    pages = Pages(blobs, keep=2)
    first = pages.page(name, 0)
    assert pages.page(name, 0) is first
    pages.page(name, 1)
    pages.page(name, 2)
    assert pages.page(name, 0) is not first
    assert not first.flags.writeable


def test_several_threads_may_ask_for_pages(blobs):
    """Each gets the samples of the page it asked for."""
    name = blobs.put(blob(frames=4 * PAGE_FRAMES))
    pages = Pages(blobs, keep=1)
    expected = [blob_samples(blobs, name, n * PAGE_FRAMES, PAGE_FRAMES) for n in range(4)]
    wrong = []

    def ask(number):
        found = (pages.page(name, number) for _ in range(10))
        wrong.extend(page for page in found if not np.array_equal(page, expected[number]))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_stretch_of_samples_ends_with_the_audio(blobs):
    """Asking past the end gives what there is."""
    name = blobs.put(blob(frames=100))
    assert blob_shape(blobs, name).frames == 100
    assert blob_samples(blobs, name, 90, 50).shape == (2, 10)
    assert blob_samples(blobs, name, 200, 50).shape == (2, 0)
