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
from cellissimo.music.written import Written

if TYPE_CHECKING:
    from cellissimo.music.sounding import Sounding
    from cellissimo.native.host import Samples


def written(thing: Sounding, path: Path) -> Written | None:
    """What is no sound, by the ending of ``path``: notes, or a bundle; None where it is sound.

    Raises:
        LimitError: only a loop or a song becomes a bundle.
    """
    from cellissimo.music.bundle import ENDING, export_bundle  # noqa: PLC0415 - seldom asked for
    from cellissimo.music.midi_file import ENDINGS, write_midi  # noqa: PLC0415 - the same

    if path.suffix.lower() in ENDINGS:
        return write_midi(thing, path)
    if path.name.lower().endswith(ENDING):
        return export_bundle(thing, path)
    return None


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
