"""The notes of a midi segment at paths, in ticks from where the segment's content begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from cellissimo.domain.pitch import parse_pitch
from cellissimo.notation.path_node import Json, Node, PathError, fields_of, leaf
from cellissimo.schema import checks, limits, song_checks
from cellissimo.schema.models import Note, Segment, Song

FIELDS = ("start", "duration", "pitch", "velocity")

_MOST_ID = 100


class NotePaths:
    """What stands at the paths of one segment's notes."""

    def __init__(self, segment: Segment, keep: Callable[[Segment], Song]) -> None:
        """``keep`` gives the song with the segment as it is then."""
        self._segment = segment
        self._keep = keep

    def node(self) -> Node:
        """All notes, by their ids."""
        return Node(
            lambda: {key: _told(note) for key, note in self._segment.notes.items()},
            self._put_all,
            add=self._add,
            child=self._one,
            names=lambda: list(self._segment.notes),
        )

    def _write(self, key: str, note: Note | None) -> Song:
        kept = {one: held for one, held in self._segment.notes.items() if one != key}
        if note is not None:
            song_checks.room_for(len(kept), limits.NOTES_PER_SEGMENT, "notes in this segment")
            kept[checked_id(key)] = note
        return self._keep(replace(self._segment, notes=kept))

    def _one(self, key: str) -> Node:
        there = self._segment.notes.get(key)

        def child(name: str) -> Node | None:
            if there is None or name not in FIELDS:
                return None
            put = lambda value: self._write(key, read_note({name: value}, there))  # noqa: E731
            return leaf(getattr(there, name), put)

        return Node(
            lambda: None if there is None else _told(there),
            lambda value: self._write(key, read_note(value, there)),
            remove=(lambda: self._write(key, None)) if there else None,
            child=child,
            names=lambda: FIELDS,
        )

    def _add(self, value: Json, fresh: Callable[[], str]) -> Song:
        given = fields_of(value, "a note")
        key = given.pop("id", None) or fresh()
        return self._write(checked_id(key), read_note(given, None))

    def _put_all(self, value: Json) -> Song:
        if not isinstance(value, list) or len(value) > limits.NOTES_PER_SEGMENT:
            raise _refused("notes are no list", "a list of notes")
        notes: dict[str, Note] = {}
        for place, one in enumerate(value):
            given = fields_of(one, "a note")
            key = checked_id(given.pop("id", None) or f"n{place}")
            notes[key] = read_note(given, None)
        return self._keep(replace(self._segment, notes=notes))


def read_note(value: Json, there: Note | None) -> Note:
    """A note out of JSON; what is not named stays as it is ``there``."""
    given = fields_of(value, "a note")
    unknown = [name for name in given if name not in FIELDS]
    missing = [name for name in FIELDS[:3] if there is None and name not in given]
    if unknown or missing:
        what = f"a note has no {unknown[0]!r}" if unknown else f"a note needs {', '.join(missing)}"
        raise _refused(what, f"{', '.join(FIELDS[:3])}, and velocity")
    if isinstance(given.get("pitch"), str):
        given["pitch"] = parse_pitch(given["pitch"])
    return song_checks.note(replace(there, **given) if there else Note(**given))


def checked_id(key: object) -> str:
    """An id as a client may choose it."""
    text = checks.text(key, "id", "n1")
    if not text or len(text) > _MOST_ID or not text.isprintable() or set(text) & set("./ "):
        raise _refused(f"the id {text[:40]!r} is none", "an id without blanks, dots and slashes")
    return text


def _told(note: Note) -> Mapping[str, Json]:
    return {name: getattr(note, name) for name in FIELDS}


def _refused(message: str, accepted: str) -> PathError:
    return PathError(message, path="", accepted=accepted, cure="Send that.", field="value")
