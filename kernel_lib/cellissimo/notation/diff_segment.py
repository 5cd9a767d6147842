"""What differs between the segments of two songs, in words by bar."""

from __future__ import annotations

from collections.abc import Iterator

from cellissimo.domain.tempo_map import MeterMap
from cellissimo.notation.beat_words import beat_word, joined
from cellissimo.notation.diff_words import ARROW, Change, joined_bars, span_bars
from cellissimo.notation.digest_places import place_word, span_words
from cellissimo.notation.digest_stem import segment_brief
from cellissimo.notation.pattern_value import pitch_text, plain
from cellissimo.schema.models import Note, Segment, Song

_MOST_NAMED = 4
"""Notes that are named one by one; more are counted."""

_WORDS = {
    "kind": ("kind", ""),
    "name": ("name", ""),
    "offset": ("offset", ""),
    "gain": ("gain", " dB"),
    "fade_in": ("fade in", " ms"),
    "fade_out": ("fade out", " ms"),
    "fade_in_curve": ("fade in", ""),
    "fade_out_curve": ("fade out", ""),
    "blob": ("audio", ""),
}


def segment_changes(old: Song, new: Song) -> Iterator[Change]:
    """The segments that came, went, moved or hold something else."""
    keys = sorted({*old.segments, *new.segments}, key=lambda key: _place(old, new, key))
    for key in keys:
        was, now = old.segments.get(key), new.segments.get(key)
        if was is None and now is not None:
            yield _whole(new, now, "added")
        elif was is not None and now is None:
            yield _whole(old, was, "taken out")
        elif was is not None and now is not None and was != now:
            yield from _changes(was, now, (old, new))


def _place(old: Song, new: Song, key: str) -> tuple[str, int, str]:
    segment = new.segments.get(key) or old.segments[key]
    return _stem_name(new, segment), segment.start, key


def _stem_name(song: Song, segment: Segment) -> str:
    stem = song.stems.get(segment.stem)
    return stem.name if stem else "a stem that is missing"


def _whole(song: Song, segment: Segment, what: str) -> Change:
    name = _stem_name(song, segment)
    brief = segment_brief(song, segment)
    bars = span_bars(song, segment.start, segment.length)
    return Change("segment", name, f"{name}: {what} {brief}", bars)


def _changes(was: Segment, now: Segment, songs: tuple[Song, Song]) -> Iterator[Change]:
    old, new = songs
    name = _stem_name(new, now)
    bars = joined_bars(span_bars(old, was.start, was.length), span_bars(new, now.start, now.length))
    for text in _placed(was, now, songs):
        yield Change("segment", name, text, bars)
    here = f"{name}, {span_words(new, now.start, now.length)}"
    for field, (word, unit) in _WORDS.items():
        before, after = getattr(was, field), getattr(now, field)
        if before != after:
            text = f"{here}: {word} {_value(before)} {ARROW} {_value(after)}{unit}"
            yield Change("segment", name, text, () if field == "name" else bars)
    if was.loop != now.loop:
        text = f"{here}: loop {_loop(old, was)} {ARROW} {_loop(new, now)}"
        yield Change("segment", name, text, bars)
    yield from _notes(was, now, songs)


def _placed(was: Segment, now: Segment, songs: tuple[Song, Song]) -> Iterator[str]:
    old, new = songs
    name = _stem_name(new, now)
    if was.stem != now.stem:
        yield f"{span_words(new, now.start, now.length)}: {_stem_name(old, was)} {ARROW} {name}"
    if was.start != now.start:
        before, after = place_word(old, was.start), place_word(new, now.start)
        yield f"{name}: segment moved from {before} to {after}"
    if was.length != now.length:
        before = span_words(old, was.start, was.length)
        yield f"{name}: segment {before} {ARROW} {span_words(new, now.start, now.length)}"


def _loop(song: Song, segment: Segment) -> str:
    loop = song.loops.get(segment.loop or "")
    return loop.name if loop else "none"


def _value(value: object) -> str:
    if isinstance(value, int | float):
        return plain(value)
    return (str(value)[:8] if isinstance(value, str) and len(value) == 64 else str(value)) or "none"


def _notes(was: Segment, now: Segment, songs: tuple[Song, Song]) -> Iterator[Change]:
    """The notes that came, went or changed, by bars of the song."""
    old, new = songs
    bars: dict[int, tuple[list[Note], list[Note], list[tuple[Note, Note]]]] = {}
    for key in sorted({*was.notes, *now.notes}):
        before, after = was.notes.get(key), now.notes.get(key)
        if before == after:
            continue
        song, segment, note = (new, now, after) if after is not None else (old, was, before)
        if note is None:
            continue
        kinds = bars.setdefault(_bar(song, segment, note), ([], [], []))
        if before is None and after is not None:
            kinds[0].append(after)
        elif after is None and before is not None:
            kinds[1].append(before)
        elif before is not None and after is not None:
            kinds[2].append((before, after))
    for bar, (added, gone, other) in sorted(bars.items()):
        touched = {bar, *(_bar(old, was, note) for note, _ in other)}
        for text in (
            *_counted(new, now, added, "added"),
            *_counted(old, was, gone, "taken out"),
            *(_other(new, now, *pair) for pair in other),
        ):
            name = _stem_name(new, now)
            yield Change("segment", name, f"{name}, bar {bar}: {text}", tuple(sorted(touched)))


def _bar(song: Song, segment: Segment, note: Note) -> int:
    tick = max(segment.start + note.start - segment.offset, 0)
    return MeterMap(song.meters).bar_at(tick)[0]


def _named(song: Song, segment: Segment, note: Note) -> str:
    grid = MeterMap(song.meters)
    tick = max(segment.start + note.start - segment.offset, 0)
    word = beat_word(int(grid.bar_at(tick)[1]), grid.meter_at(tick))
    return f"{pitch_text(note.pitch)} on {f'beat {word}' if word.isdecimal() else word}"


def _counted(song: Song, segment: Segment, notes: list[Note], what: str) -> Iterator[str]:
    if not notes:
        return
    notes.sort(key=lambda note: (note.start, note.pitch))
    if len(notes) > _MOST_NAMED:
        yield f"{len(notes)} notes {what}"
    else:
        yield f"{joined([_named(song, segment, note) for note in notes])} {what}"


def _other(song: Song, segment: Segment, was: Note, now: Note) -> str:
    said = []
    if was.pitch != now.pitch:
        said.append(f"{pitch_text(was.pitch)} {ARROW} {pitch_text(now.pitch)}")
    if was.start != now.start:
        said.append(f"moved by {now.start - was.start} ticks")
    if was.duration != now.duration:
        said.append(f"duration {was.duration} {ARROW} {now.duration} ticks")
    if was.velocity != now.velocity:
        said.append(f"velocity {was.velocity} {ARROW} {now.velocity}")
    return f"{_named(song, segment, now)}: {', '.join(said)}"
