"""Audio in and out beside soundfile alone, and beside ffmpeg in a process of its own.

Half a minute of music-like noise. Beside soundfile we also mix, resample, round, hash and keep;
and on the way out we also round by our own rule and measure loudness and true peak. ffmpeg is how
pydub and its like read and write.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

from cellissimo.media.blobs import MemoryBlobs
from cellissimo.media.export import export_mix
from cellissimo.media.intake import take_array, take_file
from cellissimo.media.loudness import loudness_of
from cellissimo.media.peaks import blob_peaks
from cellissimo.media.stretch import stretched

SECONDS = 30
RATE = 48_000


def music(rate: int) -> np.ndarray:
    """Noise with the spectrum of music, ``(2, frames)`` float32, the same each time."""
    noise = np.random.default_rng(0).standard_normal((2, SECONDS * rate))
    spectrum = np.fft.rfft(noise)
    tilted = np.fft.irfft(spectrum / np.sqrt(1 + np.arange(spectrum.shape[1]) / 1000))
    return (0.5 * tilted / np.abs(tilted).max()).astype(np.float32)


def wall(work: Callable[[], object], times: int = 3) -> float:
    """The shortest of a few runs, in seconds by the clock: other processes take part."""
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def by_ffmpeg(source: Path, *options: str) -> bytes:
    """What ffmpeg makes of a file, through a pipe."""
    program = shutil.which("ffmpeg") or "ffmpeg"
    command = [program, "-v", "error", "-i", str(source), *options, "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def intake(path: Path) -> str:
    """How long a file takes to become a blob, beside others who read it."""

    def ours() -> None:
        MemoryBlobs().put(take_file(path).content)

    mine = wall(ours)
    alone = wall(lambda: soundfile.read(path, dtype="float32"))
    piped = wall(lambda: np.frombuffer(by_ffmpeg(path, "-ar", "48000", "-f", "f32le"), "<f4"))
    return (
        f"{SECONDS / mine:.0f} × real time, {mine / alone:.1f} × as long as soundfile alone, "
        f"{mine / piped:.2f} × ffmpeg"
    )


def outlet(folder: Path, ending: str, *options: str) -> str:
    """How long samples take to become a file, beside others who write it."""
    samples = music(RATE)
    raw = folder / "raw.wav"
    soundfile.write(raw, samples.T, RATE, "FLOAT")
    blocks = [samples[:, at : at + 4096] for at in range(0, samples.shape[1], 4096)]
    path, other = folder / f"ours.{ending}", folder / f"theirs.{ending}"

    def piped() -> None:
        soundfile.write(raw, samples.T, RATE, "FLOAT")
        other.write_bytes(by_ffmpeg(raw, *options, "-f", ending))

    def alone() -> None:
        with soundfile.SoundFile(other, "w", RATE, 2, *written[ending]) as file:
            for block in blocks:
                file.write(block.T)

    written = {"wav": ["PCM_24"], "flac": ["PCM_24"], "mp3": []}
    mine = wall(lambda: export_mix(path, blocks, progress=False))
    return (
        f"{SECONDS / mine:.0f} × real time, {mine / wall(alone):.1f} × as long as soundfile alone, "
        f"{mine / wall(piped):.2f} × ffmpeg"
    )


def results() -> dict[str, str]:
    """What was measured, by its name."""
    samples = music(RATE)
    blobs = MemoryBlobs()
    name = blobs.put(take_array(samples, RATE, "music").content)
    found = {}
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for ending in ("wav", "flac", "mp3", "ogg"):
            path = folder / f"a.{ending}"
            with soundfile.SoundFile(path, "w", 44_100, 2) as file:
                for piece in np.array_split(music(44_100).T, 100):
                    file.write(piece)
            found[f"taking in {ending.upper()} of 44 100 Hz"] = intake(path)
        found["exporting WAV, loudness measured"] = outlet(folder, "wav", "-c:a", "pcm_s24le")
        found["exporting FLAC, loudness measured"] = outlet(folder, "flac")
        found["exporting MP3, loudness measured"] = outlet(folder, "mp3", "-q:a", "2")
    speed = {
        "loudness, range and true peak": wall(lambda: loudness_of(samples)),
        "peaks of a blob": wall(lambda: blob_peaks(blobs, name, 256)),
        "stretching by 1.25": wall(lambda: stretched(samples, 1.25)),
    }
    return found | {what: f"{SECONDS / took:.0f} × real time" for what, took in speed.items()}
