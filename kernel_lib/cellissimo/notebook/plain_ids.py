"""A song under ids that say only its order, so that a display of the same song is the same.

Noise and chance follow the ids of a song's parts; those are new in each run of a notebook.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from cellissimo.music.song_content import loops_in_order, returns_in_order
from cellissimo.notation.digest_stem import stems_in_order
from cellissimo.schema import models

Names = Mapping[str, str]


def plain_ids(song: models.Song) -> tuple[models.Song, Names]:
    """The song with its ids replaced by the places of its parts, and the new ids by the old."""
    stems = _numbered("stem", (stem.id for stem in stems_in_order(song)))
    segments = _numbered("segment", (part.id for part in _segments_in_order(song, stems)))
    loops = {**_numbered("loop", loops_in_order(song)), **segments}
    returns = _numbered("return", (bus.id for bus in returns_in_order(song)))
    blocks = sorted(song.blocks.values(), key=lambda b: (b.start, b.lane, loops.get(b.loop, "")))
    plain = replace(
        song,
        id="song",
        loops={loops[key]: replace(loop, id=loops[key]) for key, loop in song.loops.items()
               if key in loops},
        pads={pad: loops[key] for pad, key in song.pads.items() if key in loops},
        blocks={str(at): replace(block, id=str(at), loop=loops.get(block.loop, ""))
                for at, block in enumerate(blocks)},
        stems={stems[key]: _stem(stem, stems[key], returns) for key, stem in song.stems.items()},
        returns={returns[key]: replace(bus, id=returns[key]) for key, bus in song.returns.items()},
        segments={new: _segment(song.segments[old], new, stems, loops)
                  for old, new in segments.items()},
    )  # fmt: skip
    return plain, stems


def _numbered(kind: str, ids: Iterable[str]) -> dict[str, str]:
    return {old: f"{kind}-{place:04}" for place, old in enumerate(ids)}


def _segments_in_order(song: models.Song, stems: Names) -> list[models.Segment]:
    mine = (segment for segment in song.segments.values() if segment.stem in stems)
    return sorted(
        mine, key=lambda s: (stems[s.stem], s.start, s.length, s.kind, s.name, s.blob or "")
    )


def _stem(stem: models.Stem, plain: str, returns: Names) -> models.Stem:
    sends = {returns[bus]: level for bus, level in stem.sends.items() if bus in returns}
    return replace(stem, id=plain, sends=sends)


def _segment(segment: models.Segment, plain: str, stems: Names, loops: Names) -> models.Segment:
    ordered = sorted(segment.notes.values(), key=lambda n: (n.start, n.pitch, n.duration))
    notes = {f"{place:06}": note for place, note in enumerate(ordered)}
    loop = loops.get(segment.loop) if segment.loop else None
    return replace(segment, id=plain, stem=stems[segment.stem], loop=loop, notes=notes)
