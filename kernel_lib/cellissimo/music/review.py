"""What one would want to know of a song before it leaves the house."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cellissimo.domain.errors import CellissimoError
from cellissimo.domain.key import parse_key
from cellissimo.music.session import SESSION
from cellissimo.notation.digest_places import place_word, span_words
from cellissimo.notation.digest_stem import segments_of, stems_in_order
from cellissimo.notation.roman_numerals import parse_chord_or_roman
from cellissimo.notation.rows import SOUND_KEY, row_sound, rows_of
from cellissimo.notation.song_content import is_pattern
from cellissimo.schema.limits import ROWS_PER_LOOP, STRIPS
from cellissimo.schema.models import Block, Loop, Segment, Song
from cellissimo.schema.sounds import find_sound

if TYPE_CHECKING:
    from cellissimo.music.sounding import Sounding

FARTHEST_KEY = 1
"""Tones in which a loop's key may differ from the song's: those of neighbouring keys."""

HARD_WORK = 6.0
"""Decibels that the limiter may take off before it is said to work hard."""

Licensed = Callable[[str], bool]
"""Whether a licence is recorded for the blob of a name."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: the rule it breaks, where, and what to do."""

    rule: str
    where: str
    text: str

    def __str__(self) -> str:
        """Place, words and rule in one line."""
        return f"{self.where}: {self.text} [{self.rule}]"


def review(song: Song, licensed: Licensed) -> list[Finding]:
    """What stands out in a song without hearing it."""
    return [
        *_loops(song),
        *_stems(song),
        *_blocks(song),
        *_audio(song, licensed),
        *_strips(song),
    ]


def review_level(thing: Sounding) -> list[Finding]:
    """Whether what reaches the limiter is too loud; renders the whole. *Cost*: a render."""
    from cellissimo.engine.render import Performance  # noqa: PLC0415 - needs the engine
    from cellissimo.media.loudness import LoudnessMeter  # noqa: PLC0415

    meter = LoudnessMeter()
    performance = Performance(thing.score, SESSION.page, thing.span)
    for block in performance.blocks(taps=("",)):
        meter.add(block.taps[""])
    peak = meter.result().true_peak
    ceiling = _ceiling(thing)
    if peak > ceiling + HARD_WORK:
        text = (
            f"{peak:+.1f} dBTP reach the limiter, which takes {peak - ceiling:.1f} dB off; "
            f"lower the levels by {peak - ceiling:.0f} dB"
        )
        return [Finding("limiter", "master", text)]
    if peak > 0:
        text = f"{peak:+.1f} dBTP before the limiter; lower the levels by {peak:.1f} dB or more"
        return [Finding("clipping", "master", text)]
    return []


def _ceiling(thing: Sounding) -> float:
    song = thing.document.revision
    settings = song.master if song.kind == "song" else next(iter(song.loops.values())).settings
    key = "limiter.ceiling" if song.kind == "song" else "master.limiter.ceiling"
    found = settings.get(key, -1.0)
    return float(found)


def _loops(song: Song) -> Iterator[Finding]:
    played = {*song.pads.values(), *(block.loop for block in song.blocks.values())}
    played |= {segment.loop or "" for segment in song.segments.values()}
    for loop in sorted(song.loops.values(), key=lambda loop: (loop.name, loop.id)):
        where = f"loop {loop.name}"
        if song.kind == "song" and loop.id not in played and not is_pattern(song, loop.id):
            yield Finding("unused", where, "no pad, block or segment plays it")
        if not loop.steps and not loop.chords:
            yield Finding("empty", where, "it has no steps and no chords")
        yield from _chords(loop, where)
        yield from _sounds(loop, where)
        yield from _key(song, loop, where)


def _chords(loop: Loop, where: str) -> Iterator[Finding]:
    for cell, symbol in sorted(loop.chords.items()):
        try:
            parse_chord_or_roman(symbol, loop.key)
        except CellissimoError as error:
            bar = cell // loop.steps_per_bar + 1
            yield Finding("chord", f"{where}, bar {bar}", str(error))


def _sounds(loop: Loop, where: str) -> Iterator[Finding]:
    for row in rows_of(loop):
        if row_sound(loop, row) is None:
            named = loop.settings.get(f"{row}.{SOUND_KEY}", row)
            text = f"no sound is called {named!r}; give the row one: sample {row}: kick"
            yield Finding("sound", f"{where}, row {row}", text)


def _key(song: Song, loop: Loop, where: str) -> Iterator[Finding]:
    """A loop on the song's time in a key that is no neighbour of the song's."""
    placed = any(block.loop == loop.id for block in song.blocks.values())
    placed |= any(loop.id in {s.loop, s.id} for s in song.segments.values())
    follows = loop.chords or any(
        sound.melodic for row in rows_of(loop) if (sound := row_sound(loop, row))
    )
    if not placed or not follows:
        return
    other = set(parse_key(loop.key).scale) - set(parse_key(song.key).scale)
    if len(other) > FARTHEST_KEY:
        text = (
            f"{loop.key} clashes with the song's {song.key}: {len(other)} tones are others; "
            "transpose the loop, or change a key"
        )
        yield Finding("key", where, text)


def _stems(song: Song) -> Iterator[Finding]:
    for stem in stems_in_order(song):
        where = f"stem {stem.name}"
        segments = segments_of(song, stem)
        if not segments:
            yield Finding("empty", where, "it has no segments; delete it, or fill it")
        sound = stem.settings.get(SOUND_KEY)
        if sound is not None and find_sound(str(sound)) is None:
            yield Finding("sound", where, f"no sound is called {sound!r}; see cm.SOUNDS")
        if sound is None and any(segment.kind == "midi" for segment in segments):
            yield Finding("sound", where, "its notes have no sound; set stem.sound")
        for segment in segments:
            place = f"{where}, {span_words(song, segment.start, segment.length)}"
            yield from (Finding("empty", place, text) for text in _emptiness(song, segment))


def _emptiness(song: Song, segment: Segment) -> Iterator[str]:
    """Why nothing sounds in a segment."""
    if segment.kind == "midi":
        end = segment.offset + segment.length
        notes = segment.notes.values()
        if not notes:
            yield "the segment has no notes"
        elif not any(segment.offset <= note.start < end for note in notes):
            yield "none of the segment's notes begins inside it"
        return
    key = segment.id if segment.kind == "pattern" else segment.loop
    loop = song.loops.get(key or "")
    if segment.kind != "audio" and (loop is None or not loop.steps):
        yield "the segment's loop has no steps" if loop else "the segment's loop is missing"


def _blocks(song: Song) -> Iterator[Finding]:
    last: dict[int, Block] = {}
    for block in sorted(song.blocks.values(), key=lambda block: (block.lane, block.start)):
        before = last.get(block.lane)
        if before is not None and before.end > block.start:
            names = [song.loops[b.loop].name for b in (before, block) if b.loop in song.loops]
            text = f"{' and '.join(names)} overlap in lane {block.lane}; move one, or its lane"
            yield Finding("overlap", f"timeline, {place_word(song, block.start)}", text)
        if before is None or block.end > before.end:
            last[block.lane] = block


def _strips(song: Song) -> Iterator[Finding]:
    """Whether the song needs more of the mixer than the engine has."""
    loops = {block.loop: None for block in song.blocks.values()}
    own = ((s.stem, s.id if s.kind == "pattern" else s.loop) for s in song.segments.values())
    played = [*loops, *(loop for _, loop in dict.fromkeys(own))]
    found = (song.loops.get(key or "") for key in played)
    rows = (rows_of(loop)[:ROWS_PER_LOOP] for loop in found if loop)
    needed = 1 + len(song.returns) + len(song.stems) + sum(1 + len(names) for names in rows)
    if needed > STRIPS:
        text = (
            f"{needed} mixer strips are needed (stems, returns, loops where they play, and their "
            f"rows) and there are {STRIPS}: the last are not heard; play loops on fewer stems"
        )
        yield Finding("strips", "song", text)


def _audio(song: Song, licensed: Licensed) -> Iterator[Finding]:
    told: set[str] = set()
    for stem in stems_in_order(song):
        for segment in segments_of(song, stem):
            if segment.kind != "audio" or segment.blob is None or segment.blob in told:
                continue
            told.add(segment.blob)
            where = f"stem {stem.name}, {segment.name or segment.blob[:12]}"
            if not SESSION.blobs.has(segment.blob):
                text = f"the audio is missing: {segment.blob}.wav is in no folder of the song"
                yield Finding("missing", where, text)
            if not licensed(segment.blob):
                text = (
                    "no licence is recorded for it; write SPDX-License-Identifier: … into "
                    f"{segment.blob[:12]}….wav.license beside the file"
                )
                yield Finding("licence", where, text)
