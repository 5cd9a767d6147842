"""Songs of the playground's JSON: ``{name, bpm, timeSignature, timeline, totalBars}``.

A block of the timeline is ``{id, loopId, startBar, duration}``: bars, the first of them 0. Blocks
that sound at once stand on lanes of their own; ``lane`` is told where it is not the first free.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from cellissimo.domain.tempo_map import MeterMap
from cellissimo.notation.playground_values import (
    Json,
    PlaygroundError,
    checked,
    fields,
    items,
    number,
    required,
    text,
    whole,
    within,
)
from cellissimo.schema import checks, limits
from cellissimo.schema.models import Block, Loop, Song, Tempo

MOST_BARS = 100_000
"""Bars in which a song is counted at the most."""

_ID_LENGTH = 100


def playground_of_song(song: Song) -> dict[str, Any]:
    """The song as JSON: its blocks in their order, in bars from 0."""
    grid = MeterMap(song.meters)
    blocks = sorted(song.blocks.values(), key=_in_order)
    return {
        "id": song.id,
        "name": song.name,
        "bpm": song.tempo,
        "timeSignature": song.meter,
        "timeline": _timeline(blocks, grid),
        "totalBars": _total_bars(song, grid),
        "key": song.key,
    }


def _in_order(block: Block) -> tuple[int, int, str]:
    return block.start, block.lane, block.id


def _timeline(blocks: list[Block], grid: MeterMap) -> list[dict[str, Any]]:
    told, placed = [], list[Block]()
    for block in blocks:
        start = _bars_at(grid, block.start)
        duration = _bars_at(grid, block.end) - start
        one = {
            "id": block.id,
            "loopId": block.loop,
            "startBar": _plain(start),
            "duration": _plain(duration),
        }
        usual = block.lane == _free_lane(placed, block.start, block.end)
        told.append(one if usual else one | {"lane": block.lane})
        placed.append(block)
    return told


def _plain(value: float) -> float:
    rounded = round(value, 6)
    return int(rounded) if rounded.is_integer() else rounded


def _bars_at(grid: MeterMap, tick: int) -> float:
    """Bars from the start to a tick."""
    bar, ticks = grid.bar_at(tick)
    return bar - 1 + ticks / grid.meter_at(tick).ticks_per_bar


def _total_bars(song: Song, grid: MeterMap) -> int:
    """Bars to the end of the last block or segment, begun ones counted; 0 where there is none."""
    ends = [block.end for block in song.blocks.values()]
    ends += [segment.end for segment in song.segments.values()]
    return math.ceil(_bars_at(grid, max(ends))) if ends else 0


def song_of_playground(
    json: object, song_id: str, loops: Mapping[str, Loop], before: Song | None = None
) -> Song:
    """The song that JSON describes, under the id ``song_id``.

    ``loops`` are those that its timeline may name, by ``loopId``; the ones it plays come into the
    song as they are, under that id, and name the loop they come from as their source. ``before``
    is the song that the JSON changes: what is not sent stays. Without it, ``name`` has to be
    there; the tempo is 120 and the meter 4/4 where nothing else is said.

    Raises:
        PlaygroundError: a field is missing or out of range; it names the path and the cure.
    """
    given = fields(json, "the song")
    if before is None:
        required(given, "name", "")
    made = _frame(given, replace(before or Song(song_id, ""), id=song_id))
    if given.get("timeline") is not None:
        made = _with_timeline(given, made, loops)
    _refuse_short(given, made)
    return made


def _frame(given: Json, was: Song) -> Song:
    name, key, bpm = given.get("name"), given.get("key"), given.get("bpm", given.get("tempo"))
    meter = given.get("timeSignature")
    made = was
    if name is not None:
        accepted = f"a text of 1 to {limits.NAME_LENGTH} characters"
        made = replace(made, name=checked("name", name, accepted, lambda: checks.name(name)))
    if key is not None:
        accepted = 'a key such as "C major"'
        made = replace(made, key=checked("key", key, accepted, lambda: checks.key(key)))
    if bpm is not None:
        tempo = Tempo(number(bpm, *limits.TEMPO_RANGE, "bpm"), was.tempos[0].ramp)
        made = replace(made, tempos={**was.tempos, 0: tempo})
    if meter is not None:
        accepted = 'a meter such as "4/4" or "3/4"'
        first = checked("timeSignature", meter, accepted, lambda: checks.meter(meter))
        made = replace(made, meters={**was.meters, 0: first})
    return made


def _with_timeline(given: Json, made: Song, loops: Mapping[str, Loop]) -> Song:
    grid = MeterMap(made.meters)
    blocks: dict[str, Block] = {}
    listed = items(given["timeline"], "timeline", limits.BLOCKS_PER_SONG)
    for index, item in enumerate(listed):
        path = f"timeline[{index}]"
        block = _block(fields(item, path), path, grid, blocks.values())
        if block.id in blocks:
            cure = "Two blocks have this id; give each its own."
            raise PlaygroundError(within(path, "id"), block.id, "each id once", cure)
        if block.loop not in loops and block.loop not in made.loops:
            cure = "Send the id of a loop that is there, or the loop with the song."
            accepted = _some(dict.fromkeys((*made.loops, *loops)))
            raise PlaygroundError(within(path, "loopId"), block.loop, accepted, cure)
        blocks[block.id] = block
    return replace(made, blocks=blocks, loops=_loops(blocks.values(), made, loops))


def _some(ids: Iterable[str]) -> str:
    listed = list(ids)
    shown = ", ".join(listed[:10]) or "no loop is there yet"
    return f"{shown} …" if len(listed) > 10 else shown


def _loops(blocks: Iterable[Block], made: Song, loops: Mapping[str, Loop]) -> dict[str, Loop]:
    """The song's loops and those that its blocks play."""
    found = dict(made.loops)
    for block in blocks:
        if block.loop not in found:
            loop = loops[block.loop]
            found[block.loop] = replace(loop, id=block.loop, source=loop.source or loop.id)
    return found


def _block(given: Json, path: str, grid: MeterMap, placed: Iterable[Block]) -> Block:
    loop = text(required(given, "loopId", path), _ID_LENGTH, within(path, "loopId"))
    start = number(given.get("startBar"), 0, MOST_BARS, within(path, "startBar"))
    duration = number(given.get("duration"), 0, MOST_BARS, within(path, "duration"))
    first, end = _tick_of(grid, start), _tick_of(grid, start + duration)
    if not first < end <= limits.LAST_TICK:
        accepted = f"more than 0 bars, up to four hours in (bar {MOST_BARS} at the most)"
        raise PlaygroundError(
            within(path, "duration"), given.get("duration"), accepted, "Send a length in bars."
        )
    lane = given.get("lane")
    free = _free_lane(placed, first, end)
    if lane is not None:
        free = whole(lane, 0, limits.LANES - 1, within(path, "lane"))
    if free >= limits.LANES:
        cure = "Move one of them, or make it shorter."
        accepted = f"at most {limits.LANES} blocks that sound at once"
        raise PlaygroundError(within(path, "startBar"), given.get("startBar"), accepted, cure)
    block_id = text(required(given, "id", path), _ID_LENGTH, within(path, "id"))
    return Block(block_id, loop, first, end - first, free)


def _tick_of(grid: MeterMap, bars: float) -> int:
    """The tick so many bars from the start."""
    whole_bars = math.floor(bars)
    start = grid.tick_of(whole_bars + 1)
    return start + round((bars - whole_bars) * grid.meter_at(start).ticks_per_bar)


def _free_lane(placed: Iterable[Block], start: int, end: int) -> int:
    """The first lane on which nothing sounds from ``start`` to ``end``."""
    taken = {block.lane for block in placed if block.start < end and start < block.end}
    return next(lane for lane in range(len(taken) + 1) if lane not in taken)


def _refuse_short(given: Json, made: Song) -> None:
    """The bars that were counted hold what is on the timeline."""
    sent = given.get("totalBars")
    if sent is None:
        return
    total = whole(sent, 0, MOST_BARS, "totalBars")
    there = _total_bars(made, MeterMap(made.meters))
    if total < there:
        cure = f"The timeline lasts {there} bars; send that, or leave totalBars out."
        raise PlaygroundError("totalBars", total, f"{there} or more", cure)
