"""Segments: stretches of a stem that hold notes, audio, a loop or a pattern."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING

from cellissimo.domain.pitch import parse_pitch
from cellissimo.domain.ticks import TICKS_PER_QUARTER
from cellissimo.music import places
from cellissimo.music.part import fresh_id
from cellissimo.music.span import Span
from cellissimo.music.timeline import keep_bars, same_bars, turn_of
from cellissimo.notation.digest import digest_segment
from cellissimo.notation.pattern_parser import read_pattern
from cellissimo.notation.pattern_printer import print_pattern
from cellissimo.schema import checks, limits, models, song_checks

if TYPE_CHECKING:
    from cellissimo.music.audio import Audio
    from cellissimo.music.loop import Loop
    from cellissimo.music.stem import Stem

NoteLike = models.Note | Iterable[float | str]
"""A note, or its start and duration in ticks, its pitch (MIDI or a name) and its velocity."""


class Segment(Span[models.Segment]):
    """A stretch of a stem: ``kind`` says whether it holds notes, audio, a loop or a pattern."""

    __slots__ = ()

    _kind = models.Segment
    checked = staticmethod(song_checks.segment)

    @property
    def kind(self) -> str:
        """What it holds: "midi", "audio", "loop" or "pattern"."""
        return self.model.kind

    @property
    def stem(self) -> Stem:
        """The stem it is on; setting it moves the segment there."""
        return self.song.stems.by_id(self.model.stem)

    @stem.setter
    def stem(self, stem: Stem) -> None:
        self._set(stem=self.song.stems.member(stem).id)

    @property
    def name(self) -> str:
        """Its name, which may be empty."""
        return self.model.name

    @name.setter
    def name(self, name: str) -> None:
        self._set(name=name)

    @property
    def gain(self) -> float:
        """Gain in dB, -60 … 24."""
        return self.model.gain

    @gain.setter
    def gain(self, decibels: float) -> None:
        self._set(gain=decibels)

    @property
    def fade_in(self) -> float:
        """Length of the fade at its start, in milliseconds."""
        return self.model.fade_in

    @fade_in.setter
    def fade_in(self, milliseconds: float) -> None:
        self._set(fade_in=milliseconds)

    @property
    def fade_out(self) -> float:
        """Length of the fade at its end, in milliseconds."""
        return self.model.fade_out

    @fade_out.setter
    def fade_out(self, milliseconds: float) -> None:
        self._set(fade_out=milliseconds)

    @property
    def fade_in_curve(self) -> str:
        """Shape of the fade at its start: "linear", "equal-power" or "s-curve"."""
        return self.model.fade_in_curve

    @fade_in_curve.setter
    def fade_in_curve(self, curve: str) -> None:
        self._set(fade_in_curve=curve)

    @property
    def fade_out_curve(self) -> str:
        """Shape of the fade at its end: "linear", "equal-power" or "s-curve"."""
        return self.model.fade_out_curve

    @fade_out_curve.setter
    def fade_out_curve(self, curve: str) -> None:
        self._set(fade_out_curve=curve)

    @property
    def offset(self) -> int:
        """Where in its content it begins: ticks, or frames at 48 000 Hz for audio."""
        return self.model.offset

    @offset.setter
    def offset(self, offset: int) -> None:
        self._set(offset=offset)

    # -- what it holds -------------------------------------------------------------------------

    @property
    def notes(self) -> Notes:
        """The notes of a midi segment by id; ``notes.add(start, duration, pitch)``."""
        self._needs("midi", "notes")
        return Notes(self)

    @notes.setter
    def notes(self, notes: Iterable[NoteLike]) -> None:
        self._needs("midi", "notes")
        written = {fresh_id(): note for note in notes_of_list(notes)}
        with self.song.edit() as edit:
            edit.set_notes(self.id, written)

    @property
    def loop(self) -> Loop:
        """The loop that a loop segment repeats, or a pattern segment's own."""
        if self.kind == "pattern":
            return self.song.loop_of(self.id)
        self._needs("loop", "loop")
        return self.song.loop_of(str(self.model.loop))

    @property
    def text(self) -> str:
        """A pattern segment in the pattern language."""
        self._needs("pattern", "text")
        return print_pattern(self.song.model.loops[self.id])

    @text.setter
    def text(self, text: str) -> None:
        self._needs("pattern", "text")
        loop = pattern_loop(text, self.id, self.name or "Pattern")
        with self.song.edit() as edit:
            edit.set_loop(loop)

    @property
    def audio(self) -> Audio:
        """The audio of an audio segment."""
        from cellissimo.music.audio import Audio  # noqa: PLC0415 - needs NumPy

        self._needs("audio", "audio")
        return Audio.of(str(self.model.blob), name=self.name or "audio")

    def _needs(self, kind: str, what: str) -> None:
        if self.kind != kind:
            message = f"a segment of kind {self.kind!r} has no {what}; one of kind {kind!r} has"
            raise checks.LimitError(message)

    # -- verbs ---------------------------------------------------------------------------------

    def duplicate(self) -> Segment:
        """Put a copy right behind it; a pattern gets a copy of its text, a loop stays shared."""
        return self._copied(start=self.end)

    def split(
        self,
        bar: float | None = None,
        beat: float = 1,
        *,
        start: int | None = None,
        start_time: float | None = None,
    ) -> Segment:
        """Cut it in two at a place inside it; gives the second, which goes on as before.

        Notes that sound over the cut end there and begin again behind it, and steps end there. A
        fade that is cut is over there.

        Raises:
            LimitError: the place is outside the segment, or its loop has other bars there.
        """
        tick = places.tick_of(self.song, bar, beat, start=start, start_time=start_time)
        if not self.start < tick < self.end:
            message = (
                f"tick {tick} is outside this segment; give one from {self.start + 1} to "
                f"{self.end - 1}"
            )
            raise checks.LimitError(message)
        if self.kind == "loop":
            same_bars(self.loop, self.start, tick)
        fade_in, fade_out = self._cut_fades(tick)
        offset, length = self.offset + self._content_length(tick), self.end - tick
        with self.song.step():
            second = self._copied(
                start=tick, length=length, offset=offset, fade_in=0.0, fade_out=fade_out
            )
            self._set(length=tick - self.start, fade_in=fade_in, fade_out=0.0)
            if self.kind == "midi":
                _cut_notes(self, second)
            if self.kind == "pattern" and turn_of(self.loop, self.start) != turn_of(
                self.loop, tick
            ):
                keep_bars(second.loop, self.start)
        return second

    def _cut_fades(self, tick: int) -> tuple[float, float]:
        """Its fades, each no longer than what lies on its side of a tick, in milliseconds."""
        time = places.tick_ms(self.song, tick)
        return min(self.fade_in, time - self.start_time), min(self.fade_out, self.end_time - time)

    def _content_length(self, tick: int) -> int:
        """How much of its content lies before a tick: ticks, or frames of audio."""
        if self.kind != "audio":
            return tick - self.start
        tempo = places.tempo_map(self.song.model)
        return round((tempo.seconds_at(tick) - tempo.seconds_at(self.start)) * 48_000)

    def _copied(self, **fields: int | float) -> Segment:  # noqa: PYI041 - start is an int
        model, new = self.model, fresh_id()
        song_checks.room_for(len(self.song.model.segments), limits.SEGMENTS_PER_SONG, "segments")
        copy = song_checks.segment(dataclasses.replace(model, id=new, **fields))  # type: ignore[arg-type]
        notes = {fresh_id(): note for note in model.notes.values()}
        with self.song.edit() as edit:
            if self.kind == "pattern":
                edit.set_loop(dataclasses.replace(self.song.model.loops[self.id], id=new))
            edit.put(dataclasses.replace(copy, notes=notes))
        return Segment(self.song, new)

    def __repr__(self) -> str:
        """A short stable description: what a screen reader says."""
        return digest_segment(self.song.model, self.model) if self.is_there else "Segment · removed"


def _cut_notes(first: Segment, second: Segment) -> None:
    """Let notes over the cut end there and begin again; the others are left to their half."""
    begin, cut = first.offset, second.offset
    with first.song.edit() as edit:
        for part, low, high in ((first, 0, cut), (second, cut, None)):
            for key, note in part.model.notes.items():
                unheard = part == second and note.start < begin
                edit.set_note(part.id, key, None if unheard else _within(note, low, high))


def _within(note: models.Note, low: int, high: int | None) -> models.Note | None:
    start, end = max(note.start, low), note.start + note.duration
    last = end if high is None else min(end, high)
    return dataclasses.replace(note, start=start, duration=last - start) if last > start else None


class Notes(MutableMapping[str, models.Note]):
    """The notes of a midi segment by id, in time: each has start, duration, pitch and velocity."""

    def __init__(self, segment: Segment) -> None:
        """Those of ``segment``."""
        self._segment = segment

    def _stored(self) -> Mapping[str, models.Note]:
        return self._segment.model.notes

    def add(
        self, start: int, duration: int, pitch: float | str, velocity: float = 100
    ) -> models.Note:
        """Add a note: ticks from the segment's content start, MIDI number or "C4", 0 … 127."""
        note = note_of((start, duration, pitch, velocity))
        self[fresh_id()] = note
        return note

    def __getitem__(self, key: str) -> models.Note:
        """The note of an id. Raises: KeyError where there is none."""
        return self._stored()[key]

    def __setitem__(self, key: str, note: NoteLike) -> None:
        """Put a note under an id."""
        if key not in self._stored():
            song_checks.room_for(len(self), limits.NOTES_PER_SEGMENT, "notes in this segment")
        checked = note_of(note)
        with self._segment.song.edit() as edit:
            edit.set_note(self._segment.id, key, checked)

    def update(self, notes: Mapping[str, NoteLike]) -> None:  # type: ignore[override]
        """Put several notes under their ids, as one undo step: all, or none if one is refused."""
        wanted = {**self._stored(), **{key: note_of(note) for key, note in notes.items()}}
        song_checks.room_for(len(wanted) - 1, limits.NOTES_PER_SEGMENT, "notes in this segment")
        with self._segment.song.edit() as edit:
            edit.set_notes(self._segment.id, wanted)

    def clear(self) -> None:
        """Remove all notes, as one undo step."""
        with self._segment.song.edit() as edit:
            edit.set_notes(self._segment.id, {})

    def __delitem__(self, key: str) -> None:
        """Remove a note. Raises: KeyError where there is none."""
        _ = self._stored()[key]
        with self._segment.song.edit() as edit:
            edit.set_note(self._segment.id, key, None)

    def __iter__(self) -> Iterator[str]:
        """The ids, in the order of the notes."""
        held = self._stored()
        return iter(sorted(held, key=lambda key: (held[key].start, held[key].pitch, key)))

    def __len__(self) -> int:
        """How many notes there are."""
        return len(self._stored())

    def __repr__(self) -> str:
        """The notes, one a line."""
        lines = [f"{n.start} {n.duration} {n.pitch:g} {n.velocity}" for n in self.values()]
        head = f"{len(self)} notes: start and duration in ticks, pitch, velocity"
        return "\n".join([head, *lines[:8]] + ([f"… {len(lines) - 8} more"] if lines[8:] else []))


def note_of(note: NoteLike) -> models.Note:
    """A checked note of what a musician writes: ``(start, duration, pitch, velocity)``."""
    if isinstance(note, models.Note):
        return song_checks.note(note)
    values = [] if isinstance(note, str) or not isinstance(note, Iterable) else list(note)
    if not 3 <= len(values) <= 4:
        message = f"{note!r} is no note; write (start, duration, pitch) or with a velocity behind"
        raise checks.LimitError(message)
    start, duration, pitch, velocity = [*values, 100][:4]
    midi = parse_pitch(pitch) if isinstance(pitch, str) else pitch
    return song_checks.note(models.Note(start, duration, midi, velocity))  # type: ignore[arg-type]


def notes_of_list(notes: object) -> list[models.Note]:
    """Checked notes of a list of them.

    Raises:
        LimitError: this is no such list, one is no note, or there are more than a segment holds.
    """
    if not isinstance(notes, Iterable) or isinstance(notes, str):
        message = f"{notes!r} are no notes; give [(start, duration, pitch), …], times in ticks"
        raise checks.LimitError(message)
    checked = [note_of(note) for note in notes]
    if len(checked) > limits.NOTES_PER_SEGMENT:
        most = limits.NOTES_PER_SEGMENT
        message = f"a segment holds {most} notes and these are {len(checked)}; use several segments"
        raise checks.LimitError(message)
    return checked


def pattern_loop(text: str, loop_id: str, name: str) -> models.Loop:
    """The loop that a pattern says, under an id.

    Raises:
        PatternError: lines do not read; it shows each with column and cure.
    """
    written = checks.text(text, "the pattern", "seq kick: x...x...")
    return dataclasses.replace(read_pattern(written, name=checks.name(name)), id=loop_id)


def length_of_notes(notes: Iterable[models.Note], bar_ticks: int) -> int:
    """The whole bars that notes need, in ticks; at least one."""
    last = max((note.start + note.duration for note in notes), default=TICKS_PER_QUARTER)
    return -(-last // bar_ticks) * bar_ticks
