"""What one stored field of a song is called: "level of the stem Bass", "pad 3"."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cellissimo.domain.pitch import pitch_name
from cellissimo.notation.diff_words import setting_word
from cellissimo.notation.digest_places import place_word
from cellissimo.schema.models import Song

_FIELDS = {
    "bars": "length",
    "channel": "MIDI channel",
    "color": "colour",
    "fadeIn": "fade-in",
    "fadeInCurve": "curve of the fade-in",
    "fadeOut": "fade-out",
    "fadeOutCurve": "curve of the fade-out",
    "frozen": "frozen sound",
    "loop": "loop",
    "order": "place",
    "start": "start",
    "stepsPerBar": "grid",
    "tick": "place",
}
_LISTED = {"notes": "a note at", "steps": "velocity"}
_ENTITIES: Mapping[str, tuple[str, Callable[[Song], Mapping[str, object]]]] = {
    "blocks": ("block", lambda song: song.blocks),
    "loops": ("loop", lambda song: song.loops),
    "markers": ("marker", lambda song: song.markers),
    "returns": ("return", lambda song: song.returns),
    "sections": ("section", lambda song: song.sections),
    "segments": ("segment", lambda song: song.segments),
    "stems": ("stem", lambda song: song.stems),
}


def field_words(song: Song, path: Sequence[str], key: str) -> str:
    """The field under ``key`` of the map at ``path``, in a musician's words.

    Names are those of the song now; what is not there is told by its kind alone.
    """
    root, *within = path
    if within and root in _ENTITIES:
        return _of_entity(song, root, within, key)
    told = _ROOTS.get(root)
    return told(song, key) if told else f"{_field(key)} of the {root}"


def value_words(path: Sequence[str], key: str, value: object) -> str:
    """A stored value of such a field in a few words: "97 BPM", "off", "nothing"."""
    inner = path[2] if len(path) > 2 else ""
    first = value[0] if isinstance(value, Sequence) and value else value
    if value is None:
        return "nothing"
    if path[0] == "tempo" and isinstance(first, int | float):
        return f"{first:g} BPM"
    if inner in _LISTED and isinstance(value, list):
        return f"{_LISTED[inner]} {first:g}"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int | float):
        return f"{round(value, 3):g}"
    return value if isinstance(value, str) else f"another {key}"


def _of_entity(song: Song, root: str, within: Sequence[str], key: str) -> str:
    kind, held = _ENTITIES[root]
    name = getattr(held(song).get(within[0]), "name", "")
    told = _INNER.get(within[1]) if len(within) > 1 else None
    what = told(song, within[0], key) if told else _field(key)
    if root == "loops" and within[1:] == ["settings"]:
        row, _, setting = key.partition(".")
        what = f"{row} {setting_word(setting)}"
    return f"{what} of the {kind} {name}".rstrip()


def _signature(word: str) -> Callable[[Song, str], str]:
    """A tempo or meter, by its place."""
    return lambda song, key: f"{word} at {place_word(song, int(key))}" if key.isdecimal() else word


def _point(song: Song, key: str) -> str:
    name, _, tick = key.rpartition("/")
    at = f" at {place_word(song, int(tick))}" if tick.isdecimal() else ""
    return f"automation of {setting_word(name)}{at}"


def _note(song: Song, segment: str, key: str) -> str:
    held = song.segments.get(segment)
    note = held.notes.get(key) if held else None
    return "a note" if note is None else f"the note {pitch_name(round(note.pitch))}"


def _counted(cell: str) -> str:
    """Cells are counted from 1 when people speak of them."""
    return str(int(cell) + 1) if cell.isdecimal() else cell


def _step(_: Song, __: str, key: str) -> str:
    row, cell = key.rsplit("/", 1) if "/" in key else ("", key)
    return f"step {_counted(cell)} of {row}"


def _send(song: Song, _: str, key: str) -> str:
    target = song.returns.get(key)
    return f"send to {target.name if target else 'a return'}"


def _field(key: str) -> str:
    return _FIELDS.get(key, key)


_ROOTS: Mapping[str, Callable[[Song, str], str]] = {
    "tempo": _signature("tempo"),
    "meter": _signature("meter"),
    "pads": lambda _, key: f"pad {key}",
    "master": lambda _, key: f"{setting_word(key)} of the master",
    "lanes": lambda song, key: f"{_point(song, key)} of the master",
}
_INNER: Mapping[str, Callable[[Song, str, str], str]] = {
    "steps": _step,
    "chords": lambda _, __, key: f"chord on cell {_counted(key)}",
    "settings": lambda _, __, key: setting_word(key),
    "sends": _send,
    "lanes": lambda song, _, key: _point(song, key),
    "notes": _note,
}
