"""Which rights somebody may give by a link: those they have, where they may share at all."""

from __future__ import annotations

from cellissimo.schema.policy import Action, Right, Standing, may
from cellissimo_server.errors import ForbiddenError

_NEEDS = {
    Right.LISTEN: (Action.READ,),
    Right.COMMENT: (Action.COMMENT,),
    Right.DOWNLOAD: (Action.DOWNLOAD,),
    Right.FORK: (Action.FORK,),
    Right.EDIT: (Action.EDIT_MUSIC, Action.ADD_STEM, Action.ADD_SAMPLE),
}
"""What somebody must be able to do to let others do it."""


def rights_of(standing: Standing) -> frozenset[Right]:
    """The rights that somebody may give by a link; none where they may not share."""
    if not may(Action.SHARE, standing):
        return frozenset()
    return frozenset(
        right for right, needs in _NEEDS.items() if all(may(one, standing) for one in needs)
    )


def check_rights(standing: Standing, rights: frozenset[Right]) -> None:
    """Pass where somebody may give all of these rights.

    Raises:
        ForbiddenError: one of them they do not have themselves.
    """
    allowed = rights_of(standing)
    if not rights <= allowed:
        raise ForbiddenError(
            "Nobody gives more than they have themselves.",
            field="rights",
            value=sorted(rights - allowed),
            accepted=", ".join(sorted(allowed)),
            cure="Give fewer rights, or ask the owner to make the link.",
        )
