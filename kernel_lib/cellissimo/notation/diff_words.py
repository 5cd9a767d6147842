"""One change of a song as a value, and the words that all changes share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from cellissimo.domain.tempo_map import MeterMap
from cellissimo.notation.digest_places import end_of
from cellissimo.notation.pattern_value import value_text
from cellissimo.schema.models import Song, Value
from cellissimo.schema.parameters import BY_KEY
from cellissimo.schema.sounds import find_sound

SOUND = "sample.sound"
ARROW = "→"
_SHORT = {
    "amp.level": "level",
    "amp.mute": "mute",
    "amp.solo": "solo",
    "pan.pan": "pan",
    "width.width": "width",
    SOUND: "sound",
    "note.pitch": "note",
    "chain.order": "chain",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference of two songs.

    ``kind`` is what changed: song, tempo, meter, section, marker, block, loop, stem, segment,
    return, master, pad or lock. ``where`` is its name. ``text`` says it in one line. ``bars`` are
    the bars of the song that sound other, counted from 1; none where nothing does.
    """

    kind: str
    where: str
    text: str
    bars: tuple[int, ...] = ()

    def __str__(self) -> str:
        """The change in words."""
        return self.text


class Changes(tuple[Change, ...]):
    """All changes from one song to another, told one a line."""

    __slots__ = ()

    @property
    def bars(self) -> list[tuple[int, int]]:
        """The runs of bars that sound other, first and last of each."""
        runs: list[tuple[int, int]] = []
        for bar in joined_bars(*(change.bars for change in self)):
            if runs and bar == runs[-1][1] + 1:
                runs[-1] = (runs[-1][0], bar)
            else:
                runs.append((bar, bar))
        return runs

    def __repr__(self) -> str:
        """The changes in words."""
        return "\n".join(map(str, self)) or "no difference"


class Named(Protocol):
    """Something with a name."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...


T = TypeVar("T")
N = TypeVar("N", bound=Named)


def paired(old: Mapping[str, N], new: Mapping[str, N]) -> Iterator[tuple[N | None, N | None]]:
    """The things of two songs side by side: by id, and what is left by its name."""
    same = [key for key in old if key in new]
    yield from ((old[key], new[key]) for key in same)
    gone = {key: thing for key, thing in old.items() if key not in new}
    added = {thing.name: key for key, thing in new.items() if key not in old}
    for thing in gone.values():
        key = added.pop(thing.name, None)
        yield thing, None if key is None else new[key]
    taken = set(added.values())
    yield from ((None, thing) for key, thing in new.items() if key in taken)


def by_key(old: Mapping[str, T], new: Mapping[str, T]) -> Iterator[tuple[str, T | None, T | None]]:
    """Key, old and new value of whatever is other, in the order of the keys."""
    for key in sorted({*old, *new}):
        before, after = old.get(key), new.get(key)
        if before != after:
            yield key, before, after


def span_bars(song: Song, start: int, length: int) -> tuple[int, ...]:
    """The bars that a stretch of a song touches."""
    grid = MeterMap(song.meters)
    first, _ = grid.bar_at(max(start, 0))
    last, _ = grid.bar_at(max(start + length - 1, start, 0))
    return tuple(range(first, last + 1))


def all_bars(song: Song) -> tuple[int, ...]:
    """Every bar of a song."""
    return span_bars(song, 0, end_of(song)) if end_of(song) else ()


def joined_bars(*bars: Iterable[int]) -> tuple[int, ...]:
    """All bars of several, in order."""
    return tuple(sorted({bar for each in bars for bar in each}))


def setting_word(key: str) -> str:
    """What a setting is called: "level", "reverb mix"."""
    return _SHORT.get(key, key.replace(".", " ").replace("-", " "))


def setting_changes(
    old: Mapping[str, Value], new: Mapping[str, Value], sounds: tuple[str, str] = ("", "")
) -> Iterator[tuple[str, str]]:
    """Key, and "level 0.8 → 0.6", of each setting that is other.

    ``sounds`` are what the row or stem plays, before and now, whose own values stand where
    none is set.
    """
    for key, before, after in by_key(old, new):
        was, now = _said(key, before, sounds[0]), _said(key, after, sounds[1])
        if was != now:
            yield key, f"{setting_word(key)} {was} {ARROW} {now}"


def _said(key: str, value: Value | None, sound_id: str) -> str:
    parameter = BY_KEY.get(key)
    if parameter is None:
        return str(value)
    if value is None:
        sound = find_sound(sound_id)
        value = sound.patch.get(key, parameter.default) if sound else parameter.default
    return value_text(parameter, value) or "none"
