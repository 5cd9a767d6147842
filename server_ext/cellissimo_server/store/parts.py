"""Stems and segments by id, so that an id alone finds its piece; an index of the document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cellissimo_server.store.database import Connection
from cellissimo_server.store.table import Table


@dataclass(frozen=True, slots=True)
class Part:
    """A stem or a segment, and the piece it is in."""

    id: str
    piece_id: str
    kind: str


PARTS = Table("parts", Part)


def insert_all(db: Connection, new: Sequence[Part]) -> None:
    """Add the parts of new pieces."""
    PARTS.insert_all(db, new)


def by_id(db: Connection, part_id: str, kind: str) -> Part | None:
    """The part of that id and kind."""
    return PARTS.first(db, "id = ? AND kind = ?", part_id, kind)


def everywhere(db: Connection, part_id: str, kind: str) -> list[Part]:
    """The parts of that id and kind: of a piece, and of what was forked from it."""
    return PARTS.find(db, "id = ? AND kind = ? ORDER BY piece_id", part_id, kind)


def of_piece(db: Connection, piece_id: str) -> list[Part]:
    """All parts of a piece."""
    return PARTS.find(db, "piece_id = ? ORDER BY id", piece_id)


def replace(db: Connection, piece_id: str, parts: Iterable[Part]) -> None:
    """Make the parts of a piece what its document says."""
    replace_all(db, {piece_id: parts})


def replace_all(db: Connection, by_piece: Mapping[str, Iterable[Part]]) -> None:
    """Make the parts of pieces what their documents say; only what differs is written."""
    wanted = {(part.piece_id, part.id): part for parts in by_piece.values() for part in parts}
    found = PARTS.any_of(db, "piece_id", by_piece)
    there = {(part.piece_id, part.id): part for part in found}
    for (piece_id, part_id), part in there.items():
        if wanted.get((piece_id, part_id)) != part:
            PARTS.delete(db, "id = ? AND piece_id = ?", part_id, piece_id)
    PARTS.insert_all(db, [part for key, part in wanted.items() if there.get(key) != part])
