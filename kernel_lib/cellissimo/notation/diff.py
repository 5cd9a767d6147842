"""What differs between two songs, in a musician's words and by bars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from cellissimo.notation.diff_align import aligned
from cellissimo.notation.diff_loop import LoopDiff, sounding_bars
from cellissimo.notation.diff_segment import segment_changes
from cellissimo.notation.diff_strip import master_changes, return_changes, stem_changes
from cellissimo.notation.diff_words import (
    ARROW,
    Change,
    Changes,
    all_bars,
    joined_bars,
    paired,
    span_bars,
)
from cellissimo.notation.digest_places import end_of, place_word, span_words
from cellissimo.notation.lock_words import in_order, lock_words
from cellissimo.notation.pattern_value import plain
from cellissimo.schema.models import Block, Loop, Marker, Section, Song, Tempo

__all__ = ["Change", "Changes", "changed_bars", "diff_songs"]


def diff_songs(old: Song, new: Song) -> Changes:
    """What is other in ``new`` than in ``old``, in the order in which a song is told.

    Things are the same where they have one id; else loops, stems and returns of one name, blocks
    and segments of one place, notes of one place and pitch. Equal songs have no changes.
    *Cost*: O(things).
    """
    old, new = _like_each_other(old, new)
    new = aligned(old, new)
    return Changes(
        (
            *_fields(old, new),
            *_tempos(old, new),
            *_meters(old, new),
            *_sections(old, new),
            *_markers(old, new),
            *_blocks(old, new),
            *_loops(old, new),
            *stem_changes(old, new),
            *segment_changes(old, new),
            *return_changes(old, new),
            *master_changes(old, new),
            *_pads(old, new),
            *_locks(old, new),
        )
    )


def changed_bars(changes: Iterable[Change]) -> list[tuple[int, int]]:
    """The runs of bars that sound other, first and last of each."""
    return Changes(changes).bars


def _like_each_other(old: Song, new: Song) -> tuple[Song, Song]:
    """Two files of single loops are compared as two versions of one loop."""
    if (old.kind, new.kind, len(old.loops), len(new.loops)) != ("loop", "loop", 1, 1):
        return old, new
    (loop,) = old.loops.values()
    (other,) = new.loops
    return replace(old, loops={other: replace(loop, id=other)}), new


def _fields(old: Song, new: Song) -> Iterator[Change]:
    words = {"name": "name", "key": "key", "seed": "seed"}
    for field, word in words.items():
        was, now = getattr(old, field), getattr(new, field)
        if was != now and not (new.kind == "loop" and field == "name"):
            bars = all_bars(new) if field == "seed" else ()
            yield Change("song", new.name, f"{word} {was} {ARROW} {now}", bars)


def _tempos(old: Song, new: Song) -> Iterator[Change]:
    for tick in sorted({*old.tempos, *new.tempos}):
        was, now = old.tempos.get(tick), new.tempos.get(tick)
        if was != now:
            text = f"tempo from {place_word(new, tick)}: {_tempo(was)} {ARROW} {_tempo(now)}"
            yield Change("tempo", new.name, text, _until_next(old, new, tick))


def _until_next(old: Song, new: Song, tick: int) -> tuple[int, ...]:
    """The bars that a tempo at a tick holds in, and those of a ramp that leads to it."""
    points = sorted({*old.tempos, *new.tempos})
    end = max(end_of(old), end_of(new))
    last = next((at for at in points if at > tick), end)
    first = max((at for at in points if at < tick), default=tick)
    ramps = any(song.tempos.get(first, Tempo()).ramp for song in (old, new))
    start = first if ramps else tick
    return span_bars(new, start, min(last, end) - start) if end > start else ()


def _tempo(tempo: Tempo | None) -> str:
    if tempo is None:
        return "as before"
    return f"{plain(tempo.bpm)} BPM{', changing evenly' if tempo.ramp else ''}"


def _meters(old: Song, new: Song) -> Iterator[Change]:
    for tick in sorted({*old.meters, *new.meters}):
        was, now = old.meters.get(tick), new.meters.get(tick)
        if was != now:
            text = f"meter from {place_word(new, tick)}: {was or 'as before'} {ARROW} "
            end = max(end_of(old), end_of(new))
            bars = span_bars(new, tick, end - tick) if end > tick else ()
            yield Change("meter", new.name, text + (now or "as before"), bars)


def _sections(old: Song, new: Song) -> Iterator[Change]:
    for was, now in paired(old.sections, new.sections):
        for text in _section(old, new, was, now):
            name = (now or was or Section("", "", 0, 1)).name
            yield Change("section", name, f"section {name}{text}")


def _section(old: Song, new: Song, was: Section | None, now: Section | None) -> Iterator[str]:
    if was is None and now is not None:
        yield f" added, {span_words(new, now.start, now.length)}"
    elif was is not None and now is None:
        yield f" taken out of {span_words(old, was.start, was.length)}"
    elif was is not None and now is not None:
        if (was.start, was.length) != (now.start, now.length):
            before = span_words(old, was.start, was.length)
            yield f": {before} {ARROW} {span_words(new, now.start, now.length)}"
        if was.name != now.name:
            yield f": name {was.name} {ARROW} {now.name}"
        if was.color != now.color:
            yield f": colour {was.color} {ARROW} {now.color}"


def _markers(old: Song, new: Song) -> Iterator[Change]:
    for was, now in paired(old.markers, new.markers):
        if was is not None and now is not None and (was.name, was.tick) == (now.name, now.tick):
            continue
        before = place_word(old, was.tick) if was else ""
        after = place_word(new, now.tick) if now else ""
        thing: Marker | None = now or was
        name = thing.name if thing else ""
        if before and after:
            renamed = f"{was.name} {ARROW} {name}, " if was and was.name != name else ""
            text = f"marker {renamed or name + ' moved '}from {before} to {after}"
        else:
            text = f"marker {name} {f'added at {after}' if after else f'taken out of {before}'}"
        yield Change("marker", name, text)


def _blocks(old: Song, new: Song) -> Iterator[Change]:
    keys = sorted({*old.blocks, *new.blocks}, key=lambda key: _block_place(old, new, key))
    for key in keys:
        was, now = old.blocks.get(key), new.blocks.get(key)
        bars = joined_bars(
            *(
                span_bars(song, block.start, block.length)
                for song, block in ((old, was), (new, now))
                if block is not None
            )
        )
        for text in _block(old, new, was, now):
            block = now or was
            yield Change("block", _played(new if now else old, block), text, bars)


def _block_place(old: Song, new: Song, key: str) -> tuple[int, int, str]:
    block = new.blocks.get(key) or old.blocks[key]
    return block.start, block.lane, key


def _played(song: Song, block: Block | None) -> str:
    loop = song.loops.get(block.loop) if block else None
    return loop.name if loop else "a loop that is missing"


def _block(old: Song, new: Song, was: Block | None, now: Block | None) -> Iterator[str]:
    if was is None and now is not None:
        yield f"{_played(new, now)} added at {span_words(new, now.start, now.length)}"
    elif was is not None and now is None:
        yield f"{_played(old, was)} taken out of {span_words(old, was.start, was.length)}"
    elif was is not None and now is not None:
        yield from _block_fields(old, new, was, now)


def _block_fields(old: Song, new: Song, was: Block, now: Block) -> Iterator[str]:
    name = _played(new, now)
    if was.loop != now.loop:
        yield f"{place_word(new, now.start)}: {_played(old, was)} {ARROW} {name}"
    if was.start != now.start:
        yield f"{name} moved from {place_word(old, was.start)} to {place_word(new, now.start)}"
    if was.length != now.length:
        before = span_words(old, was.start, was.length)
        yield f"{name}: {before} {ARROW} {span_words(new, now.start, now.length)}"
    if was.lane != now.lane:
        yield f"{name} at {place_word(new, now.start)}: lane {was.lane} {ARROW} {now.lane}"


def _loops(old: Song, new: Song) -> Iterator[Change]:
    for was, now in paired(old.loops, new.loops):
        if was is not None and now is not None:
            if was != now:
                yield from LoopDiff(was, now, (old, new)).changes()
        elif now is not None:
            yield _whole_loop(new, now, "added")
        elif was is not None:
            yield _whole_loop(old, was, "taken out")


def _whole_loop(song: Song, loop: Loop, what: str) -> Change:
    bars = sounding_bars(song, loop, range(1, loop.bars + 1))
    return Change("loop", loop.name, f"loop {loop.name} {what}", bars)


def _locks(old: Song, new: Song) -> Iterator[Change]:
    """What was locked and opened; what is gone took its lock along."""
    for lock in in_order(new.locks[key] for key in new.locks.keys() - old.locks.keys()):
        yield Change("lock", new.name, f"{lock_words(new, lock)} locked")
    for lock in in_order(old.locks[key] for key in old.locks.keys() - new.locks.keys()):
        if lock.kind == "bars" or lock.of in (new.stems if lock.kind == "stem" else new.loops):
            yield Change("lock", new.name, f"{lock_words(new, lock)} opened")


def _pads(old: Song, new: Song) -> Iterator[Change]:
    for pad in sorted({*old.pads, *new.pads}):
        was, now = old.pads.get(pad), new.pads.get(pad)
        if was != now:
            names = [
                song.loops[loop].name if loop and loop in song.loops else "empty"
                for song, loop in ((old, was), (new, now))
            ]
            yield Change("pad", f"pad {pad}", f"pad {pad}: {names[0]} {ARROW} {names[1]}")
