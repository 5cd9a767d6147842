"""What sounds as a Standard MIDI File: the notes that the engine plays, in tracks by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cellissimo.domain.key import parse_key
from cellissimo.domain.tempo_map import MeterMap
from cellissimo.media.whole_file import whole_file
from cellissimo.midi.write import MidiTime, midi_bytes
from cellissimo.music import places
from cellissimo.music.loop import Loop
from cellissimo.music.loop_excerpt import LoopExcerpt
from cellissimo.music.midi_tracks import tracks_of
from cellissimo.music.written import Written
from cellissimo.schema import image

if TYPE_CHECKING:
    from cellissimo.music.sounding import Sounding
    from cellissimo.schema import models

Point = TypeVar("Point")

ENDINGS = (".mid", ".midi")
"""How MIDI files end."""


def write_midi(thing: Sounding, path: Path) -> Written:
    """Write what sounds to a MIDI file, and tell how much that was.

    Raises:
        MidiError: it has more notes than a MIDI file holds.
        OSError: nothing can be written there.
    """
    tracks = tracks_of(thing)
    made = midi_bytes(_name(thing), tracks, _time(thing))
    with whole_file(path) as unfinished:
        unfinished.write_bytes(made)
    notes = sum(len(track.notes) for track in tracks)
    return Written(path, f"{_counted(notes, 'note')} in {_counted(len(tracks), 'track')}")


def midi_of(thing: Sounding) -> bytes:
    """What sounds as the bytes of a MIDI file: the same thing, the same bytes.

    Raises:
        MidiError: it has more notes than a MIDI file holds.
    """
    return midi_bytes(_name(thing), tracks_of(thing), _time(thing))


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _name(thing: Sounding) -> str:
    return str(getattr(thing, "name", None) or thing)


def _time(thing: Sounding) -> MidiTime:
    """The tempos and meters of what sounds, its first tick being 0."""
    song = thing.document.revision
    start, end = thing.span or (0, _length(thing))
    key = parse_key(str(getattr(thing, "key", song.key)))
    if isinstance(thing, Loop | LoopExcerpt):  # it may have a tempo and a meter of its own
        meter = str(getattr(thing, "meter", song.meter))
        return MidiTime({0: (float(thing.tempo), False)}, {0: meter}, key, (), end - start)
    return MidiTime(
        _stretch(start, end, _tempos(song), _tempo_at(song, start)),
        _stretch(start, end, song.meters, str(MeterMap(song.meters).meter_at(start))),
        key,
        [(tick - start, words) for tick, words in _markers(song) if start <= tick < end],
        end - start,
    )


def _length(thing: Sounding) -> int:
    """The ticks of one pass, as the engine has them."""
    place = [field.name for field in image.HEADER].index("length")
    return memoryview(thing.score.words).cast("i")[place]


def _tempos(song: models.Song) -> dict[int, tuple[float, bool]]:
    return {tick: (tempo.bpm, tempo.ramp) for tick, tempo in song.tempos.items()}


def _tempo_at(song: models.Song, tick: int) -> tuple[float, bool]:
    before = song.tempos[max(at for at in song.tempos if at <= tick)]
    return places.tempo_map(song).tempo_at(tick), before.ramp


def _stretch(start: int, end: int, points: Mapping[int, Point], first: Point) -> dict[int, Point]:
    """The points of a stretch, counted from its start; one behind it ends the last ramp."""
    after = min((tick for tick in points if tick >= end), default=end)
    inside = {tick - start: point for tick, point in points.items() if start < tick <= after}
    return {0: first, **inside}


def _markers(song: models.Song) -> Iterator[tuple[int, str]]:
    yield from ((section.start, section.name) for section in song.sections.values())
    yield from ((marker.tick, marker.name) for marker in song.markers.values())
