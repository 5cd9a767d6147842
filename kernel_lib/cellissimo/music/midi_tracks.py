"""The tracks of a MIDI file: one for each stem and each sound of the timeline, drums together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cellissimo.midi.general import DRUM_CHANNEL, DRUM_KEYS, PROGRAMS
from cellissimo.midi.write import MidiNote, MidiTrack
from cellissimo.schema.sounds import find_sound

if TYPE_CHECKING:
    from cellissimo.music.sounding import Sounding
    from cellissimo.schema import models

_DRUMS = "Drums"
_CHANNELS = tuple(channel for channel in range(16) if channel != DRUM_CHANNEL)


@dataclass(frozen=True, slots=True)
class _Part:
    """What one track plays: a stem's id ("" for loops), and a sound, or the drums."""

    stem: str
    sound: str


def tracks_of(thing: Sounding) -> list[MidiTrack]:
    """The notes that the engine plays, in tracks by part, in the order of the strips.

    Drums are on the drums' channel with their General MIDI keys. A stem that names a channel has
    it; others take the free ones in turn, and past 15 parts those of a further port. Pitches
    between two keys go to the nearest.
    """
    notes = _notes(thing)
    song = thing.document.revision
    taken = {stem.channel - 1 for stem in song.stems.values() if stem.channel}
    free = [channel for channel in _CHANNELS if channel not in taken] or list(_CHANNELS)
    tracks, melodic = list[MidiTrack](), 0
    for part, played in notes.items():
        own = song.stems[part.stem].channel if part.stem else None
        port, place = divmod(melodic, len(free))
        melodic += not own and part.sound != _DRUMS
        is_drums = part.sound == _DRUMS and not own
        channel = own - 1 if own else DRUM_CHANNEL if is_drums else free[place]
        program = None if part.sound == _DRUMS else PROGRAMS.get(part.sound)
        name = _track_name(song, part, several=_is_one_of_several(part, notes))
        tracks.append(MidiTrack(name, channel, played, program, 0 if is_drums or own else port))
    return tracks


def _is_one_of_several(part: _Part, notes: dict[_Part, list[MidiNote]]) -> bool:
    return sum(other.stem == part.stem for other in notes) > 1


def _track_name(song: models.Song, part: _Part, *, several: bool) -> str:
    sound = find_sound(part.sound)
    played = sound.name if sound else part.sound
    if not part.stem:
        return played
    name = song.stems[part.stem].name
    return f"{name} {played}".strip() if several else name


def _notes(thing: Sounding) -> dict[_Part, list[MidiNote]]:
    """The notes of each part, parts in the order of their strips."""
    from cellissimo.engine.render import events  # noqa: PLC0415 - needs NumPy

    score = thing.score
    found = events(score, thing.span)
    parts = {strip: _part_of(thing, strip) for strip in score.strips}
    sounds = {strip: thing.names_of(strip)["sound"] for strip in score.strips}
    notes: dict[_Part, list[MidiNote]] = {part: [] for part in parts.values()}
    columns = ("strip", "tick", "duration", "pitch", "velocity")
    for strip, tick, duration, pitch, velocity in zip(
        *(found[name].tolist() for name in columns), strict=True
    ):
        key = DRUM_KEYS.get(sounds[strip], min(max(round(pitch), 0), 127))
        notes[parts[strip]].append(MidiNote(tick, duration, key, round(velocity * 127)))
    return {part: played for part, played in notes.items() if played}


def _part_of(thing: Sounding, strip: str) -> _Part:
    kind, _, rest = strip.partition(":")
    sound = thing.names_of(strip)["sound"]
    stem = rest.partition("/")[0] if kind == "stem" else ""
    return _Part(stem, _DRUMS if sound in DRUM_KEYS else sound)
