"""Opening any file of music: song files, pattern text, Python that makes music, and audio."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

from cellissimo.crdt.document import Document
from cellissimo.domain.errors import CellissimoError
from cellissimo.media.whole_file import whole_file
from cellissimo.music import files
from cellissimo.music.audio import Audio
from cellissimo.music.bundle import ENDING as BUNDLE
from cellissimo.music.bundle import is_bundle, load_bundle
from cellissimo.music.loop import Loop
from cellissimo.music.session import SESSION
from cellissimo.music.song import Song
from cellissimo.notation.pattern_parser import parse_pattern
from cellissimo.notation.song_file import FIRST_WORDS
from cellissimo.schema import limits, models

AUDIO = (".wav", ".flac", ".mp3", ".ogg", ".oga", ".opus", ".aif", ".aiff")
"""Endings of audio that is read; it is written as .wav, .flac, .mp3 or .ogg."""

LICENCE = "SPDX-License-Identifier:"
"""What the line of a licence begins with."""

PATTERN = (".txt", ".pattern")
CODE = (".py",)
MIDI = (".mid", ".midi")
SONG = (".song",)


class FileKindError(CellissimoError):
    """A file that is no music as its name or its beginning tells, or cannot become such."""


def open_music(path: Path, name: str | None = None) -> Loop | Song | Audio:
    """What a file holds: a song or loop, a pattern, what a Python file makes, or audio.

    Running a Python file runs whatever it says. ``name`` is that of a pattern, which has none of
    its own; without it, the file's.

    Raises:
        CellissimoError: the file does not read; the message says where and what to do.
        OSError: there is no such file, or it may not be read.
    """
    ending = path.suffix.lower()
    if is_bundle(path):
        return load_bundle(path)
    if ending in AUDIO:
        return Audio(path)
    if _begins(path).startswith(FIRST_WORDS) or ending in SONG:
        return files.load(path)
    if ending in CODE:
        return _of_code(path)
    if ending in PATTERN:
        return _of_pattern(path, name or path.stem)
    raise FileKindError(
        f"{path.name!r} is no music that its ending tells; end it in "
        f"{', '.join((*SONG, *PATTERN, *CODE, BUNDLE, *AUDIO))}"
    )


def open_written(path: Path, name: str | None = None) -> Loop | Song:
    """What a file holds that can be rendered, compared and checked: no audio."""
    found = open_music(path, name)
    if isinstance(found, Audio):
        message = f"{path.name!r} is audio; give a song file, a pattern or Python that makes one"
        raise FileKindError(message)
    return found


def model_of(thing: Loop | Song) -> models.Song:
    """The song that a thing is or is in; a loop alone is a song of kind "loop"."""
    return thing.document.revision


def write_music(thing: Loop | Song | Audio, path: Path, *, bits: int = 24) -> str:
    """Write a thing as what the ending of ``path`` says; gives a line about what was written.

    Raises:
        FileKindError: a thing cannot become that, such as audio a song.
        OSError: nothing can be written there.
    """
    ending = path.suffix.lower()
    if ending in AUDIO:
        return str(thing.export(path, bits=bits))
    if isinstance(thing, Audio):
        raise FileKindError(
            f"audio cannot become {path.name!r}; write it as .wav, .flac, .mp3 or .ogg"
        )
    if path.name.lower().endswith(BUNDLE) or ending in MIDI:
        return str(thing.export(path))
    if ending in SONG:
        files.save(thing, path)
    elif ending in CODE:
        files.save_blobs(model_of(thing), files.blobs_beside(path))
        _write_text(path, thing.code())
    elif ending in PATTERN:
        _write_text(path, _one_loop(thing).text())
    else:
        raise FileKindError(
            f"{path.name!r} names no format that is written; end it in "
            f"{', '.join((*SONG, *PATTERN, *CODE, BUNDLE))}, .mid, .wav, .flac, .mp3 or .ogg"
        )
    return str(path)


def _begins(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(64).removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")


def _of_pattern(path: Path, wanted: str) -> Loop:
    """The loop of a text; a file converted twice gives the same loop, to its id."""
    text = files.text_of(path)
    name = wanted[: limits.NAME_LENGTH] or "Pattern"
    reading = parse_pattern(text, loop_id=str(uuid.uuid5(uuid.NAMESPACE_URL, name)), name=name)
    if reading.errors:
        raise FileKindError("; ".join(map(str, reading.errors)))
    loop = reading.loop
    song = models.Song(loop.id, name, kind="loop", loops={loop.id: loop})
    return Loop.of(Document(song, gestures=SESSION.gestures), loop.id)


def _of_code(path: Path) -> Loop | Song:
    """The song or loop that a Python file leaves: its variable song or loop, or else its last.

    Its audio is looked for beside it, as that of a song file is.
    """
    SESSION.blobs.open(files.blobs_beside(path).folder)
    made: dict[str, object] = {"__name__": "__main__", "__file__": str(path)}
    try:
        exec(compile(files.text_of(path), path.name, "exec"), made)  # noqa: S102 - its purpose
    except CellissimoError:
        raise
    except Exception as error:
        raise FileKindError(f"{type(error).__name__}: {error}") from error
    for name in ("song", "loop"):
        found = made.get(name)
        if isinstance(found, Loop | Song):
            return found
    last = [thing for thing in made.values() if isinstance(thing, Loop | Song)]
    if not last:
        raise FileKindError(f"{path.name!r} leaves no song and no loop; call one `song` or `loop`")
    return last[-1]


def _one_loop(thing: Loop | Song) -> Loop:
    if isinstance(thing, Loop):
        return thing
    loops = list(thing.loops.values())
    if len(loops) != 1:
        raise FileKindError(
            f"a pattern is one loop, and the song {thing.name!r} has {len(loops)}; "
            "convert it to .py or .song"
        )
    return loops[0]


def _write_text(path: Path, text: str) -> None:
    with whole_file(path) as unfinished:
        unfinished.write_text(text, "utf-8", newline="\n")


def nothing_like(thing: Loop | Song | None) -> Song:
    """A song of the same name and time with nothing in it: what was there before it."""
    song = model_of(thing) if thing is not None else Song().model
    nothing = models.Song(
        song.id, song.name, song.kind, song.key, song.seed, song.tempos, song.meters
    )
    return Song.of(Document(nothing, gestures=SESSION.gestures))


def licensed_beside(path: Path) -> Callable[[str], bool]:
    """Tells whether a licence is recorded for a blob of the song file at ``path``.

    It stands beside the blob, as REUSE has it: ``<sha256>.wav.license`` with a line
    ``SPDX-License-Identifier: CC-BY-4.0``. Source: https://reuse.software/spec-3.3/
    """
    folder = files.blobs_beside(path).folder

    def licensed(blob: str) -> bool:
        record = folder / f"{blob}.wav.license"
        return record.is_file() and LICENCE in record.read_text("utf-8", "replace")

    return licensed
