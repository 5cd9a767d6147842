"""What a cell shows: the live widget where there is one, and always picture, sound and text.

The static form is deterministic, small and self-contained, so that a saved notebook shows and
sounds without a kernel, compares under nbval and diffs in git.
"""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from cellissimo.engine.image import score_image
from cellissimo.engine.render import SAMPLE_RATE, render
from cellissimo.media.write import mp3_bytes
from cellissimo.music.chord import Chord
from cellissimo.music.loop import Loop
from cellissimo.music.song import Song
from cellissimo.notebook.picture import chord_svg, loop_svg, song_svg
from cellissimo.schema import models

if TYPE_CHECKING:
    Samples = np.ndarray[Any, np.dtype[np.float32]]

VIEW = "application/vnd.cellissimo.view+json"
WIDGET = "application/vnd.jupyter.widget-view+json"

STATIC_SECONDS = 8.0
FADE_SECONDS = 0.08
STATIC_QUALITY = 0.65
"""About 90 kbit/s: ten loops stay under 2 MB in a notebook."""

Bundle = dict[str, Any]


def loop_bundle(loop: Loop) -> Bundle:
    """Everything a cell may show of a loop: our view, the widget, HTML, text.

    A loop that was removed from its song says so.
    """
    text = repr(loop)
    if not loop.is_there:
        return {"text/plain": text}
    picture = loop_svg(loop.model, loop.document.revision)
    html = _figure(text, picture, _mp3_of(loop.model, loop.document.revision))
    return {**_live(loop), **_static("loop", text, html)}


def song_bundle(song: Song) -> Bundle:
    """Everything a cell may show of a song: picture and text."""
    text = repr(song)
    return _static("song", text, _figure(text, song_svg(song.model), None))


def chord_bundle(chord: Chord) -> Bundle:
    """Everything a cell may show of a chord: a keyboard, its sound, text."""
    text = repr(chord)
    model = _chord_loop(chord.symbol)
    song = models.Song("chord", chord.symbol, kind="loop")
    return _static("chord", text, _figure(text, chord_svg(chord.value), _mp3_of(model, song)))


def _live(loop: Loop) -> Bundle:
    """The widget's own view; its id differs each time, which nbval does not compare."""
    bundle = loop.widget._repr_mimebundle_()
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


def _mp3_of(loop: models.Loop, song: models.Song) -> bytes | None:
    """At most 8 s of the loop as MP3, None where it has no steps; kept for the same content."""
    if not loop.steps:
        return None
    key = repr((loop, song.tempo, song.meter))
    if key not in _kept:
        if len(_kept) >= KEPT_SOUNDS:
            _kept.pop(next(iter(_kept)))
        _kept[key] = mp3_bytes(_faded(render(score_image(loop, song))), STATIC_QUALITY)
    return _kept[key]


_kept: dict[str, bytes] = {}

KEPT_SOUNDS = 64


def _faded(samples: Samples) -> Samples:
    """The first 8 s, faded out where they cut the sound off."""
    frames = round(STATIC_SECONDS * SAMPLE_RATE)
    if samples.shape[1] <= frames:
        return samples
    cut = samples[:, :frames].copy()
    fade = round(FADE_SECONDS * SAMPLE_RATE)
    cut[:, -fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    return cut
