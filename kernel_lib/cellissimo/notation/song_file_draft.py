"""What the lines of a song file have said so far, and the song that comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cellissimo.domain.errors import CellissimoError
from cellissimo.notation.pattern_problem import quoted
from cellissimo.notation.song_file_words import FileFault
from cellissimo.schema import limits
from cellissimo.schema.migrations import from_1
from cellissimo.schema.models import (
    Block,
    Lock,
    Loop,
    Marker,
    Note,
    Point,
    Return,
    Section,
    Segment,
    Song,
    Stem,
    Step,
    StepKey,
    Tempo,
    Value,
)


class SongFileError(CellissimoError):
    """A song file that does not read; ``line`` counts from 1."""

    def __init__(self, line: int, message: str, cure: str = "") -> None:
        """Name the line, what is wrong and the cure."""
        super().__init__(f"line {line}: {message}" + (f". {cure}" if cure else ""))
        self.line = line


@dataclass(slots=True)
class LoopDraft:
    """A loop that is being read; ``target`` is the row whose settings stand next."""

    fields: dict[str, Any]
    target: str | None = None
    chords: dict[int, str] = field(default_factory=dict)
    steps: dict[StepKey, Step] = field(default_factory=dict)
    settings: dict[str, Value] = field(default_factory=dict)
    rows: set[str] = field(default_factory=set)

    @property
    def cells(self) -> int:
        """Cells of the whole loop, as far as its length is read."""
        return Loop(**self.fields).cells

    def add_row(self, row: str) -> None:
        """Notes a row. Raises: FileFault for one more than a loop can have."""
        self.rows.add(row)
        count = len(self.rows - {limits.MASTER})
        if count > limits.ROWS_PER_LOOP:
            raise FileFault(
                f"loop {quoted(self.fields['id'])} has {count} rows, more than "
                f"{limits.ROWS_PER_LOOP}",
                "Make two loops of it.",
            )

    def finished(self, version: int) -> Loop:
        """The loop, with settings as this version means them."""
        settings = from_1.settings(self.settings) if version == 1 else self.settings
        return Loop(
            **self.fields,
            chords=dict(sorted(self.chords.items())),
            steps=dict(sorted(self.steps.items())),
            settings=dict(sorted(settings.items())),
        )


@dataclass(slots=True)
class SegmentDraft:
    """A segment that is being read."""

    fields: dict[str, Any]
    notes: dict[str, Note] = field(default_factory=dict)

    def finished(self) -> Segment:
        """The segment."""
        return Segment(**self.fields, notes=dict(sorted(self.notes.items())))


@dataclass(slots=True)
class StripDraft:
    """A stem, a return or the master that is being read; ``what`` is its keyword."""

    what: str
    fields: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Value] = field(default_factory=dict)
    sends: dict[str, float] = field(default_factory=dict)
    lanes: dict[str, dict[int, Point]] = field(default_factory=dict)

    @property
    def said(self) -> dict[str, Any]:
        """Settings and lanes, in order."""
        lanes = {key: dict(sorted(points.items())) for key, points in sorted(self.lanes.items())}
        return {"settings": dict(sorted(self.settings.items())), "lanes": lanes}

    def stem(self) -> Stem:
        """The stem."""
        return Stem(**self.fields, **self.said, sends=dict(sorted(self.sends.items())))


@dataclass(slots=True)
class Draft:
    """The parser's working copy; ``place`` is what the lines that are read next belong to."""

    version: int
    place: str = "head"
    fields: dict[str, Any] = field(default_factory=dict)
    tempos: dict[int, Tempo] = field(default_factory=dict)
    meters: dict[int, str] = field(default_factory=dict)
    pads: dict[int, str] = field(default_factory=dict)
    locks: dict[str, Lock] = field(default_factory=dict)
    loops: dict[str, LoopDraft] = field(default_factory=dict)
    blocks: dict[str, Block] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)
    markers: dict[str, Marker] = field(default_factory=dict)
    returns: dict[str, StripDraft] = field(default_factory=dict)
    stems: dict[str, StripDraft] = field(default_factory=dict)
    segments: dict[str, SegmentDraft] = field(default_factory=dict)
    master: StripDraft = field(default_factory=lambda: StripDraft("master"))
    loop: LoopDraft = field(default_factory=lambda: LoopDraft({}))
    strip: StripDraft = field(default_factory=lambda: StripDraft("master"))
    segment: SegmentDraft = field(default_factory=lambda: SegmentDraft({}))

    def song(self, last: int) -> Song:
        """The song. Raises: SongFileError naming line ``last`` where something is missing."""
        self._check_whole(last)
        loops = {key: draft.finished(self.version) for key, draft in self.loops.items()}
        stems = {key: draft.stem() for key, draft in self.stems.items()}
        returns = {key: Return(**draft.fields, **draft.said) for key, draft in self.returns.items()}
        segments = {key: draft.finished() for key, draft in self.segments.items()}
        return Song(
            **self.fields,
            tempos=dict(sorted(self.tempos.items())),
            meters=dict(sorted(self.meters.items())),
            loops=dict(sorted(loops.items())),
            pads=dict(sorted(self.pads.items())),
            blocks=dict(sorted(self.blocks.items())),
            stems=dict(sorted(stems.items())),
            returns=dict(sorted(returns.items())),
            segments=dict(sorted(segments.items())),
            sections=dict(sorted(self.sections.items())),
            markers=dict(sorted(self.markers.items())),
            master=self.master.said["settings"],
            lanes=self.master.said["lanes"],
            locks=dict(sorted(self.locks.items())),
        )

    def _check_whole(self, last: int) -> None:
        missing = [name for name in ("id", "name") if name not in self.fields]
        missing += ["tempo 0"] * (0 not in self.tempos) + ["meter 0"] * (0 not in self.meters)
        if missing:
            raise SongFileError(
                last,
                f"the file ends without a line {missing[0]}",
                "Add it, or take the file from its last good version.",
            )
