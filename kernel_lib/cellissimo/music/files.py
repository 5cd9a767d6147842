"""Saving and loading: the canonical song file, and pattern text."""

from __future__ import annotations

import warnings
from pathlib import Path

from cellissimo.crdt.document import Document
from cellissimo.media.blobs import FolderBlobs
from cellissimo.media.whole_file import whole_file
from cellissimo.music.bundle import is_bundle, load_bundle
from cellissimo.music.loop import Loop
from cellissimo.music.session import SESSION
from cellissimo.music.song import Song
from cellissimo.notation.song_file import print_song
from cellissimo.notation.song_file_parser import SongFileError, parse_song
from cellissimo.schema import checks, models


def save(thing: Loop | Song, path: str | Path) -> Path:
    """Write a loop or a song as a canonical song file (usually ``.song``); gives the path.

    Saving the same content again writes the same bytes. The file is replaced as a whole: a
    reader never sees half of it. The audio of a song is put beside it, into the folder
    ``<name>.blobs``, as WAV files named by their sha256; what is there already stays.

    Raises:
        CellissimoError: the thing is neither a loop nor a song.
        OSError: nothing can be written there.
    """
    return save_model(document_of(thing), path)


def save_model(song: models.Song, path: str | Path) -> Path:
    """The same of a revision."""
    text = print_song(song)
    save_blobs(song, blobs_beside(Path(path)))
    with whole_file(Path(path)) as unfinished:
        unfinished.write_text(text, "utf-8", newline="\n")
    return Path(path)


def blobs_beside(path: Path) -> FolderBlobs:
    """Where the audio of a song file is: "evening.song" has its folder "evening.blobs"."""
    return FolderBlobs(path.with_suffix(".blobs").absolute())


def save_blobs(song: models.Song, folder: FolderBlobs) -> None:
    """Put all audio that the song names into its folder, and say what is nowhere."""
    missing = []
    for name in sorted(_blob_names(song)):
        if SESSION.blobs.has(name):
            folder.put(SESSION.blobs.get(name))
        elif not folder.has(name):
            missing.append(name)
    if missing:
        message = (
            f"saved without {len(missing)} of its pieces of audio, which are not here: "
            f"{', '.join(missing)}. Put them into {folder.folder.name!r} as <name>.wav"
        )
        warnings.warn(message, stacklevel=4)


def _blob_names(song: models.Song) -> set[str]:
    played = {segment.blob for segment in song.segments.values() if segment.blob}
    return played | {stem.frozen.blob for stem in song.stems.values() if stem.frozen}


def document_of(thing: object) -> models.Song:
    """What a file of the thing says: a loop of a song is saved as one that lives alone.

    Raises:
        LimitError: the thing is neither a loop nor a song.
    """
    if not isinstance(thing, Loop | Song):
        message = f"cannot save {thing!r}; give a loop or a song"
        raise checks.LimitError(message)
    if isinstance(thing, Song) or thing.document.revision.kind == "loop":
        return thing.document.revision
    model = thing.alone()
    return models.Song(model.id, model.name, kind="loop", loops={model.id: model})


def load(path: str | Path) -> Loop | Song:
    """The loop or song that a canonical song file holds; its audio is in ``<name>.blobs``.

    A bundle, ``name.cellissimo.zip`` or the folder it was unpacked into, has all in itself.

    Raises:
        CellissimoError: a line does not read; it names the line and the cure.
        FileNotFoundError: there is no such file.
    """
    if is_bundle(Path(path)):
        return load_bundle(Path(path))
    song = parse_song(text_of(Path(path)))
    SESSION.blobs.open(blobs_beside(Path(path)).folder)
    document = Document(song, gestures=SESSION.gestures)
    if song.kind == "loop" and len(song.loops) == 1:
        return Loop.of(document, next(iter(song.loops)))
    return Song.of(document)


def text_of(path: Path) -> str:
    """The text of a song file; a mark of its encoding, as some editors write it, is no part."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        cure = "cm.load reads what cm.save wrote"
        raise SongFileError(1, f"{path.name!r} is no text, so no song file", cure) from None
