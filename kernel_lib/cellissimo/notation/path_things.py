"""What a song holds by id, at paths: stems, returns, loops, segments, blocks, sections, markers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from typing import Any

from cellissimo.domain.order import key_between
from cellissimo.notation.digest_places import loop_ticks
from cellissimo.notation.path_loop import LoopPaths
from cellissimo.notation.path_node import Json, Node, PathError, fields_of, leaf, snake
from cellissimo.notation.path_notes import NotePaths, checked_id
from cellissimo.notation.path_strip import Strip
from cellissimo.schema import checks, limits, song_checks
from cellissimo.schema.models import (
    Block,
    Loop,
    Marker,
    Return,
    Section,
    Segment,
    Song,
    Stem,
    Value,
)

Fresh = Callable[[], str]
Thing = Any
"""A stem, return, loop, segment, block, section or marker."""

_MOST_ID = 100


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of thing: its model, its check, how many a song holds, and what is plain in it."""

    model: type[Any]
    check: Callable[[Any], Any]
    most: int
    fields: tuple[str, ...]


def _named_loop(loop: Loop) -> Loop:
    """A loop under a name that it may have; its other fields are checked one by one."""
    return replace(loop, name=checks.name(loop.name))


KINDS: Mapping[str, _Kind] = {
    "stems": _Kind(Stem, song_checks.stem, limits.STEMS_PER_SONG, ("name", "color", "channel")),
    "returns": _Kind(
        Return, song_checks.send_return, limits.RETURNS_PER_SONG, ("name", "color")
    ),
    "loops": _Kind(Loop, _named_loop, limits.LOOPS_PER_SONG, ()),
    "segments": _Kind(
        Segment,
        song_checks.segment,
        limits.SEGMENTS_PER_SONG,
        (
            "stem", "kind", "start", "length", "name", "offset", "gain", "fade_in", "fade_out",
            "fade_in_curve", "fade_out_curve", "loop",
        ),
    ),
    "blocks": _Kind(
        Block, song_checks.block, limits.BLOCKS_PER_SONG, ("loop", "start", "length", "lane")
    ),
    "sections": _Kind(
        Section,
        song_checks.section,
        limits.SECTIONS_PER_SONG,
        ("name", "start", "length", "color"),
    ),
    "markers": _Kind(Marker, song_checks.marker, limits.SECTIONS_PER_SONG, ("name", "tick")),
}  # fmt: skip
"""By the word under which they stand in a song."""

_NAMED = {"stem": "stems", "loop": "loops"}
"""Fields that name another thing, by its id or name."""

_KINDS_MADE = ("midi", "loop")
"""Segments that can be made here: audio names bytes, and patterns have a text."""


class Things:
    """What a song holds of one kind."""

    def __init__(self, song: Song, word: str) -> None:
        """``word`` is one of ``KINDS``."""
        self.song = self._song = song
        self._word = word
        self._kind = KINDS[word]
        self._held: Mapping[str, Thing] = getattr(song, word)

    def node(self) -> Node:
        """All of them; new ones are added here."""
        return Node(
            lambda: {key: self.one(thing).value() for key, thing in self._held.items()},
            add=self._add,
            child=self._child,
            names=lambda: [getattr(one, "name", "") or key for key, one in self._held.items()],
        )

    def find(self, name: object) -> Thing | None:
        """The one of that id, or the only one of that name."""
        if not isinstance(name, str):
            return None
        if name in self._held:
            return self._held[name]
        wanted = name.casefold()
        found = [one for one in self._held.values() if _name(one).casefold() == wanted]
        return found[0] if len(found) == 1 else None

    def known(self, name: object) -> Thing:
        """The same.

        Raises:
            PathError: there is none, or there are several of that name.
        """
        found = self.find(name)
        if found is None:
            several = [one.id for one in self._held.values() if _name(one) == name]
            raise PathError(
                f"{len(several) or 'none'} of the {self._word} {'are' if several else 'is'} "
                f"called {name!r}",
                path="",
                accepted=", ".join(several or map(_name, self._held.values())) or "nothing yet",
                cure="Name it by its id.",
                field="value",
            )
        return found

    def one(self, thing: Thing) -> Node:
        """One of them."""
        if isinstance(thing, Loop):
            return LoopPaths(self._song, thing).node(remove=lambda: self._without(thing))
        inner = _INNER.get(type(thing), _nothing)(self, thing)

        def child(name: str) -> Node | None:
            field = snake(name)
            if field in self._kind.fields:
                return self._field(thing, field)
            return inner.child(name) if inner.child else None

        def told() -> Json:
            plain = {field: getattr(thing, field) for field in self._kind.fields}
            return {"id": thing.id, **plain, **inner.value()}

        return Node(
            told,
            remove=lambda: self._without(thing),
            child=child,
            names=lambda: (*self._kind.fields, *inner.names()),
        )

    def _child(self, name: str) -> Node | None:
        found = self.find(name)
        if found is not None:
            return self.one(found)
        can_be = len(name) <= _MOST_ID and name.isprintable() and " " not in name
        if not can_be:
            return None
        return Node(lambda: None, lambda value: self._make(name, value), is_there=False)

    def kept(self, thing: Thing) -> Song:
        """The song with one of them as it is now."""
        held: dict[str, Any] = {self._word: {**self._held, thing.id: thing}}
        return replace(self._song, **held)

    def _field(self, thing: Thing, field: str) -> Node:
        def put(value: Json) -> Song:
            changed = replace(thing, **{field: self._read(field, value)})
            return self.kept(self._kind.check(changed))

        return leaf(getattr(thing, field), put)

    def _read(self, field: str, value: Json) -> Json:
        """What a field names is named by its id in the song."""
        if field in _NAMED and value is not None:
            return Things(self._song, _NAMED[field]).known(value).id
        if field == "kind":
            return song_checks.one_of(value, _KINDS_MADE, "kind of a segment made here")
        return value

    # -- making ----------------------------------------------------------------------------------

    def _add(self, value: Json, fresh: Fresh) -> Song:
        given = fields_of(value, f"one of the {self._word}")
        key = checked_id(given.pop("id", None) or fresh())
        if key in self._held:
            raise PathError(
                f"the id {key!r} is taken",
                path=self._word,
                accepted="an id that is not taken, or none",
                cure="Leave the id out, and one is made.",
                field="value",
            )
        return self._make(key, given)

    def _make(self, key: str, value: Json) -> Song:
        """A new one under an id, with what is given of it; the rest is as usual."""
        given = fields_of(value, f"one of the {self._word}")
        song_checks.room_for(len(self._held), self._kind.most, self._word)
        named = {snake(name): held for name, held in given.items()}
        usual = self._usual(named)
        plain = {name: named.pop(name) for name in list(named) if name in usual}
        fields_read = {name: self._read(name, held) for name, held in (usual | plain).items()}
        song = self.kept(self._kind.check(self._kind.model(key, **fields_read)))
        for name, held in named.items():
            things = Things(song, self._word)
            node = things.one(things.known(key))
            found = node.child(name) if node.child else None
            if found is None or found.put is None:
                raise PathError(
                    f"none of the {self._word} has {name!r}{checks.nearest(name, node.names())}",
                    path=self._word,
                    accepted=", ".join(node.names()),
                    cure="Leave it out.",
                    field="value",
                )
            song = found.put(held)
        return song

    def _usual(self, given: Mapping[str, Json]) -> dict[str, Json]:
        """What one of them has to have, where nothing is said of it."""
        needed = [
            one.name
            for one in fields(self._kind.model)
            if one.name != "id" and one.default is MISSING and one.default_factory is MISSING
        ]
        usual: dict[str, Json] = {"name": self._word[:-1].capitalize(), "kind": "midi", "start": 0}
        if self._word == "blocks" and "length" not in given:
            loop = Things(self._song, "loops").known(given.get("loop"))
            start = song_checks.tick(given.get("start", 0))
            usual["length"] = loop_ticks(self._song, loop, start)
        missing = [name for name in needed if name not in usual and name not in given]
        if missing:
            raise PathError(
                f"one of the {self._word} needs {', '.join(missing)}",
                path=self._word,
                accepted=", ".join(needed),
                cure="Send all of them.",
                field="value",
            )
        found = {name: usual.get(name) for name in needed}
        if self._word in {"stems", "returns"}:
            last = max((one.order for one in self._held.values()), default=None)
            found["order"] = key_between(last, None)
        return found

    # -- removing --------------------------------------------------------------------------------

    def _without(self, thing: Thing) -> Song:
        """The song without it, and without what is nothing without it."""
        song, key = self._song, thing.id
        held: dict[str, Any] = {self._word: _but(self._held, {key})}
        if self._word == "stems":
            gone = {one.id for one in song.segments.values() if one.stem == key}
            held["segments"] = _but(song.segments, gone)
            held["loops"] = _but(song.loops, gone)
        if self._word == "segments":
            held["loops"] = _but(song.loops, {key})
        if self._word == "loops":
            held["pads"] = {pad: loop for pad, loop in song.pads.items() if loop != key}
            held["blocks"] = _but(
                song.blocks, {b.id for b in song.blocks.values() if b.loop == key}
            )
            held["segments"] = _but(
                song.segments, {s.id for s in song.segments.values() if s.loop == key}
            )
        return replace(song, **held)


def _but(held: Mapping[str, Thing], gone: set[str]) -> dict[str, Thing]:
    return {key: one for key, one in held.items() if key not in gone}


def _name(thing: Thing) -> str:
    return getattr(thing, "name", "") or str(thing.id)


def things_of(song: Song) -> dict[str, Things]:
    """All kinds of things of a song."""
    return {word: Things(song, word) for word in KINDS}


# -- what is in them -----------------------------------------------------------------------------


def _nothing(_: Things, __: Thing) -> Node:
    return Node(dict)


def _settings(things: Things, thing: Thing) -> Node:
    """The strip of a stem or return; a stem also sends to returns."""

    def put(key: str, value: Value | None) -> Song:
        kept = {name: held for name, held in thing.settings.items() if name != key}
        if value is not None:
            kept[key] = song_checks.setting(key, value)
        return things.kept(replace(thing, settings=kept))

    strip = Strip(thing.settings, put)
    if not isinstance(thing, Stem):
        return Node(strip.told, child=strip.child, names=strip.names)
    return Node(
        lambda: strip.told() | {"sends": dict(thing.sends)},
        child=lambda name: _sends(things, thing) if name == "sends" else strip.child(name),
        names=lambda: (*strip.names(), "sends"),
    )


def _sends(things: Things, stem: Stem) -> Node:
    returns = Things(things.song, "returns")

    def child(name: str) -> Node | None:
        found = returns.find(name)
        if found is None:
            return None

        def put(value: Json) -> Song:
            kept = _but(stem.sends, {found.id})
            if value is not None:
                kept[found.id] = song_checks.level(value, "send")
            return things.kept(replace(stem, sends=kept))

        return leaf(stem.sends.get(found.id), put, remove=lambda: put(None))

    return Node(
        lambda: dict(stem.sends),
        child=child,
        names=lambda: [one.name for one in things.song.returns.values()],
    )


def _notes(things: Things, segment: Segment) -> Node:
    """The notes of a midi segment."""
    if segment.kind != "midi":
        return Node(dict)
    notes = NotePaths(segment, things.kept).node()
    return Node(
        lambda: {"notes": notes.value()},
        child=lambda name: notes if name == "notes" else None,
        names=lambda: ("notes",),
    )


_INNER: Mapping[type[Any], Callable[[Things, Thing], Node]] = {
    Stem: _settings,
    Return: _settings,
    Segment: _notes,
}
