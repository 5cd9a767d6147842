"""The score image of a loop that plays alone, and what of a loop goes into any image."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cellissimo.domain.chord import Chord
from cellissimo.domain.errors import CellissimoError
from cellissimo.domain.key import Key, parse_key
from cellissimo.domain.ticks import Meter, parse_meter
from cellissimo.engine.score import Score, ScoreImage, Word
from cellissimo.notation.palette import triad_on
from cellissimo.notation.roman_numerals import parse_chord_or_roman
from cellissimo.notation.rows import row_sound, rows_of
from cellissimo.schema import image
from cellissimo.schema.limits import MASTER, ROWS_PER_LOOP, STEPS_PER_LOOP
from cellissimo.schema.models import Loop, Song, Step, Value

Strips = Mapping[str, int]
"""The index of a row's strip by the row's name."""


def score_image(loop: Loop, song: Song) -> ScoreImage:
    """The image of one pass of a loop; the song gives what the loop has not of its own."""
    meter = parse_meter(loop.meter or song.meter)
    tempo = float(song.tempo if loop.tempo is None else loop.tempo)
    ticks = meter.ticks_per_bar * loop.bars
    score = Score(length=ticks, seed=song.seed)
    bus = score.add_strip("", image.MASTER, -1, settings_of(loop, MASTER), {}) or 0
    strips = add_rows(score, loop, bus, "")
    score.add("tempos", 0, tempo, 0)
    score.add("meters", 0, meter.ticks_per_bar, meter.ticks_per_beat)
    span = score.add("spans", 0, ticks, 0.0, 0.0, 0.0, 0, 0)
    score.add("placements", add_loop(score, loop, bus, strips, meter), span, 0)
    return score.image()


def add_rows(score: Score, loop: Loop, bus: int, prefix: str) -> Strips:
    """Add a strip for each row of a loop, which feeds ``bus``."""
    strips: dict[str, int] = {}
    for row in rows_of(loop)[:ROWS_PER_LOOP]:
        sound = row_sound(loop, row)
        patch = sound.patch if sound else {}
        settings = settings_of(loop, row)
        strip = score.add_strip(f"{prefix}{row}", image.INSTRUMENT, bus, settings, patch, row)
        strips |= {} if strip is None else {row: strip}
    return strips


def settings_of(loop: Loop, target: str) -> dict[str, Value]:
    """The settings of one row of a loop, or of its master, by ``section.parameter``."""
    start = f"{target}."
    return {k.removeprefix(start): v for k, v in loop.settings.items() if k.startswith(start)}


def add_loop(score: Score, loop: Loop, bus: int, strips: Strips, meter: Meter) -> int:
    """Add what a loop plays in bars of ``meter``, and give the index of its record."""
    bar = meter.ticks_per_bar
    index = score.add("loops", bus, bar * loop.bars, bar // loop.steps_per_bar, bar)
    for strip, cell, step in _steps(loop, strips):
        score.add("steps", index, *_step(strip, cell, step))
    for chord in _chords(loop):
        score.add("chords", index, *chord)
    return index


def _steps(loop: Loop, strips: Strips) -> list[tuple[int, int, Step]]:
    """Steps that can sound, by strip and cell."""
    places = [
        (strips[row], cell, step)
        for (row, cell), step in loop.steps.items()
        if row in strips and 0 <= cell < loop.cells
    ]
    places.sort(key=lambda place: place[:2])
    return places[:STEPS_PER_LOOP]


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
