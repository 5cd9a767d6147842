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

    ``person`` with ``role`` "owner", "member" or None (both) is whose pieces; without a person
    it is everybody's, and ``visibility`` should say "public".
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
        found.append(("tags LIKE ? ESCAPE '!'", (f"%{_literal(_quoted(wanted.tag))}%",)))
    if wanted.tempo:
        found.append(("tempo BETWEEN ? AND ?", wanted.tempo))
    return found


def _standing(wanted: Wanted) -> tuple[str, tuple[Plain, ...]]:
    trashed = "trashed_at IS NOT NULL" if wanted.trashed else "trashed_at IS NULL"
    mine = "owner_id = ?"
    shared = "id IN (SELECT piece_id FROM members WHERE user_id = ?)"
    if wanted.person is None:
        return trashed, ()
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
