"""The sound library: each sound a JSON file beside this one, in the order of order.json.

A new sound is a new file and a line in order.json; nothing else knows its name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
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


class SoundError(checks.LimitError):
    """A name that no sound has."""


def _read(sound_id: str) -> Sound:
    stored = json.loads((_FOLDER / f"{sound_id}.json").read_text("utf-8"))
    stored["aliases"] = tuple(stored["aliases"])
    stored["patch"] = MappingProxyType(stored["patch"])
    return Sound(**stored)


SOUNDS: Mapping[str, Sound] = MappingProxyType(
    {sound_id: _read(sound_id) for sound_id in json.loads((_FOLDER / "order.json").read_text())}
)
"""The sounds by id, in the order in which they are shown."""

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
