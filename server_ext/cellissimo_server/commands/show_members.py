"""Members as answers show them: their flags are those in force."""

from __future__ import annotations

from cellissimo.schema.policy import USUAL_FLAGS, Role, Standing
from cellissimo.schema.rest.members import Member as MemberShape
from cellissimo.schema.rest.shape import to_time
from cellissimo_server.access.standing import flags_of
from cellissimo_server.commands.shown import flags_shown, person_shown
from cellissimo_server.store import members, users
from cellissimo_server.store.database import Connection
from cellissimo_server.store.members import Member
from cellissimo_server.store.pieces import Piece
from cellissimo_server.store.users import User


def members_shown(db: Connection, piece: Piece) -> list[MemberShape]:
    """All members of a piece, its owner first, the others in the order in which they came."""
    rows = members.of_piece(db, piece.id)
    people = users.by_ids(db, [piece.owner_id, *(row.user_id for row in rows)])
    owner = _owner(piece, people.get(piece.owner_id))
    return [owner, *(member_shown(piece, row, people.get(row.user_id)) for row in rows)]


def member_shown(piece: Piece, row: Member, user: User | None) -> MemberShape:
    """A member of a piece."""
    standing = Standing(Role(row.role), flags_of(row))
    return _shown(piece, row.user_id, user, standing, row.joined_at, row.active_at, row.rev)


def _owner(piece: Piece, user: User | None) -> MemberShape:
    standing = Standing(Role.OWNER, USUAL_FLAGS[Role.OWNER])
    seen = user.seen_at if user else piece.accessed_at
    return _shown(piece, piece.owner_id, user, standing, piece.created_at, seen, piece.rev)


def _shown(
    piece: Piece,
    user_id: str,
    user: User | None,
    standing: Standing,
    joined_at: int,
    active_at: int,
    rev: int,
) -> MemberShape:
    person = person_shown(user)
    return MemberShape(
        project_id=piece.id,
        user_id=user_id,
        username=person.username,
        display_name=person.display_name,
        avatar_url=person.avatar_url,
        role=standing.role,
        **flags_shown(standing, archived=piece.archived).model_dump(),
        joined_at=to_time(joined_at),
        last_active_at=to_time(active_at),
        rev=rev,
    )
