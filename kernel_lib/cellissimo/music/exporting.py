"""Exporting what sounds: rendered straight into files, whole or stem by stem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cellissimo.domain.ticks import parse_meter
from cellissimo.engine.render import Performance
from cellissimo.media.export import Exported, export_mix, export_stems
from cellissimo.media.wav_file import Tags
from cellissimo.music.session import SESSION

if TYPE_CHECKING:
    from cellissimo.music.sounding import Sounding
    from cellissimo.native.host import Samples


def mix_of(
    thing: Sounding, path: Path, *, bits: int, seamless: bool, progress: bool | None
) -> Exported:
    """One file of what is heard, with its tail or seamless; written while it is rendered."""
    performance = Performance(thing.score, SESSION.page, thing.span)

    def blocks() -> Iterator[Samples]:
        if seamless:
            yield performance.seamless()
        else:
            yield from (block.mix for block in performance.blocks())

    return export_mix(
        path,
        blocks(),
        bits=bits,
        tags=_tags(thing, is_loop=seamless),
        frames=performance.frames,
        progress=progress,
    )


def stems_of(thing: Sounding, place: Path, *, bits: int, progress: bool | None) -> Exported:
    """A file for each strip that goes straight to the master, behind its fader."""
    score = thing.score
    performance = Performance(score, SESSION.page, thing.span)
    direct = [strip for strip in score.strips if "/" not in strip]
    strips = sorted(direct, key=lambda strip: strip.startswith("return:"))  # last, as on a mixer
    names = {strip: thing.names_of(strip).get("part") or strip for strip in strips}

    def blocks() -> Iterator[Mapping[str, Samples]]:
        return (block.taps for block in performance.blocks(taps=strips))

    return export_stems(
        place,
        blocks(),
        names=names,
        bits=bits,
        tags=_tags(thing),
        frames=performance.frames,
        progress=progress,
    )


def _tags(thing: Sounding, *, is_loop: bool = False) -> Tags:
    """Name, tempo and meter; no tempo where it changes."""
    song = thing.document.revision
    meter = parse_meter(str(getattr(thing, "meter", song.meter)))
    return Tags(
        title=str(getattr(thing, "name", None) or thing),
        tempo=None if len(song.tempos) > 1 else float(getattr(thing, "tempo", song.tempo)),
        meter=(meter.beats, meter.unit),
        is_loop=is_loop,
    )
