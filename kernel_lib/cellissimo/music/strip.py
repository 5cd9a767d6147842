"""The mixer strip of a stem, a return or the master: level, pan, settings, effects, automation."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from typing import TYPE_CHECKING

from cellissimo.engine.score import chain_order
from cellissimo.music import places
from cellissimo.notation.rows import SOUND_KEY
from cellissimo.schema import checks, limits, song_checks
from cellissimo.schema.models import Lanes, Point, Value
from cellissimo.schema.parameter import Scope
from cellissimo.schema.parameters import BANDS, BY_KEY, EFFECTS
from cellissimo.schema.sounds import known_sound

if TYPE_CHECKING:
    from cellissimo.crdt.write import Channel
    from cellissimo.music.song import Song


class Strip(ABC):
    """What stems, returns and the master have in common."""

    __slots__ = ()

    @property
    @abstractmethod
    def song(self) -> Song:
        """The song that it is part of."""

    @property
    @abstractmethod
    def channel_id(self) -> Channel:
        """What the document calls it."""

    @abstractmethod
    def stored_settings(self) -> Mapping[str, Value]:
        """What the document says of it by ``section.parameter``."""

    @abstractmethod
    def stored_lanes(self) -> Lanes:
        """Its automation by ``section.parameter`` and tick."""

    def patch(self) -> Mapping[str, Value]:
        """What its instrument gives where nothing is set."""
        return {}

    @property
    def settings(self) -> Settings:
        """All settings by ``section.parameter``: ``stem.settings["filter.freq"] = 800``."""
        return Settings(self)

    @property
    def effects(self) -> Effects:
        """The effects by name: ``stem.effects["reverb"].mix = 0.3``."""
        return Effects(self)

    @property
    def lanes(self) -> AutomationLanes:
        """The automation: ``stem.lanes["filter.freq"]`` is a mapping of ticks to values."""
        return AutomationLanes(self)

    def automate(
        self, parameter: str, points: Mapping[float, float | str], curve: str = "linear"
    ) -> Lane:
        """Let a parameter move through values given by bar, counted from 1: ``{1: 200, 5: 800}``.

        ``curve`` "hold", "linear" or "exponential" leads from each to the next. A choice is given
        by its word, and changes at its points. What the lane had is replaced.

        Raises:
            LimitError: no such parameter, or it cannot move, or a value is out of its range.
        """
        if not hasattr(points, "items"):
            message = f"the points are {points!r}; give values by bar, such as {{1: 200, 5: 800}}"
            raise checks.LimitError(message)
        written = {
            places.tick_of(self.song, bar): Point(value, curve)  # type: ignore[arg-type]  # a word
            for bar, value in points.items()
        }
        return self.lanes.write(parameter, written)

    @property
    def volume(self) -> float:
        """Linear level, 0 … 1; 0 is silence."""
        return float(self.settings["amp.level"])

    @volume.setter
    def volume(self, level: float) -> None:
        self.settings["amp.level"] = level

    @property
    def pan(self) -> float:
        """From -1, left, to 1, right; equal power."""
        return float(self.settings["pan.pan"])

    @pan.setter
    def pan(self, pan: float) -> None:
        self.settings["pan.pan"] = pan

    @property
    def muted(self) -> bool:
        """Whether it is silent."""
        return bool(self.settings["amp.mute"])

    @muted.setter
    def muted(self, muted: bool) -> None:
        self.settings["amp.mute"] = muted


class Settings(MutableMapping[str, Value]):
    """The settings of a strip: reading gives what is in force, iterating what is set."""

    def __init__(self, strip: Strip) -> None:
        """Those of ``strip``."""
        self._strip = strip

    def __getitem__(self, key: str) -> Value:
        """The value of ``section.parameter``: its setting, else the instrument's, else default.

        Raises:
            LimitError: there is no such setting.
        """
        default = BY_KEY[checks.known_setting(key)].default
        return self._strip.stored_settings().get(key, self._strip.patch().get(key, default))

    def __setitem__(self, key: str, value: Value | None) -> None:
        """Set ``section.parameter``; None goes back to the default."""
        self.update({key: value})

    def __delitem__(self, key: str) -> None:
        """Go back to the default."""
        self.update({checks.known_setting(key): None})

    def update(self, settings: Mapping[str, Value | None]) -> None:  # type: ignore[override]
        """Set several settings as one undo step: all of them, or none where one is refused."""
        channel = self._strip.channel_id
        checked = {
            key: checked_setting(key, value, of_master=channel is None)
            for key, value in settings.items()
        }
        with self._strip.song.edit() as edit:
            for key, held in checked.items():
                edit.set_channel_setting(channel, key, held)

    def clear(self) -> None:
        """Go back to all defaults, as one undo step."""
        self.update(dict.fromkeys(self))

    def __iter__(self) -> Iterator[str]:
        """The settings that are set."""
        return iter(self._strip.stored_settings())

    def __len__(self) -> int:
        """How many settings are set."""
        return len(self._strip.stored_settings())

    def __repr__(self) -> str:
        """The settings that are set, one a line."""
        return "\n".join(f"{key} = {self[key]!r}" for key in self) or "no settings"


def checked_setting(key: str, value: Value | None, *, of_master: bool = False) -> Value | None:
    """A setting of a strip as it is stored.

    Raises:
        CellissimoError: no such setting or sound, or a value out of range.
    """
    if value is None:
        checks.known_setting(key)
        return None
    stored = song_checks.setting(key, value, of_master=of_master)
    return known_sound(str(stored)).id if key == SOUND_KEY else stored


_MOVERS = (p.section for p in BY_KEY.values() if p.section.startswith(("lfo-", "groove")))
_SECTIONS = (*EFFECTS[:1], *BANDS, *EFFECTS[2:], "limiter", *dict.fromkeys(_MOVERS))
"""What ``effects`` can be asked for."""


class Effects(Mapping[str, "Effect"]):
    """The effects of a strip by name; ``order`` is that in which they run."""

    __slots__ = ("_strip",)

    def __init__(self, strip: Strip) -> None:
        """Those of ``strip``."""
        self._strip = strip

    def __getitem__(self, name: str) -> Effect:
        """An effect by name.

        Raises:
            LimitError: there is none of that name.
        """
        song_checks.one_of(name, _SECTIONS, "effect")
        return Effect(self._strip, name)

    def __iter__(self) -> Iterator[str]:
        """The names."""
        names = [n for n in _SECTIONS if n != "limiter" or self._strip.channel_id is None]
        return iter(names)

    def __len__(self) -> int:
        """How many there are."""
        return sum(1 for _ in self)

    @property
    def order(self) -> tuple[str, ...]:
        """All effects in the order in which they run; those named when it is set come first."""
        return chain_order(self._strip.stored_settings())

    @order.setter
    def order(self, names: Sequence[str] | None) -> None:
        wanted = None if names is None else checks.chain(names)
        self._strip.settings["chain.order"] = wanted

    def __repr__(self) -> str:
        """What is set, one effect a line, in running order."""
        shown = [repr(self[name]) for name in self if self[name].is_set]
        return "\n".join(shown) or "no effects"


class Effect:
    """One effect of a strip, its parameters as attributes: ``effect.mix = 0.3``."""

    __slots__ = ("_name", "_strip")

    _strip: Strip
    _name: str

    def __init__(self, strip: Strip, name: str) -> None:
        """The effect ``name`` of ``strip``."""
        object.__setattr__(self, "_strip", strip)
        object.__setattr__(self, "_name", name)

    def _key(self, name: str) -> str:
        section = "band" if name == "bypass" and self._name in BANDS else self._name
        return f"{section}.{name}"

    def __getattr__(self, name: str) -> Value:
        """The value of a parameter."""
        if name.startswith("_"):
            raise AttributeError(name)
        if self._key(name) not in BY_KEY:
            message = f"{self._name} has no {name!r}; it has {', '.join(dir(self))}"
            raise AttributeError(message)
        return self._strip.settings[self._key(name)]

    def __setattr__(self, name: str, value: Value | None) -> None:
        """Set a parameter; None goes back to the default."""
        if self._key(name) not in BY_KEY:
            message = f"{self._name} has no {name!r}; it has {', '.join(dir(self))}"
            raise AttributeError(message)
        self._strip.settings[self._key(name)] = value

    def set(self, **values: Value | None) -> Effect:
        """Set several parameters as one undo step."""
        for name in values:
            if self._key(name) not in BY_KEY:
                message = f"{self._name} has no {name!r}; it has {', '.join(dir(self))}"
                raise AttributeError(message)
        self._strip.settings.update({self._key(name): v for name, v in values.items()})
        return self

    def clear(self) -> None:
        """Go back to the defaults: nothing is heard of it."""
        keys = [key for key in self._strip.stored_settings() if key.startswith(f"{self._name}.")]
        self._strip.settings.update(dict.fromkeys(keys))

    @property
    def is_set(self) -> bool:
        """Whether any of its parameters was set."""
        return any(key.startswith(f"{self._name}.") for key in self._strip.stored_settings())

    def __reduce__(self) -> tuple[object, ...]:
        """What copies and pickles make again."""
        return Effect, (self._strip, self._name)

    def __dir__(self) -> list[str]:
        """The names of its parameters."""
        master = self._strip.channel_id is None
        found = [
            parameter.name
            for parameter in BY_KEY.values()
            if parameter.section == self._name and (master or parameter.scope is not Scope.MASTER)
        ]
        return found + (["bypass"] if self._name in BANDS else [])

    def __repr__(self) -> str:
        """The name and every parameter that is set."""
        start = f"{self._name}."
        stored = self._strip.stored_settings().items()
        said = [f"{key.removeprefix(start)}={v}" for key, v in stored if key.startswith(start)]
        return f"{self._name}: {' '.join(said) or 'as it is'}"


class AutomationLanes(Mapping[str, "Lane"]):
    """The automation of a strip by parameter."""

    def __init__(self, strip: Strip) -> None:
        """That of ``strip``."""
        self._strip = strip

    def __getitem__(self, parameter: str) -> Lane:
        """The lane of a parameter, which may be empty."""
        return Lane(self._strip, self._known(parameter))

    def _known(self, parameter: str) -> str:
        of_master = self._strip.channel_id is None
        checks.setting_of(limits.MASTER if of_master else song_checks.STEM, parameter)
        return song_checks.automated(parameter)

    def __delitem__(self, parameter: str) -> None:
        """Take all points off a lane."""
        self.write(parameter, {})

    def __iter__(self) -> Iterator[str]:
        """The parameters that move."""
        return iter(self._strip.stored_lanes())

    def __len__(self) -> int:
        """How many parameters move."""
        return len(self._strip.stored_lanes())

    def write(self, parameter: str, points: Mapping[int, Point]) -> Lane:
        """Replace the points of a lane by others, given by tick."""
        self._known(parameter)
        checked = {song_checks.tick(t): song_checks.point(parameter, p) for t, p in points.items()}
        song_checks.room_for(len(checked) - 1, limits.POINTS_PER_LANE, f"points of {parameter}")
        with self._strip.song.edit() as edit:
            for tick in self._strip.stored_lanes().get(parameter, {}).keys() - checked.keys():
                edit.set_point(self._strip.channel_id, parameter, tick, None)
            for tick, point in checked.items():
                edit.set_point(self._strip.channel_id, parameter, tick, point)
        return Lane(self._strip, parameter)

    def __repr__(self) -> str:
        """The lanes, one a line."""
        return "\n".join(repr(self[name]) for name in self) or "no automation"


class Lane(MutableMapping[int, float]):
    """The automation of one parameter: values by tick."""

    def __init__(self, strip: Strip, parameter: str) -> None:
        """That of a parameter of ``strip``."""
        self._strip = strip
        self._parameter = parameter

    def _points(self) -> Mapping[int, Point]:
        return self._strip.stored_lanes().get(self._parameter, {})

    def __getitem__(self, tick: int) -> float:
        """The value of the point at a tick. Raises: KeyError where there is none."""
        return self._points()[tick].value

    def __setitem__(self, tick: int, value: float | Point) -> None:
        """Put a point at a tick; a `Point` says its curve too."""
        point = value if isinstance(value, Point) else Point(value)
        at, checked = song_checks.tick(tick), song_checks.point(self._parameter, point)
        if at not in self._points():
            song_checks.room_for(len(self), limits.POINTS_PER_LANE, f"points of {self._parameter}")
        with self._strip.song.edit() as edit:
            edit.set_point(self._strip.channel_id, self._parameter, at, checked)

    def update(self, points: Mapping[int, float | Point]) -> None:  # type: ignore[override]
        """Put several points, as one undo step: all of them, or none where one is refused."""
        given = {t: p if isinstance(p, Point) else Point(p) for t, p in points.items()}
        AutomationLanes(self._strip).write(self._parameter, {**self._points(), **given})

    def clear(self) -> None:
        """Take all points off, as one undo step."""
        AutomationLanes(self._strip).write(self._parameter, {})

    def __delitem__(self, tick: int) -> None:
        """Take the point at a tick off. Raises: KeyError where there is none."""
        _ = self._points()[tick]
        with self._strip.song.edit() as edit:
            edit.set_point(self._strip.channel_id, self._parameter, int(tick), None)

    def __iter__(self) -> Iterator[int]:
        """The ticks of the points."""
        return iter(self._points())

    def __len__(self) -> int:
        """How many points there are."""
        return len(self._points())

    def __repr__(self) -> str:
        """The parameter and its values by bar."""
        said = [f"bar {places.bar_of(self._strip.song, t):g} {v:g}" for t, v in self.items()]
        return f"{self._parameter}: {', '.join(said) or 'does not move'}"
