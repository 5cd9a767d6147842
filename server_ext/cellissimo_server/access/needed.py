"""Whether somebody may do all that an edit of a document needs; a lock is told by its name."""

from __future__ import annotations

from collections.abc import Mapping

from cellissimo.schema.policy import Action, Standing, may
from cellissimo_server.access.standing import check
from cellissimo_server.errors import ForbiddenError
from cellissimo_server.store.pieces import Piece


def check_needed(piece: Piece, standing: Standing, needed: Mapping[Action, str]) -> None:
    """Pass where ``standing`` allows every action that an edit needs.

    ``needed`` is of ``gate_policy``: each action with the place that needs it.

    Raises:
        NotFoundError: whoever asks may not even know of the piece.
        ForbiddenError: something of it is not theirs to do, or is locked.
    """
    for action in sorted(needed.keys() - {Action.LOCK}):
        check(piece, standing, action, piece.kind)
    if Action.LOCK in needed:
        refuse_locked(needed, standing)


def refuse_locked(needed: Mapping[Action, str], standing: Standing) -> None:
    """Pass where nothing that an edit changes is locked to ``standing``.

    Raises:
        ForbiddenError: something is; it names the lock, and who may open it.
    """
    if Action.LOCK in needed and not may(Action.LOCK, standing):
        raise ForbiddenError(
            f"You cannot change that here: {needed[Action.LOCK]}.",
            field="lock",
            value=needed[Action.LOCK],
            accepted="an admin or the owner",
            cure="Ask an admin or the owner to open the lock, or change what is not locked.",
        )
