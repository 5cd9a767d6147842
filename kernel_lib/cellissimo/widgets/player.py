"""The Player widget: its traits, and the pieces of sound that it gives a page as it plays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from cellissimo.domain.errors import CellissimoError
from cellissimo.media import streaming
from cellissimo.media.recording import Recording, SideBySide, coarser, peaks
from cellissimo.media.wav import SAMPLE_RATE
from cellissimo.widgets import bundle

if TYPE_CHECKING:
    from cellissimo.media.recording import Peaks, Samples

SPEEDS = (0.5, 2.0)
OUTLINE_COLUMNS = 1200
"""Columns of the waveform that a page has before it asks for more."""

FINE_BUCKET, COARSE_BUCKET = 64, 256
"""Frames that one column of the waveform stands for, in short and in long recordings."""

LONG_FRAMES = 900 * SAMPLE_RATE


class PlayerError(CellissimoError):
    """A position, speed, volume or region that a player cannot have."""


class PlayerWidget(anywidget.AnyWidget):
    """A recording, or two to be compared, as an ipywidget with a waveform to play it by.

    ``position`` and ``duration`` in seconds. ``playing`` starts and stops it in the page.
    ``speed`` 0.5 … 2, at the same pitch. ``volume`` 0 … 1, and ``muted``. ``region`` the seconds
    from A to B, or None; with ``repeat`` it goes round in it, or in the whole. ``version`` is the
    name of the one of ``versions`` that is heard. ``markers`` are ``(seconds, name)``, ``bars``
    the seconds at which bars begin: a region's ends snap to both. ``gains`` are linear, one a
    version, so that all are equally loud. ``title`` stands above it.
    """

    title = traitlets.Unicode().tag(sync=True)
    duration = traitlets.Float(0.0).tag(sync=True)
    position = traitlets.Float(0.0).tag(sync=True, echo_update=False)
    playing = traitlets.Bool(default_value=False).tag(sync=True, echo_update=False)
    speed = traitlets.Float(1.0).tag(sync=True)
    volume = traitlets.Float(1.0).tag(sync=True)
    muted = traitlets.Bool(default_value=False).tag(sync=True)
    region = traitlets.Tuple(
        traitlets.Float(), traitlets.Float(), default_value=None, allow_none=True
    ).tag(sync=True)
    repeat = traitlets.Bool(default_value=False).tag(sync=True)
    version = traitlets.Unicode().tag(sync=True)
    versions = traitlets.List(traitlets.Unicode()).tag(sync=True)
    gains = traitlets.List(traitlets.Float()).tag(sync=True)
    markers = traitlets.List(traitlets.Tuple(traitlets.Float(), traitlets.Unicode())).tag(sync=True)
    bars = traitlets.List(traitlets.Float()).tag(sync=True)

    _kind = traitlets.Unicode("player").tag(sync=True)
    _bundle = traitlets.Unicode().tag(sync=True)
    _outline = traitlets.Bytes(b"").tag(sync=True)

    def __init__(
        self, recordings: Mapping[str, Recording], gains: Sequence[float], **traits: object
    ) -> None:
        """Show one recording, or two that are compared, by name; ``traits`` as above.

        Raises:
            PlayerError: there are none or more than two, or one is empty.
        """
        self._esm = bundle.loader()
        self._recordings = dict(recordings)
        self._heard = _together(self._recordings)
        self.outlines = [_outline(part) for part in self._recordings.values()]
        self.views = 0
        first = next(iter(self._recordings))
        traits.setdefault("version", first)
        super().__init__(
            _bundle=bundle.bundle_name(),
            _outline=b"".join(outline.tobytes() for outline in self.outlines),
            duration=self._heard.frames / SAMPLE_RATE,
            versions=list(self._recordings),
            gains=[float(gain) for gain in gains],
            **traits,
        )
        self.on_msg(self._received)

    def beginning(self, frames: int) -> Samples:
        """So many frames of the first recording, ``(channels, n)`` float32."""
        first = next(iter(self._recordings.values()))
        return first.read(0, min(frames, first.frames))

    # -- what is asked for ---------------------------------------------------------------------

    def _received(self, _: object, content: Mapping[str, Any], __: list[memoryview]) -> None:
        match content.get("kind"):
            case "open":
                self._send_head()
            case "peaks":
                self._send_peaks()
            case "piece":
                self._send_piece(int(content["number"]))
            case "bundle":
                self.send({"kind": "bundle"}, [bundle.bundle()])
            case "views":
                self.views = int(content["count"])

    def _send_head(self) -> None:
        what = {"codec": streaming.CODEC, "frames": streaming.PIECE_FRAMES, "rate": SAMPLE_RATE}
        self.send({"kind": "head", **what}, [streaming.head(self._heard.channels, SAMPLE_RATE)])

    def _send_peaks(self) -> None:
        bucket = FINE_BUCKET if self._heard.frames <= LONG_FRAMES else COARSE_BUCKET
        found = [peaks(part, bucket).tobytes() for part in self._recordings.values()]
        self.send({"kind": "peaks", "bucket": bucket}, found)

    def _send_piece(self, number: int) -> None:
        start = number * streaming.PIECE_FRAMES
        if not 0 <= start < self._heard.frames:
            return
        samples = self._heard.read(start, min(start + streaming.PIECE_FRAMES, self._heard.frames))
        self.send(
            {"kind": "piece", "number": number}, [streaming.piece(samples, SAMPLE_RATE, start)]
        )

    # -- what may be said ----------------------------------------------------------------------

    @traitlets.validate("speed")
    def _check_speed(self, proposal: Mapping[str, Any]) -> float:
        return _within("speed", proposal["value"], *SPEEDS)

    @traitlets.validate("volume")
    def _check_volume(self, proposal: Mapping[str, Any]) -> float:
        return _within("volume", proposal["value"], 0.0, 1.0)

    @traitlets.validate("position")
    def _check_position(self, proposal: Mapping[str, Any]) -> float:
        return _within("position", proposal["value"], 0.0, self.duration, " seconds")

    @traitlets.validate("region")
    def _check_region(self, proposal: Mapping[str, Any]) -> tuple[float, float] | None:
        region: tuple[float, float] | None = proposal["value"]
        if region is None:
            return None
        start, end = (_within("region", end, 0.0, self.duration, " seconds") for end in region)
        if start >= end:
            raise PlayerError(
                f"a region from {start:g} to {end:g} s; its end lies behind its start"
            )
        return start, end

    @traitlets.validate("version")
    def _check_version(self, proposal: Mapping[str, Any]) -> str:
        version = str(proposal["value"])
        if version not in self._recordings:
            names = " or ".join(repr(name) for name in self._recordings)
            raise PlayerError(f"there is no version {version!r} here; give {names}")
        return version


def _within(what: str, value: float, low: float, high: float, unit: str = "") -> float:
    # A page and Python may round the end of the last frame differently.
    if low - 1e-6 <= value <= high + 1e-6:
        return min(max(value, low), high)
    raise PlayerError(f"{what} {value:g}; give {low:g} to {high:g}{unit}")


def _together(recordings: Mapping[str, Recording]) -> Recording:
    if len(recordings) not in (1, 2):
        raise PlayerError(f"{len(recordings)} recordings; a player has one, or two to compare")
    for name, recording in recordings.items():
        if not recording.frames:
            raise PlayerError(f"{name!r} holds no sound; give audio of some length")
    if len(recordings) == 1:
        return next(iter(recordings.values()))
    return SideBySide(tuple(recordings.values()))


def _outline(recording: Recording) -> Peaks:
    return coarser(peaks(recording, COARSE_BUCKET), OUTLINE_COLUMNS)
