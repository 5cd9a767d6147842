"""Stems, returns and segments in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cellissimo.domain.tempo_map import MeterMap
from cellissimo.notation.beat_words import beat_word
from cellissimo.notation.digest_loop import count, named
from cellissimo.notation.digest_places import place_word, span_words
from cellissimo.notation.digest_timeline import played
from cellissimo.notation.pattern_settings import settings_lines
from cellissimo.notation.pattern_value import pitch_text, plain
from cellissimo.schema.models import Lanes, Note, Return, Segment, Song, Stem, Value

SOUND = "sample.sound"
MOST_BARS_TOLD = 32
"""Bars of a segment whose notes are told one by one."""


def digest_stem(song: Song, stem: Stem) -> str:
    """A stem in words: its sound and mixer, its segments, sends, effects and automation."""
    return "\n".join(
        (
            f"Stem {stem_brief(song, stem)}",
            *(segment_brief(song, segment) for segment in segments_of(song, stem)),
            *_mixed(song, stem.settings, stem.lanes, stem.sends),
        )
    )


def digest_return(song: Song, bus: Return) -> str:
    """A return in words: who sends to it, its effects and automation."""
    senders = [
        f"{stem.name} {plain(stem.sends[bus.id])}"
        for stem in stems_in_order(song)
        if stem.sends.get(bus.id)
    ]
    lines = [f"from {', '.join(senders)}" if senders else "nothing is sent to it"]
    return "\n".join((f"Return {named(bus.name)}", *lines, *_mixed(song, bus.settings, bus.lanes)))


def digest_segment(song: Song, segment: Segment) -> str:
    """A segment in words: its place, what it holds, its gain and fades, its notes bar by bar."""
    stem = song.stems.get(segment.stem)
    whose = f"Segment of {named(stem.name)}" if stem else "Segment of no stem"
    return "\n".join((f"{whose} · {segment_brief(song, segment)}", *_note_lines(song, segment)))


def stems_in_order(song: Song) -> list[Stem]:
    """The stems of a song, first to last [DOC-14]."""
    return sorted(song.stems.values(), key=lambda stem: (stem.order, stem.id))


def segments_of(song: Song, stem: Stem) -> list[Segment]:
    """The segments of a stem by their places."""
    own = (segment for segment in song.segments.values() if segment.stem == stem.id)
    return sorted(own, key=lambda segment: (segment.start, segment.length, segment.id))


def stem_brief(song: Song, stem: Stem) -> str:
    """A stem in one line: name, sound, how much is on it, and what differs in its mixer."""
    own = segments_of(song, stem)
    notes = sum(len(segment.notes) for segment in own)
    words = [named(stem.name), str(stem.settings.get(SOUND, "no sound"))]
    if all(segment.kind == "audio" for segment in own) and own:
        words.pop()
    words.append(count(len(own), "segment") if own else "empty")
    words += [count(notes, "note")] if notes else []
    words += _switches(stem)
    return " · ".join(words)


def _switches(stem: Stem) -> Iterator[str]:
    for key, word in (("amp.mute", "muted"), ("amp.solo", "soloed")):
        if stem.settings.get(key):
            yield word
    if stem.frozen is not None:
        yield "frozen"


def segment_brief(song: Song, segment: Segment) -> str:
    """A segment in one line: its bars, what it holds, its gain and fades."""
    span = span_words(song, segment.start, segment.length)
    words = [f"{span}: {_held(song, segment)}"]
    words += [f"{plain(segment.gain)} dB"] if segment.gain else []
    fades = {"in": segment.fade_in, "out": segment.fade_out}
    words += [f"fades {way} in {plain(fade)} ms" for way, fade in fades.items() if fade]
    return ", ".join(words)


def _held(song: Song, segment: Segment) -> str:
    name = f" {named(segment.name)}" if segment.name else ""
    match segment.kind:
        case "midi":
            return _notes(segment.notes) + name
        case "audio":
            return f"audio{name} of {plain(round(segment.frames / 48_000, 1))} s"
        case kind:
            what = played(song, segment.loop or segment.id, segment.start, segment.length)
            _, _, times = what.partition(", ")
            title = what.partition(" · ")[0]
            return f"{kind} {title}{f' {times}' if times else ''}"


def _notes(notes: Mapping[str, Note]) -> str:
    if not notes:
        return "no notes yet"
    pitches = [note.pitch for note in notes.values()]
    low, high = pitch_text(min(pitches)), pitch_text(max(pitches))
    return f"{count(len(notes), 'note')} {low}" + (f" to {high}" if low != high else "")


def _note_lines(song: Song, segment: Segment) -> Iterator[str]:
    """The notes of a segment by its own bars: pitch and place, and where they are long or soft."""
    meter = MeterMap(song.meters).meter_at(segment.start)
    bars: dict[int, list[Note]] = {}
    order = sorted(segment.notes.values(), key=lambda n: (n.start, n.pitch, n.duration, n.velocity))
    for note in order:
        bars.setdefault(note.start // meter.ticks_per_bar, []).append(note)
    for bar, notes in list(bars.items())[:MOST_BARS_TOLD]:
        said = [
            f"{pitch_text(note.pitch)} on {beat_word(note.start % meter.ticks_per_bar, meter)}"
            for note in notes
        ]
        yield f"bar {bar + 1}: {' · '.join(said)}"
    if len(bars) > MOST_BARS_TOLD:
        yield f"and {count(len(bars) - MOST_BARS_TOLD, 'more bar')}"


def _mixed(
    song: Song,
    settings: Mapping[str, Value],
    lanes: Lanes,
    sends: Mapping[str, float] | None = None,
) -> Iterator[str]:
    """Settings, sends and automation of a strip, one line each."""
    said = settings_words(settings)
    if said:
        yield f"set to {said}"
    yield from sends_words(song, sends or {})
    yield from lane_lines(song, lanes)


def sends_words(song: Song, sends: Mapping[str, float]) -> Iterator[str]:
    """What a stem sends where, in one piece, or nothing."""
    said = [
        f"{song.returns[bus].name} {plain(level)}"
        for bus, level in sends.items()
        if bus in song.returns and level
    ]
    if said:
        yield f"sends to {', '.join(sorted(said))}"


def settings_words(settings: Mapping[str, Value]) -> str:
    """The settings of a strip but its sound and switches, "" where there are none."""
    kept = {
        f"x.{key}": value
        for key, value in settings.items()
        if key not in {SOUND, "amp.mute", "amp.solo"}
    }
    lines = (*settings_lines(kept, "x"), *_of_master(settings))
    return " · ".join(line.replace(" x", "", 1).replace(": ", " ", 1) for line in lines)


def _of_master(settings: Mapping[str, Value]) -> Iterator[str]:
    limiter = {f"master.{k}": v for k, v in settings.items() if k.startswith("limiter.")}
    yield from (line.replace(" master", "", 1) for line in settings_lines(limiter, "master"))


def lane_lines(song: Song, lanes: Lanes) -> Iterator[str]:
    """Automation, a line for each lane: where it begins and ends, and with what."""
    for key, points in sorted(lanes.items()):
        first, last = min(points), max(points)
        start = f"{plain(points[first].value)} at {place_word(song, first)}"
        if len(points) == 1:
            yield f"automation of {key}: {start}"
            continue
        end = f"{plain(points[last].value)} at {place_word(song, last)}"
        yield f"automation of {key}: {count(len(points), 'point')}, {start} to {end}"
