"""The canonical song file: a song as text that is the same whenever the song is.

One thing a line, ordered by stem, bar, tick, pitch and id, under header lines that name their
row, bar or stem. The headers keep edits of different bars apart, so that git merges them, and no
two lines of a file are alike, so that git never takes one for another. Places and lengths are in
ticks, 960 a quarter; the notes of a segment count from where it begins. ::

    cellissimo song 2
    kind song
    id "6f1c"
    name "First beat"
    key "C major"
    tempo 0 120
    meter 0 "4/4"
    pad 0 "a7"
    lock bars 0 7680
    lock stem "s1"

    timeline
    bar 1 of timeline
    section 0 7680 "c1" "Verse" "#5b8def"
    marker 0 "d1" "start"
    block 0 0 7680 "b1" "a7"
    bar 2 of timeline
    tempo 3840 97.5 ramp

    master
    setting limiter.ceiling -2
    bar 1 of master
    automation amp.level 0 0.8

    loop "a7" "Verse"
    bars 1
    grid 16
    key "C major"
    color "#5b8def"
    sound drum-kick of "a7"
    row kick of "a7"
    setting amp.level 0.5
    sound drum-snare of "a7"
    row master of "a7"
    bar 1 of "a7"
    chord 0 "C"
    step kick 0 127
    step lead 4 102 pitch=64 duration=480 probability=0.5 offset=10

    return "r1" "Room"
    order "V"
    color "#5b8def"
    setting reverb.mix 1
    bar 1 of return "r1"

    stem "s1" "Bass"
    order "V"
    color "#5b8def"
    setting sample.sound "bass-sub"
    send "r1" 0.4
    bar 1 of stem "s1"
    automation filter.freq 0 200 exponential
    segment "g1" midi 0 7680
    gain -3
    bar 1 of segment "g1"
    note 0 480 36 100 "n1"
    bar 2 of segment "g1"
    bar 2 of stem "s1"

    end
"""

from __future__ import annotations

from collections.abc import Iterator

from cellissimo.domain.tempo_map import MeterMap
from cellissimo.notation.pattern_value import plain
from cellissimo.notation.song_file_lines import BARS_KEPT, Placed, quote, under_bars
from cellissimo.notation.song_file_loop import loop_lines
from cellissimo.notation.song_file_strips import master_lines, return_lines, stem_lines
from cellissimo.schema.models import SCHEMA_VERSION, Return, Segment, Song, Stem, Tempo

__all__ = ["FIRST_WORDS", "LAST_WORD", "print_song", "quote"]

FIRST_WORDS = "cellissimo song"
"""What every song file begins with, before the version of its schema."""

LAST_WORD = "end"
"""What every song file ends with: without it, the file was cut off."""


def print_song(song: Song) -> str:
    """The canonical text of a song, also of one of kind "loop": equal songs, equal bytes.

    It ends with a newline. *Cost*: O(things log things + bars of all stems).
    """
    grid, bars = MeterMap(song.meters), bars_of(song)
    parts = [
        [*_head(song)],
        ["timeline", *under_bars(_timeline(song, grid), bars, "timeline")] if bars else [],
        [*master_lines(song, grid, bars)] if bars or song.master else [],
        *([*loop_lines(loop)] for _, loop in sorted(song.loops.items())),
        *([*return_lines(bus, grid, bars)] for bus in _returns(song)),
        *([*stem_lines(s, found, grid, bars)] for s, found in _stems(song)),
        [LAST_WORD],
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def bars_of(song: Song) -> int:
    """How many bars have a header: 32 or a multiple of it, none for a loop that is alone."""
    last = max(_last_ticks(song), default=None)
    if song.kind == "loop" and last is None:
        return 0
    bar, _ = MeterMap(song.meters).bar_at(last or 0)
    return -(-bar // BARS_KEPT) * BARS_KEPT


def _last_ticks(song: Song) -> Iterator[int]:
    """The last tick of each thing that has a place."""
    yield from (block.end - 1 for block in song.blocks.values())
    yield from (segment.end - 1 for segment in song.segments.values())
    yield from (section.end - 1 for section in song.sections.values())
    yield from (marker.tick for marker in song.markers.values())
    yield from (tick for tick in (*song.tempos, *song.meters) if tick)
    lanes = [song.lanes, *(stem.lanes for stem in song.stems.values())]
    lanes += [bus.lanes for bus in song.returns.values()]
    yield from (tick for each in lanes for points in each.values() for tick in points)


def _head(song: Song) -> Iterator[str]:
    yield f"{FIRST_WORDS} {SCHEMA_VERSION}"
    yield f"kind {song.kind}"
    yield f"id {quote(song.id)}"
    yield f"name {quote(song.name)}"
    yield f"key {quote(song.key)}"
    if song.seed:
        yield f"seed {song.seed}"
    yield _tempo_line(0, song.tempos[0])
    yield f"meter 0 {quote(song.meter)}"
    yield from (f"pad {pad} {quote(loop)}" for pad, loop in sorted(song.pads.items()))
    locks = sorted(song.locks.values(), key=lambda one: (one.kind, one.start, one.end, one.of))
    for lock in locks:
        closed = f"{lock.start} {lock.end}" if lock.kind == "bars" else quote(lock.of)
        yield f"lock {lock.kind} {closed}"


def _tempo_line(tick: int, tempo: Tempo) -> str:
    return f"tempo {tick} {plain(tempo.bpm)}{' ramp' if tempo.ramp else ''}"


def _timeline(song: Song, grid: MeterMap) -> Iterator[Placed]:
    """Changes of tempo and meter, sections, markers and blocks, each in its bar."""
    for tick, order, line in _on_timeline(song):
        yield grid.bar_at(tick)[0], order, (line,)


def _on_timeline(song: Song) -> Iterator[tuple[int, tuple[object, ...], str]]:
    for tick, tempo in song.tempos.items():
        if tick:
            yield tick, (0, tick), _tempo_line(tick, tempo)
    for tick, meter in song.meters.items():
        if tick:
            yield tick, (1, tick), f"meter {tick} {quote(meter)}"
    for section in song.sections.values():
        words = f"{quote(section.id)} {quote(section.name)} {quote(section.color)}"
        line = f"section {section.start} {section.length} {words}"
        yield section.start, (2, section.start, section.id), line
    for marker in song.markers.values():
        line = f"marker {marker.tick} {quote(marker.id)} {quote(marker.name)}"
        yield marker.tick, (3, marker.tick, marker.id), line
    for block in song.blocks.values():
        words = f"{block.lane} {block.start} {block.length}"
        line = f"block {words} {quote(block.id)} {quote(block.loop)}"
        yield block.start, (4, block.lane, block.start, block.id), line


def _returns(song: Song) -> list[Return]:
    return sorted(song.returns.values(), key=lambda bus: (bus.order, bus.id))


def _stems(song: Song) -> Iterator[tuple[Stem, list[Segment]]]:
    """The stems in order, each with its segments."""
    of_stem: dict[str, list[Segment]] = {stem: [] for stem in song.stems}
    for segment in song.segments.values():
        of_stem.setdefault(segment.stem, []).append(segment)
    for stem in sorted(song.stems.values(), key=lambda stem: (stem.order, stem.id)):
        yield stem, of_stem[stem.id]
