"""The canonical song file, read: the song, or the line that does not fit and its cure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cellissimo.domain.errors import CellissimoError
from cellissimo.domain.key import parse_key
from cellissimo.domain.ticks import parse_meter
from cellissimo.notation.pattern_problem import did_you_mean, quoted, split_lines
from cellissimo.notation.song_file import FIRST_WORDS
from cellissimo.schema import checks, limits
from cellissimo.schema.models import SCHEMA_VERSION, Loop, Song, Step, StepKey, Value

MOST_CHARACTERS = 100_000_000
"""Longest song file that is read."""

MOST_TEXT = 1000
"""Longest string of a song file that is no name, such as an id or a chord."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"(?=\s|$)|[^\s"]+(?=\s|$)')
_NUMBER = re.compile(r"-?\d{1,40}(?:\.\d{1,400})?(?:e[+-]?\d{1,3})?", re.ASCII)
_INTEGER = re.compile(r"-?\d{1,12}", re.ASCII)
_MOST_TICK = 10**12
_KINDS = ("song", "loop")
_CONFLICT_MARKS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")
_STEP_FIELDS = ("pitch", "duration", "probability", "offset")


class SongFileError(CellissimoError):
    """A song file that does not read; ``line`` counts from 1."""

    def __init__(self, line: int, message: str, cure: str = "") -> None:
        """Name the line, what is wrong and the cure."""
        super().__init__(f"line {line}: {message}" + (f". {cure}" if cure else ""))
        self.line = line


class _Fault(Exception):  # noqa: N818 - it never leaves this file
    """What is wrong with the line that is being read; the parser adds its number."""

    def __init__(self, message: str, cure: str) -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure


@dataclass(slots=True)
class _LoopDraft:
    fields: dict[str, Any]
    target: str | None = None
    chords: dict[int, str] = field(default_factory=dict)
    steps: dict[StepKey, Step] = field(default_factory=dict)
    settings: dict[str, Value] = field(default_factory=dict)

    @property
    def cells(self) -> int:
        return Loop(**self.fields).cells


@dataclass(slots=True)
class _Draft:
    fields: dict[str, Any] = field(default_factory=dict)
    tempos: dict[int, float] = field(default_factory=dict)
    meters: dict[int, str] = field(default_factory=dict)
    pads: dict[int, str] = field(default_factory=dict)
    loops: list[_LoopDraft] = field(default_factory=list)


def parse_song(text: str) -> Song:
    """The song that a canonical song file holds. Lines of one bar may stand in any order.

    Raises: SongFileError naming the line and the cure; a file of a newer version is refused by
    its version. *Cost*: O(characters).
    """
    if len(text) > MOST_CHARACTERS:
        raise SongFileError(
            1,
            f"the file has {len(text)} characters, more than {MOST_CHARACTERS}",
            "Save the song in parts.",
        )
    lines = split_lines(text)
    _check_version(lines[0])
    draft = _Draft()
    for number, line in enumerate(lines[1:], start=2):
        if line.strip():
            _read_line(draft, line, number)
    return _song(draft, len(lines))


def _check_version(first: str) -> None:
    words, _, version = first.strip().rpartition(" ")
    if words != FIRST_WORDS or not _INTEGER.fullmatch(version):
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


def _read_line(draft: _Draft, line: str, number: int) -> None:
    try:
        keyword, *words = _words(line)
        _reader(draft, keyword)(draft, words)
    except _Fault as fault:
        raise SongFileError(number, fault.message, fault.cure) from None
    except CellissimoError as error:
        raise SongFileError(number, str(error)) from None


def _reader(draft: _Draft, keyword: str) -> Callable[[_Draft, list[str]], None]:
    table = _IN_LOOP if draft.loops and keyword in _IN_LOOP else _IN_SONG
    if keyword not in table:
        cure = did_you_mean(keyword, (*_IN_SONG, *_IN_LOOP), "Take the line out.")
        raise _Fault(f"{quoted(keyword)} is not known here", cure)
    return table[keyword]


def _words(line: str) -> list[str]:
    if line.startswith(_CONFLICT_MARKS):
        raise _Fault(
            "a conflict of a merge is still in the file",
            "Keep one of its two sides and take the marks out.",
        )
    if _TOKEN.sub("", line).strip():
        raise _Fault(f"{quoted(line.strip())} does not read", "Close every quotation mark.")
    return _TOKEN.findall(line)


def _text(word: str, what: str, most: int = MOST_TEXT) -> str:
    try:
        text = json.loads(word) if word.startswith('"') else None
    except ValueError:
        text = None
    if not isinstance(text, str):
        raise _Fault(f"{what} is {quoted(word)}, not a text in quotes", 'Write it as "text".')
    if len(text) > most:
        raise _Fault(f"{what} has {len(text)} characters, more than {most}", "Make it shorter.")
    return text


def _number(word: str, what: str) -> float:
    if not _NUMBER.fullmatch(word):
        raise _Fault(f"{what} is {quoted(word)}, not a number", "Write digits, such as 0.5.")
    return float(word)


def _integer(word: str, what: str, low: int, high: int) -> int:
    if not _INTEGER.fullmatch(word) or not low <= int(word) <= high:
        raise _Fault(
            f"{what} is {quoted(word)}, not a whole number {low} … {high}",
            f"Write one, such as {max(low, 0)}.",
        )
    return int(word)


def _count(words: list[str], shape: str) -> list[str]:
    if len(words) != len(_TOKEN.findall(shape)) - 1:
        raise _Fault(f"the line has {len(words)} words after its keyword", f"Write {shape}.")
    return words


def _put(into: dict[Any, Any], key: Any, value: object, what: str) -> None:  # noqa: ANN401
    if key in into:
        raise _Fault(f"{what} stands twice", "Keep one of the two lines.")
    into[key] = value


def _song_kind(draft: _Draft, words: list[str]) -> None:
    kind = _count(words, "kind song")[0]
    if kind not in _KINDS:
        raise _Fault(f"kind is {quoted(kind)}", "Write kind song or kind loop.")
    _put(draft.fields, "kind", kind, "kind")


def _song_id(draft: _Draft, words: list[str]) -> None:
    _put(draft.fields, "id", _text(_count(words, 'id "…"')[0], "the id"), "the id")


def _song_name(draft: _Draft, words: list[str]) -> None:
    name = _text(_count(words, 'name "…"')[0], "the name", limits.NAME_LENGTH)
    _put(draft.fields, "name", name, "the name")


def _song_key(draft: _Draft, words: list[str]) -> None:
    _put(draft.fields, "key", _key(words), "the key")


def _song_tempo(draft: _Draft, words: list[str]) -> None:
    tick, tempo = _count(words, "tempo TICK 120")
    at = _integer(tick, "the tick", 0, _MOST_TICK)
    _put(draft.tempos, at, checks.tempo(_number(tempo, "the tempo")), f"the tempo of tick {at}")


def _song_meter(draft: _Draft, words: list[str]) -> None:
    tick, meter = _count(words, 'meter TICK "4/4"')
    at = _integer(tick, "the tick", 0, _MOST_TICK)
    _put(draft.meters, at, _meter(meter), f"the meter of tick {at}")


def _pad(draft: _Draft, words: list[str]) -> None:
    pad, loop = _count(words, 'pad 0 "…"')
    at = _integer(pad, "the pad", 0, limits.PADS - 1)
    _put(draft.pads, at, _text(loop, "the loop's id"), f"pad {at}")


def _loop(draft: _Draft, words: list[str]) -> None:
    loop_id, name = _count(words, 'loop "ID" "NAME"')
    if len(draft.loops) >= limits.LOOPS_PER_SONG:
        raise _Fault(f"the song has more than {limits.LOOPS_PER_SONG} loops", "Make two songs.")
    draft.loops.append(
        _LoopDraft(
            {
                "id": _text(loop_id, "the loop's id"),
                "name": _text(name, "the loop's name", limits.NAME_LENGTH),
            }
        )
    )


def _loop_bars(draft: _Draft, words: list[str]) -> None:
    bars = _integer(_count(words, "bars 4")[0], "bars", 1, max(limits.BAR_COUNTS))
    _put(draft.loops[-1].fields, "bars", checks.bars(bars), "bars")


def _loop_grid(draft: _Draft, words: list[str]) -> None:
    grid = _integer(_count(words, "grid 16")[0], "grid", *limits.STEPS_PER_BAR)
    _put(draft.loops[-1].fields, "steps_per_bar", grid, "grid")


def _loop_key(draft: _Draft, words: list[str]) -> None:
    _put(draft.loops[-1].fields, "key", _key(words), "the loop's key")


def _loop_tempo(draft: _Draft, words: list[str]) -> None:
    tempo = checks.tempo(_number(_count(words, "tempo 120")[0], "the tempo"))
    _put(draft.loops[-1].fields, "tempo", tempo, "the loop's tempo")


def _loop_meter(draft: _Draft, words: list[str]) -> None:
    meter = _meter(_count(words, 'meter "4/4"')[0])
    _put(draft.loops[-1].fields, "meter", meter, "the loop's meter")


def _loop_color(draft: _Draft, words: list[str]) -> None:
    color = checks.color(_text(_count(words, 'color "#5b8def"')[0], "the color"))
    _put(draft.loops[-1].fields, "color", color, "the color")


def _loop_source(draft: _Draft, words: list[str]) -> None:
    source = _text(_count(words, 'source "…"')[0], "the source")
    _put(draft.loops[-1].fields, "source", source, "the source")


def _row(draft: _Draft, words: list[str]) -> None:
    loop = _headed(draft, _count(words, 'row NAME of "ID"'), "row")
    loop.target = words[0] if words[0] == limits.MASTER else checks.row_name(words[0])


def _setting(draft: _Draft, words: list[str]) -> None:
    name, value = _count(words, "setting SECTION.NAME VALUE")
    loop = draft.loops[-1]
    if loop.target is None:
        raise _Fault("a setting stands before any row", 'Put a line row NAME of "ID" above it.')
    held = checks.setting(loop.target, name, _value(value))
    _put(loop.settings, f"{loop.target}.{name}", held, f"{loop.target}.{name}")


def _bar(draft: _Draft, words: list[str]) -> None:
    _headed(draft, _count(words, 'bar 1 of "ID"'), "bar")
    _integer(words[0], "the bar", 1, max(limits.BAR_COUNTS))


def _chord(draft: _Draft, words: list[str]) -> None:
    cell, symbol = _count(words, 'chord CELL "Am7"')
    loop = draft.loops[-1]
    at = _integer(cell, "the cell", 0, loop.cells - 1)
    _put(loop.chords, at, _text(symbol, "the chord"), f"the chord of cell {at}")


def _step(draft: _Draft, words: list[str]) -> None:
    places = _count(words[:3], "step ROW CELL VELOCITY")
    loop = draft.loops[-1]
    row = checks.row_name(places[0])
    at = _integer(places[1], "the cell", 0, loop.cells - 1)
    velocity = _integer(places[2], "the velocity", *limits.VELOCITY_RANGE)
    step = checks.step(Step(velocity, **_step_fields(words[3:])))
    _put(loop.steps, (row, at), step, f"the step of {row} on cell {at}")
    if len(loop.steps) > limits.STEPS_PER_LOOP:
        raise _Fault(f"the loop has more than {limits.STEPS_PER_LOOP} steps", "Make two loops.")


def _step_fields(words: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for word in words:
        name, _, text = word.partition("=")
        if name not in _STEP_FIELDS:
            raise _Fault(f"a step has no {quoted(name)}", f"It has {', '.join(_STEP_FIELDS)}.")
        whole = name in {"duration", "offset"}
        value = _integer(text, name, -_MOST_TICK, _MOST_TICK) if whole else _number(text, name)
        _put(found, name, value, name)
    return found


def _headed(draft: _Draft, words: list[str], what: str) -> _LoopDraft:
    """The loop that a header line names, which must be the one that is being read."""
    loop = draft.loops[-1]
    named = _text(words[2], "the loop's id")
    if words[1] != "of" or named != loop.fields["id"]:
        raise _Fault(
            f"this {what} is of {quoted(named)}, but stands in loop {quoted(loop.fields['id'])}",
            "Move the lines below the loop they name.",
        )
    return loop


def _value(word: str) -> Value:
    if word.startswith('"'):
        return _text(word, "the value")
    if word in {"true", "false"}:
        return word == "true"
    return _number(word, "the value")


def _key(words: list[str]) -> str:
    text = _text(_count(words, 'key "C major"')[0], "the key")
    parse_key(text)
    return text


def _meter(word: str) -> str:
    text = _text(word, "the meter")
    parse_meter(text)
    return text


def _song(draft: _Draft, last: int) -> Song:
    missing = [name for name in ("id", "name") if name not in draft.fields]
    missing += ["tempo 0"] * (0 not in draft.tempos) + ["meter 0"] * (0 not in draft.meters)
    if missing:
        raise SongFileError(
            last,
            f"the file ends without a line {missing[0]}",
            "Add it, or take the file from its last good version.",
        )
    loops: dict[str, Loop] = {}
    for loop in draft.loops:
        if loop.fields["id"] in loops:
            raise SongFileError(
                last, f"two loops have the id {quoted(loop.fields['id'])}", "Keep one of them."
            )
        loops[loop.fields["id"]] = _finished(loop, last)
    return Song(
        **draft.fields,
        tempos=dict(sorted(draft.tempos.items())),
        meters=dict(sorted(draft.meters.items())),
        loops=dict(sorted(loops.items())),
        pads=dict(sorted(draft.pads.items())),
    )


def _finished(draft: _LoopDraft, last: int) -> Loop:
    rows = {row for row, _ in draft.steps} | {key.partition(".")[0] for key in draft.settings}
    if len(rows - {limits.MASTER}) > limits.ROWS_PER_LOOP:
        raise SongFileError(
            last,
            f"loop {quoted(draft.fields['id'])} has {len(rows)} rows, more "
            f"than {limits.ROWS_PER_LOOP}",
            "Make two loops of it.",
        )
    return Loop(
        **draft.fields,
        chords=dict(sorted(draft.chords.items())),
        steps=dict(sorted(draft.steps.items())),
        settings=dict(sorted(draft.settings.items())),
    )


_IN_SONG: dict[str, Callable[[_Draft, list[str]], None]] = {
    "kind": _song_kind,
    "id": _song_id,
    "name": _song_name,
    "key": _song_key,
    "tempo": _song_tempo,
    "meter": _song_meter,
    "pad": _pad,
    "loop": _loop,
}
_IN_LOOP: dict[str, Callable[[_Draft, list[str]], None]] = {
    "bars": _loop_bars,
    "grid": _loop_grid,
    "key": _loop_key,
    "tempo": _loop_tempo,
    "meter": _loop_meter,
    "color": _loop_color,
    "source": _loop_source,
    "row": _row,
    "setting": _setting,
    "bar": _bar,
    "chord": _chord,
    "step": _step,
}
