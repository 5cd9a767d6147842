"""The notes of some bars brought back into a segment, or beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from cellissimo.schema.models import Note, Segment


@dataclass(frozen=True, slots=True)
class Bars:
    """The ticks of some bars: from ``start`` to before ``end``."""

    start: int
    end: int

    def __contains__(self, tick: int) -> bool:
        """Whether a tick is in them."""
        return self.start <= tick < self.end


Pair = tuple[Segment | None, Segment | None]
"""What stays of a segment, and what of the earlier one comes beside it under an id of its own."""


def notes_restored(now: Segment | None, then: Segment | None, bars: Bars) -> Pair:
    """A midi segment with the notes of some bars as they were."""
    if now == then:
        return now, None
    stays = _without(now, bars) if now else None
    comes = _only(then, bars) if then else None
    if stays is None or comes is None or now is None or then is None:
        return stays, comes
    if now.stem == then.stem and comes.start >= stays.start:
        return _merged(stays, comes, bars), None
    return stays, comes


def _sounding_at(segment: Segment) -> Callable[[Note], int]:
    """From a note of a segment to the tick of the song at which it begins."""
    shift = segment.start - segment.offset
    return lambda note: note.start + shift


def _without(segment: Segment, bars: Bars) -> Segment | None:
    """The segment without its notes in the bars; None where nothing of it is left."""
    place = _sounding_at(segment)
    left = {key: note for key, note in segment.notes.items() if place(note) not in bars}
    if not left and segment.start in bars:
        return None
    return replace(segment, notes=left)


def _only(segment: Segment, bars: Bars) -> Segment | None:
    """The segment with nothing but its notes in the bars; None where it has none to bring."""
    place = _sounding_at(segment)
    found = {
        key: note
        for key, note in segment.notes.items()
        if place(note) in bars and segment.start <= place(note) < segment.end
    }
    if not found and segment.start not in bars:
        return None
    return replace(segment, notes=found)


def _merged(stays: Segment, comes: Segment, bars: Bars) -> Segment:
    """Both as one segment; what begins in the bars is as it was."""
    shift = (comes.start - comes.offset) - (stays.start - stays.offset)
    notes = dict(stays.notes)
    for key, note in comes.notes.items():
        free = key
        while free in notes:  # it has moved out of the bars since
            free += "+"
        notes[free] = replace(note, start=note.start + shift)
    begins = stays.start in bars and comes.start == stays.start and comes.offset == stays.offset
    base = comes if begins else stays
    end = max(stays.end, min(comes.end, bars.end))
    return replace(base, id=stays.id, notes=notes, length=end - base.start)
