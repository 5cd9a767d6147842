"""Members as answers show them: their flags are those in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cellissimo.schema.policy import USUAL_FLAGS, Role, Standing
from cellissimo.schema.rest.members import Member as MemberShape
from cellissimo.schema.rest.shape import to_time
from cellissimo_server.access.standing import flags_of
from cellissimo_server.commands.shown import flags_shown, person_shown
from cellissimo_server.rooms.presence import of_person
from cellissimo_server.store import members, users
from cellissimo_server.store.database import Connection
from cellissimo_server.store.members import Member
from cellissimo_server.store.pieces import Piece
from cellissimo_server.store.users import User

if TYPE_CHECKING:
    from cellissimo_server.services import Services


def members_shown(db: Connection, piece: Piece) -> list[MemberShape]:
    """All members of a piece, its owner first, the others in the order in which they came."""
    rows = members.of_piece(db, piece.id)
    people = users.by_ids(db, [piece.owner_id, *(row.user_id for row in rows)])
    owner = _owner(piece, people.get(piece.owner_id))
    return [owner, *(member_shown(piece, row, people.get(row.user_id)) for row in rows)]


def member_shown(piece: Piece, row: Member, user: User | None) -> MemberShape:
    """A member of a piece."""
    return _shown(
        piece,
        user,
        Standing(Role(row.role), flags_of(row)),
        user_id=row.user_id,
        joined_at=to_time(row.joined_at),
        last_active_at=to_time(row.active_at),
        rev=row.rev,
    )


def with_presence(services: Services, shown: MemberShape) -> MemberShape:
    """A member as they are in the piece's room now [ROOM-41]."""
    room = services.rooms.of(shown.project_id)
    if room is None:
        return shown
    presence, activity = of_person(list(room.ensemble.people().values()), shown.user_id)
    return shown.model_copy(update={"presence": presence, "current_activity": activity})


def _owner(piece: Piece, user: User | None) -> MemberShape:
    return _shown(
        piece,
        user,
        Standing(Role.OWNER, USUAL_FLAGS[Role.OWNER]),
        user_id=piece.owner_id,
        joined_at=to_time(piece.created_at),
        last_active_at=to_time(user.seen_at if user else piece.accessed_at),
        rev=piece.rev,
    )


def _shown(
    piece: Piece,
    user: User | None,
    standing: Standing,
    **said: Any,  # noqa: ANN401 - the other fields of a member
) -> MemberShape:
    return MemberShape.model_validate(
        {
            "project_id": piece.id,
            "role": standing.role,
            **person_shown(user).model_dump(),
            **flags_shown(standing, archived=piece.archived).model_dump(),
            **said,
        }
    )
