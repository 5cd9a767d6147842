"""Players: any render or recording with a waveform, to be played, repeated, slowed and compared."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from cellissimo.domain.tempo_map import MeterMap, TempoMap
from cellissimo.media.loudness import LoudnessMeter
from cellissimo.media.recording import ArrayRecording, BlobRecording, Recording
from cellissimo.media.wav import SAMPLE_RATE
from cellissimo.music.audio import Audio
from cellissimo.music.loop import Loop
from cellissimo.music.session import SESSION
from cellissimo.music.sounding import NoPageError, Sounding
from cellissimo.schema import models
from cellissimo.widgets.player import PlayerError, PlayerWidget

if TYPE_CHECKING:
    Samples = np.ndarray[Any, np.dtype[np.float32]]

Thing = Sounding | Audio | np.ndarray[Any, Any] | str | os.PathLike[str]
"""What can be played: a song, loop, stem or stretch of a song; audio, samples, a file."""

AT_ONCE = 10 * SAMPLE_RATE
"""Frames measured at once."""

MEASURED_FRAMES = 300 * SAMPLE_RATE
"""What is longer opens without its loudness, so that it opens at once."""


class Player(PlayerWidget):
    """A player of a render or recording as it is now, or of two that are compared.

    >>> player = cm.Player(song)
    >>> player.region = (8, 16)
    >>> player.repeat = True
    >>> player.speed = 0.75
    >>> cm.Player({"before": song.render(), "after": mastered})

    It is an ipywidget: its traits can be set, observed and linked. It plays what was given as it
    was at that moment; make another one of a song that has changed.
    """

    def __init__(
        self,
        thing: Thing | Mapping[str, Thing],
        sr: int = SAMPLE_RATE,
        *,
        title: str | None = None,
        matched: bool = True,
        **traits: object,
    ) -> None:
        """Show a song, a loop, a stem, ``song.bars(…)``, ``cm.Audio``, samples or an audio file.

        Samples are ``(channels, frames)`` or ``(frames,)`` at ``sr`` Hz. Two things by name are
        played in step, and a key changes from one to the other; ``matched`` turns the louder one
        down until both are equally loud, as they must be to be judged. ``traits`` such as
        ``speed`` and ``region`` are those it begins with.

        Raises:
            PlayerError: there are more than two, one holds no sound, or a trait is out of range.
            AudioError: the samples or the file are no audio.
        """
        things = thing if isinstance(thing, Mapping) else {_name_of(thing): thing}
        sides = {str(name): _side(what, sr) for name, what in things.items()}
        self._loudness = [_loudness(side, measured=len(sides) > 1) for side in sides.values()]
        first = next(iter(sides.values()), None)
        traits.setdefault("markers", first.marks if first else [])
        traits.setdefault("bars", first.bars if first else [])
        super().__init__(
            {name: side.recording for name, side in sides.items()},
            _gains(self._loudness) if matched else [1.0] * len(sides),
            title=" and ".join(sides) if title is None else title,
            **traits,
        )

    @property
    def loudness(self) -> dict[str, float | None]:
        """Integrated LUFS by version; -inf is silence, None what is too long to measure at once."""
        return dict(zip(self.versions, self._loudness, strict=True))

    def play(self) -> None:
        """Play in the page; where no view is open, show it in this cell first.

        Raises:
            NoPageError: this is no notebook.
        """
        if not self.views:
            if SESSION.show is None:
                raise NoPageError(
                    "there is no notebook page to play in; run this in JupyterLab, or write the "
                    'sound to a file: song.export("song.wav")'
                )
            SESSION.show(self)
        self.playing = True

    def pause(self) -> None:
        """Stop where it is."""
        self.playing = False

    def seek(self, seconds: float) -> None:
        """Go to a time, between 0 and ``duration``.

        Raises:
            PlayerError: it lies outside.
        """
        self.position = seconds

    def __repr__(self) -> str:
        """Title, length and loudness: the same for the same sound."""
        words = [f"Player {self.title}", _clock(self.duration)]
        if len(self.versions) > 1 and self.title != " and ".join(self.versions):
            words[0] += f": {' and '.join(self.versions)}"
        levels = [level for level in self._loudness if level is not None]
        if levels:
            words.append(f"{' and '.join(map(_level, levels))}{' LUFS' * any(map(_heard, levels))}")
        return ", ".join(words)


@dataclass(frozen=True, slots=True)
class _Side:
    """One thing to play, with the times of its markers and bars in seconds."""

    recording: Recording
    marks: list[tuple[float, str]] = field(default_factory=list)
    bars: list[float] = field(default_factory=list)
    audio: Audio | None = None


def _name_of(thing: Thing) -> str:
    if isinstance(thing, str | os.PathLike):
        return os.path.splitext(os.path.basename(thing))[0]  # noqa: PTH119, PTH122 - any path
    if isinstance(thing, np.ndarray):
        return "array"
    return str(getattr(thing, "name", "")) or repr(thing)


def _side(thing: Thing, sr: int) -> _Side:
    if isinstance(thing, Sounding):
        marks, bars = _times(thing)
        return _Side(ArrayRecording(thing.render()), marks, bars)
    if isinstance(thing, np.ndarray | list | tuple):
        return _of_samples(np.asarray(thing), sr)
    if isinstance(thing, str | os.PathLike):
        return _of_audio(Audio(thing))
    if isinstance(thing, Audio):
        return _of_audio(thing)
    raise PlayerError(
        f"a player of {type(thing).__name__}; give a song, loop, stem, cm.Audio, array or path"
    )


def _of_audio(audio: Audio) -> _Side:
    return _Side(BlobRecording(SESSION.blobs, audio.blob), audio=audio)


def _of_samples(samples: np.ndarray[Any, Any], sr: int) -> _Side:
    """Samples as they are where they can be played as they are; else taken in as audio."""
    plain = samples.dtype == np.float32 and samples.ndim == 2 and samples.shape[0] in (1, 2)
    if plain and sr == SAMPLE_RATE and samples.shape[1] and np.isfinite(samples).all():
        return _Side(ArrayRecording(samples))
    return _of_audio(Audio(samples, sr))


def _times(thing: Sounding) -> tuple[list[tuple[float, str]], list[float]]:
    """Markers and sections, and where bars begin, in seconds of what is heard."""
    song = thing.document.revision
    if isinstance(thing, Loop):
        model = thing.model
        tempo = {0: models.Tempo(model.tempo or song.tempo)}
        meters = MeterMap({0: model.meter or song.meter})
        span = (0, model.bars * meters.meter_at(0).ticks_per_bar)
        return [], _bar_seconds(_tempo_map(tempo), meters, span)
    tempos = _tempo_map(song.tempos)
    start, end = thing.span or (0, _end_of(song))
    places = {(section.start, section.name) for section in song.sections.values()}
    places |= {(marker.tick, marker.name) for marker in song.markers.values()}
    zero = tempos.seconds_at(start)
    marks = [(tempos.seconds_at(tick) - zero, name) for tick, name in sorted(places)
             if start <= tick < end]  # fmt: skip
    return marks, _bar_seconds(tempos, MeterMap(song.meters), (start, end))


def _tempo_map(tempos: Mapping[int, models.Tempo]) -> TempoMap:
    return TempoMap({tick: (tempo.bpm, tempo.ramp) for tick, tempo in tempos.items()})


def _end_of(song: models.Song) -> int:
    ends = [block.end for block in song.blocks.values()]
    return max((*ends, *(segment.end for segment in song.segments.values())), default=0)


def _bar_seconds(tempos: TempoMap, meters: MeterMap, span: tuple[int, int]) -> list[float]:
    """Where the bars within a span begin, counted from its beginning."""
    zero = tempos.seconds_at(span[0])
    return [
        tempos.seconds_at(tick) - zero for tick in meters.bar_starts(span[1]) if tick >= span[0]
    ]


def _loudness(side: _Side, *, measured: bool) -> float | None:
    """Integrated LUFS; None for what is long, unless it has to be ``measured``."""
    recording = side.recording
    if recording.frames > MEASURED_FRAMES and not measured:
        return None
    if side.audio is not None:
        return side.audio.loudness.integrated
    meter = LoudnessMeter()
    for start in range(0, recording.frames, AT_ONCE):
        meter.add(recording.read(start, min(start + AT_ONCE, recording.frames)))
    return meter.result().integrated


def _gains(levels: list[float | None]) -> list[float]:
    """Linear gains that turn all down to the softest; 1 for what is silent."""
    heard = [level for level in levels if level is not None and _heard(level)]
    softest = min(heard, default=0.0)
    return [
        10 ** ((softest - level) / 20) if level is not None and _heard(level) else 1.0
        for level in levels
    ]


def _heard(level: float) -> bool:
    return math.isfinite(level)


def _level(level: float) -> str:
    return f"{level:.1f}" if _heard(level) else "silent"


def _clock(seconds: float) -> str:
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
