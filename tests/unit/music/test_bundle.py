"""Bundles: what is in them, that all comes back, and what is not taken."""

from __future__ import annotations

import hashlib
import json
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import mido
import nbformat
import numpy as np
import pytest
import soundfile

import cellissimo as cm
from cellissimo.media.blobs import FolderBlobs, MemoryBlobs, name_of
from cellissimo.media.lossless import restore_blob, write_flac
from cellissimo.media.wav import BlobError, quantised, wav_bytes
from cellissimo.music import bundle_archive
from cellissimo.music.bundle import ENDING, export_bundle, read_bundle
from cellissimo.music.bundle_archive import BundleError
from cellissimo.music.session import SESSION


def noise(seconds: float, channels: int = 2, seed: int = 1) -> np.ndarray:
    """Some sound."""
    return np.random.default_rng(seed).uniform(-1, 1, (channels, round(seconds * 48_000)))


@pytest.fixture
def song():
    """A song with a loop, notes, and recordings of one and of two channels."""
    song = cm.Song("Evening: part 1", tempo=92)
    loop = cm.Loop("Verse")
    loop["kick"] = "x...x..."
    song.timeline.append(loop)
    vocals = song.stems.add("Vocals / lead")
    take = cm.Audio(noise(0.4, 1), name="take")
    vocals.add_audio(take, bar=1)
    vocals.add_audio(cm.Audio(noise(0.3), name="take"), bar=2)
    vocals.add_audio(take, bar=3)
    return song


def blobs_of(song) -> set[str]:
    """The audio that a song names."""
    return {segment.blob for segment in song.model.segments.values() if segment.blob}


def test_a_bundle_reads_without_us(song, tmp_path):
    """Text, FLAC, MIDI, notebook and a page: each by a program of its own kind."""
    done = song.export(tmp_path / "evening.cellissimo.zip")
    assert repr(done) == "evening.cellissimo.zip: song 'Evening: part 1' with 2 recordings"
    subprocess.run([sys.executable, "-m", "zipfile", "-e", done, tmp_path / "out"], check=True)
    out = tmp_path / "out"
    found = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    assert found == [
        "README.txt",
        "audio/Vocals - lead/take 2.flac",
        "audio/Vocals - lead/take.flac",
        "manifest.json",
        "midi/song.mid",
        "notebook.ipynb",
        "song.song",
    ]
    assert (out / "song.song").read_text("utf-8").startswith("cellissimo song ")
    assert soundfile.info(out / "audio/Vocals - lead/take.flac").subtype == "PCM_24"
    assert mido.MidiFile(out / "midi/song.mid").type == 1
    nbformat.validate(nbformat.read(out / "notebook.ipynb", as_version=4))
    assert "pip install cellissimo" in (out / "README.txt").read_text("utf-8")
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    for name, digest in manifest["files"].items():
        assert digest == hashlib.sha256((out / name).read_bytes()).hexdigest()


def test_everything_comes_back_bit_for_bit(song, tmp_path):
    """The song is equal, and the WAV of each recording has the sha256 that the song names."""
    song.export(tmp_path / "a.cellissimo.zip")
    folder = FolderBlobs(tmp_path / "blobs")
    model = read_bundle(tmp_path / "a.cellissimo.zip", folder)
    assert song.model == model
    for blob in blobs_of(song):
        assert blob == hashlib.sha256(folder.path(blob).read_bytes()).hexdigest()


def test_a_bundle_sounds_the_same_elsewhere(song, tmp_path):
    """A fresh process that has only the bundle renders the same samples."""
    song.export(tmp_path / "a.cellissimo.zip")
    code = "import cellissimo as cm; print(cm.load('a.cellissimo.zip').hash())"
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, check=True, capture_output=True, text=True, cwd=tmp_path)
    assert song.hash() == done.stdout.strip()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.cellissimo.zip"]


def test_the_notebook_of_a_bundle_opens_it(song, tmp_path):
    """Unpacked anywhere, ``cm.load(".")`` is the song."""
    song.export(tmp_path / "a.cellissimo.zip")
    with zipfile.ZipFile(tmp_path / "a.cellissimo.zip") as file:
        file.extractall(tmp_path)
    loaded = cm.load(tmp_path)
    assert loaded == song
    assert loaded.hash() == song.hash()


def test_the_same_song_gives_the_same_bytes(song, tmp_path):
    """No time, no order, no packer's mood."""
    first = export_bundle(song, tmp_path / "a.cellissimo.zip").path.read_bytes()
    assert first == export_bundle(song, tmp_path / "b.cellissimo.zip").path.read_bytes()


def test_a_loop_is_bundled_too(tmp_path):
    """It comes back as a loop."""
    loop = cm.Loop("First beat")
    loop["kick"] = "x..."
    loop.export(tmp_path / "beat.cellissimo.zip")
    assert cm.load(tmp_path / "beat.cellissimo.zip") == loop


def test_names_of_files_are_such_as_every_system_takes(tmp_path):
    """Two stems of one name, reserved names, dots and slashes; none leaves its folder."""
    song = cm.Song("Names")
    for seed, name in enumerate(("CON", "..", "a/b\\c", "Ü", "ü"), 2):
        audio = cm.Audio(noise(0.01, 1, seed), name="..\\..")
        song.stems.add(name).add_audio(audio, bar=1)
    path = export_bundle(song, tmp_path / "a.cellissimo.zip").path
    names = [name for name in zipfile.ZipFile(path).namelist() if name.endswith(".flac")]
    assert len({name.casefold() for name in names}) == 5
    assert {bundle_archive.checked_name(name) for name in names} == set(names)
    assert cm.load(path) == song


def test_missing_audio_is_said(song, tmp_path, monkeypatch):
    """A bundle without a recording that is nowhere warns and names it in its manifest."""
    blob = min(blobs_of(song))
    has = type(SESSION.blobs).has
    monkeypatch.setattr(type(SESSION.blobs), "has", lambda s, n: n != blob and has(s, n))
    with pytest.warns(UserWarning, match=f"without 1 of its pieces of audio.*{blob}"):
        path = export_bundle(song, tmp_path / "a.cellissimo.zip").path
    assert json.loads(zipfile.ZipFile(path).read("manifest.json"))["missing"] == [blob]
    assert cm.load(path) == song


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("frames", [1, 2, 65_536, 70_001])
def test_flac_holds_a_blob_bit_for_bit(tmp_path, channels, frames):
    """Full scale in both directions, odd lengths, more than a block."""
    samples = noise(2, channels)[:, :frames].T
    samples[:1] = 1
    samples[1:2] = -1
    content = wav_bytes([quantised(samples)], channels)
    blobs, flac = MemoryBlobs(), tmp_path / "x.flac"
    name = blobs.put(content)
    with flac.open("wb") as file:
        write_flac(blobs, name, file)
    folder = FolderBlobs(tmp_path / "blobs")
    restore_blob(flac, name, folder, 10**6)
    assert content == folder.get(name)


def test_other_audio_is_not_taken_for_it(tmp_path):
    """A FLAC that was edited is refused, and leaves nothing."""
    soundfile.write(tmp_path / "x.flac", np.zeros((10, 1)), 48_000, subtype="PCM_24")
    folder = FolderBlobs(tmp_path / "blobs")
    with pytest.raises(BlobError, match="is not the audio that the song names"):
        restore_blob(tmp_path / "x.flac", name_of(b"x"), folder, 10)
    assert list(folder.folder.iterdir()) == []
    with pytest.raises(BlobError, match="at most 9 are taken"):
        restore_blob(tmp_path / "x.flac", name_of(b"x"), folder, 9)
    (tmp_path / "x.flac").write_bytes(b"fLaC")
    with pytest.raises(BlobError, match="no FLAC that can be read"):
        restore_blob(tmp_path / "x.flac", name_of(b"x"), folder, 9)


# -- what is not taken ---------------------------------------------------------------------------


def rezipped(source: Path, change, packing=zipfile.ZIP_STORED) -> Path:
    """The bundle with other files, as somebody else would pack it."""
    path = source.with_name(f"other{ENDING}")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", packing) as new:
        files = {name: old.read(name) for name in old.namelist()}
        change(files)
        for name, content in files.items():
            new.writestr(name, content)
    return path


@pytest.fixture
def bundle(song, tmp_path):
    """A bundle as it should be."""
    return export_bundle(song, tmp_path / "a.cellissimo.zip").path


def test_a_bundle_packed_anew_is_taken(bundle, song):
    """Deflated, in another order, with a file that we do not know."""

    def change(files):
        files["notes by hand.txt"] = b"louder!"
        files["song.song"] = files.pop("song.song")

    assert cm.load(rezipped(bundle, change, zipfile.ZIP_DEFLATED)) == song


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/etc/passwd",
        "a/../../evil",
        "..\\evil",
        "C:evil",
        "C:/evil",
        "~/evil",
        "x" * 501,
    ],
)
def test_names_outside_are_refused(bundle, name):
    """The whole bundle is refused, whatever else is in it."""
    path = rezipped(bundle, lambda files: files.update({name: b"evil"}))
    with pytest.raises(BundleError, match="no name of a file in a bundle"):
        cm.load(path)


def test_a_manifest_cannot_name_files_outside(bundle, tmp_path):
    """Unpacked or not, only files of the bundle are read."""
    secret = tmp_path / "secret.flac"
    secret.write_bytes(b"secret")

    def change(files):
        manifest = json.loads(files["manifest.json"])
        for recording in manifest["audio"]:
            recording["file"] = "../secret.flac"
        files["manifest.json"] = json.dumps(manifest).encode()

    path = rezipped(bundle, change)
    with pytest.raises(BundleError, match=r"there is no '\.\./secret\.flac' in the bundle"):
        cm.load(path)
    with zipfile.ZipFile(path) as file:
        file.extractall(tmp_path / "out")
    with pytest.raises(BundleError, match="no name of a file in a bundle"):
        cm.load(tmp_path / "out")


def test_links_are_refused(bundle, tmp_path):
    """In a zip and in a folder."""
    with zipfile.ZipFile(bundle, "a") as file:
        entry = zipfile.ZipInfo("link")
        entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        file.writestr(entry, "/etc/passwd")
    with pytest.raises(BundleError, match="is a link or a device"):
        cm.load(bundle)
    (tmp_path / "out").mkdir()
    (tmp_path / "outside.json").write_text("{}")
    (tmp_path / "out" / "manifest.json").symlink_to(tmp_path / "outside.json")
    with pytest.raises(BundleError, match="is a link to elsewhere"):
        cm.load(tmp_path / "out")


def test_a_zip_bomb_is_refused_before_it_unfolds(bundle):
    """Ten megabytes of zeros in ten kilobytes; what is packed usually is far from that."""
    bomb = {"song.song": bytes(10 << 20)}
    path = rezipped(bundle, lambda files: files.update(bomb), zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 1 << 20
    with pytest.raises(BundleError, match=r"unfolds from .* at most 200 times"):
        cm.load(path)


def test_a_size_that_lies_gives_no_more_than_it_says(bundle, monkeypatch):
    """The directory says 10 bytes, the content is longer: an error, not more memory."""
    path = rezipped(bundle, lambda files: None)
    packed = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as file:
        size = file.getinfo("manifest.json").file_size
    packed = packed.replace(size.to_bytes(4, "little") * 2, (10).to_bytes(4, "little") * 2)
    path.write_bytes(packed)
    with pytest.raises(BundleError):
        cm.load(path)


def test_too_many_or_too_big_is_refused(bundle, monkeypatch):
    """By count, by size of all, by size of the text."""
    monkeypatch.setattr(bundle_archive, "MOST_FILES", 3)
    with pytest.raises(BundleError, match="at most 3 are taken"):
        cm.load(bundle)
    monkeypatch.setattr(bundle_archive, "MOST_FILES", 100)
    monkeypatch.setattr(bundle_archive, "MOST_BYTES", 1000)
    with pytest.raises(BundleError, match="at most 1000 are taken"):
        cm.load(bundle)


def test_recordings_that_unfold_without_end_are_refused(bundle, monkeypatch):
    """Hours of silence are a few bytes of FLAC: frames are counted, over all recordings."""
    monkeypatch.setattr("cellissimo.music.bundle.MOST_FRAMES", 20_000)
    with pytest.raises(BundleError, match="frames; at most"):
        cm.load(bundle)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("manifest.json", b"{", "does not read"),
        ("manifest.json", b"[]", "does not read"),
        ("manifest.json", b'{"cellissimo": 1, "audio": 7}', "does not read"),
        ("manifest.json", b"[" * 100_000, "does not read"),
        ("manifest.json", b'{"cellissimo": 2, "audio": []}', "Install a newer one"),
        ("song.song", b"no song", "line 1"),
    ],
)
def test_what_does_not_read_is_said(bundle, name, content, words):
    """Whose fault, and what to do."""
    path = rezipped(bundle, lambda files: files.update({name: content}))
    with pytest.raises(cm.CellissimoError, match=words):
        cm.load(path)


def test_what_is_missing_is_said(bundle, tmp_path):
    """No manifest, no such file, no zip at all, half a zip."""
    path = rezipped(bundle, lambda files: files.pop("manifest.json"))
    with pytest.raises(BundleError, match=r"there is no 'manifest.json' in the bundle"):
        cm.load(path)
    with pytest.raises(FileNotFoundError):
        cm.load(tmp_path / "no.cellissimo.zip")
    path.write_bytes(b"no zip")
    with pytest.raises(BundleError, match="is no whole zip"):
        cm.load(path)
    path.write_bytes(bundle.read_bytes()[:-100])
    with pytest.raises(BundleError, match="is no whole zip"):
        cm.load(path)


def test_a_damaged_zip_never_breaks_us(bundle):
    """Each of many flipped bytes reads or is refused."""
    whole = bundle.read_bytes()
    rng = np.random.default_rng(3)
    for place in rng.integers(0, len(whole), 150).tolist() + list(
        range(len(whole) - 150, len(whole))
    ):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << int(rng.integers(8))
        bundle.write_bytes(damaged)
        try:
            cm.load(bundle)
        except (cm.CellissimoError, FileNotFoundError):
            continue


def test_an_excerpt_is_no_bundle(song, tmp_path):
    """Only what has a document of its own is."""
    with pytest.raises(cm.CellissimoError, match="give a loop or a song"):
        song.bars(1, 2).export(tmp_path / "x.cellissimo.zip")
