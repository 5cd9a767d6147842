"""What stands on a song's timeline in words: blocks, sections, markers, changes of tempo."""

from __future__ import annotations

from collections.abc import Iterator

from cellissimo.notation.digest_loop import named
from cellissimo.notation.digest_places import loop_ticks, place_word, span_words, times_words
from cellissimo.notation.pattern_value import plain
from cellissimo.schema.models import Block, Marker, Section, Song


def digest_block(song: Song, block: Block) -> str:
    """A block in words: its loop, its bars and how often the loop plays in it."""
    return f"Block {played(song, block.loop, block.start, block.length)}{_lane(block)}"


def digest_section(song: Song, section: Section) -> str:
    """A section in words: its name and bars."""
    return f"Section {named(section.name)} · {span_words(song, section.start, section.length)}"


def digest_marker(song: Song, marker: Marker) -> str:
    """A marker in words: its name and place."""
    return f"Marker {named(marker.name)} · {place_word(song, marker.tick)}"


def digest_tempos(song: Song) -> str:
    """The tempos and meters of a song in words, one change a line."""
    first = f"bar 1: {_tempo(song, 0)}, {song.meter}"
    return "\n".join((first, *changes(song)))


def changes(song: Song) -> Iterator[str]:
    """The changes of tempo and meter behind the start, one a line."""
    for tick in sorted({*song.tempos, *song.meters} - {0}):
        said = [_tempo(song, tick)] if tick in song.tempos else []
        said += [song.meters[tick]] if tick in song.meters else []
        yield f"from {place_word(song, tick)}: {', '.join(said)}"


def _tempo(song: Song, tick: int) -> str:
    tempo = song.tempos[tick]
    later = min((at for at in song.tempos if at > tick), default=None)
    speed = f"{plain(tempo.bpm)} BPM"
    if not tempo.ramp or later is None:
        return speed
    return f"{speed}, changing evenly to {plain(song.tempos[later].bpm)}"


def played(song: Song, loop_id: str | None, start: int, length: int) -> str:
    """A loop at a place: '"Verse" · bars 1-8, twice'."""
    loop = song.loops.get(loop_id or "")
    span = span_words(song, start, length)
    if loop is None:
        return f"of a loop that is missing · {span}"
    times = times_words(length, loop_ticks(song, loop, start))
    return f"{named(loop.name)} · {span}{'' if times == 'once' else f', {times}'}"


def timeline_lines(song: Song) -> Iterator[str]:
    """Sections, markers and blocks, each kind in one line, in their order."""
    sections = sorted(song.sections.values(), key=lambda s: (s.start, s.length, s.name))
    if sections:
        said = [f"{s.name} {span_words(song, s.start, s.length)}" for s in sections]
        yield f"sections: {' · '.join(said)}"
    markers = sorted(song.markers.values(), key=lambda marker: (marker.tick, marker.name))
    if markers:
        said = [f"{marker.name} at {place_word(song, marker.tick)}" for marker in markers]
        yield f"markers: {' · '.join(said)}"
    for lane in sorted({block.lane for block in song.blocks.values()}):
        blocks = [block for block in song.blocks.values() if block.lane == lane]
        blocks.sort(key=lambda block: (block.start, block.length, block.id))
        yield f"{_timeline(lane)}: {' · '.join(_block_words(song, block) for block in blocks)}"


def _timeline(lane: int) -> str:
    return f"timeline, lane {lane}" if lane else "timeline"


def _block_words(song: Song, block: Block) -> str:
    loop = song.loops.get(block.loop)
    span = span_words(song, block.start, block.length)
    times = times_words(block.length, loop_ticks(song, loop, block.start)) if loop else "once"
    name = named(loop.name) if loop else "a loop that is missing"
    return f"{span} {name}{'' if times == 'once' else f' {times}'}"


def _lane(block: Block) -> str:
    return f" · lane {block.lane}" if block.lane else ""
