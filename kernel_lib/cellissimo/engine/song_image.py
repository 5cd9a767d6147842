"""The score image of a song: stems with their segments, the timeline's loops, returns, master."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass, field

from cellissimo.domain.tempo_map import MeterMap
from cellissimo.domain.ticks import Meter, parse_meter
from cellissimo.engine.image import Strips, add_loop, add_rows, settings_of
from cellissimo.engine.score import Score, ScoreImage
from cellissimo.notation.rows import SOUND_KEY
from cellissimo.schema import image, limits
from cellissimo.schema.models import Block, Loop, Segment, Song, Stem
from cellissimo.schema.parameters import EFFECTS
from cellissimo.schema.sounds import find_sound

FADER = frozenset(("amp.level", "amp.gain", "sample.gain", "amp.mute", "amp.solo", "pan.pan"))
"""The settings of a strip that act behind its effects: freezing leaves them free."""

_FNV_STARTS = (0x811C9DC5, 0x01000193)


def song_image(song: Song, length: int = 0) -> ScoreImage:
    """The image of a whole song, from its first tick to its end, or longer: to ``length``."""
    score = Score(length=max(song_length(song), length), seed=song.seed)
    master = score.add_strip("", image.MASTER, -1, song.master, {}) or 0
    score.add_lanes(master, song.lanes)
    _add_time(score, song)
    returns = _add_returns(score, song)
    for stem in stems_of(song):
        _add_stem(score, song, stem, returns)
    _add_timeline(score, song)
    return score.image()


def song_length(song: Song) -> int:
    """Ticks from the start of a song to its end, at least one bar [DOC-28]."""
    ends = [block.end for block in song.blocks.values()]
    ends += [segment.end for segment in song.segments.values()]
    return max([parse_meter(song.meter).ticks_per_bar, *ends])


def stems_of(song: Song) -> list[Stem]:
    """The stems in their order [DOC-14]."""
    return sorted(song.stems.values(), key=lambda stem: (stem.order, stem.id))


def segments_of(song: Song, stem_id: str) -> list[Segment]:
    """The segments of a stem, from first to last."""
    found = [segment for segment in song.segments.values() if segment.stem == stem_id]
    return sorted(found, key=lambda segment: (segment.start, segment.id))


def _add_time(score: Score, song: Song) -> None:
    for tick, tempo in sorted(song.tempos.items()):
        score.add("tempos", tick, float(tempo.bpm), int(tempo.ramp))
    for tick, text in sorted(song.meters.items()):
        meter = parse_meter(text)
        score.add("meters", tick, meter.ticks_per_bar, meter.ticks_per_beat)


def _add_returns(score: Score, song: Song) -> dict[str, int]:
    strips: dict[str, int] = {}
    for bus in sorted(song.returns.values(), key=lambda bus: (bus.order, bus.id)):
        strip = score.add_strip(f"return:{bus.id}", image.RETURN, 0, bus.settings, {})
        if strip is not None:
            score.add_lanes(strip, bus.lanes)
            strips[bus.id] = strip
    return strips


def _add_stem(score: Score, song: Song, stem: Stem, returns: dict[str, int]) -> None:
    frozen = stem.frozen is not None and stem.frozen.fingerprint == fingerprint(song, stem.id)
    settings = dict(stem.settings)
    if frozen:
        settings |= {f"{effect}.bypass": True for effect in EFFECTS}
    sound = find_sound(str(stem.settings.get(SOUND_KEY, "")))
    patch = sound.patch if sound else {}
    strip = score.add_strip(f"stem:{stem.id}", image.INSTRUMENT, 0, settings, patch, stem.name)
    if strip is None:
        return
    score.add_lanes(strip, stem.lanes)
    for to, level in sorted(stem.sends.items()):
        if to in returns:
            score.add("sends", strip, returns[to], float(level))
    if frozen and stem.frozen:
        _add_frozen(score, strip, stem.frozen.blob, stem.frozen.frames)
    else:
        _Content(score, song, strip, f"stem:{stem.id}/").add(segments_of(song, stem.id))


def _add_frozen(score: Score, strip: int, blob: str, frames: int) -> None:
    span = score.add("spans", 0, limits.LAST_TICK, limits.FROZEN_GAIN, 0.0, 0.0, 0, 0)
    score.add("clips", strip, span, score.audio_number(blob), 0, frames)


def _add_timeline(score: Score, song: Song) -> None:
    content = _Content(score, song, 0, "loop:")
    blocks = sorted(song.blocks.values(), key=lambda b: (b.start, b.lane, b.id))
    used = {block.loop for block in blocks}
    for loop_id in loops_in_order(song):
        if loop_id in used:
            content.prepare(loop_id)
    for block in blocks:
        content.place(block.loop, block, _span(score, block), 0)


def loops_in_order(song: Song) -> list[str]:
    """The ids of the loops: those on pads by pad, then the others by name."""
    first: dict[str, int] = {}
    for pad, loop_id in sorted(song.pads.items()):
        first.setdefault(loop_id, pad)
    return sorted(song.loops, key=lambda i: (first.get(i, limits.PADS), song.loops[i].name, i))


def _span(score: Score, place: Block | Segment) -> int:
    if isinstance(place, Block):
        return score.add("spans", place.start, place.length, 0.0, 0.0, 0.0, 0, 0)
    return score.add(
        "spans",
        place.start,
        place.length,
        float(place.gain),
        float(place.fade_in),
        float(place.fade_out),
        limits.FADE_CURVES.index(place.fade_in_curve),
        limits.FADE_CURVES.index(place.fade_out_curve),
    )


@dataclass(slots=True)
class _Content:
    """What one strip, or the timeline, plays: its loops get strips of their own below it."""

    score: Score
    song: Song
    strip: int
    prefix: str
    groups: dict[str, tuple[int, Strips]] = field(default_factory=dict)
    meters: MeterMap = field(init=False)
    written: dict[tuple[str, int], int] = field(default_factory=dict)
    """The loop records that are there, by loop and length of bar."""

    def __post_init__(self) -> None:
        """Read the song's meters once."""
        self.meters = MeterMap(self.song.meters)

    def add(self, segments: Iterable[Segment]) -> None:
        """Add what segments play."""
        listed = list(segments)
        used = {_loop_of(segment) for segment in listed}
        for loop_id in loops_in_order(self.song):
            if loop_id in used:
                self.prepare(loop_id)
        for segment in listed:
            self._add_segment(segment, _span(self.score, segment))

    def _add_segment(self, segment: Segment, span: int) -> None:
        if segment.kind == "midi":
            self._add_notes(segment, span)
        elif segment.kind == "audio" and segment.blob:
            audio = self.score.audio_number(segment.blob)
            self.score.add("clips", self.strip, span, audio, segment.offset, segment.frames)
        else:
            self.place(_loop_of(segment), segment, span, segment.offset)

    def _add_notes(self, segment: Segment, span: int) -> None:
        for _, note in sorted(segment.notes.items(), key=lambda item: (item[1].start, item[0])):
            tick = segment.start + note.start - segment.offset
            if segment.start <= tick < segment.end:
                words = (tick, note.duration, float(note.pitch), note.velocity)
                self.score.add("notes", self.strip, span, *words)

    def prepare(self, loop_id: str) -> None:
        """Give a loop a bus and a strip for each of its rows."""
        loop = self.song.loops.get(loop_id)
        if loop is None:
            return
        name = f"{self.prefix}{loop_id}"
        settings = settings_of(loop, limits.MASTER)
        bus = self.score.add_strip(name, image.GROUP, self.strip, settings, {})
        if bus is not None:
            self.groups[loop_id] = bus, add_rows(self.score, loop, bus, f"{name}/")

    def place(self, loop_id: str, place: Block | Segment, span: int, offset: int) -> None:
        """Play a loop in a span, from ``offset`` ticks of it on."""
        if loop_id not in self.groups:
            return
        loop = self.song.loops[loop_id]
        meter = parse_meter(loop.meter) if loop.meter else self.meters.meter_at(place.start)
        key = (loop_id, meter.ticks_per_bar)
        if key not in self.written:
            self.written[key] = add_loop(self.score, loop, *self.groups[loop_id], meter)
        turn = meter.ticks_per_bar * loop.bars
        self.score.add("placements", self.written[key], span, offset % turn)


def _loop_of(segment: Segment) -> str:
    """The loop that a segment plays: its own has its id."""
    return segment.id if segment.kind == "pattern" else segment.loop or ""


def bar_of(loop: Loop, song: Song, tick: int) -> Meter:
    """The meter of a loop's bars where it is placed at a tick [DOC-26]."""
    return parse_meter(loop.meter) if loop.meter else MeterMap(song.meters).meter_at(tick)


def fingerprint(song: Song, stem_id: str) -> str:
    """What a stem sounds like before its fader, in 16 hexadecimal digits.

    FNV-1a of the words of the image of the stem alone and of the names of its blobs, begun from
    two numbers.
    """
    alone = song_image(stem_alone(song, stem_id))
    words = (*memoryview(alone.words).cast("I"), *"".join(alone.audio).encode())
    return "".join(f"{_fnv(words, start):08x}" for start in _FNV_STARTS)


def _fnv(words: Iterable[int], start: int) -> int:
    value = start
    for word in words:
        value = (value ^ word) * 0x01000193 & 0xFFFFFFFF
    return value


def stem_alone(song: Song, stem_id: str) -> Song:
    """The song with one stem and nothing else, its fader as if untouched."""
    stem = song.stems[stem_id]
    alone = dataclasses.replace(
        stem,
        order="V",
        frozen=None,
        sends={},
        settings={key: value for key, value in stem.settings.items() if key not in FADER},
        lanes={key: points for key, points in stem.lanes.items() if key not in FADER},
    )
    return dataclasses.replace(
        song,
        stems={stem_id: alone},
        segments={s.id: s for s in song.segments.values() if s.stem == stem_id},
        blocks={},
        returns={},
        master={},
        lanes={},
    )
