"""Stems: the lanes of a song, each with an instrument, a mixer strip and segments."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING

from cellissimo.domain.order import key_between, keys_after
from cellissimo.engine.song_image import fingerprint, song_image, stem_alone
from cellissimo.music import places
from cellissimo.music.alone import Alone
from cellissimo.music.form import Named
from cellissimo.music.freezing import frozen_sound
from cellissimo.music.locking import LockableStem
from cellissimo.music.part import NamedPart, fresh_id
from cellissimo.music.segment import NoteLike, Segment, length_of_notes, pattern_loop
from cellissimo.music.strip import Strip
from cellissimo.music.strip_names import strip_names
from cellissimo.music.tabled import Table, TabledStem, notes_given
from cellissimo.music.timeline import turn_of
from cellissimo.notation.digest import digest_stem
from cellissimo.notation.rows import SOUND_KEY
from cellissimo.schema import checks, limits, models, song_checks
from cellissimo.schema.sounds import find_sound, known_sound

if TYPE_CHECKING:
    from cellissimo.crdt.write import Channel
    from cellissimo.engine.score import ScoreImage
    from cellissimo.music.audio import Audio
    from cellissimo.music.loop import Loop

COLORS = ("#5b8def", "#e8734a", "#48b07f", "#b678e0", "#e0a72e", "#3fb0c9", "#e06292", "#8a9a5b")
"""The colours that stems get one after the other."""


class Stem(NamedPart[models.Stem], Strip, TabledStem, LockableStem, Alone):
    """A lane of the song: an instrument, a mixer strip and segments.

    >>> bass = song.stems.add("Bass", sound="bass-sub")
    >>> bass.add_notes([(0, 960, "C2"), (960, 960, "G2")], bar=1)
    >>> bass.volume = 0.6
    """

    __slots__ = ()

    _kind = models.Stem
    checked = staticmethod(song_checks.stem)

    # -- the strip -----------------------------------------------------------------------------

    @property
    def channel_id(self) -> Channel:
        """What the document calls its strip."""
        return ("stems", self.id)

    def stored_settings(self) -> Mapping[str, models.Value]:
        """What the document says of it by ``section.parameter``."""
        return self.model.settings

    def stored_lanes(self) -> models.Lanes:
        """Its automation by ``section.parameter`` and tick."""
        return self.model.lanes

    def patch(self) -> Mapping[str, models.Value]:
        """What its instrument gives where nothing is set."""
        sound = find_sound(str(self.model.settings.get(SOUND_KEY, "")))
        return sound.patch if sound else {}

    @property
    def sound(self) -> str | None:
        """The id of the sound that its notes play; None where it has no instrument."""
        sound = find_sound(str(self.model.settings.get(SOUND_KEY, "")))
        return sound.id if sound else None

    @sound.setter
    def sound(self, name: str | None) -> None:
        self.settings[SOUND_KEY] = None if name is None else known_sound(name).id

    @property
    def soloed(self) -> bool:
        """Whether it is heard alone, with the others that are soloed."""
        return bool(self.settings["amp.solo"])

    @soloed.setter
    def soloed(self, soloed: bool) -> None:
        self.settings["amp.solo"] = soloed

    @property
    def channel(self) -> int | None:
        """The MIDI channel, 1 … 16, of files it came from and goes to; None for any."""
        return self.model.channel

    @channel.setter
    def channel(self, channel: int | None) -> None:
        self._set(channel=channel)

    @property
    def sends(self) -> Sends:
        """What it sends to returns, by their names: ``stem.sends["Room"] = 0.4``."""
        return Sends(self)

    def move(self, *, before: Stem | None = None, after: Stem | None = None) -> None:
        """Move it before or behind another stem; with neither, behind all others.

        Raises:
            LimitError: the other is no stem of this song, or both were given.
        """
        _ = self.model
        orders = self.song.stems.orders_for(self.id, before, after)
        with self.song.edit() as edit:
            for stem_id, order in orders.items():
                edit.set_field(models.Stem, stem_id, "order", order)

    # -- segments ------------------------------------------------------------------------------

    @property
    def segments(self) -> list[Segment]:
        """Its segments, from first to last."""
        held = self.song.model.segments.values()
        return [Segment(self.song, segment.id) for segment in held if segment.stem == self.id]

    def add_notes(
        self, notes: Iterable[NoteLike] | Table, bar: float | None = None, *,
        start: int | None = None, length: int | None = None, name: str = "",
    ) -> Segment:  # fmt: skip
        """Add a midi segment; its notes count their ticks from its start.

        A note is ``(start, duration, pitch)`` or with a velocity 0 … 127 behind; a pitch is a
        MIDI number or "C4". A table of notes, such as a slice of ``song.notes``, counts from
        where it was cut. Without ``length`` it is as many whole bars as the notes need.
        """
        tick = self._tick(bar, start)
        checked = notes_given(notes)
        bar_ticks = places.meter_map(self.song.model).meter_at(tick).ticks_per_bar
        whole = length_of_notes(checked, bar_ticks) if length is None else length
        held = {fresh_id(): note for note in checked}
        return self._add("midi", tick, whole, name=name, notes=held)

    def add_loop(
        self, loop: Loop, bar: float | None = None, *, times: float = 1, start: int | None = None
    ) -> Segment:
        """Add a segment that repeats a loop, which the song takes in; its edits are heard here."""
        tick = self._tick(bar, start)
        turns = checks.number(times, 1e-6, 100_000, "times")
        with self.song.step():
            held = self.song.add(loop)
            length = round(turns * turn_of(held, tick))
            return self._add("loop", tick, length, loop=held.id)

    def add_pattern(
        self, text: str, bar: float | None = None, *, bars: float | None = None,
        start: int | None = None, name: str = "",
    ) -> Segment:  # fmt: skip
        """Add a segment written in the pattern language, which repeats over so many bars.

        Raises:
            PatternError: lines do not read; it shows each with column and cure.
        """
        tick = self._tick(bar, start)
        loop = pattern_loop(text, fresh_id(), name or "Pattern")
        bar_ticks = places.meter_map(self.song.model).meter_at(tick).ticks_per_bar
        given = None if bars is None else places.ticks_of_bars(self.song, tick, bars)
        length = given or loop.bars * bar_ticks
        with self.song.edit() as edit:
            edit.set_loop(loop)
            return self._add("pattern", tick, length, name=name, segment_id=loop.id)

    def add_audio(
        self,
        audio: Audio,
        bar: float | None = None,
        *,
        start: int | None = None,
        start_time: float | None = None,
        name: str | None = None,
    ) -> Segment:
        """Add a segment of audio, as long as the audio lasts at the tempo that is there.

        Raises:
            LimitError: this is no audio, or the place is outside a song.
        """
        if not hasattr(audio, "blob"):
            message = f"{audio!r} is no audio; give cm.Audio(path) or cm.Audio(samples, rate)"
            raise checks.LimitError(message)
        tick = places.tick_of(
            self.song, 1 if bar is start is start_time is None else bar,
            start=start, start_time=start_time,
        )  # fmt: skip
        tempo = places.tempo_map(self.song.model)
        end = tempo.tick_at(tempo.seconds_at(tick) + audio.frames / 48_000)
        label = audio.name if name is None else name
        length = max(end - tick, 1)
        label = label[: limits.NAME_LENGTH]
        return self._add("audio", tick, length, name=label, blob=audio.blob, frames=audio.frames)

    def _tick(self, bar: float | None, start: int | None) -> int:
        return places.tick_of(self.song, 1 if bar is start is None else bar, start=start)

    def _add(
        self, kind: str, start: int, length: int, segment_id: str | None = None, **fields: object
    ) -> Segment:
        held = self.song.model.segments
        song_checks.room_for(len(held), limits.SEGMENTS_PER_SONG, "segments")
        _ = self.model
        wanted = models.Segment(segment_id or fresh_id(), self.id, kind, start, length)
        made = song_checks.segment(dataclasses.replace(wanted, **fields))  # type: ignore[arg-type]
        with self.song.edit() as edit:
            edit.put(made)
        return Segment(self.song, made.id)

    # -- freezing ------------------------------------------------------------------------------

    @property
    def is_frozen(self) -> bool:
        """Whether it plays from samples: it was frozen, and nothing in it changed since."""
        frozen = self.model.frozen
        return frozen is not None and frozen.fingerprint == fingerprint(self.song.model, self.id)

    def freeze(self) -> None:
        """Play it from samples from now on, which costs the engine next to nothing.

        Level, pan, mute, solo and sends stay free. A change of anything else thaws it by itself:
        its content is played again until it is frozen anew.

        Raises:
            LimitError: it is louder than a blob can hold, 18 dB over full scale.
        """
        _, model = self.model, self.song.model
        samples = frozen_sound(model, self.id)
        mark = fingerprint(model, self.id)
        self._set(frozen=models.Frozen(*samples, mark))

    def unfreeze(self) -> None:
        """Play its content again."""
        self._set(frozen=None)

    # -- sound ---------------------------------------------------------------------------------

    @property
    def score(self) -> ScoreImage:
        """What the engine plays of it alone, with its sends, without the master's effects."""
        audible = {k: v for k, v in self.model.settings.items() if k not in _SILENCING}
        stem = dataclasses.replace(self.model, settings=audible)
        alone = stem_alone(self.song.model, self.id)
        returns = self.song.model.returns
        return song_image(dataclasses.replace(alone, stems={self.id: stem}, returns=returns))

    def names_of(self, strip: str) -> dict[str, str]:
        """The part and the sound of a strip."""
        return strip_names(self.song.model, strip)

    def __repr__(self) -> str:
        """A short stable description: what a screen reader says."""
        return digest_stem(self.song.model, self.model) if self.is_there else "Stem · removed"


_SILENCING = ("amp.mute", "amp.solo")


class Sends(MutableMapping[str, float]):
    """What a stem sends to returns, behind its fader, by their names: linear, 0 … 1."""

    def __init__(self, stem: Stem) -> None:
        """Those of ``stem``."""
        self._stem = stem

    def _id(self, name: str) -> str:
        return self._stem.song.returns[name].id

    def __getitem__(self, name: str) -> float:
        """The level to a return; 0 where nothing is sent. Raises: KeyError: no such return."""
        return self._stem.model.sends.get(self._id(name), 0.0)

    def __setitem__(self, name: str, level: float) -> None:
        """Set the level to a return; 0 sends nothing."""
        checked = song_checks.level(level, "send")
        with self._stem.song.edit() as edit:
            edit.set_send(self._stem.id, self._id(name), checked or None)

    def __delitem__(self, name: str) -> None:
        """Send nothing to a return."""
        self[name] = 0

    def clear(self) -> None:
        """Send nothing to any return, as one undo step."""
        with self._stem.song.step():
            super().clear()

    def __iter__(self) -> Iterator[str]:
        """The names of the returns that something is sent to."""
        returns = self._stem.song.model.returns
        return iter([returns[to].name for to in self._stem.model.sends])

    def __len__(self) -> int:
        """How many returns something is sent to."""
        return len(self._stem.model.sends)

    def __repr__(self) -> str:
        """The returns and levels."""
        return ", ".join(f"{name} {level:g}" for name, level in self.items()) or "no sends"


class Stems(Named[Stem]):
    """The stems of a song by name, in their order: ``song.stems["Bass"]``, ``song.stems[0]``."""

    _root = "stems"
    _view = Stem

    def add(self, name: str, sound: str | None = None, color: str | None = None) -> Stem:
        """Add a stem behind the others; ``sound`` is what its notes play.

        Raises:
            LimitError: the song has a stem of that name, or no room; or a value is out of range.
        """
        self.refuse_taken(name)
        held = self._song.model.stems
        song_checks.room_for(len(held), limits.STEMS_PER_SONG, "stems")
        settings = {} if sound is None else {SOUND_KEY: known_sound(sound).id}
        new, shade = fresh_id(), COLORS[len(held) % len(COLORS)] if color is None else color
        orders = self._orders(list(held), new, len(held))
        wanted = models.Stem(new, name, shade, orders.pop(new), settings=settings)
        made = song_checks.stem(wanted)
        with self._song.edit() as edit:
            for stem_id, order in orders.items():
                edit.set_field(models.Stem, stem_id, "order", order)
            edit.put(made)
        return Stem(self._song, made.id)

    def by_id(self, stem_id: str) -> Stem:
        """The stem of an id.

        Raises:
            LimitError: this song has none.
        """
        if stem_id not in self._song.model.stems:
            message = f"the song {self._song.name!r} has no such stem; give one of song.stems.all"
            raise checks.LimitError(message)
        return Stem(self._song, stem_id)

    def member(self, thing: object) -> Stem:
        """A stem of this song, where a thing is one.

        Raises:
            LimitError: it is something else.
        """
        if not isinstance(thing, Stem) or thing.song.document is not self._song.document:
            message = f"{thing!r} is no stem of this song; give one of song.stems.all"
            raise checks.LimitError(message)
        return self.by_id(thing.id)

    def orders_for(self, stem_id: str, before: Stem | None, after: Stem | None) -> dict[str, str]:
        """The keys of order by stem that put one before or behind another.

        It is one key, or those of all stems where there is no room between two of them.
        """
        if before is not None and after is not None:
            message = "say where the stem goes by before or by after, not by both"
            raise checks.LimitError(message)
        ids = [held for held in self._song.model.stems if held != stem_id]
        other = before or after
        if other is None:
            return self._orders(ids, stem_id, len(ids))
        place = self.member(other).id
        return (
            {} if place == stem_id else self._orders(ids, stem_id, ids.index(place) + (not before))
        )

    def _orders(self, ids: list[str], stem_id: str, place: int) -> dict[str, str]:
        held = self._song.model.stems
        low = held[ids[place - 1]].order if place else None
        high = held[ids[place]].order if place < len(ids) else None
        if low is None or high is None or low < high:
            key = key_between(low, high)
            if len(key) <= _LONGEST_ORDER and (high is None or key < high):
                return {stem_id: key}
        listed = [*ids[:place], stem_id, *ids[place:]]
        return dict(zip(listed, keys_after(None, len(listed)), strict=True))


_LONGEST_ORDER = 32
"""Digits of a key of order; when it needed more, all stems get new ones."""
