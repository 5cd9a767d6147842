"""Settings at paths: those of stems, returns, rows of loops and masters, by word and by section."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from cellissimo.notation.path_node import Json, Node, branch, leaf
from cellissimo.schema.models import Song, Value
from cellissimo.schema.parameters import BY_KEY
from cellissimo.schema.sounds import find_sound, known_sound

SOUND = "sample.sound"

WORDS: Mapping[str, str] = {
    "volume": "amp.level",
    "pan": "pan.pan",
    "mute": "amp.mute",
    "muted": "amp.mute",
    "solo": "amp.solo",
    "instrument": SOUND,
    "type": SOUND,
}
"""Settings that have a word of their own."""

_TOLD = ("volume", "pan", "mute", "solo", "instrument")

_ALIASES: Mapping[str, str] = {
    "wet": "mix",
    "frequency": "freq",
    "cutoff": "freq",
    "resonance": "q",
    "decayTime": "decay",
    "delayTime": "time",
    "roomSize": "size",
    "damping": "damp",
}
"""What others call the settings of effects."""

_SECTIONS: Mapping[str, tuple[str, ...]] = {
    section: tuple(key.partition(".")[2] for key in BY_KEY if key.partition(".")[0] == section)
    for section in dict.fromkeys(key.partition(".")[0] for key in BY_KEY)
}

Put = Callable[[str, Value | None], Song]
"""Sets a setting ``section.name``, or removes it where None comes; checks it first."""


class Strip:
    """A strip's settings, and the way to set them."""

    def __init__(self, settings: Mapping[str, Value], put: Put, sound: str = "") -> None:
        """``settings`` by ``section.name``; ``sound`` is what plays where none is set."""
        self._settings = settings
        self._put = put
        self._sound = sound

    def child(self, name: str) -> Node | None:
        """A setting by its word, or a section."""
        if name in WORDS:
            return self._setting(WORDS[name])
        return self.section(name) if name in _SECTIONS else None

    def names(self) -> tuple[str, ...]:
        """The words and the sections."""
        return (*_TOLD, *_SECTIONS)

    def told(self) -> dict[str, Json]:
        """The settings that have a word, and whatever else is set."""
        found: dict[str, Json] = {word: self._value(WORDS[word]) for word in _TOLD}
        others = {key: held for key, held in self._settings.items() if key not in WORDS.values()}
        return found | others

    def section(self, name: str) -> Node:
        """A section, such as an effect: "enabled" is that it is not bypassed."""
        children: dict[str, Callable[[], Node]] = {
            word: partial(self._setting, f"{name}.{word}") for word in _SECTIONS[name]
        }
        told = branch(dict(children))
        for alias, word in _ALIASES.items():
            if word in children and alias not in children:
                children[alias] = children[word]
        if "bypass" in children:
            children["enabled"] = lambda: self._enabled(f"{name}.bypass")
        made = branch(children)
        return Node(told.value, made.put, child=made.child, names=made.names)

    def _setting(self, key: str) -> Node:
        def put(value: Json) -> Song:
            if key == SOUND and value is not None:
                value = known_sound(value).id
            return self._put(key, value)

        return leaf(self._value(key), put, remove=lambda: self._put(key, None))

    def _enabled(self, key: str) -> Node:
        def put(value: Json) -> Song:
            return self._put(key, not value if isinstance(value, bool) else value)

        return leaf(not self._value(key), put)

    def _value(self, key: str) -> Value | None:
        if key in self._settings:
            return self._settings[key]
        name = str(self._settings.get(SOUND, self._sound))
        if key == SOUND:
            return name or None
        sound = find_sound(name)
        return sound.patch.get(key, BY_KEY[key].default) if sound else BY_KEY[key].default
