"""Bundles: a song or loop with all that it needs in one zip that reads without us.

``song.song`` is its text, ``audio/<stem>/<segment>.flac`` are its recordings, ``midi/song.mid``
its notes; a notebook, a page to read and a manifest lie beside. The same song gives the same
bytes, and its recordings come back bit for bit.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import re
import tempfile
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from cellissimo.crdt.document import Document
from cellissimo.media.blobs import Blobs, FolderBlobs
from cellissimo.media.wav import BlobError
from cellissimo.media.whole_file import whole_file
from cellissimo.midi.write import MidiError
from cellissimo.music import bundle_words as words
from cellissimo.music.bundle_archive import Bundle, BundleError, BundleWriter, opened
from cellissimo.music.bundle_words import Recording
from cellissimo.music.loop import Loop
from cellissimo.music.midi_file import midi_of
from cellissimo.music.session import SESSION
from cellissimo.music.song import Song
from cellissimo.music.written import Written
from cellissimo.notation.digest_stem import stems_in_order
from cellissimo.notation.song_file import print_song
from cellissimo.notation.song_file_parser import parse_song
from cellissimo.schema import limits, models

if TYPE_CHECKING:
    from cellissimo.media.wav import Shape

ENDING = ".cellissimo.zip"
"""How bundles end."""

MOST_TEXT = 64 << 20
"""Bytes of a song's text, and of a manifest."""

MOST_FRAMES = limits.MOST_FRAMES
"""Frames of all recordings together, unpacked: four hours."""

_BREAKERS = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def is_bundle(path: Path) -> bool:
    """Whether a path is that of a bundle to be read: a zip, or the folder it was unpacked into."""
    return path.suffix.lower() == ".zip" or (path / words.MANIFEST).is_file()


def export_bundle(thing: object, path: str | Path) -> Written:
    """Write a loop or a song with its recordings as a bundle, ``name.cellissimo.zip``.

    >>> cm.export_bundle(song, "evening.cellissimo.zip")

    Raises:
        OSError: nothing can be written there.
    """
    from cellissimo.music.files import document_of  # noqa: PLC0415 - it loads bundles

    return write_bundle(document_of(thing), SESSION.blobs, Path(path))


def write_bundle(song: models.Song, blobs: Blobs, path: Path) -> Written:
    """Write what a document says as a bundle, its recordings out of ``blobs``.

    Recordings that are not there are named in the manifest, and in a warning.
    """
    with whole_file(path) as unfinished, unfinished.open("wb") as file:
        lacking = bundle_into(file, song, blobs)
    if lacking:
        message = (
            f"bundled without {len(lacking)} of its pieces of audio, which are not here: "
            f"{', '.join(lacking)}"
        )
        warnings.warn(message, stacklevel=3)
    counted = len(_places(song)) - len(lacking)
    recordings = f" with {counted} recording{'' if counted == 1 else 's'}" if counted else ""
    return Written(path, f"{song.kind} {song.name!r}{recordings}")


def bundle_into(file: IO[bytes], song: models.Song, blobs: Blobs) -> list[str]:
    """Write the bundle into an open file; gives the blobs that are not there."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as zipped:
        made = _Making(BundleWriter(zipped), blobs)
        made.add(words.SONG, print_song(song).encode())
        has_midi = made.add_midi(song)
        for blob, name in _places(song).items():
            made.add_recording(blob, name)
        made.add(words.NOTEBOOK, words.notebook(song).encode())
        page = words.readme(song, made.recordings, has_midi=has_midi)
        made.add(words.README, page.encode())
        manifest = words.manifest(song, made.recordings, made.missing, made.hashes)
        made.add(words.MANIFEST, manifest.encode())
    return made.missing


@dataclass(slots=True)
class _Making:
    """A bundle that is being written, and what is in it so far."""

    writer: BundleWriter
    blobs: Blobs
    recordings: list[Recording] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, content: bytes) -> None:
        """Add a file and remember its sha256."""
        self.writer.add(name, content)
        self.hashes[name] = hashlib.sha256(content).hexdigest()

    def add_midi(self, song: models.Song) -> bool:
        """Add the notes; False where they are more than a MIDI file holds."""
        document = Document(song)
        is_loop = song.kind == "loop" and len(song.loops) == 1
        thing = Loop.of(document, next(iter(song.loops))) if is_loop else Song.of(document)
        try:
            self.add(words.MIDI, midi_of(thing))
        except MidiError:
            return False
        return True

    def add_recording(self, blob: str, name: str) -> None:
        """Add a blob as FLAC, where it is here."""
        from cellissimo.media.lossless import write_flac  # noqa: PLC0415 - needs NumPy

        if not self.blobs.has(blob):
            self.missing.append(blob)
            return
        with tempfile.TemporaryFile() as file:  # a codec seeks, and a zip does not
            shape = write_flac(self.blobs, blob, file)
            file.seek(0)
            self._copy(name, file)
        self.recordings.append(Recording(name, blob, shape.channels, shape.frames))

    def _copy(self, name: str, file: IO[bytes]) -> None:
        found = hashlib.sha256()
        with self.writer.open(name) as target:
            while chunk := file.read(1 << 20):
                found.update(chunk)
                target.write(chunk)
        self.hashes[name] = found.hexdigest()


def _places(song: models.Song) -> dict[str, str]:
    """The name in the bundle of each blob of a song, by its first place there."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for stem, blob, name in _uses(song):
        if blob not in found:
            found[blob] = _free(f"audio/{_plain(stem)}/{_plain(name)}", taken)
    return found


def _uses(song: models.Song) -> Iterator[tuple[str, str, str]]:
    """Stem, blob and name of all audio, in the order of the song."""
    segments = sorted(song.segments.values(), key=lambda s: (s.start, s.id))
    for stem in stems_in_order(song):
        for segment in segments:
            if segment.stem == stem.id and segment.blob:
                yield stem.name, segment.blob, segment.name or "audio"
        if stem.frozen:
            yield stem.name, stem.frozen.blob, "frozen"
    for segment in segments:
        if segment.blob and segment.stem not in song.stems:
            yield "without a stem", segment.blob, segment.name or "audio"


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number where another file has it, on systems that ignore case too."""
    wanted, number = f"{name}.flac", 2
    while wanted.casefold() in taken:
        wanted, number = f"{name} {number}.flac", number + 1
    taken.add(wanted.casefold())
    return wanted


def _plain(name: str) -> str:
    """A name that every file system takes."""
    plain = _BREAKERS.sub("-", name)[:60].strip(" .") or "audio"
    return f"{plain}_" if _RESERVED.fullmatch(plain) or plain.startswith("~") else plain


# -- and back ------------------------------------------------------------------------------------


def load_bundle(path: Path) -> Loop | Song:
    """The loop or song of a bundle; its recordings are kept as long as this process runs.

    Raises:
        CellissimoError: it is no bundle, or holds what is not taken; nothing is left of it.
        FileNotFoundError: there is no such file.
    """
    folder = FolderBlobs(_room())
    song = read_bundle(path, folder)
    SESSION.blobs.open(folder.folder)
    document = Document(song, gestures=SESSION.gestures)
    if song.kind == "loop" and len(song.loops) == 1:
        return Loop.of(document, next(iter(song.loops)))
    return Song.of(document)


def _room() -> Path:
    """A folder that is removed when this process ends."""
    room = tempfile.TemporaryDirectory(prefix="cellissimo-", ignore_cleanup_errors=True)
    atexit.register(room.cleanup)
    return Path(room.name)


def read_bundle(path: Path, folder: FolderBlobs) -> models.Song:
    """What the document of a bundle says; its recordings are put into ``folder``.

    Only files that the manifest names for audio that the song names are unpacked, under names of
    ours.

    Raises:
        CellissimoError: it is no bundle, or holds what is not taken.
        FileNotFoundError: there is no such file.
    """
    with opened(path) as bundle:
        recordings = _recordings(bundle)
        text = bundle.read(words.SONG, MOST_TEXT).decode("utf-8", "replace")
        song = parse_song(text.removeprefix("\ufeff"))
        wanted = {blob: recordings[blob] for blob in _places(song) if blob in recordings}
        left = MOST_FRAMES
        for blob, file in wanted.items():
            left -= _restore(bundle, file, blob, folder, left).frames
    return song


def _recordings(bundle: Bundle) -> Mapping[str, str]:
    """The files of the recordings by their blobs."""
    try:
        manifest: Any = json.loads(bundle.read(words.MANIFEST, MOST_TEXT))
        version, listed = manifest["cellissimo"], manifest["audio"]
        found = {str(one["blob"]): str(one["file"]) for one in listed}
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        if isinstance(error, BundleError):
            raise
        message = f"{words.MANIFEST!r} of the bundle does not read; use a copy of the bundle"
        raise BundleError(message) from error
    if version != words.FORMAT:
        message = (
            f"a bundle of version {str(version)[:40]!r}; this cellissimo reads {words.FORMAT}. "
            "Install a newer one"
        )
        raise BundleError(message)
    return found


def _restore(bundle: Bundle, file: str, blob: str, folder: FolderBlobs, left: int) -> Shape:
    from cellissimo.media.lossless import restore_blob  # noqa: PLC0415 - needs NumPy

    with tempfile.TemporaryDirectory(prefix="cellissimo-") as room:
        flac = Path(room) / "audio.flac"
        bundle.copy(file, flac)
        try:
            return restore_blob(flac, blob, folder, left)
        except BlobError as error:
            message = str(error).replace("'audio.flac'", repr(file))
            raise BundleError(message) from error


def names_of_audio(song: models.Song) -> Sequence[str]:
    """The blobs that a song names, in its order."""
    return list(_places(song))
