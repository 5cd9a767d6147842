"""Why an update is not taken: what the gate and the policy say, as the errors of all doors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from cellissimo.crdt.document import Document
from cellissimo.crdt.gate import GateError
from cellissimo.crdt.gate_policy import actions_of
from cellissimo.crdt.mirror import Change
from cellissimo.crdt.update_parser import MOST_BYTES, UpdateError
from cellissimo.schema.policy import Action, Standing, may
from cellissimo_server.access.needed import refuse_locked
from cellissimo_server.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    RefusalError,
    TooLargeError,
)
from cellissimo_server.store.errors import DiskError

NO_DISK = "the server cannot keep edits now: its disk or database fails"
"""What everybody may know of it; the log has the rest."""

_OTHERS = frozenset({"gap", "foreign", "history"})
"""What the gate says of updates that are of another history, or of somebody else's replica."""


_CURE = "Undo that in your replica, or ask the owner for the flag that it needs."
_CURES = {
    Action.DELETE_STEM: "Ask the owner for the flag canDeleteStems, or mute the stem. One that you "
    "added you may take back until somebody else has worked in it.",
}


@contextmanager
def refusing_update(update: bytes) -> Iterator[None]:
    """What the gate says, as an answer.

    Raises:
        InvalidError: the bytes are no update that the document can take.
        ConflictError: it is of another founding of the document, or of somebody else's replica.
    """
    try:
        yield
    except GateError as error:
        raise _refused(error) from error
    except UpdateError as error:
        raise _no_update(update, error) from error


def permitted_changes(
    changes: Sequence[Change],
    document: Document,
    standing: Standing,
    own: frozenset[str] = frozenset(),
) -> dict[Action, str]:
    """The actions that changes of a document need, where all are theirs to do.

    ``own`` are the stems that they added, and nobody else has worked in [ROOM-49].

    Raises:
        ForbiddenError: something of it is not theirs to change, or is locked.
    """
    found = actions_of(changes, document, own)
    refuse_locked(found, standing)
    refused = {action: place for action, place in found.items() if not may(action, standing)}
    if refused:
        places = ", ".join(f"{place} ({action})" for action, place in refused.items())
        raise ForbiddenError(
            f"The update touches what you may not change here: {places}.",
            field="update",
            value=list(refused.values()),
            cure=_CURES.get(next(iter(refused)), _CURE),
        )
    return found


def check_size(update: bytes) -> None:
    """Pass where an update is not too large to be read.

    Raises:
        TooLargeError: it is.
    """
    if len(update) > MOST_BYTES:
        raise TooLargeError(
            f"The update has {len(update)} bytes.",
            field="update",
            value=len(update),
            accepted=f"at most {MOST_BYTES} bytes",
            cure="Send less at once.",
        )


def read_only() -> ForbiddenError:
    """The refusal of any edit of somebody who may change nothing here."""
    return ForbiddenError(
        "You may listen here, and change nothing.",
        field="update",
        cure="Ask the owner for the right to edit, or make a fork of your own.",
    )


def somebody_elses(replica: int) -> ConflictError:
    """The refusal of an update under an id that somebody else is here with."""
    return ConflictError(
        f"The update was refused: replica {replica} is somebody else's, who is here now.",
        field="update",
        value="foreign",
        cure="Write as a replica of your own.",
    )


def close_code(error: RefusalError) -> int:
    """With which code a room closes the session of a refused edit (WIRE.md, "Closing")."""
    if isinstance(error, ForbiddenError):
        return 4403
    if isinstance(error, TooLargeError) or error.value == "limit":
        return 4413
    if isinstance(error, ConflictError) or error.value in {"unknown", "future"}:
        return 4409
    return 4400


def _no_update(update: bytes, error: UpdateError) -> InvalidError:
    return InvalidError(
        f"These {len(update)} bytes are no update of a document: {error}.",
        field="update",
        accepted="one Y update, format v1, of at most 4 MB",
        cure="Send what your replica gives as its update.",
    )


def _refused(error: GateError) -> InvalidError | ConflictError:
    kind = ConflictError if error.reason in _OTHERS else InvalidError
    return kind(
        f"The update was refused: {error}.",
        field="update",
        value=error.reason,
        cure="Load the document from the server, make the change on that, and send it again.",
    )


def reason_of(error: RefusalError) -> str:
    """Why a session is closed, as whoever was in it may read it [ROOM-15]."""
    return NO_DISK if isinstance(error, DiskError) else error.message
