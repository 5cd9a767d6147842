"""What the rows say of a piece's music: read from its document, never written by anybody else."""

from __future__ import annotations

import json
from dataclasses import dataclass

from cellissimo.domain.tempo_map import MeterMap, TempoMap
from cellissimo.notation.digest import digest_song
from cellissimo.schema.models import Song


@dataclass(frozen=True, slots=True)
class MusicIndex:
    """The columns of a piece that its document decides."""

    name: str
    tempo: float
    meter: str
    key: str
    bars: int
    length_ms: int
    stems: int
    chords: str
    digest: str
