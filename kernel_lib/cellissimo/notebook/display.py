"""What a cell shows: the live widget where there is one, and always picture, sound and text.

The static form is deterministic, small and self-contained, so that a saved notebook shows and
sounds without a kernel, compares under nbval and diffs in git.
"""

from __future__ import annotations

import base64
import math
from html import escape
from typing import TYPE_CHECKING, Any

from cellissimo.domain.tempo_map import TempoMap
from cellissimo.engine.image import score_image
from cellissimo.media.recording import ArrayRecording, BlobRecording, coarser, peaks
from cellissimo.media.wav import SAMPLE_RATE, BlobError
from cellissimo.music.audio import Audio
from cellissimo.music.chord import Chord
from cellissimo.music.excerpt import Excerpt
from cellissimo.music.loop import Loop
from cellissimo.music.segment import Segment
from cellissimo.music.session import SESSION
from cellissimo.music.song import Song
from cellissimo.music.stem import Stem
from cellissimo.notebook.card import clock
from cellissimo.notebook.picture import chord_svg, loop_svg
from cellissimo.notebook.picture_song import segment_svg, song_svg, stem_svg
from cellissimo.notebook.picture_wave import Wave, WaveCard, wave_svg
from cellissimo.notebook.short_sound import FRAMES, SECONDS, sound_of_samples, sound_of_score
from cellissimo.schema import models

if TYPE_CHECKING:
    from cellissimo.media.recording import Peaks
    from cellissimo.music.player import Player

VIEW = "application/vnd.cellissimo.view+json"
WIDGET = "application/vnd.jupyter.widget-view+json"

DRAWN_SECONDS = 60
"""A stretch of a song up to this length is rendered for its picture."""

WAVE_BUCKET = 256
WAVE_COLUMNS = 512
"""Columns of a segment's wave, before the picture makes them fewer."""

Bundle = dict[str, Any]


def loop_bundle(loop: Loop) -> Bundle:
    """Everything a cell may show of a loop: our view, the widget, HTML, text.

    A loop that was removed from its song says so.
    """
    text = repr(loop)
    if not loop.is_there:
        return {"text/plain": text}
    sound = sound_of_score(loop.score) if loop.model.steps else None
    picture = loop_svg(loop.model, loop.document.revision)
    return {**_live(loop.widget), **_static("loop", text, _figure(text, picture, sound))}


def song_bundle(song: Song) -> Bundle:
    """Everything a cell may show of a song: our view, the widget, HTML, text."""
    text = repr(song)
    sound = _sound_of_part(song, 0, _end_of(song.model))
    figure = _figure(text, song_svg(song.model, _wave_of), sound)
    return {**_live(song.widget), **_static("song", text, figure)}


def excerpt_bundle(excerpt: Excerpt) -> Bundle:
    """Everything a cell may show of a stretch of a song: its wave, its sound, text.

    A stretch that is long, or whose audio is not here, has the song's picture.
    """
    text = repr(excerpt)
    is_short = excerpt.seconds <= DRAWN_SECONDS and excerpt.start < _end_of(excerpt.song.model)
    try:
        samples = excerpt.render() if is_short else None
    except BlobError:
        samples = None
    if samples is None or not samples.any():
        sound = _sound_of_part(excerpt, excerpt.start, excerpt.end)
        picture = song_svg(excerpt.song.model, _wave_of)
        return _static("excerpt", text, _figure(text, picture, sound))
    wave = Wave(text, peaks(ArrayRecording(samples), WAVE_BUCKET))
    facts = (excerpt.song.name, clock(excerpt.seconds))
    picture = wave_svg(WaveCard(text, facts, samples.shape[1] / SAMPLE_RATE, [wave]))
    return _static("excerpt", text, _figure(text, picture, sound_of_samples(samples)))


def stem_bundle(stem: Stem) -> Bundle:
    """Everything a cell may show of a stem: its segments over the song's bars, sound, text."""
    text = repr(stem)
    if not stem.is_there:
        return {"text/plain": text}
    mine = [part for part in stem.song.model.segments.values() if part.stem == stem.id]
    start = min((part.start for part in mine), default=0)
    end = max((part.end for part in mine), default=0)
    sound = _sound_of_part(stem, start, end)
    picture = stem_svg(stem.song.model, stem.model, _wave_of)
    return _static("stem", text, _figure(text, picture, sound))


def segment_bundle(segment: Segment) -> Bundle:
    """Everything a cell may show of a segment: what it holds, how it sounds on its stem, text."""
    text = repr(segment)
    if not segment.is_there:
        return {"text/plain": text}
    picture = segment_svg(segment.song.model, segment.model, _wave_of)
    sound = _sound_of_part(segment.stem, segment.start, segment.end)
    return _static("segment", text, _figure(text, picture, sound))


def chord_bundle(chord: Chord) -> Bundle:
    """Everything a cell may show of a chord: a keyboard, its sound, text."""
    text = repr(chord)
    song = models.Song("chord", chord.symbol, kind="loop")
    sound = sound_of_score(score_image(_chord_loop(chord.symbol), song))
    return _static("chord", text, _figure(text, chord_svg(chord.value), sound))


def audio_bundle(audio: Audio) -> Bundle:
    """Everything a cell may show of audio: its wave with its loudness, its beginning, text."""
    text = repr(audio)
    outline = peaks(BlobRecording(SESSION.blobs, audio.blob), WAVE_BUCKET)
    levels = audio.loudness
    level = f"{levels.integrated:.1f} LUFS" if math.isfinite(levels.integrated) else "silent"
    facts = (clock(audio.seconds), ("mono", "stereo")[audio.channels - 1], level)
    picture = wave_svg(WaveCard(audio.name, facts, audio.seconds, [Wave(audio.name, outline)]))
    sound = sound_of_samples(audio.read(0, FRAMES + 1))
    return _static("audio", text, _figure(text, picture, sound))


def player_bundle(player: Player) -> Bundle:
    """Everything a cell may show of a player: our view, the widget, HTML, text."""
    text = repr(player)
    sides = zip(player.versions, player.outlines, player.gains, strict=True)
    waves = [Wave(name, outline, gain) for name, outline, gain in sides]
    marks = [(at, name) for at, name in player.markers]
    facts = text.split(", ")[1:]
    picture = wave_svg(WaveCard(player.title, facts, player.duration, waves, marks))
    figure = _figure(text, picture, sound_of_samples(player.beginning(FRAMES + 1)))
    return {**_live(player), **_static("player", text, figure)}


def _live(widget: Any) -> Bundle:  # noqa: ANN401 - anywidget is untyped here
    """The widget's own view; its id differs each time, which nbval does not compare."""
    bundle = widget._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    return {WIDGET: data[WIDGET]} if data and WIDGET in data else {}


def _static(kind: str, text: str, html: str) -> Bundle:
    view = {"version": 1, "kind": kind, "alt": text}
    return {VIEW: view, "text/html": html, "text/plain": text}


def _figure(alt: str, picture: str, sound: bytes | None) -> str:
    image = base64.b64encode(picture.encode()).decode()
    lines = [
        '<figure class="cellissimo-view" style="margin:0">',
        (
            f'<img src="data:image/svg+xml;base64,{image}" alt="{escape(alt)}" '
            'style="max-width:100%;height:auto"/>'
        ),
    ]
    if sound:
        encoded = base64.b64encode(sound).decode()
        lines.append(
            '<audio controls="controls" preload="metadata" style="display:block;width:100%;'
            f'max-width:760px" src="data:audio/mpeg;base64,{encoded}"></audio>'
        )
    return "\n".join((*lines, "</figure>"))


def _chord_loop(symbol: str) -> models.Loop:
    """One bar of the chord on the pad sound, in 4/4."""
    steps = {("synth-pad", 0): models.Step(100, duration=3 * 960)}
    return models.Loop("chord", symbol, bars=1, chords={0: symbol}, steps=steps)


def _sound_of_part(thing: Song | Stem | Excerpt, start: int, end: int) -> bytes | None:
    """The first 8 s between two ticks; None where nothing plays or its audio is not here."""
    song = thing.document.revision
    if end <= start or start >= _end_of(song):
        return None
    tempos = TempoMap({tick: (tempo.bpm, tempo.ramp) for tick, tempo in song.tempos.items()})
    last = tempos.tick_at(tempos.seconds_at(start) + SECONDS) + 1
    try:
        return sound_of_score(thing.score, (start, min(last, end)))
    except BlobError:
        return None


def _end_of(song: models.Song) -> int:
    ends = [block.end for block in song.blocks.values()]
    return max((*ends, *(segment.end for segment in song.segments.values())), default=0)


def _wave_of(segment: models.Segment) -> Peaks | None:
    """The outline of the audio that a segment plays; None where it is not here."""
    if segment.blob is None:
        return None
    recording = BlobRecording(SESSION.blobs, segment.blob)
    try:
        fine = peaks(recording, WAVE_BUCKET)
    except BlobError:
        return None
    start = segment.offset // WAVE_BUCKET
    return coarser(fine[start : start - (-segment.frames // WAVE_BUCKET)], WAVE_COLUMNS)
