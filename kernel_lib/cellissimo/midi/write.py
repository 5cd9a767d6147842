"""A song as a Standard MIDI File of type 1: one track of tempos and meters, one for each part.

The same song gives the same bytes. Source: RP-001, Standard MIDI Files 1.0.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cellissimo.domain.errors import CellissimoError
from cellissimo.domain.key import Key
from cellissimo.domain.tempo_map import TempoMap
from cellissimo.domain.ticks import TICKS_PER_QUARTER, parse_meter

MOST_NOTES = 200_000
MOST_BYTES = 4 * 1024 * 1024
"""What is written at the most: files past that are refused by many readers, and by ours."""

_CLOCKS_A_WHOLE = 96
_RAMP_TICKS = 120
"""How finely a moving tempo is written: 32 times a bar of 4/4."""

_RAMP_POINTS = 1000
"""Tempos of one ramp at the most."""

_NAME, _MARKER, _PORT, _END, _TEMPO, _METER, _KEY = 0x03, 0x06, 0x21, 0x2F, 0x51, 0x58, 0x59
_NOTE_OFF, _NOTE_ON, _PROGRAM = 0x80, 0x90, 0xC0

Timed = tuple[int, int, bytes]
"""A tick, what comes first of several on it, and the bytes of an event."""


class MidiError(CellissimoError):
    """Something that no MIDI file holds."""


@dataclass(frozen=True, slots=True)
class MidiNote:
    """A note: ``start`` and ``duration`` in ticks, ``pitch`` and ``velocity`` 0 … 127."""

    start: int
    duration: int
    pitch: int
    velocity: int


@dataclass(frozen=True, slots=True)
class MidiTrack:
    """A track: ``channel`` 0 … 15, ``program`` 0 … 127 or None, and ``port`` for more channels."""

    name: str
    channel: int
    notes: Sequence[MidiNote]
    program: int | None = None
    port: int = 0


@dataclass(frozen=True, slots=True)
class MidiTime:
    """What all tracks share: tempos as ``(bpm, whether it ramps)`` and meters by tick, and more.

    ``markers`` are names by tick. ``end`` is the tick at which the music ends, and the file at
    the earliest.
    """

    tempos: Mapping[int, tuple[float, bool]]
    meters: Mapping[int, str]
    key: Key | None = None
    markers: Sequence[tuple[int, str]] = field(default_factory=tuple)
    end: int = 0


def midi_bytes(name: str, tracks: Sequence[MidiTrack], time: MidiTime) -> bytes:
    """The file of a song that is called ``name``.

    A note that begins while one of its pitch still sounds on its track ends that one.

    Raises:
        MidiError: there are more than 200 000 notes, or the file has more than 4 MiB.
    """
    count = sum(len(track.notes) for track in tracks)
    if count > MOST_NOTES:
        message = f"{count} notes are more than the {MOST_NOTES} of a MIDI file; export some bars"
        raise MidiError(message)
    chunks = [_chunk(_conductor(name, time), time.end)]
    chunks += [_chunk(_part(track), time.end) for track in tracks]
    head = b"MThd" + struct.pack(">IHHH", 6, 1, len(chunks), TICKS_PER_QUARTER)
    whole = head + b"".join(chunks)
    if len(whole) > MOST_BYTES:
        message = f"{len(whole)} bytes are more than the 4 MiB of a MIDI file; export some bars"
        raise MidiError(message)
    return whole


def _chunk(events: Iterable[Timed], end: int) -> bytes:
    body, now = bytearray(), 0
    for tick, _, message in sorted(events):
        body += _varied(tick - now) + message
        now = tick
    body += _varied(max(end - now, 0)) + _meta(_END, b"")
    return b"MTrk" + struct.pack(">I", len(body)) + bytes(body)


def _varied(value: int) -> bytes:
    """A number in as many bytes of seven bits as it needs."""
    found = [value & 0x7F]
    while value := value >> 7:
        found.append(value & 0x7F | 0x80)
    return bytes(reversed(found))


def _meta(kind: int, data: bytes) -> bytes:
    return bytes((0xFF, kind)) + _varied(len(data)) + data


# -- the track that all share --------------------------------------------------------------------


def _conductor(name: str, time: MidiTime) -> Iterator[Timed]:
    yield 0, 0, _meta(_NAME, name.encode())
    for tick, meter in time.meters.items():
        yield tick, 1, _meta(_METER, _meter(meter))
    if time.key is not None and (signature := _signature(time.key)) is not None:
        yield 0, 2, _meta(_KEY, signature)
    for tick, micros in _tempos(time):
        if tick and tick >= time.end:  # it only said where a ramp goes to
            break
        yield tick, 3, _meta(_TEMPO, micros.to_bytes(3, "big"))
    for tick, words in time.markers:
        yield tick, 4, _meta(_MARKER, words.encode())


def _meter(text: str) -> bytes:
    meter = parse_meter(text)
    return bytes((meter.beats, meter.unit.bit_length() - 1, _CLOCKS_A_WHOLE // meter.unit, 8))


def _signature(key: Key) -> bytes | None:
    """Sharps (or flats, negative) and whether the key is minor; None past seven of them."""
    natural = Key(key.tonic, "minor") if key.mode.endswith(" minor") else key
    names = natural.note_names
    sharps = sum(name.count("#") for name in names) - sum(name[1:].count("b") for name in names)
    return struct.pack(">bB", sharps, key.is_minor) if -7 <= sharps <= 7 else None


def _tempos(time: MidiTime) -> Iterator[tuple[int, int]]:
    """Microseconds a quarter by tick; a ramp in steps that last as long as it does."""
    tempos = TempoMap(time.tempos)
    listed = sorted(time.tempos.items())
    for index, (tick, (_, ramps)) in enumerate(listed):
        after = listed[index + 1][0] if index + 1 < len(listed) else None
        if not ramps or after is None:
            yield tick, round(60_000_000 / tempos.tempo_at(tick))
            continue
        step = max(_RAMP_TICKS, -(-(after - tick) // _RAMP_POINTS))
        for start in range(tick, after, step):
            end = min(start + step, after)
            seconds = tempos.seconds_at(end) - tempos.seconds_at(start)
            yield start, round(seconds * 1_000_000 * TICKS_PER_QUARTER / (end - start))


# -- the tracks of the parts ---------------------------------------------------------------------


def _part(track: MidiTrack) -> Iterator[Timed]:
    yield 0, 0, _meta(_NAME, track.name.encode())
    if track.port:
        yield 0, 1, _meta(_PORT, bytes((track.port & 0x7F,)))
    if track.program is not None:
        yield 0, 2, bytes((_PROGRAM | track.channel, track.program))
    for note in _apart(track.notes):
        yield note.start, 4, bytes((_NOTE_ON | track.channel, note.pitch, note.velocity))
        yield note.start + note.duration, 3, bytes((_NOTE_OFF | track.channel, note.pitch, 0))


def _apart(notes: Sequence[MidiNote]) -> Iterator[MidiNote]:
    """The notes, none of which sounds into the next of its pitch; silent ones are left out.

    Of several that begin at once with one pitch, the longest of the loudest sounds.
    """
    next_start: dict[int, int] = {}
    ranked = sorted(notes, key=lambda n: (n.start, n.pitch, n.velocity, n.duration), reverse=True)
    for note in ranked:
        behind = next_start.get(note.pitch)
        if note.velocity == 0 or behind == note.start:
            continue
        next_start[note.pitch] = note.start
        length = note.duration if behind is None else min(note.duration, behind - note.start)
        yield MidiNote(note.start, max(length, 1), note.pitch, note.velocity)
