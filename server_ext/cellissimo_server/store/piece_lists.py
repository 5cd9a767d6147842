"""Lists of pieces: mine, shared with me, public; filtered, sorted and in pages."""

from __future__ import annotations

from dataclasses import dataclass, field

from cellissimo_server.store.database import Connection, Plain
from cellissimo_server.store.paging import Found, Order, Paging
from cellissimo_server.store.pieces import PIECES, Piece

ORDERS = {
    "updated": Order("updated_at"),
    "new": Order("created_at"),
    "views": Order("views"),
    "forks": Order("forks"),
    "name": Order("name", descending=False),
}
"""How a list may be sorted."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which pieces a list shows; None asks for nothing.

    ``person`` with ``role`` "owner", "member", None (both) or "any" (both, and everybody's public
    ones) is whose pieces; without a person it is everybody's, and ``visibility`` should say
    "public". ``words`` are folded words of which the piece has all; ``begun`` begins one of them.
    """

    kind: str | None = None
    person: str | None = None
    role: str | None = None
    visibility: str | None = None
    archived: bool | None = None
    tag: str | None = None
    name: str | None = None
    key: str | None = None
    tempo: tuple[float, float] | None = None
    chord: str | None = None
    words: tuple[str, ...] = ()
    begun: str | None = None
    trashed: bool = False
    order: Order = field(default=ORDERS["updated"])


def listed(db: Connection, wanted: Wanted, paging: Paging) -> Found[Piece]:
    """One page of the pieces that are wanted."""
    conditions = _conditions(wanted)
    where = " AND ".join(sql for sql, _ in conditions)
    values = [value for _, given in conditions for value in given]
    return PIECES.page(db, where, values, wanted.order, paging)


def _conditions(wanted: Wanted) -> list[tuple[str, tuple[Plain, ...]]]:
    found = [_standing(wanted), *_equal(wanted)]
    if wanted.name:
        found.append(("LOWER(name) LIKE ? ESCAPE '!'", (f"%{_literal(wanted.name.lower())}%",)))
    if wanted.tag:
        found.append(_holds("tags", wanted.tag))
    if wanted.chord:
        found.append(_holds("chords", wanted.chord))
    if wanted.tempo:
        found.append(("tempo BETWEEN ? AND ?", wanted.tempo))
    return found + _worded(wanted)


def _holds(column: str, item: str) -> tuple[str, tuple[Plain, ...]]:
    """That a column's JSON list has an item."""
    return f"{column} LIKE ? ESCAPE '!'", (f"%{_literal(_quoted(item))}%",)


def _worded(wanted: Wanted) -> list[tuple[str, tuple[Plain, ...]]]:
    found: list[tuple[str, tuple[Plain, ...]]] = [
        ("id IN (SELECT piece_id FROM search_words WHERE word = ?)", (word,))
        for word in wanted.words
    ]
    if wanted.begun:
        sql = "id IN (SELECT piece_id FROM search_words WHERE word LIKE ? ESCAPE '!')"
        found.append((sql, (f"{_literal(wanted.begun)}%",)))
    return found


def _standing(wanted: Wanted) -> tuple[str, tuple[Plain, ...]]:
    trashed = "trashed_at IS NOT NULL" if wanted.trashed else "trashed_at IS NULL"
    mine = "owner_id = ?"
    shared = "id IN (SELECT piece_id FROM members WHERE user_id = ?)"
    if wanted.person is None:
        return trashed, ()
    if wanted.role == "any":
        open_to_all = "visibility = 'public'"
        both = (wanted.person, wanted.person)
        return f"{trashed} AND ({open_to_all} OR {mine} OR {shared})", both
    if wanted.role is None:
        return f"{trashed} AND ({mine} OR {shared})", (wanted.person, wanted.person)
    return f"{trashed} AND {mine if wanted.role == 'owner' else shared}", (wanted.person,)


def _equal(wanted: Wanted) -> list[tuple[str, tuple[Plain, ...]]]:
    columns = ("kind", "visibility", "archived", "key")
    pairs = [(column, getattr(wanted, column)) for column in columns]
    return [(f"{column} = ?", (value,)) for column, value in pairs if value is not None]


def _quoted(tag: str) -> str:
    escaped = tag.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _literal(text: str) -> str:
    """A text that LIKE takes as it stands, with ``!`` as the escape sign."""
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
