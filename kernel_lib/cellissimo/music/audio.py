"""Audio: recordings that songs play, taken in once and the same everywhere from then on.

NumPy and the codecs are imported where they are needed: `import cellissimo` stays light.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cellissimo.media.blobs import checked_name
from cellissimo.media.wav import SAMPLE_RATE
from cellissimo.music.session import SESSION

if TYPE_CHECKING:
    import numpy as np

    from cellissimo.media.decode import Source
    from cellissimo.media.export import Exported
    from cellissimo.media.intake import Taken
    from cellissimo.media.loudness import Loudness
    from cellissimo.media.peaks import Peaks
    from cellissimo.media.wav import Shape

    Samples = np.ndarray[Any, np.dtype[np.float32]]


class Audio:
    """A recording at 48 000 Hz and 24 bits, of one or two channels; it never changes.

    >>> audio = Audio("take.mp3")
    >>> audio.seconds, audio.loudness

    Two are equal when their samples are: ``blob``, the sha256 of the WAV file that holds them, is
    what a song says to play.
    """

    __slots__ = ("__weakref__", "_blob", "_clipped", "_loudness", "_name", "_shape", "_source")

    def __init__(
        self,
        source: str | os.PathLike[str] | np.ndarray[Any, Any],
        sr: int = SAMPLE_RATE,
        *,
        name: str | None = None,
        partial: bool = False,
    ) -> None:
        """Take in a file (WAV, FLAC, MP3, Ogg Vorbis, Opus, AIFF) or an array of samples.

        An array is ``(channels, frames)`` or ``(frames,)``: floats with 1.0 as full scale, int16
        or int32, at ``sr`` Hz; a file knows its own rate. More than two channels are mixed to
        two. With ``partial``, a file that was cut off gives what is there.

        Raises:
            AudioError: this is no audio, was cut off, is longer than four hours, or holds what
                are no numbers.
            FileNotFoundError: there is no such file.
        """
        from cellissimo.media.intake import take_array, take_file  # noqa: PLC0415

        if isinstance(source, str | os.PathLike):
            path = Path(source)
            self._keep(take_file(path, partial=partial), name or path.stem)
        else:
            import numpy as np  # noqa: PLC0415

            given = name or "array"
            self._keep(take_array(np.asarray(source), sr, given), given)

    @classmethod
    def of(cls, blob: str, name: str = "audio") -> Audio:
        """The audio that a blob holds.

        Raises:
            BlobError: the blob is not here.
        """
        from cellissimo.media.pages import blob_shape  # noqa: PLC0415

        made = object.__new__(cls)
        made._set(checked_name(blob), name, blob_shape(SESSION.blobs, blob))
        return made

    def _keep(self, taken: Taken, name: str) -> None:
        from cellissimo.media.pages import blob_shape  # noqa: PLC0415

        blob = SESSION.blobs.put(taken.content)
        self._set(blob, name, blob_shape(SESSION.blobs, blob), taken.source, taken.clipped)

    def _set(
        self, blob: str, name: str, shape: Shape, source: Source | None = None, clipped: int = 0
    ) -> None:
        self._blob = blob
        self._name = name
        self._shape = shape
        self._source = source
        self._clipped = clipped
        self._loudness: Loudness | None = None

    @property
    def blob(self) -> str:
        """The sha256 of its WAV file, by which a song names it."""
        return self._blob

    @property
    def name(self) -> str:
        """What it is called: the file's name without its ending, unless it was given another."""
        return self._name

    @property
    def source(self) -> Source | None:
        """What it was made from: name, format, encoding, rate, channels, frames.

        None where that is not known: a song names its audio by hash alone.
        """
        return self._source

    @property
    def clipped(self) -> int:
        """Samples that were above full scale when it was taken in, and were cut there."""
        return self._clipped

    @property
    def channels(self) -> int:
        """1 or 2."""
        return self._shape.channels

    @property
    def frames(self) -> int:
        """Its length at 48 000 Hz."""
        return self._shape.frames

    @property
    def seconds(self) -> float:
        """Its length."""
        return self._shape.seconds

    @property
    def samples(self) -> Samples:
        """All of it, ``(channels, frames)`` float32; an hour in stereo takes 1.4 GB."""
        return self.read(0, self.frames)

    def read(self, start: int, stop: int) -> Samples:
        """The frames from ``start`` to before ``stop``, ``(channels, n)`` float32."""
        from cellissimo.media.pages import blob_samples  # noqa: PLC0415

        return blob_samples(SESSION.blobs, self._blob, start, stop - start)

    @property
    def loudness(self) -> Loudness:
        """Integrated loudness, range, true peak and more, measured when first asked for.

        ``loudness.integrated`` in LUFS, ``.range`` in LU, ``.true_peak`` in dBTP,
        ``.sample_peak`` in dBFS. Mono is measured as it is heard here, on both sides.

        Source: ITU-R BS.1770-4, EBU R 128.
        """
        if self._loudness is None:
            from cellissimo.media.loudness import LoudnessMeter  # noqa: PLC0415

            meter = LoudnessMeter()
            for block in self._blocks():
                meter.add(block)
            self._loudness = meter.result()
        return self._loudness

    def peaks(self, zoom: int = 512, *, split: bool = False) -> Peaks:
        """The lowest and highest sample of each ``zoom`` frames, as audiowaveform defines them.

        ``zoom`` 2 or more. With ``split`` each channel has its own. ``.json()`` and ``.dat()``
        are the files that audiowaveform writes, ``.coarser(4)`` the next level.

        Raises:
            PeaksError: ``zoom`` is below 2.
        """
        from cellissimo.media.peaks import blob_peaks  # noqa: PLC0415

        return blob_peaks(SESSION.blobs, self._blob, zoom, split=split)

    def __getitem__(self, seconds: slice) -> Audio:
        """A stretch of it between two times in seconds: ``audio[1.5:4]``, ``audio[-2:]``.

        Raises:
            AudioError: these are no two times with audio between them.
        """
        from cellissimo.media.decode import AudioError  # noqa: PLC0415
        from cellissimo.media.intake import take_array  # noqa: PLC0415

        start, stop = _frames_between(seconds, self.frames)
        if start >= stop:
            raise AudioError(f"no audio between these times; it has {self.seconds:.3f} s")
        return self._made(take_array(self.read(start, stop), SAMPLE_RATE, self._name))

    def stretch(
        self, ratio: float | None = None, *, tempo: float | None = None, to: float | None = None
    ) -> Audio:
        """The same ``ratio`` times as long, or from one tempo to another, its pitch kept.

        ``stretch(1.5)`` is half as long again; ``stretch(tempo=90, to=120)`` makes music of 90
        beats a minute one of 120. Ratios are 0.25 … 4. The same audio and ratio give the same.
        Needs the extra ``audio``: ``pip install 'cellissimo[audio]'``.

        Raises:
            AudioError: there is neither a ratio nor two tempos, or it is out of range.
        """
        from cellissimo.media.intake import take_array  # noqa: PLC0415
        from cellissimo.media.stretch import stretched  # noqa: PLC0415

        wanted = _ratio(ratio, tempo, to)
        if round(self.frames * wanted) == self.frames:
            return self
        key = (self._blob, repr(wanted))
        known = SESSION.blobs.stretched.get(key)
        if known and SESSION.blobs.has(known):
            return Audio.of(known, self._name)
        made = self._made(take_array(stretched(self.samples, wanted), SAMPLE_RATE, self._name))
        SESSION.blobs.stretched[key] = made.blob
        return made

    def _made(self, taken: Taken) -> Audio:
        """Audio made of this one, of the same name."""
        made = object.__new__(Audio)
        made._keep(taken, self._name)
        return made

    def export(self, path: str | os.PathLike[str], *, bits: int = 24) -> Exported:
        """Write it to a .wav, .flac, .mp3 or .ogg file; gives path, length, loudness, true peak.

        ``bits`` 16 (with dither), 24 (exact), or 32 (floats; .wav only).

        Raises:
            FormatError: the ending is none of these, or it has not so many bits.
        """
        from cellissimo.media.export import export_mix  # noqa: PLC0415
        from cellissimo.media.wav_file import Tags  # noqa: PLC0415

        return export_mix(
            Path(path),
            self._blocks(),
            bits=bits,
            tags=Tags(self._name),
            frames=self.frames,
            channels=self.channels,
        )

    def _blocks(self) -> Iterator[Samples]:
        for start in range(0, self.frames, SAMPLE_RATE):
            yield self.read(start, start + SAMPLE_RATE)

    def __eq__(self, other: object) -> bool:
        """Whether the samples of both are the same."""
        return self._blob == other._blob if isinstance(other, Audio) else NotImplemented

    def __hash__(self) -> int:
        """Equal audio, equal hash."""
        return hash(self._blob)

    def __reduce__(self) -> tuple[object, ...]:
        """What ``pickle`` makes again: the bytes travel along."""
        content = SESSION.blobs.get(self._blob)
        return _unpickled, (content, self._name, self._source, self._clipped)

    def __repr__(self) -> str:
        """A short stable description: what a screen reader says."""
        words = [
            f'Audio "{self._name}"',
            f"{self.seconds:.2f} s",
            ("mono", "stereo")[self.channels - 1],
        ]
        if self._source and self._source.format != "array":
            source = self._source
            words.append(f"from {source.format} {source.encoding}, {source.rate} Hz")
        if self._clipped:
            words.append(f"{self._clipped} samples clipped")
        return " · ".join((*words, self._blob[:12]))


def _unpickled(content: bytes, name: str, source: Source | None, clipped: int) -> Audio:
    from cellissimo.media.wav import HEADER_BYTES, shape_of  # noqa: PLC0415

    made = object.__new__(Audio)
    shape = shape_of(content[:HEADER_BYTES], len(content))
    made._set(SESSION.blobs.put(content), name, shape, source, clipped)
    return made


def _ratio(ratio: float | None, tempo: float | None, to: float | None) -> float:
    """New length over old, from a ratio or two tempos."""
    from cellissimo.media.decode import AudioError  # noqa: PLC0415
    from cellissimo.media.stretch import checked_ratio  # noqa: PLC0415

    if ratio is not None and tempo is None and to is None:
        return checked_ratio(ratio)
    if ratio is None and tempo and to:
        return checked_ratio(tempo / to)
    raise AudioError("give a ratio, stretch(1.5), or two tempos, stretch(tempo=90, to=120)")


def _frames_between(seconds: object, frames: int) -> tuple[int, int]:
    """The frames that a slice of seconds begins and ends at; negative times count from the end."""
    from cellissimo.media.decode import AudioError  # noqa: PLC0415

    if not isinstance(seconds, slice) or seconds.step is not None:
        raise AudioError(f"audio[{seconds!r}]; give two times in seconds, audio[1.5:4]")
    ends = (
        None if time is None else round(float(time) * SAMPLE_RATE)
        for time in (seconds.start, seconds.stop)
    )
    start, stop, _ = slice(*ends).indices(frames)
    return start, stop
