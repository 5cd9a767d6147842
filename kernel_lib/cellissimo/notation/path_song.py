"""A song at paths: its own fields, what it holds by id or name, and the words of sequencers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from cellissimo.notation.path_loop import LoopPaths
from cellissimo.notation.path_node import Json, Node, PathError, leaf
from cellissimo.notation.path_strip import Strip
from cellissimo.notation.path_things import Things, things_of
from cellissimo.schema import checks, limits, song_checks
from cellissimo.schema.models import Loop, Song, Tempo, Value

_FIELDS: Mapping[str, Callable[[Any], Any]] = {
    "name": checks.name,
    "key": checks.key,
    "seed": song_checks.seed,
}

_NOT_KEPT = ("isPlaying", "isPaused", "currentPosition", "position", "playing")


def song_node(song: Song) -> Node:
    """All of a song."""
    children: dict[str, Callable[[], Node]] = {
        **{name: partial(_field, song, name) for name in _FIELDS},
        "tempo": lambda: _first_tempo(song),
        "meter": lambda: _first_meter(song),
        "timeSignature": lambda: _first_meter(song),
        "tempos": lambda: _tempos(song),
        "meters": lambda: _meters(song),
        "pads": lambda: _pads(song),
        "master": lambda: _master(song),
        **{name: things.node for name, things in things_of(song).items()},
        "loop": lambda: _pattern(song),
        "pattern": lambda: _pattern(song),
        "transport": lambda: _transport(song),
        "effects": lambda: _strips(song),
        "instruments": lambda: _strips(song),
    }
    return _branch(children)


def _branch(children: Mapping[str, Callable[[], Node]], told: Iterable[str] = ()) -> Node:
    def child(name: str) -> Node | None:
        found = children.get(name)
        return found() if found else None

    words = tuple(told) or tuple(children)
    return Node(
        lambda: {name: children[name]().value() for name in words},
        child=child,
        names=lambda: children,
    )


def _field(song: Song, name: str) -> Node:
    def put(value: Json) -> Song:
        return replace(song, **{name: _FIELDS[name](value)})

    return leaf(getattr(song, name), put)


# -- time ----------------------------------------------------------------------------------------


def _first_tempo(song: Song) -> Node:
    return leaf(song.tempo, lambda value: _with_tempo(song, 0, value))


def _first_meter(song: Song) -> Node:
    return leaf(song.meter, lambda value: _with_meter(song, 0, value))


def _with_tempo(song: Song, tick: int, value: Json) -> Song:
    if isinstance(value, Mapping):
        given = Tempo(value.get("bpm", 0.0), bool(value.get("ramp", False)))
    else:
        given = Tempo(value)
    if tick not in song.tempos:
        song_checks.room_for(len(song.tempos), limits.MAP_POINTS, "tempos")
    tempos = {**song.tempos, tick: song_checks.tempo(given)}
    return replace(song, tempos=dict(sorted(tempos.items())))


def _with_meter(song: Song, tick: int, value: Json) -> Song:
    if tick not in song.meters:
        song_checks.room_for(len(song.meters), limits.MAP_POINTS, "meters")
    meters = {**song.meters, tick: checks.meter(value)}
    return replace(song, meters=dict(sorted(meters.items())))


def _tempos(song: Song) -> Node:
    def remove(tick: int) -> Song:
        return replace(song, tempos={at: held for at, held in song.tempos.items() if at != tick})

    told = {tick: {"bpm": held.bpm, "ramp": held.ramp} for tick, held in song.tempos.items()}
    return _points(told, lambda tick, value: _with_tempo(song, tick, value), remove)


def _meters(song: Song) -> Node:
    def remove(tick: int) -> Song:
        return replace(song, meters={at: held for at, held in song.meters.items() if at != tick})

    return _points(song.meters, lambda tick, value: _with_meter(song, tick, value), remove)


def _points(
    told: Mapping[int, Json], put: Callable[[int, Json], Song], remove: Callable[[int], Song]
) -> Node:
    """Values that hold from a tick on; the one at the start stays."""

    def child(name: str) -> Node:
        tick = song_checks.tick(_number(name), "tick")
        can_go = tick and tick in told
        return leaf(
            told.get(tick),
            lambda value: put(tick, value),
            remove=(lambda: remove(tick)) if can_go else None,
        )

    return Node(
        lambda: {str(tick): held for tick, held in told.items()},
        child=child,
        names=lambda: ["a tick of the song"],
    )


def _number(name: str) -> object:
    return int(name) if name.isascii() and name.isdecimal() and len(name) < 16 else name


def _transport(song: Song) -> Node:
    """What a transport keeps; where it plays is the room's, and never kept."""
    children = {
        "tempo": lambda: _first_tempo(song),
        "bpm": lambda: _first_tempo(song),
        "timeSignature": lambda: _first_meter(song),
        "meter": lambda: _first_meter(song),
    }
    made = _branch(children, ("tempo", "timeSignature"))

    def child(name: str) -> Node | None:
        if name in _NOT_KEPT:
            raise PathError(
                f"{name} is not kept in the song",
                path=f"transport.{name}",
                accepted="tempo, timeSignature",
                cure="Play, stop and seek in the room, over its websocket.",
            )
        return made.child(name) if made.child else None

    return Node(made.value, child=child, names=made.names)


# -- pads, the master ----------------------------------------------------------------------------


def _pads(song: Song) -> Node:
    def write(pad: int, loop: str | None) -> Song:
        pads = {key: held for key, held in song.pads.items() if key != pad}
        return replace(song, pads=pads if loop is None else {**pads, pad: loop})

    def child(name: str) -> Node:
        pad = checks.whole(_number(name), 0, limits.PADS - 1, "pad")

        def put(value: Json) -> Song:
            return write(pad, None if value is None else Things(song, "loops").known(value).id)

        remove = (lambda: write(pad, None)) if pad in song.pads else None
        return leaf(song.pads.get(pad), put, remove=remove)

    return Node(
        lambda: {str(pad): loop for pad, loop in song.pads.items()},
        child=child,
        names=lambda: [f"a pad 0 … {limits.PADS - 1}"],
    )


def _master(song: Song) -> Node:
    def put(key: str, value: Value | None) -> Song:
        kept = {name: held for name, held in song.master.items() if name != key}
        if value is not None:
            kept[key] = song_checks.setting(key, value, of_master=True)
        return replace(song, master=kept)

    strip = Strip(song.master, put)
    return Node(strip.told, child=strip.child, names=strip.names)


# -- the words of sequencers ---------------------------------------------------------------------


def pattern_of(song: Song) -> Loop:
    """The loop that "pattern" means: that of the first pad, or else the first by name.

    Raises:
        PathError: the song has no loop.
    """
    padded = [song.loops[loop] for _, loop in sorted(song.pads.items()) if loop in song.loops]
    own = [loop for loop in song.loops.values() if loop.id not in song.segments]
    found = padded or sorted(own, key=lambda loop: (loop.name, loop.id))
    if not found:
        raise PathError(
            "the song has no loop",
            path="pattern",
            accepted="loops",
            cure="Add one first: {'path': 'loops', 'operation': 'add', 'value': {'name': 'Beat'}}.",
        )
    return found[0]


def _pattern(song: Song) -> Node:
    loop = pattern_of(song)
    made = LoopPaths(song, loop).node()

    def child(name: str) -> Node | None:
        return _first_tempo(song) if name == "bpm" else made.child and made.child(name)

    return Node(made.value, child=child, names=made.names)


def _strips(song: Song) -> Node:
    """Stems by id or name, the master, and the rows of the pattern."""
    stems = Things(song, "stems")

    def child(name: str) -> Node | None:
        if name == limits.MASTER:
            return _master(song)
        found = stems.find(name)
        if found is not None:
            return stems.one(found)
        if song.loops and name in LoopPaths(song, pattern_of(song)).row_names():
            rows = _pattern(song).child
            held = rows("rows") if rows else None
            return held.child(name) if held and held.child else None
        return None

    def names() -> list[str]:
        rows = LoopPaths(song, pattern_of(song)).row_names() if song.loops else []
        return [limits.MASTER, *(stem.name for stem in song.stems.values()), *rows]

    return Node(
        lambda: {name: found.value() for name in names() if (found := child(name))},
        child=child,
        names=names,
    )
