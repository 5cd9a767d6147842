"""Saving and loading: the canonical song file, and pattern text."""

from __future__ import annotations

from pathlib import Path

from cellissimo.crdt.document import Document
from cellissimo.media.whole_file import whole_file
from cellissimo.music.loop import Loop
from cellissimo.music.session import SESSION
from cellissimo.music.song import Song
from cellissimo.notation.song_file import print_song
from cellissimo.notation.song_file_parser import SongFileError, parse_song
from cellissimo.schema import checks, models


def save(thing: Loop | Song, path: str | Path) -> Path:
    """Write a loop or a song as a canonical song file (usually ``.song``); gives the path.

    Saving the same content again writes the same bytes. The file is replaced as a whole: a
    reader never sees half of it.

    Raises:
        CellissimoError: the thing is neither a loop nor a song.
        OSError: nothing can be written there.
    """
    text = print_song(_document_of(thing))
    with whole_file(Path(path)) as unfinished:
        unfinished.write_text(text, "utf-8", newline="\n")
    return Path(path)


def _document_of(thing: object) -> models.Song:
    """What a file of the thing says: a loop of a song is saved as one that lives alone."""
    if not isinstance(thing, Loop | Song):
        message = f"cannot save {thing!r}; give a loop or a song"
        raise checks.LimitError(message)
    if isinstance(thing, Song) or thing.document.revision.kind == "loop":
        return thing.document.revision
    model = thing.alone()
    return models.Song(model.id, model.name, kind="loop", loops={model.id: model})


def load(path: str | Path) -> Loop | Song:
    """The loop or song that a canonical song file holds.

    Raises:
        CellissimoError: a line does not read; it names the line and the cure.
        FileNotFoundError: there is no such file.
    """
    song = parse_song(_text_of(Path(path)))
    document = Document(song, gestures=SESSION.gestures)
    if song.kind == "loop" and len(song.loops) == 1:
        return Loop.of(document, next(iter(song.loops)))
    return Song.of(document)


def _text_of(path: Path) -> str:
    """The text of a song file; a mark of its encoding, as some editors write it, is no part."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        cure = "cm.load reads what cm.save wrote"
        raise SongFileError(1, f"{path.name!r} is no text, so no song file", cure) from None
