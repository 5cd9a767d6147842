"""The canonical song file, read: the song, or the line that does not fit and its cure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from cellissimo.domain.errors import CellissimoError
from cellissimo.domain.key import parse_key
from cellissimo.domain.ticks import parse_meter
from cellissimo.notation.pattern_problem import did_you_mean, quoted, split_lines
from cellissimo.notation.song_file import FIRST_WORDS, LAST_WORD
from cellissimo.notation.song_file_words import (
    FileFault,
    exactly,
    is_integer,
    put_once,
    read_integer,
    read_number,
    read_text,
    words_of,
)
from cellissimo.schema import checks, limits
from cellissimo.schema.models import SCHEMA_VERSION, Loop, Song, Step, StepKey, Value

MOST_CHARACTERS = 100_000_000
"""Longest song file that is read."""

_MOST_TICK = 10**12
_KINDS = ("song", "loop")
_STEP_FIELDS = ("pitch", "duration", "probability", "offset")


class SongFileError(CellissimoError):
    """A song file that does not read; ``line`` counts from 1."""

    def __init__(self, line: int, message: str, cure: str = "") -> None:
        """Name the line, what is wrong and the cure."""
        super().__init__(f"line {line}: {message}" + (f". {cure}" if cure else ""))
        self.line = line


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
    lines = split_lines(text.rstrip())
    _check_version(lines[0])
    ended = lines[-1].strip() == LAST_WORD
    draft = _Draft()
    for number, line in enumerate(lines[1 : -1 if ended else None], start=2):
        if line.strip():
            _read_line(draft, line, number)
    if not ended:
        _refuse_cut_off(lines)
    return _song(draft, len(lines))


def _refuse_cut_off(lines: list[str]) -> NoReturn:
    raise SongFileError(
        len(lines),
        f"the file ends with {quoted(lines[-1])} and not with {quoted(LAST_WORD)}",
        "It was cut off: take the whole file from its history or from a backup.",
    )


def _check_version(first: str) -> None:
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


def _read_line(draft: _Draft, line: str, number: int) -> None:
    try:
        keyword, *words = words_of(line)
        _reader(draft, keyword)(draft, words)
    except FileFault as fault:
        raise SongFileError(number, fault.message, fault.cure) from None
    except CellissimoError as error:
        raise SongFileError(number, str(error)) from None


def _reader(draft: _Draft, keyword: str) -> Callable[[_Draft, list[str]], None]:
    table = _IN_LOOP if draft.loops and keyword in _IN_LOOP else _IN_SONG
    if keyword not in table:
        cure = did_you_mean(keyword, (*_IN_SONG, *_IN_LOOP), "Take the line out.")
        raise FileFault(f"{quoted(keyword)} is not known here", cure)
    return table[keyword]


def _song_kind(draft: _Draft, words: list[str]) -> None:
    kind = exactly(words, "kind song")[0]
    if kind not in _KINDS:
        raise FileFault(f"kind is {quoted(kind)}", "Write kind song or kind loop.")
    put_once(draft.fields, "kind", kind, "kind")


def _song_id(draft: _Draft, words: list[str]) -> None:
    put_once(draft.fields, "id", read_text(exactly(words, 'id "…"')[0], "the id"), "the id")


def _song_name(draft: _Draft, words: list[str]) -> None:
    name = read_text(exactly(words, 'name "…"')[0], "the name", limits.NAME_LENGTH)
    put_once(draft.fields, "name", name, "the name")


def _song_key(draft: _Draft, words: list[str]) -> None:
    put_once(draft.fields, "key", _key(words), "the key")


def _song_tempo(draft: _Draft, words: list[str]) -> None:
    tick, tempo = exactly(words, "tempo TICK 120")
    at = read_integer(tick, "the tick", 0, _MOST_TICK)
    put_once(
        draft.tempos, at, checks.tempo(read_number(tempo, "the tempo")), f"the tempo of tick {at}"
    )


def _song_meter(draft: _Draft, words: list[str]) -> None:
    tick, meter = exactly(words, 'meter TICK "4/4"')
    at = read_integer(tick, "the tick", 0, _MOST_TICK)
    put_once(draft.meters, at, _meter(meter), f"the meter of tick {at}")


def _pad(draft: _Draft, words: list[str]) -> None:
    pad, loop = exactly(words, 'pad 0 "…"')
    at = read_integer(pad, "the pad", 0, limits.PADS - 1)
    put_once(draft.pads, at, read_text(loop, "the loop's id"), f"pad {at}")


def _loop(draft: _Draft, words: list[str]) -> None:
    loop_id, name = exactly(words, 'loop "ID" "NAME"')
    if len(draft.loops) >= limits.LOOPS_PER_SONG:
        raise FileFault(f"the song has more than {limits.LOOPS_PER_SONG} loops", "Make two songs.")
    draft.loops.append(
        _LoopDraft(
            {
                "id": read_text(loop_id, "the loop's id"),
                "name": read_text(name, "the loop's name", limits.NAME_LENGTH),
            }
        )
    )


def _loop_bars(draft: _Draft, words: list[str]) -> None:
    bars = read_integer(exactly(words, "bars 4")[0], "bars", 1, max(limits.BAR_COUNTS))
    put_once(draft.loops[-1].fields, "bars", checks.bars(bars), "bars")


def _loop_grid(draft: _Draft, words: list[str]) -> None:
    grid = read_integer(exactly(words, "grid 16")[0], "grid", *limits.STEPS_PER_BAR)
    put_once(draft.loops[-1].fields, "steps_per_bar", grid, "grid")


def _loop_key(draft: _Draft, words: list[str]) -> None:
    put_once(draft.loops[-1].fields, "key", _key(words), "the loop's key")


def _loop_tempo(draft: _Draft, words: list[str]) -> None:
    tempo = checks.tempo(read_number(exactly(words, "tempo 120")[0], "the tempo"))
    put_once(draft.loops[-1].fields, "tempo", tempo, "the loop's tempo")


def _loop_meter(draft: _Draft, words: list[str]) -> None:
    meter = _meter(exactly(words, 'meter "4/4"')[0])
    put_once(draft.loops[-1].fields, "meter", meter, "the loop's meter")


def _loop_color(draft: _Draft, words: list[str]) -> None:
    color = checks.color(read_text(exactly(words, 'color "#5b8def"')[0], "the color"))
    put_once(draft.loops[-1].fields, "color", color, "the color")


def _loop_source(draft: _Draft, words: list[str]) -> None:
    source = read_text(exactly(words, 'source "…"')[0], "the source")
    put_once(draft.loops[-1].fields, "source", source, "the source")


def _row(draft: _Draft, words: list[str]) -> None:
    loop = _headed(draft, exactly(words, 'row NAME of "ID"'), "row")
    loop.target = words[0] if words[0] == limits.MASTER else checks.row_name(words[0])


def _setting(draft: _Draft, words: list[str]) -> None:
    name, value = exactly(words, "setting SECTION.NAME VALUE")
    loop = draft.loops[-1]
    if loop.target is None:
        raise FileFault("a setting stands before any row", 'Put a line row NAME of "ID" above it.')
    held = checks.setting(loop.target, name, _value(value))
    put_once(loop.settings, f"{loop.target}.{name}", held, f"{loop.target}.{name}")


def _bar(draft: _Draft, words: list[str]) -> None:
    _headed(draft, exactly(words, 'bar 1 of "ID"'), "bar")
    read_integer(words[0], "the bar", 1, max(limits.BAR_COUNTS))


def _chord(draft: _Draft, words: list[str]) -> None:
    cell, symbol = exactly(words, 'chord CELL "Am7"')
    loop = draft.loops[-1]
    at = read_integer(cell, "the cell", 0, loop.cells - 1)
    put_once(loop.chords, at, read_text(symbol, "the chord"), f"the chord of cell {at}")


def _step(draft: _Draft, words: list[str]) -> None:
    places = exactly(words[:3], "step ROW CELL VELOCITY")
    loop = draft.loops[-1]
    row = checks.row_name(places[0])
    at = read_integer(places[1], "the cell", 0, loop.cells - 1)
    velocity = read_integer(places[2], "the velocity", *limits.VELOCITY_RANGE)
    step = checks.step(Step(velocity, **_step_fields(words[3:])))
    put_once(loop.steps, (row, at), step, f"the step of {row} on cell {at}")
    if len(loop.steps) > limits.STEPS_PER_LOOP:
        raise FileFault(f"the loop has more than {limits.STEPS_PER_LOOP} steps", "Make two loops.")


def _step_fields(words: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for word in words:
        name, _, text = word.partition("=")
        if name not in _STEP_FIELDS:
            raise FileFault(f"a step has no {quoted(name)}", f"It has {', '.join(_STEP_FIELDS)}.")
        whole = name in {"duration", "offset"}
        value = (
            read_integer(text, name, -_MOST_TICK, _MOST_TICK) if whole else read_number(text, name)
        )
        put_once(found, name, value, name)
    return found


def _headed(draft: _Draft, words: list[str], what: str) -> _LoopDraft:
    """The loop that a header line names, which must be the one that is being read."""
    loop = draft.loops[-1]
    named = read_text(words[2], "the loop's id")
    if words[1] != "of" or named != loop.fields["id"]:
        raise FileFault(
            f"this {what} is of {quoted(named)}, but stands in loop {quoted(loop.fields['id'])}",
            "Move the lines below the loop they name.",
        )
    return loop


def _value(word: str) -> Value:
    if word.startswith('"'):
        return read_text(word, "the value")
    if word in {"true", "false"}:
        return word == "true"
    return read_number(word, "the value")


def _key(words: list[str]) -> str:
    text = read_text(exactly(words, 'key "C major"')[0], "the key")
    parse_key(text)
    return text


def _meter(word: str) -> str:
    text = read_text(word, "the meter")
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
