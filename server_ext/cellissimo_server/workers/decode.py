"""Uploads become audio: sniffed, decoded, measured; what cannot be is refused with a reason."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cellissimo.media import intake, wav
from cellissimo.media.loudness import Loudness, LoudnessMeter
from cellissimo.media.peaks import sample_peaks
from cellissimo_server.workers import sniffing

if TYPE_CHECKING:
    Samples = np.ndarray[Any, np.dtype[np.float32]]
    Points = np.ndarray[Any, np.dtype[np.int16]]

FINEST = 480
"""Frames of one peak: 100 a second, until there are `MOST_PEAKS`."""

MOST_PEAKS = 20_000

_STRETCH = 100
"""Peaks that are made at once."""


def decode(
    folder: Path, arguments: dict[str, Any], report: Callable[[float], None]
) -> dict[str, Any]:
    """The file ``arguments["file"]`` of ``folder`` as ``audio.wav`` with its ``peaks.json``.

    Gives ``mime``, ``channels``, ``frames``, ``rate`` (as it came), ``clipped``, ``loudness`` in
    LUFS and ``truePeak`` in dBTP, which are None for silence.

    Raises:
        RefusedError: it is no audio of a kind that is taken.
        CellissimoError: it is damaged, cut off, too long or empty.
        OSError: it is longer than the walls allow.
    """
    path = folder / arguments["file"]
    with path.open("rb") as file:
        kind = sniffing.kind_of(file.read(sniffing.ENOUGH))
    report(0.05)
    made = folder / "audio.wav"
    with made.open("w+b") as out:
        taken = intake.take_file_into(path, out)
    report(0.6)
    loudness, peaks = _measured(made, taken.shape, report)
    (folder / "peaks.json").write_text(json.dumps(peaks, separators=(",", ":")), "utf-8")
    return {
        "mime": kind.mime,
        "channels": taken.shape.channels,
        "frames": taken.shape.frames,
        "rate": taken.source.rate,
        "clipped": taken.clipped,
        "loudness": _finite(loudness.integrated),
        "truePeak": _finite(loudness.true_peak),
    }


def _measured(
    path: Path, shape: wav.Shape, report: Callable[[float], None]
) -> tuple[Loudness, dict[str, Any]]:
    """How loud a canonical WAV file is, and its outline."""
    zoom = zoom_of(shape.frames)
    meter = LoudnessMeter()
    points: list[Points] = []
    done = 0
    for samples in _stretches(path, shape, _STRETCH * zoom):
        meter.add(samples)
        points.append(sample_peaks(samples, zoom).points)
        done += samples.shape[1]
        report(0.6 + 0.4 * done / shape.frames)
    return meter.result(), _outline(np.concatenate(points), zoom)


def zoom_of(frames: int) -> int:
    """Frames of one peak: as fine as `FINEST`, or coarser so that there are not too many."""
    zoom = FINEST
    while frames > zoom * MOST_PEAKS:
        zoom *= 2
    return zoom


def _stretches(path: Path, shape: wav.Shape, frames: int) -> Iterator[Samples]:
    width = 3 * shape.channels
    left = shape.frames
    with path.open("rb") as file:
        file.seek(wav.HEADER_BYTES)
        while left:
            packed = file.read(min(frames, left) * width)
            left -= len(packed) // width
            yield wav.samples_of(packed, shape.channels)


def _outline(points: Points, zoom: int) -> dict[str, Any]:
    """The lowest and highest of each stretch, -1 … 1 in three decimals."""
    scaled = np.round(points[:, 0, :] / 32768, 3) + 0.0  # no -0.0
    return {
        "perSecond": wav.SAMPLE_RATE / zoom,
        "low": scaled[:, 0].tolist(),
        "high": scaled[:, 1].tolist(),
    }


def _finite(level: float) -> float | None:
    return round(level, 2) if math.isfinite(level) else None
