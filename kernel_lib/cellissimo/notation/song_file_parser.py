"""The canonical song file, read: the song, or the line that does not fit and its cure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NoReturn

from cellissimo.domain.errors import CellissimoError
from cellissimo.notation.pattern_problem import did_you_mean, quoted, split_lines
from cellissimo.notation.song_file import FIRST_WORDS, LAST_WORD
from cellissimo.notation.song_file_draft import Draft, SongFileError
from cellissimo.notation.song_file_loop_lines import IN_LOOP
from cellissimo.notation.song_file_song_lines import BEGIN, IN_HEAD, ON_TIMELINE
from cellissimo.notation.song_file_strip_lines import IN_SEGMENT, IN_STRIP
from cellissimo.notation.song_file_words import FileFault, is_integer, words_of
from cellissimo.schema.models import SCHEMA_VERSION, Song

__all__ = ["SongFileError", "parse_song"]

MOST_CHARACTERS = 100_000_000
"""Longest song file that is read."""

_Table = Mapping[str, Callable[[Draft, list[str]], None]]
_TABLES: Mapping[str, _Table] = {
    "head": IN_HEAD,
    "timeline": ON_TIMELINE,
    "loop": IN_LOOP,
    "strip": IN_STRIP,
    "segment": IN_SEGMENT,
}


def parse_song(text: str) -> Song:
    """The song that a canonical song file holds. Lines of one bar may stand in any order.

    A file of an older version reads as what it means now.

    Raises: SongFileError naming the line and the cure; a file of a newer version is refused by
    its version. *Cost*: O(characters).
    """
    if len(text) > MOST_CHARACTERS:
        raise SongFileError(
            1,
            f"the file has {len(text)} characters, more than {MOST_CHARACTERS}",
            "Save the song in parts.",
        )
    lines = split_lines(text.rstrip())
    draft = Draft(_version(lines[0]))
    ended = lines[-1].strip() == LAST_WORD
    for number, line in enumerate(lines[1 : -1 if ended else None], start=2):
        if line.strip():
            _read_line(draft, line, number)
    if not ended:
        _refuse_cut_off(lines)
    return draft.song(len(lines))


def _refuse_cut_off(lines: list[str]) -> NoReturn:
    raise SongFileError(
        len(lines),
        f"the file ends with {quoted(lines[-1])} and not with {quoted(LAST_WORD)}",
        "It was cut off: take the whole file from its history or from a backup.",
    )


def _version(first: str) -> int:
    words, _, version = first.strip().rpartition(" ")
    if words != FIRST_WORDS or not is_integer(version):
        raise SongFileError(
            1,
            f"the file begins with {quoted(first)}",
            f'A song file begins with "{FIRST_WORDS} {SCHEMA_VERSION}".',
        )
    if int(version) > SCHEMA_VERSION:
        raise SongFileError(
            1,
            f"the file is of version {version}, and this cellissimo reads up "
            f"to version {SCHEMA_VERSION}",
            "Update cellissimo to open it.",
        )
    if int(version) < 1:
        raise SongFileError(
            1,
            f"there is no version {version} of song files",
            f"Versions 1 to {SCHEMA_VERSION} are read.",
        )
    return int(version)


def _read_line(draft: Draft, line: str, number: int) -> None:
    try:
        keyword, *words = words_of(line)
        _reader(draft, keyword)(draft, words)
    except FileFault as fault:
        raise SongFileError(number, fault.message, fault.cure) from None
    except CellissimoError as error:
        raise SongFileError(number, str(error)) from None


def _reader(draft: Draft, keyword: str) -> Callable[[Draft, list[str]], None]:
    """What reads a line: it belongs to what stands above it, or begins something."""
    table = _TABLES[draft.place]
    found = table.get(keyword) or BEGIN.get(keyword)
    if found is None:
        cure = did_you_mean(keyword, (*table, *BEGIN), "Take the line out.")
        raise FileFault(f"{quoted(keyword)} is not known here", cure)
    return found
