"""The form of a song: its sections and markers, and where its tempo and meter change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from numbers import Integral
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, cast

from cellissimo.music import places
from cellissimo.music.part import NamedPart, Part, fresh_id
from cellissimo.music.span import Span
from cellissimo.schema import checks, limits, models, song_checks

if TYPE_CHECKING:
    from cellissimo.music.song import Song

View = TypeVar("View", bound=Part)  # type: ignore[type-arg]


class Named(Mapping[str, View], Generic[View]):
    """Parts of a song by name, in their order; also by place, ``song.sections[0]``."""

    _root: ClassVar[str]
    _view: type[View]

    def __init__(self, song: Song) -> None:
        """Those of ``song``."""
        self._song = song

    def _models(self) -> Mapping[str, models.Section | models.Marker | models.Stem | models.Return]:
        found: Mapping[str, models.Section] = getattr(self._song.model, self._root)
        return found

    def __getitem__(self, name: str | int) -> View:
        """The one of a name, the first of several, or of a place.

        Raises:
            KeyError: there is none.
        """
        held, wanted = self._models(), cast("object", name)
        by_name = isinstance(wanted, str)
        ids = [key for key, model in held.items() if not by_name or model.name == name]
        place = int(wanted) if isinstance(wanted, Integral) else 0 if by_name else len(ids)
        if not -len(ids) <= place < len(ids):
            names = ", ".join(self) or "none"
            raise KeyError(f"there is no {name!r} among the {self._root}; there are: {names}")
        return self._view(self._song, ids[place])

    def __iter__(self) -> Iterator[str]:
        """The names, in order, each once."""
        return iter(dict.fromkeys(model.name for model in self._models().values()))

    def __len__(self) -> int:
        """How many names there are."""
        return len(set(self))

    def refuse_taken(self, name: str) -> None:
        """Refuse a name that one of them has: a cell that is run again would double it."""
        if name in self:
            message = (
                f"there is a {name!r} among the {self._root}: take song.{self._root}[{name!r}], "
                "or give another name"
            )
            raise checks.LimitError(message)

    @property
    def all(self) -> list[View]:
        """All of them in order, also those of one name."""
        return [self._view(self._song, part_id) for part_id in self._models()]

    def __repr__(self) -> str:
        """One a line."""
        return "\n".join(map(repr, self.all)) or f"no {self._root}"


class Section(Span[models.Section], NamedPart[models.Section]):
    """A named stretch of a song, such as a verse."""

    __slots__ = ()

    _kind = models.Section
    checked = staticmethod(song_checks.section)

    def __repr__(self) -> str:
        """A short stable description."""
        if not self.is_there:
            return "Section · removed"
        return f"Section {self.name}: {_bars(self.bar, self.bars)}"


def _bars(bar: float, bars: float) -> str:
    last = bar + bars - 1
    return f"bar {bar:g}" if bars == 1 else f"bars {bar:g}–{last:g}"


class Sections(Named[Section]):
    """The sections of a song by name: ``song.sections.add("Verse", bar=1, bars=8)``."""

    _root = "sections"
    _view = Section

    def add(self, name: str, bar: float, bars: float, color: str = models.DEFAULT_COLOR) -> Section:
        """Name a stretch of the song."""
        song_checks.room_for(len(self._models()), limits.SECTIONS_PER_SONG, "sections")
        start = places.tick_of(self._song, bar)
        length = places.ticks_of_bars(self._song, start, bars)
        made = song_checks.section(models.Section(fresh_id(), name, start, length, color))
        with self._song.edit() as edit:
            edit.put(made)
        return Section(self._song, made.id)


class Marker(Part[models.Marker]):
    """A named place in a song."""

    __slots__ = ()

    _kind = models.Marker
    checked = staticmethod(song_checks.marker)

    @property
    def name(self) -> str:
        """The marker's name."""
        return self.model.name

    @name.setter
    def name(self, name: str) -> None:
        self._set(name=name)

    @property
    def tick(self) -> int:
        """Where it is, in ticks."""
        return self.model.tick

    @property
    def bar(self) -> float:
        """Where it is, in bars from 1."""
        return places.bar_of(self.song, self.tick)

    @property
    def time(self) -> float:
        """Where it is, in milliseconds from the song's start."""
        return places.tick_ms(self.song, self.tick)

    def move(
        self,
        bar: float | None = None,
        beat: float = 1,
        *,
        start: int | None = None,
        start_time: float | None = None,
    ) -> None:
        """Move it to a bar and beat, a tick, or a time in milliseconds."""
        tick = places.tick_of(self.song, bar, beat, start=start, start_time=start_time)
        self._set(tick=tick)

    def __repr__(self) -> str:
        """A short stable description."""
        return f"Marker {self.name}: bar {self.bar:g}" if self.is_there else "Marker · removed"


class Markers(Named[Marker]):
    """The markers of a song by name: ``song.markers.add("drop", bar=9)``."""

    _root = "markers"
    _view = Marker

    def add(
        self,
        name: str,
        bar: float | None = None,
        beat: float = 1,
        *,
        start: int | None = None,
        start_time: float | None = None,
    ) -> Marker:
        """Name a place in the song."""
        song_checks.room_for(len(self._models()), limits.SECTIONS_PER_SONG, "markers")
        tick = places.tick_of(self._song, bar, beat, start=start, start_time=start_time)
        made = song_checks.marker(models.Marker(fresh_id(), name, tick))
        with self._song.edit() as edit:
            edit.put(made)
        return Marker(self._song, made.id)


class Tempos(Mapping[int, float]):
    """The tempos of a song by tick: ``song.tempos.set(bar=5, tempo=140)``."""

    def __init__(self, song: Song) -> None:
        """Those of ``song``."""
        self._song = song

    def __getitem__(self, tick: int) -> float:
        """Quarter notes a minute at a tick, in the middle of a ramp too."""
        return places.tempo_map(self._song.model).tempo_at(song_checks.tick(tick))

    def __iter__(self) -> Iterator[int]:
        """The ticks at which the tempo changes."""
        return iter(self._song.model.tempos)

    def __len__(self) -> int:
        """How many tempos there are."""
        return len(self._song.model.tempos)

    def set(
        self,
        bar: float | None = None,
        tempo: float = 120,
        *,
        ramp: bool = False,
        start: int | None = None,
    ) -> None:
        """Set the tempo from a bar, or a tick, on; with ``ramp`` it moves evenly to the next."""
        tick = places.tick_of(self._song, bar, start=start)
        if tick not in self._song.model.tempos:
            song_checks.room_for(len(self), limits.MAP_POINTS, "tempos")
        with self._song.edit() as edit:
            edit.set_tempo(tick, song_checks.tempo(models.Tempo(tempo, ramp)))

    def remove(self, bar: float | None = None, *, start: int | None = None) -> None:
        """Remove the tempo of a bar, or of a tick; the one at the song's start stays."""
        tick = places.tick_of(self._song, bar, start=start)
        if tick not in self._song.model.tempos or not tick:
            raise checks.LimitError(_nothing("tempo", tick, list(self)))
        with self._song.edit() as edit:
            edit.set_tempo(tick, None)

    def __repr__(self) -> str:
        """The tempos, one a line."""
        return "\n".join(
            f"bar {places.bar_of(self._song, tick):g}: {tempo.bpm:g} BPM"
            + (", moving to the next" if tempo.ramp else "")
            for tick, tempo in self._song.model.tempos.items()
        )


class Meters(Mapping[int, str]):
    """The meters of a song by tick: ``song.meters.set(bar=9, meter="3/4")``."""

    def __init__(self, song: Song) -> None:
        """Those of ``song``."""
        self._song = song

    def __getitem__(self, tick: int) -> str:
        """The meter at a tick."""
        return str(places.meter_map(self._song.model).meter_at(song_checks.tick(tick)))

    def __iter__(self) -> Iterator[int]:
        """The ticks at which the meter changes."""
        return iter(self._song.model.meters)

    def __len__(self) -> int:
        """How many meters there are."""
        return len(self._song.model.meters)

    def set(
        self, bar: float | None = None, meter: str = "4/4", *, start: int | None = None
    ) -> None:
        """Set the meter from a bar, or a tick, on, where a new bar begins."""
        tick = places.tick_of(self._song, bar, start=start)
        if tick not in self._song.model.meters:
            song_checks.room_for(len(self), limits.MAP_POINTS, "meters")
        with self._song.edit() as edit:
            edit.set_meter(tick, checks.meter(meter))

    def remove(self, bar: float | None = None, *, start: int | None = None) -> None:
        """Remove the meter of a bar, or of a tick; the one at the song's start stays."""
        tick = places.tick_of(self._song, bar, start=start)
        if tick not in self._song.model.meters or not tick:
            raise checks.LimitError(_nothing("meter", tick, list(self)))
        with self._song.edit() as edit:
            edit.set_meter(tick, None)

    def __repr__(self) -> str:
        """The meters, one a line."""
        return "\n".join(
            f"bar {places.bar_of(self._song, tick):g}: {meter}"
            for tick, meter in self._song.model.meters.items()
        )


def _nothing(what: str, tick: int, there: list[int]) -> str:
    removable = ", ".join(map(str, there[1:])) or "none"
    return f"no {what} to remove at tick {tick}; those that can be are at ticks {removable}"
