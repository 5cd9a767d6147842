"""The score image of a loop: the flat binary form that the engine plays.

`schema/image.py` says what each word means; the browser writes the same words.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cellissimo.domain.chord import Chord
from cellissimo.domain.errors import CellissimoError
from cellissimo.domain.key import Key, parse_key
from cellissimo.domain.ticks import note_value_ticks, parse_meter
from cellissimo.notation.palette import triad_on
from cellissimo.notation.roman_numerals import parse_chord_or_roman
from cellissimo.notation.rows import row_sound, rows_of
from cellissimo.schema import image
from cellissimo.schema.limits import MASTER, ROWS_PER_LOOP, STEPS_PER_LOOP
from cellissimo.schema.models import Loop, Song, Step, Value
from cellissimo.schema.parameter import Kind, Parameter
from cellissimo.schema.parameters import ENGINE

SEED = 0
"""Every loop's seed of noise and chance, until a document can hold one."""

Word = int | float


@dataclass(frozen=True, slots=True)
class ScoreImage:
    """A score image and the names of its strips after the master's."""

    words: bytes
    rows: tuple[str, ...]


def score_image(loop: Loop, song: Song) -> ScoreImage:
    """The image of a whole loop; the song gives tempo and meter where the loop has none."""
    rows = rows_of(loop)[:ROWS_PER_LOOP]
    strips = [*_strip(0, loop, MASTER, {})]
    for row in rows:
        sound = row_sound(loop, row)
        strips += _strip(identity(row), loop, row, sound.patch if sound else {})
    steps = _steps(loop, rows)
    chords = _chords(loop)
    body = [
        *strips,
        *(word for step in steps for word in step),
        *(word for chord in chords for word in chord),
    ]
    header = _header(loop, song, len(rows) + 1, len(steps), len(chords), len(body))
    return ScoreImage(_pack([*header, *body]), rows)


def _pack(words: list[Word]) -> bytes:
    """Ints as signed words, floats as floats, little-endian."""
    return struct.pack("<" + "".join("f" if type(w) is float else "i" for w in words), *words)


def _header(loop: Loop, song: Song, strips: int, steps: int, chords: int, body: int) -> list[Word]:
    bar = parse_meter(loop.meter or song.meter).ticks_per_bar
    tempo = float(song.tempo if loop.tempo is None else loop.tempo)
    return [
        image.MAGIC,
        image.VERSION,
        len(image.HEADER) + body,
        strips,
        steps,
        chords,
        len(ENGINE),
        bar * loop.bars,
        bar // loop.steps_per_bar,
        bar,
        tempo,
        SEED,
    ]


def _strip(name_hash: int, loop: Loop, target: str, patch: Mapping[str, Value]) -> list[Word]:
    return [
        name_hash,
        *(
            engine_value(p, loop.settings.get(f"{target}.{p.key}", patch.get(p.key, p.default)))
            for p in ENGINE
        ),
    ]


def engine_value(parameter: Parameter, value: Value) -> float:
    """The float that the engine reads: a choice's index, a note value's ticks made negative."""
    if parameter.kind is Kind.CHOICE:
        return float(parameter.choices.index(str(value)))
    if parameter.kind is Kind.TIME and isinstance(value, str):
        return -float(note_value_ticks(value))
    return float(value)


def _steps(loop: Loop, rows: tuple[str, ...]) -> list[list[Word]]:
    """Steps that can sound, by strip and cell."""
    strip = {row: i + 1 for i, row in enumerate(rows)}
    places = [
        (strip[row], cell, step)
        for (row, cell), step in loop.steps.items()
        if row in strip and 0 <= cell < loop.cells
    ]
    places.sort(key=lambda place: place[:2])
    return [_step(*place) for place in places[:STEPS_PER_LOOP]]


def _step(strip: int, cell: int, step: Step) -> list[Word]:
    pitch = -1.0 if step.pitch is None else float(step.pitch)
    return [
        strip,
        cell,
        step.velocity,
        pitch,
        step.duration or 0,
        float(step.probability),
        step.offset,
    ]


def _chords(loop: Loop) -> list[list[Word]]:
    """Chords by cell; what cannot be read is left out. Without any: the tonic chord."""
    key = key_of(loop)
    return list(_read_chords(loop, key)) or [_chord(0, triad_on(1, key))]


def _chord(cell: int, chord: Chord) -> list[Word]:
    root = -1 if chord.root_pc is None else chord.root_pc
    return [cell, root, chord.bass_pc or 0, chord.interval_mask]


def _read_chords(loop: Loop, key: Key) -> Iterator[list[Word]]:
    for cell, symbol in sorted(loop.chords.items()):
        if not 0 <= cell < loop.cells:
            continue
        try:
            chord = parse_chord_or_roman(symbol, key)
        except CellissimoError:
            continue  # the document keeps it and its editor marks it
        yield _chord(cell, chord)


def key_of(loop: Loop) -> Key:
    """The loop's key; C major where its text names none."""
    try:
        return parse_key(loop.key)
    except CellissimoError:
        return Key("C")


def identity(row: str) -> int:
    """FNV-1a of a row's name, 32 bits as a signed word."""
    value = 0x811C9DC5
    for byte in row.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value - (1 << 32) if value >> 31 else value
