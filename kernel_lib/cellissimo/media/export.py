"""Exports: sound as it is rendered, into one file or a file for each stem, and what it became."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cellissimo.media.encode import Encoder, Form, FormatError, encoder, form_of
from cellissimo.media.loudness import Loudness, LoudnessMeter
from cellissimo.media.wav import SAMPLE_RATE
from cellissimo.media.wav_file import Tags
from cellissimo.media.whole_file import whole_file

if TYPE_CHECKING:
    Samples = np.ndarray[Any, np.dtype[np.float32]]

PROGRESS_SECONDS = 60
"""Sound that is shorter is written without showing progress."""

_NAME_BREAKERS = re.compile(r'\s*[\x00-\x1f/\\:*?"<>|]+\s*')
"""What some file system does not take in a name."""


@dataclass(frozen=True, slots=True)
class Exported(os.PathLike[str]):
    """What was exported; wherever a path is taken, this is the path.

    ``files`` are all that were written, ``loudness`` is of the whole (of stems: of their sum),
    ``clipped`` counts samples that were above full scale and were cut there.
    """

    path: Path
    files: tuple[Path, ...]
    seconds: float
    loudness: Loudness
    clipped: int = 0

    def __fspath__(self) -> str:
        """The path, for whatever opens files."""
        return str(self.path)

    @property
    def integrated(self) -> float:
        """The loudness in LUFS."""
        return self.loudness.integrated

    @property
    def true_peak(self) -> float:
        """The highest point of the wave in dBTP."""
        return self.loudness.true_peak

    def __repr__(self) -> str:
        """One line: file, length, loudness, true peak, and whether it clips."""
        several = f" ({len(self.files)} files)" if self.files != (self.path,) else ""
        clipped = f", {self.clipped} samples clipped" if self.clipped else ""
        return (
            f"{self.path.name}{several}: {self.seconds:.1f} s, {self.integrated:.1f} LUFS, "
            f"true peak {self.true_peak:.1f} dBTP{clipped}"
        )


def export_mix(
    path: Path,
    blocks: Iterable[Samples],
    *,
    bits: int = 24,
    tags: Tags = Tags(),  # noqa: B008 - frozen
    frames: int | None = None,
    channels: int = 2,
    progress: bool | None = None,
) -> Exported:
    """Write blocks of sound to one file, in the format of its ending; gives what it became.

    Shape: ``(channels, n)`` float32 each. ``bits`` 16 (with seeded triangular dither), 24, or 32
    (floats; WAV only). ``frames`` is how many will come, where that is known: from a minute on,
    progress is shown, as it is with ``progress=True``. Whatever ends it early, also Ctrl-C, leaves
    what was there before.

    Raises:
        FormatError: the ending is not .wav, .flac, .mp3 or .ogg, or it has not so many bits.
        OSError: nothing can be written there.
    """
    form = form_of(path, bits, tags)
    heard = _Heard(form)
    with ExitStack() as stack:
        out = stack.enter_context(_whole_encoder(path, form, channels))
        count = stack.enter_context(_counter(frames, path.name, progress=progress))
        for block in blocks:
            out.write(block)
            heard.add(block, (block,))
            count(block.shape[1])
    return heard.as_exported(path, (path,))


def export_stems(
    place: Path,
    blocks: Iterable[Mapping[str, Samples]],
    *,
    names: Mapping[str, str] | None = None,
    bits: int = 24,
    tags: Tags = Tags(),  # noqa: B008 - frozen
    frames: int | None = None,
    progress: bool | None = None,
) -> Exported:
    """Write each stem to a file of its own; all have the same length and add up to the mix.

    ``place`` is a folder, for WAV files "01 Bass.wav", or a file name with ``*`` in it, where the
    stem's number and name are put: "Evening *.flac". ``blocks`` give, each time, the next samples
    of every stem by its name, ``(2, n)`` float32 of one ``n``; ``names`` may say what each is
    called. The rest is as in `export_mix`: all files appear, or none. A stem alone may be louder
    than full scale: ``bits=32`` keeps it.

    Raises:
        FormatError: the ending is not known, or it has not so many bits.
        OSError: nothing can be written there.
    """
    pattern = place if "*" in place.name else place / "*.wav"
    form = form_of(pattern, bits, tags)
    heard = _Heard(form)
    files: tuple[Path, ...] = ()
    with ExitStack() as stack:
        stack.enter_context(_folder(pattern.parent))
        count = stack.enter_context(_counter(frames, place.name, progress=progress))
        outs: dict[str, Encoder] = {}
        for block in blocks:
            if not outs:
                files = stem_files(pattern, [(names or {}).get(name, name) for name in block])
                encoders = (stack.enter_context(_whole_encoder(file, form)) for file in files)
                outs = dict(zip(block, encoders, strict=True))
            for name, samples in block.items():
                outs[name].write(samples)
            heard.add(np.sum(list(block.values()), axis=0, dtype=np.float32), block.values())
            count(next(iter(block.values())).shape[1])
    return heard.as_exported(place, files)


def stem_files(pattern: Path, names: list[str]) -> tuple[Path, ...]:
    """The file of each stem: its number and name in place of the ``*``.

    Raises:
        FormatError: there are no stems.
    """
    if not names:
        raise FormatError("there are no stems to export; export the mix instead")
    width = max(2, len(str(len(names))))
    shown = (_NAME_BREAKERS.sub(" ", name).strip(" .") or "stem" for name in names)
    stars = (f"{number:0{width}} {name}" for number, name in enumerate(shown, 1))
    return tuple(pattern.with_name(pattern.name.replace("*", star)) for star in stars)


class _Heard:
    """What went into the files: its length, its loudness, what was cut."""

    def __init__(self, form: Form) -> None:
        self._cuts = form.cuts
        self._meter = LoudnessMeter()
        self._frames = 0
        self._clipped = 0

    def add(self, mix: Samples, written: Iterable[Samples]) -> None:
        self._frames += mix.shape[1]
        self._meter.add(mix)
        if self._cuts:
            self._clipped += sum(int(np.count_nonzero(np.abs(one) > 1)) for one in written)

    def as_exported(self, path: Path, files: tuple[Path, ...]) -> Exported:
        seconds = self._frames / SAMPLE_RATE
        return Exported(path, files, seconds, self._meter.result(), self._clipped)


@contextmanager
def _whole_encoder(path: Path, form: Form, channels: int = 2) -> Iterator[Encoder]:
    with (
        whole_file(path) as unfinished,
        unfinished.open("wb") as file,
        encoder(file, form, channels) as out,
    ):
        yield out


@contextmanager
def _folder(path: Path) -> Iterator[None]:
    """A folder, made where there is none, and removed again when nothing came into it."""
    is_new = not path.exists()
    path.mkdir(parents=True, exist_ok=True)
    try:
        yield
    finally:
        if is_new and not any(path.iterdir()):
            path.rmdir()


@contextmanager
def _counter(frames: int | None, name: str, *, progress: bool | None) -> Iterator[Any]:
    """A function that counts frames done, and shows it where there is something to wait for."""
    is_long = frames is not None and frames >= PROGRESS_SECONDS * SAMPLE_RATE
    if not (is_long if progress is None else progress):
        yield lambda _frames: None
        return
    from tqdm.auto import tqdm  # noqa: PLC0415 - only for long exports

    total = None if frames is None else frames / SAMPLE_RATE
    shown = "{desc}: {percentage:3.0f} % |{bar}| {n:.0f} of {total:.0f} s, {remaining} left"
    with tqdm(total=total, desc=name, bar_format=shown if frames else None, leave=False) as bar:
        yield lambda done: bar.update(done / SAMPLE_RATE)
