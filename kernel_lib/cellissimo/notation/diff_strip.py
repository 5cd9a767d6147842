"""What differs between stems, returns and masters of two songs, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cellissimo.notation.diff_words import (
    ARROW,
    SOUND,
    Change,
    all_bars,
    joined_bars,
    paired,
    setting_changes,
    span_bars,
)
from cellissimo.notation.digest_places import end_of, place_word
from cellissimo.notation.pattern_value import plain
from cellissimo.schema.models import Lanes, Point, Return, Song, Stem, Value

_WORDS = {"name": "name", "color": "colour", "channel": "MIDI channel"}


def stem_changes(old: Song, new: Song) -> Iterator[Change]:
    """The stems that came, went or were mixed otherwise."""
    for was, now in paired(old.stems, new.stems):
        if was is None and now is not None:
            yield _whole("stem", now, "added", stem_bars(new, now.id))
        elif was is not None and now is None:
            yield _whole("stem", was, "taken out", stem_bars(old, was.id))
        elif was is not None and now is not None:
            bars = joined_bars(stem_bars(old, was.id), stem_bars(new, now.id))
            yield from _strip("stem", (was, now), bars, (old, new))
            yield from _sends(was, now, bars, (old, new))
    yield from _order(old, new)


def return_changes(old: Song, new: Song) -> Iterator[Change]:
    """The returns that came, went or were mixed otherwise."""
    bars = joined_bars(all_bars(old), all_bars(new))
    for was, now in paired(old.returns, new.returns):
        if was is None and now is not None:
            yield _whole("return", now, "added", bars)
        elif was is not None and now is None:
            yield _whole("return", was, "taken out", bars)
        elif was is not None and now is not None:
            yield from _strip("return", (was, now), bars, (old, new))


def master_changes(old: Song, new: Song) -> Iterator[Change]:
    """The settings and the automation of the master that are other."""
    bars = joined_bars(all_bars(old), all_bars(new))
    yield from _settings("master", "Master", (old.master, new.master), bars)
    yield from lane_changes("master", "Master", (old.lanes, new.lanes), (old, new))


def stem_bars(song: Song, stem_id: str) -> tuple[int, ...]:
    """The bars in which a stem has something."""
    own = (segment for segment in song.segments.values() if segment.stem == stem_id)
    return joined_bars(*(span_bars(song, each.start, each.length) for each in own))


def _whole(kind: str, strip: Stem | Return, what: str, bars: tuple[int, ...]) -> Change:
    return Change(kind, strip.name, f"{kind} {strip.name} {what}", bars)


def _strip(
    kind: str,
    strips: tuple[Stem, Stem] | tuple[Return, Return],
    bars: tuple[int, ...],
    songs: tuple[Song, Song],
) -> Iterator[Change]:
    was, now = strips
    for field, word in _WORDS.items():
        before, after = getattr(was, field, None), getattr(now, field, None)
        if before != after:
            text = f"{now.name}: {word} {before or 'none'} {ARROW} {after or 'none'}"
            yield Change(kind, now.name, text)
    sounds = str(was.settings.get(SOUND, "")), str(now.settings.get(SOUND, ""))
    yield from _settings(kind, now.name, (was.settings, now.settings), bars, sounds)
    yield from lane_changes(kind, now.name, (was.lanes, now.lanes), songs)


def _settings(
    kind: str,
    name: str,
    settings: tuple[Mapping[str, Value], Mapping[str, Value]],
    bars: tuple[int, ...],
    sounds: tuple[str, str] = ("", ""),
) -> Iterator[Change]:
    for _, words in setting_changes(*settings, sounds):
        yield Change(kind, name, f"{name}: {words}", bars)


def _sends(
    was: Stem, now: Stem, bars: tuple[int, ...], songs: tuple[Song, Song]
) -> Iterator[Change]:
    for bus in sorted({*was.sends, *now.sends}):
        before, after = was.sends.get(bus, 0), now.sends.get(bus, 0)
        if before != after:
            held = songs[1].returns.get(bus) or songs[0].returns.get(bus)
            name = held.name if held else "a return that is missing"
            text = f"{now.name}: send to {name} {plain(before)} {ARROW} {plain(after)}"
            yield Change("stem", now.name, text, bars)
    if (was.frozen is None) != (now.frozen is None):
        word = "melted" if now.frozen is None else "frozen"
        yield Change("stem", now.name, f"{now.name}: {word}", bars)


def _order(old: Song, new: Song) -> Iterator[Change]:
    """One change where the stems that both songs have stand in another order."""
    both = [key for key in old.stems if key in new.stems]
    before = sorted(both, key=lambda key: (old.stems[key].order, key))
    after = sorted(both, key=lambda key: (new.stems[key].order, key))
    if before != after:
        names = ", ".join(new.stems[key].name for key in after)
        yield Change("stem", "stems", f"stems stand in another order: {names}")


def lane_changes(
    kind: str, name: str, lanes: tuple[Lanes, Lanes], songs: tuple[Song, Song]
) -> Iterator[Change]:
    """The points of automation that are other, one change each."""
    old, new = lanes
    for key in sorted({*old, *new}):
        was, now = old.get(key, {}), new.get(key, {})
        for tick in sorted({*was, *now}):
            before, after = was.get(tick), now.get(tick)
            if before != after:
                text = f"{name}, {place_word(songs[1], tick)}: {key} {_point(before, after)}"
                yield Change(kind, name, text, _moved_bars((was, now), tick, songs))


def _moved_bars(
    lanes: tuple[Mapping[int, Point], Mapping[int, Point]], tick: int, songs: tuple[Song, Song]
) -> tuple[int, ...]:
    """From the point before to the point behind: what a point can move."""
    ticks = {*lanes[0], *lanes[1]}
    first = max((at for at in ticks if at < tick), default=tick)
    ends = max(end_of(song) for song in songs)
    last = min((at for at in ticks if at > tick), default=max(ends, tick + 1))
    return span_bars(songs[1], first, last - first)


def _point(was: Point | None, now: Point | None) -> str:
    if was is None and now is not None:
        return f"point added, {plain(now.value)}"
    if was is not None and now is None:
        return f"point taken out, {plain(was.value)}"
    if was is not None and now is not None and was.value != now.value:
        return f"{plain(was.value)} {ARROW} {plain(now.value)}"
    return f"curve {was.curve if was else ''} {ARROW} {now.curve if now else ''}"
