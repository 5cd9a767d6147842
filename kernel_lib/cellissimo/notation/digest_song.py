"""A song in words."""

from __future__ import annotations

from collections.abc import Iterator

from cellissimo.domain.tempo_map import MeterMap
from cellissimo.notation.digest_loop import brief, count, digest_loop, named
from cellissimo.notation.digest_places import clock_words, end_of
from cellissimo.notation.digest_stem import (
    digest_return,
    digest_segment,
    digest_stem,
    lane_lines,
    segment_brief,
    segments_of,
    sends_words,
    settings_words,
    stem_brief,
    stems_in_order,
)
from cellissimo.notation.digest_timeline import changes, timeline_lines
from cellissimo.notation.lock_words import in_order, lock_words
from cellissimo.notation.pattern_value import plain
from cellissimo.schema.models import Song


def digest_song(song: Song) -> str:
    """A song in words: its frame, timeline, stems, returns and master, and its loops."""
    return "\n".join(
        (
            f"Song {named(song.name)} · {_frame(song)}",
            *changes(song),
            *timeline_lines(song),
            *_stems(song),
            *_returns(song),
            *_master(song),
            *_loops(song),
            *_locks(song),
        )
    )


def digest_whole(song: Song) -> str:
    """All that is told of a song: itself, its loops bar by bar, its stems, returns and notes."""
    loops = sorted(song.loops.values(), key=lambda loop: (loop.name, loop.id))
    stems = stems_in_order(song)
    held = [segment for stem in stems for segment in segments_of(song, stem) if segment.notes]
    parts = [
        digest_song(song),
        *(digest_loop(loop, song) for loop in loops),
        *(digest_stem(song, stem) for stem in stems),
        *(digest_return(song, bus) for bus in song.returns.values()),
        *(digest_segment(song, segment) for segment in held),
    ]
    return "\n\n".join(parts)


def _frame(song: Song) -> str:
    end = end_of(song)
    frame = f"{song.meter} in {song.key} at {plain(song.tempo)} BPM"
    if end:
        bars = MeterMap(song.meters).bar_at(end - 1)[0]
        frame = f"{count(bars, 'bar')} of {frame} · {clock_words(song, end)}"
    loops = [loop for key, loop in song.loops.items() if not _is_pattern(song, key)]
    words = [frame]
    words += [count(len(loops), "loop")] if loops or not song.stems else []
    words += [count(len(song.stems), "stem")] if song.stems else []
    return " · ".join(words)


def _is_pattern(song: Song, loop_id: str) -> bool:
    """Whether a loop is the text of a segment, and no loop of the pads [DOC-13]."""
    return loop_id in song.segments and song.segments[loop_id].kind == "pattern"


def _stems(song: Song) -> Iterator[str]:
    for stem in stems_in_order(song):
        held = [segment_brief(song, segment) for segment in segments_of(song, stem)]
        said = [stem_brief(song, stem), *held]
        mixed = settings_words(stem.settings)
        said += [f"set to {mixed}"] if mixed else []
        said += [*sends_words(song, stem.sends)]
        said += [f"{key} moves" for key in sorted(stem.lanes)]
        yield f"stem {' · '.join(said)}"


def _returns(song: Song) -> Iterator[str]:
    for bus in sorted(song.returns.values(), key=lambda bus: (bus.order, bus.id)):
        mixed = settings_words(bus.settings)
        yield f"return {named(bus.name)}{f' · set to {mixed}' if mixed else ''}"


def _master(song: Song) -> Iterator[str]:
    mixed = settings_words(song.master)
    if mixed:
        yield f"master set to {mixed}"
    yield from (f"master {line}" for line in lane_lines(song, song.lanes))


def _loops(song: Song) -> Iterator[str]:
    yield from (f"pad {pad}: {_on_pad(song, song.pads[pad])}" for pad in sorted(song.pads))
    held = {*song.pads.values(), *(key for key in song.loops if _is_pattern(song, key))}
    loose = [brief(loop) for key, loop in song.loops.items() if key not in held]
    yield from (f"on no pad: {words}" for words in sorted(loose))


def _locks(song: Song) -> Iterator[str]:
    if song.locks:
        said = [lock_words(song, lock) for lock in in_order(song.locks.values())]
        yield f"locked: {' · '.join(said)}"


def _on_pad(song: Song, loop_id: str) -> str:
    loop = song.loops.get(loop_id)
    return brief(loop) if loop else "a loop that is missing"
