"""Saving and loading: the canonical song file, and pattern text."""

from __future__ import annotations

import os
from pathlib import Path

from cellissimo.crdt.document import Document
from cellissimo.music.loop import Loop
from cellissimo.music.session import SESSION
from cellissimo.music.song import Song
from cellissimo.notation.song_file import print_song
from cellissimo.notation.song_file_parser import parse_song


def save(thing: Loop | Song, path: str | Path) -> Path:
    """Write a loop or a song as a canonical song file (usually ``.song``); gives the path.

    Saving the same content again writes the same bytes. The file is replaced as a whole: a
    reader never sees half of it.
    """
    song = thing.document.revision
    if isinstance(thing, Loop) and song.kind != "loop":
        song = thing.copy(thing.name).document.revision
    target = Path(path)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part")
    unfinished.write_text(print_song(song), "utf-8", newline="\n")
    unfinished.replace(target)
    return target


def load(path: str | Path) -> Loop | Song:
    """The loop or song that a canonical song file holds.

    Raises:
        CellissimoError: a line does not read; it names the line and the cure.
        FileNotFoundError: there is no such file.
    """
    song = parse_song(Path(path).read_text("utf-8"))
    document = Document(song, gestures=SESSION.gestures)
    if song.kind == "loop" and len(song.loops) == 1:
        return Loop.of(document, next(iter(song.loops)))
    return Song.of(document)
