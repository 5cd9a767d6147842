"""Pieces as an answer shows them to somebody: with their owner, and what that person may do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cellissimo.schema.policy import Action, Standing, may
from cellissimo.schema.rest.people import Person as PersonShape
from cellissimo.schema.rest.projects import Card, Flags, Project
from cellissimo.schema.rest.shape import to_time
from cellissimo_server.access.person import Person
from cellissimo_server.access.standing import standing_with
from cellissimo_server.store import members, pieces, users
from cellissimo_server.store.database import Connection
from cellissimo_server.store.pieces import Piece
from cellissimo_server.store.users import User

_EDITS = frozenset({"can_edit", "can_add_stems", "can_delete_stems"})
_MEANING = {
    "can_edit": Action.EDIT_MUSIC,
    "can_add_stems": Action.ADD_STEM,
    "can_delete_stems": Action.DELETE_STEM,
    "can_invite_others": Action.INVITE,
    "can_export": Action.DOWNLOAD,
}
"""What each flag is about: it shows whether that can be done, whatever the row says."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A piece, what somebody is to it, and whose it is.

    ``source`` is the piece that it was forked from, where this person may be told: an unlisted
    one is known by its id alone.
    """

    piece: Piece
    standing: Standing
    owner: User | None
    source: str | None = None


def seen(db: Connection, person: Person, found: Sequence[Piece]) -> list[Seen]:
    """Pieces as ``person`` sees them, with a few statements for all of them."""
    ids = [piece.id for piece in found]
    memberships = members.in_pieces(db, person.id, ids) if person.is_known and ids else {}
    owners = users.by_ids(db, {piece.owner_id for piece in found})
    sources = pieces.by_ids(db, {piece.forked_from for piece in found if piece.forked_from})
    return [
        _seen(
            piece,
            standing_with(piece, person, memberships.get(piece.id)),
            owners.get(piece.owner_id),
            sources.get(piece.forked_from or ""),
        )
        for piece in found
    ]


def _seen(piece: Piece, standing: Standing, owner: User | None, source: Piece | None) -> Seen:
    is_told = standing.role is not None or (source is not None and source.visibility == "public")
    return Seen(piece, standing, owner, piece.forked_from if is_told else None)


def seen_one(db: Connection, person: Person, piece: Piece) -> Seen:
    """A piece as ``person`` sees it."""
    return seen(db, person, [piece])[0]


def flags_shown(standing: Standing, *, archived: bool = False) -> Flags:
    """What somebody of that standing can do: an archived piece cannot be edited."""
    return Flags(
        **{
            name: may(action, standing) and not (archived and name in _EDITS)
            for name, action in _MEANING.items()
        }
    )


def person_shown(user: User | None) -> PersonShape:
    """What everybody may know of somebody; nothing of who is gone."""
    if user is None or user.deleted_at is not None:
        return PersonShape(username="", display_name="")
    return PersonShape(
        username=user.username, display_name=user.display_name, avatar_url=user.avatar_url
    )


def card_fields(one: Seen) -> dict[str, Any]:
    """The fields of ``Card``, by their Python names."""
    piece, standing = one.piece, one.standing
    return {
        "id": piece.id,
        "kind": piece.kind,
        "name": piece.name,
        "description": piece.description,
        "owner_id": piece.owner_id,
        "owner": person_shown(one.owner),
        "role": standing.role and standing.role.value,
        "flags": flags_shown(standing, archived=piece.archived),
        "visibility": piece.visibility,
        "is_public": piece.visibility == "public",
        "is_active": not piece.archived,
        "licence": piece.licence,
        "color": piece.color,
        "tags": json.loads(piece.tags),
        "embed_origins": json.loads(piece.embed_origins),
        **_music(piece),
        **_times(piece),
        "forked_from": one.source,
    }


def _music(piece: Piece) -> dict[str, Any]:
    return {
        "tempo": piece.tempo,
        "time_signature": piece.meter,
        "key": piece.key,
        "bars": piece.bars,
        "length_ms": piece.length_ms,
        "stem_count": piece.stems,
        "chords": json.loads(piece.chords),
        "digest": piece.digest,
        "seq": piece.seq,
        "view_count": piece.views,
        "fork_count": piece.forks,
        "rev": piece.rev,
    }


def _times(piece: Piece) -> dict[str, Any]:
    trashed = piece.trashed_at
    return {
        "created_at": to_time(piece.created_at),
        "updated_at": to_time(piece.updated_at),
        "last_accessed_at": to_time(piece.accessed_at),
        "trashed_at": None if trashed is None else to_time(trashed),
    }


def project_shown(one: Seen, **included: Any) -> Project:  # noqa: ANN401 - what was asked for
    """A project, with what was asked for beside it."""
    return Project(**card_fields(one), **included)


def card_shown(one: Seen) -> Card:
    """A piece of any kind as lists show it."""
    return Card(**card_fields(one))
