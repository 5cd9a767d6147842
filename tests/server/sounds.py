"""Sounds for the tests of uploads, made where they are needed."""

from __future__ import annotations

import hashlib
import io
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from cellissimo.media.intake import take_array

_NAMES = itertools.count()


def tone(seconds: float = 0.5, *, rate: int = 48_000, seed: int = 0) -> np.ndarray:
    """Two channels of quiet noise under a tone, ``(frames, 2)`` float64."""
    random = np.random.default_rng(seed)
    time = np.arange(round(seconds * rate)) / rate
    sine = 0.4 * np.sin(2 * np.pi * 440 * time)
    return np.stack((sine, sine), axis=1) + 0.01 * random.standard_normal((len(time), 2))


def encoded(samples: np.ndarray, form: str = "WAV", rate: int = 48_000, **given: Any) -> bytes:
    """A file of samples in one of libsndfile's formats."""
    file = io.BytesIO()
    with soundfile.SoundFile(file, "w", rate, samples.shape[1], format=form, **given) as out:
        for start in range(0, len(samples), 16_384):
            out.write(samples[start : start + 16_384])
    return file.getvalue()


def canonical(seconds: float = 0.1, seed: int = 0) -> bytes:
    """A canonical WAV file, as documents name them."""
    return take_array(tone(seconds, seed=seed).T, 48_000, "tone").content


def name_of(content: bytes) -> str:
    """The name of a blob."""
    return hashlib.sha256(content).hexdigest()


def newcomer(server: Any) -> Any:
    """A client of somebody who has done nothing yet, with all limits unused."""
    return server.as_(f"newcomer{next(_NAMES)}")


def upload(client: Any, content: bytes, name: str = "Kick.wav", **fields: Any) -> Any:
    """The answer to one upload."""
    return client.post("samples/upload", files={"file": (name, content)}, data=fields)


def files_below(folder: Path) -> list[str]:
    """The names of all files below a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
