"""Changing what a piece says of itself: its row, and through its document its music."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cellissimo.crdt.document import Document
from cellissimo.crdt.gate_policy import actions_between
from cellissimo.schema.policy import Action
from cellissimo_server.access.needed import refuse_locked
from cellissimo_server.access.origins import checked_origin
from cellissimo_server.access.person import Person
from cellissimo_server.access.standing import check, permitted
from cellissimo_server.commands.announcing import announce
from cellissimo_server.commands.search_index import reindex_words
from cellissimo_server.commands.shown import Seen, seen_one
from cellissimo_server.commands.visibility import visibility_of
from cellissimo_server.errors import ChangedError, not_found
from cellissimo_server.store import pieces
from cellissimo_server.store.database import Connection, Plain
from cellissimo_server.store.pieces import Piece

if TYPE_CHECKING:
    from cellissimo_server.services import Services

_DESCRIBES = frozenset({"name", "description", "licence", "color", "tags"})
_PUBLISHES = frozenset({"visibility", "is_public", "embed_origins"})
_ARCHIVES = frozenset({"is_active"})
_LISTS = frozenset({"tags", "embed_origins"})
_SHOWN = {"time_signature": "meter", "is_active": "archived", "is_public": "visibility"}


@dataclass(frozen=True, slots=True)
class Change:
    """What is to change: fields by their Python names, and how the document comes to say it.

    ``music``: the names among them that the document says. ``rev``: what the change was made
    for, None for whichever is there.
    """

    kind: str | None
    fields: Mapping[str, Any]
    rev: int | None = None
    music: frozenset[str] = field(default_factory=frozenset)
    edit: Callable[[Document], None] | None = None


async def change_piece(services: Services, person: Person, piece_id: str, change: Change) -> Seen:
    """A piece with some fields changed; all that is asked for is allowed, or nothing changes.

    Raises:
        NotFoundError: it is not there, or not theirs to know of.
        ForbiddenError: one of the changes is not theirs to make.
        ChangedError: it has another ``rev`` by now.
    """
    now = services.clock()
    await services.database.read(lambda db: _checked(db, person, piece_id, change))
    if change.edit is None:
        await services.database.write(lambda db: _written(db, person, piece_id, change, now))
    else:
        await _edited(services, person, piece_id, change, change.edit)
    services.caches.piece_changed()
    seen = await services.database.read(lambda db: _found(db, person, piece_id))
    _announce(services, seen.piece)
    return seen


def _announce(services: Services, piece: Piece) -> None:
    """Tell the room what its piece is called, who may find it, and whether it is read-only."""
    said = {"name": piece.name, "visibility": piece.visibility, "archived": piece.archived}
    announce(services, piece.id, {"kind": "piece", **said})


async def _edited(
    services: Services,
    person: Person,
    piece_id: str,
    change: Change,
    edit: Callable[[Document], None],
) -> None:
    """Change the document, where nothing that it changes is locked, and the row with it."""
    now = services.clock()
    needed: dict[Action, str] = {}

    def run(document: Document) -> None:
        before = document.revision
        edit(document)
        needed.clear()
        needed.update(actions_between(before, document.revision))

    def keep(db: Connection, _: None) -> None:
        standing = permitted(db, piece_id, person, Action.READ)[1]
        refuse_locked(needed, standing)
        _written(db, person, piece_id, change, now)

    await services.documents.edit(piece_id, person.id, run, also=keep)


def _checked(db: Connection, person: Person, piece_id: str, change: Change) -> Piece:
    """The piece, where all of the change is allowed and was made for what it is now."""
    piece, standing = permitted(db, piece_id, person, Action.READ, kind=change.kind)
    for action in actions_of(change):
        check(piece, standing, action, change.kind or "project")
    if change.rev is not None and change.rev != piece.rev:
        raise ChangedError(
            f"This {change.kind or 'project'}",
            yours=dict(change.fields),
            theirs=_theirs(piece, change.fields) | {"rev": piece.rev},
        )
    return piece


def _written(db: Connection, person: Person, piece_id: str, change: Change, now: int) -> None:
    """Write the row's own columns, in the transaction that keeps the edit of the document."""
    piece = _checked(db, person, piece_id, change)
    columns = _columns(piece, change)
    if columns or change.edit is not None:
        pieces.change(db, piece_id, None, **columns, updated_at=now)
        reindex_words(db, piece_id)


def actions_of(change: Change) -> list[Action]:
    """What of the policy a change asks for; a change of nothing asks for describing."""
    named = set(change.fields)
    found = [Action.EDIT_MUSIC] if named & (change.music - _DESCRIBES) else []
    found += [Action.PUBLISH] if named & _PUBLISHES else []
    found += [Action.ARCHIVE] if named & _ARCHIVES else []
    return found + ([Action.DESCRIBE] if named & _DESCRIBES or not found else [])


def _columns(piece: Piece, change: Change) -> dict[str, Plain]:
    """The columns of the row that the change sets; the index is written with the document."""
    given = change.fields
    found: dict[str, Plain] = {
        name: _column(name, given[name])
        for name in ("description", "licence", "color", "tags", "embed_origins")
        if name in given
    }
    if "is_active" in given:
        found["archived"] = not given["is_active"]
    if named := given.keys() & {"visibility", "is_public"}:
        asked = {name: given[name] for name in named}
        found["visibility"] = visibility_of(
            asked.get("visibility"), asked.get("is_public"), piece.visibility
        )
    return found


def _column(name: str, value: Any) -> Plain:  # noqa: ANN401 - a field of a request
    if name == "embed_origins":
        value = [checked_origin(origin) for origin in value]
    if name in _LISTS:
        return json.dumps(list(value), ensure_ascii=False)
    found: Plain = value
    return found


def _theirs(piece: Piece, fields: Mapping[str, Any]) -> dict[str, Any]:
    """What the row says of the fields that were sent, as they were sent."""
    found: dict[str, Any] = {}
    for name in fields:
        column = _SHOWN.get(name, name)
        if not hasattr(piece, column):
            continue
        value = getattr(piece, column)
        match name:
            case "is_active":
                value = not value
            case "is_public":
                value = value == "public"
            case "tags" | "embed_origins":
                value = json.loads(value)
        found[name] = value
    return found


def _found(db: Connection, person: Person, piece_id: str) -> Seen:
    piece = pieces.by_id(db, piece_id)
    if piece is None:
        raise not_found("piece")
    return seen_one(db, person, piece)
