"""The sound library: each sound a JSON file beside this one, in the order of order.json.

A new sound is a new file and a line in order.json; nothing else knows its name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from cellissimo.schema import checks

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Sound:
    """One entry of the library.

    ``category`` is synth, drum, bass or fx; ``icon`` names its picture. Melodic sounds follow
    the chords, rhythmic ones do not. ``patch`` holds values by ``section.parameter``;
    ``reference`` says what the sound was measured against.
    """

    id: str
    name: str
    icon: str
    category: str
    melodic: bool
    aliases: tuple[str, ...]
    patch: Mapping[str, float | str | bool]
    reference: str

    def __repr__(self) -> str:
        """What the sound is called and what it does; its patch is in ``patch``."""
        follows = "follows the chords" if self.melodic else "rhythmic"
        return f"{self.id} · {self.name} ({self.category}, {follows}), also {self._also()}"

    def _also(self) -> str:
        return " or ".join(f'"{alias}"' for alias in self.aliases)


class Library(Mapping[str, Sound]):
    """The sounds by id, in the order in which they are shown."""

    def __init__(self, sounds: Iterable[Sound]) -> None:
        """Hold the sounds in the order given."""
        self._sounds = {sound.id: sound for sound in sounds}

    def __getitem__(self, sound_id: str) -> Sound:
        """The sound of an id."""
        return self._sounds[sound_id]

    def __iter__(self) -> Iterator[str]:
        """The ids, in order."""
        return iter(self._sounds)

    def __len__(self) -> int:
        """How many sounds there are."""
        return len(self._sounds)

    def __repr__(self) -> str:
        """One line a sound."""
        return "\n".join(map(repr, self.values()))


class SoundError(checks.LimitError):
    """A name that no sound has."""


def _read(sound_id: str) -> Sound:
    stored = json.loads((_FOLDER / f"{sound_id}.json").read_text("utf-8"))
    stored["aliases"] = tuple(stored["aliases"])
    stored["patch"] = MappingProxyType(stored["patch"])
    return Sound(**stored)


SOUNDS = Library(map(_read, json.loads((_FOLDER / "order.json").read_text())))
"""All sounds."""

_BY_NAME = {name: sound for sound in SOUNDS.values() for name in (sound.id, *sound.aliases)}


def find_sound(name: str) -> Sound | None:
    """The sound of an id or an alias, such as "drum-kick" or "kick"; None where there is none."""
    return _BY_NAME.get(name)


def known_sound(name: object) -> Sound:
    """The sound of an id or an alias.

    Raises:
        SoundError: there is none; the message names the nearest, or all.
    """
    found = find_sound(name) if isinstance(name, str) else None
    if found is None:
        hint = checks.nearest(str(name), _BY_NAME) or f"; the sounds are {', '.join(SOUNDS)}"
        message = f"no sound is called {name!r}{hint}"
        raise SoundError(message)
    return found
