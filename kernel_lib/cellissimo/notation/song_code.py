"""Python that makes a song again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cellissimo.domain.tempo_map import MeterMap
from cellissimo.domain.ticks import parse_meter
from cellissimo.notation.digest_stem import segments_of, stems_in_order
from cellissimo.notation.lock_words import in_order
from cellissimo.notation.loop_code import literal, loop_statements, quoted
from cellissimo.notation.pattern_printer import print_pattern
from cellissimo.notation.pattern_value import pitch_text
from cellissimo.notation.song_content import loops_in_order, returns_in_order
from cellissimo.notation.strip_code import STRIP_PROPERTIES, lane_statements, setting_statements
from cellissimo.schema import limits, models
from cellissimo.schema.sounds import find_sound

SOUND = "sample.sound"


def song_code(song: models.Song) -> str:
    """Python that makes the song again; its audio is asked for by the names of its blobs.

    Stems that are frozen come back thawed.
    """
    statements = list(SongCode(song).statements())
    lines = ["import cellissimo as cm"]
    if any("Point(" in line for line in statements):
        lines.append("from cellissimo.schema.models import Point")
    return "\n".join((*lines, "", *statements)) + "\n"


class SongCode:
    """The statements that make a song; loops, returns and stems are variables in them."""

    def __init__(self, song: models.Song) -> None:
        """Those of ``song``."""
        self._song = song
        self._grid = MeterMap(song.meters)
        order = loops_in_order(song)
        self._loops = {loop_id: f"loop_{at + 1}" for at, loop_id in enumerate(order)}
        self._returns = dict(_unique(returns_in_order(song), "return"))
        self._stems = dict(_unique(stems_in_order(song), "stem"))

    def statements(self) -> Iterator[str]:
        """All of them, in the order in which they run."""
        yield from self._frame()
        yield from self._loop_statements()
        yield from self._timeline()
        yield from self._return_statements()
        for number, stem in enumerate(stems_in_order(self._song)):
            yield ""
            yield from self._stem(stem, f"stem_{number + 1}")
        yield from setting_statements("song.master", self._song.master)
        yield from lane_statements("song.master", self._song.lanes, self._grid)
        for bus in returns_in_order(self._song):
            if self._returns[bus.id] != bus.name:
                name = quoted(self._returns[bus.id])
                yield f"song.returns[{name}].name = {quoted(bus.name)}"
        yield from self._locks()

    def _locks(self) -> Iterator[str]:
        stems = stems_in_order(self._song)
        made = {("loop", loop_id): variable for loop_id, variable in self._loops.items()}
        made |= {("stem", stem.id): f"stem_{at + 1}" for at, stem in enumerate(stems)}
        locks = self._song.locks.values()
        locked = {(lock.kind, lock.of) for lock in locks}
        yield from (f"{variable}.lock()" for of, variable in made.items() if of in locked)
        for lock in in_order(lock for lock in locks if lock.kind == "bars"):
            bars = self._bars(lock.start, lock.end - lock.start)
            if bars is None:
                yield f"song.lock_bars(start={lock.start}, end={lock.end})"
            else:
                first = self._grid.bar_at(lock.start)[0]
                yield f"song.lock_bars({first}, {first + bars - 1})"

    def _frame(self) -> Iterator[str]:
        song = self._song
        tempo, meter, key = literal(song.tempo), quoted(song.meter), quoted(song.key)
        yield f"song = cm.Song({quoted(song.name)}, tempo={tempo}, meter={meter}, key={key})"
        if song.seed:
            yield f"song.seed = {song.seed}"
        for tick, held in sorted(song.meters.items()):
            if tick:
                yield f"song.meters.set(start={tick}, meter={quoted(held)})"
        for tick, point in sorted(song.tempos.items()):
            if tick or point.ramp:
                ramp = ", ramp=True" if point.ramp else ""
                yield f"song.tempos.set({self._at(tick)}, tempo={literal(point.bpm)}{ramp})"

    def _loop_statements(self) -> Iterator[str]:
        for loop_id, variable in self._loops.items():
            yield ""
            yield from loop_statements(self._song.loops[loop_id], variable)
            if loop_id not in self._song.pads.values():
                yield f"song.add({variable})"
        for pad, loop_id in sorted(self._song.pads.items()):
            if loop_id in self._loops:
                yield f"song.pads[{pad}] = {self._loops[loop_id]}"

    def _timeline(self) -> Iterator[str]:
        song = self._song
        if song.blocks or song.sections or song.markers:
            yield ""
        for block in self._blocks():
            yield self._block(block)
        sections = song.sections.values()
        for section in sorted(sections, key=lambda s: (s.start, s.length, s.name, s.color)):
            yield from self._section(section)
        for marker in sorted(song.markers.values(), key=lambda m: (m.tick, m.name)):
            yield f"song.markers.add({quoted(marker.name)}, {self._at(marker.tick)})"

    def _blocks(self) -> list[models.Block]:
        """Those of known loops, in an order that no id decides."""
        places = {loop_id: place for place, loop_id in enumerate(self._loops)}
        known = (block for block in self._song.blocks.values() if block.loop in places)
        return sorted(known, key=lambda one: (one.start, one.lane, places[one.loop], one.length))

    def _block(self, block: models.Block) -> str:
        turn = self._turn(self._song.loops[block.loop], block.start)
        words = [self._loops[block.loop], self._at(block.start)]
        times, rest = divmod(block.length, turn)
        words += [f"times={times}"] if times > 1 and not rest else []
        words += [f"lane={block.lane}"] if block.lane else []
        length = f".length = {block.length}" if rest else ""
        return f"song.timeline.add({', '.join(words)}){length}"

    def _turn(self, loop: models.Loop, tick: int) -> int:
        meter = parse_meter(loop.meter) if loop.meter else self._grid.meter_at(tick)
        return loop.bars * meter.ticks_per_bar

    def _section(self, section: models.Section) -> Iterator[str]:
        bars = self._bars(section.start, section.length)
        color = f", color={quoted(section.color)}" if section.color != models.DEFAULT_COLOR else ""
        if bars is not None and not self._grid.bar_at(section.start)[1]:
            place = f"{self._at(section.start)}, bars={bars}"
            yield f"song.sections.add({quoted(section.name)}, {place}{color})"
            return
        yield f"part = song.sections.add({quoted(section.name)}, bar=1, bars=1{color})"
        yield f"part.start, part.length = {section.start}, {section.length}"

    def _at(self, tick: int) -> str:
        bar, inside = self._grid.bar_at(tick)
        return f"start={tick}" if inside else f"bar={bar}"

    def _bars(self, start: int, length: int) -> int | None:
        """How many whole bars a stretch lasts that begins with one; None for any other."""
        first, early = self._grid.bar_at(start)
        last, late = self._grid.bar_at(start + length)
        return None if early or late else last - first

    def _return_statements(self) -> Iterator[str]:
        for number, bus in enumerate(returns_in_order(self._song)):
            variable = f"return_{number + 1}"
            yield ""
            name = quoted(self._returns[bus.id])
            yield f"{variable} = song.returns.add({name}, color={quoted(bus.color)})"
            yield from setting_statements(variable, bus.settings)
            yield from lane_statements(variable, bus.lanes, self._grid)

    def _stem(self, stem: models.Stem, variable: str) -> Iterator[str]:
        words = [quoted(self._stems[stem.id])]
        sound = stem.settings.get(SOUND)
        known = find_sound(str(sound)) if sound is not None else None
        has_sound = known is not None and known.id == sound
        words += [f"sound={quoted(str(sound))}"] if has_sound else []
        yield f"{variable} = song.stems.add({', '.join(words)}, color={quoted(stem.color)})"
        if self._stems[stem.id] != stem.name:
            yield f"{variable}.name = {quoted(stem.name)}"
        if stem.channel is not None:
            yield f"{variable}.channel = {stem.channel}"
        rest = {k: v for k, v in stem.settings.items() if not (has_sound and k == SOUND)}
        yield from setting_statements(variable, rest, STRIP_PROPERTIES | {"amp.solo": "soloed"})
        for bus, name in self._returns.items():
            if level := stem.sends.get(bus):
                yield f"{variable}.sends[{quoted(name)}] = {literal(level)}"
        yield from lane_statements(variable, stem.lanes, self._grid)
        for segment in segments_of(self._song, stem):
            yield from self._segment(segment, variable)

    def _segment(self, segment: models.Segment, stem: str) -> Iterator[str]:
        made = self._made(segment, stem)
        if made is None:
            return
        fields = dict(self._fields(segment))
        if len(fields) < 2:
            setting = "".join(f".{field} = {value}" for field, value in fields.items())
            yield f"{made}{setting}"
        else:
            yield f"part = {made}"
            yield from (f"part.{field} = {value}" for field, value in fields.items())

    def _made(self, segment: models.Segment, stem: str) -> str | None:
        """The call that makes a segment; None where what it plays is missing."""
        at, named = self._at(segment.start), f", name={quoted(segment.name)}"
        name = named if segment.name else ""
        match segment.kind:
            case "midi":
                notes = _notes(segment.notes)
                return f"{stem}.add_notes([{notes}], {at}, length={segment.length}{name})"
            case "audio":
                return f"{stem}.add_audio(cm.Audio.of({quoted(str(segment.blob))}), {at}{named})"
            case "loop" if segment.loop in self._loops:
                return f"{stem}.add_loop({self._loops[segment.loop]}, {at})"
            case "pattern" if segment.id in self._song.loops:
                text = quoted(print_pattern(self._song.loops[segment.id]))
                return f"{stem}.add_pattern({text}, {at}{name})"
            case _:
                return None

    def _fields(self, segment: models.Segment) -> Iterator[tuple[str, str]]:
        """The fields that a segment has other than it is made with."""
        if segment.kind != "midi":
            yield "length", str(segment.length)
        if segment.kind == "loop" and segment.name:
            yield "name", quoted(segment.name)
        if segment.offset:
            yield "offset", str(segment.offset)
        for field in ("gain", "fade_in", "fade_out"):
            if getattr(segment, field):
                yield field, literal(getattr(segment, field))
        for field in ("fade_in_curve", "fade_out_curve"):
            if getattr(segment, field) != limits.FADE_CURVES[0]:
                yield field, quoted(getattr(segment, field))
        if segment.kind == "pattern":
            yield from self._pattern_fields(segment)

    def _pattern_fields(self, segment: models.Segment) -> Iterator[tuple[str, str]]:
        """What the text of a pattern does not say of its loop."""
        loop = self._song.loops[segment.id]
        if loop.name != (segment.name or "Pattern"):
            yield "loop.name", quoted(loop.name)
        if loop.color != models.DEFAULT_COLOR:
            yield "loop.color", quoted(loop.color)


def _notes(notes: Mapping[str, models.Note]) -> str:
    """The notes, one a line."""
    order = sorted(notes.values(), key=lambda n: (n.start, n.pitch, n.duration, n.velocity))
    lines = [f"    ({n.start}, {n.duration}, {_pitch(n.pitch)}, {n.velocity})," for n in order]
    return "\n" + "\n".join(lines) + "\n" if lines else ""


def _pitch(pitch: float) -> str:
    return quoted(pitch_text(pitch)) if pitch == int(pitch) else repr(pitch)


def _unique(strips: Sequence[models.Return | models.Stem], what: str) -> Iterator[tuple[str, str]]:
    """Each id and a name that no other has: the first of a name keeps it."""
    taken = {strip.name for strip in strips}
    used: set[str] = set()
    for strip in strips:
        name, number = strip.name, 1
        while name in used or (name in taken and number > 1):
            number += 1
            name = f"{what} {number}"
        used.add(name)
        yield strip.id, name
