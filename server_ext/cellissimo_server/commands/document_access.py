"""Reading and writing a piece's document: as text, and as updates of replicas."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from cellissimo.crdt.document import Document
from cellissimo.crdt.gate_policy import actions_between
from cellissimo.crdt.mirror import Change
from cellissimo.crdt.update_parser import parse_update, state_of
from cellissimo.notation.song_file import print_song
from cellissimo.schema.models import Song
from cellissimo.schema.policy import Action, Standing, may
from cellissimo_server.access.needed import check_needed
from cellissimo_server.access.person import Person
from cellissimo_server.access.standing import check, permitted
from cellissimo_server.commands.accepting import refusing
from cellissimo_server.commands.make_project import song_of_text
from cellissimo_server.errors import ChangedError, ConflictError, InvalidError
from cellissimo_server.rooms.documents import Edited
from cellissimo_server.rooms.opened import REPLICA, Opened
from cellissimo_server.rooms.refusals import permitted_changes, refusing_update
from cellissimo_server.store.database import Connection
from cellissimo_server.store.pieces import Piece

if TYPE_CHECKING:
    from cellissimo_server.services import Services

T = TypeVar("T")

SERVER = "server"
"""The origin of what is written here on somebody's behalf."""


_EDITS = (Action.EDIT_MUSIC, Action.ADD_STEM, Action.DELETE_STEM, Action.LOCK)


@dataclass(frozen=True, slots=True)
class Content:
    """A document as an update, the revision it leads to, and the name of its founding."""

    update: bytes
    seq: int
    epoch: str


async def song_text(services: Services, person: Person, piece_id: str) -> Edited[str]:
    """The canonical text of a piece, and its revision.

    Raises:
        NotFoundError: it is not there, or not theirs to know of.
    """
    await services.database.read(lambda db: permitted(db, piece_id, person, Action.READ))
    found = await services.documents.revision(piece_id)
    return Edited(print_song(found.value), found.seq)


async def document_of(
    services: Services, person: Person, piece_id: str, state: bytes | None
) -> Content:
    """The document of a piece, or what a replica of that ``state`` lacks of it.

    Raises:
        NotFoundError: it is not there, or not theirs to know of.
        InvalidError: ``state`` is no state vector.
    """
    await services.database.read(lambda db: permitted(db, piece_id, person, Action.READ))
    return await content_of(services, piece_id, state)


async def content_of(services: Services, piece_id: str, state: bytes | None) -> Content:
    """The same for whoever was let in already.

    Raises:
        InvalidError: ``state`` is no state vector.
    """
    if state is not None:
        with refusing("state", "bytes"):
            state_of(state)
    return await services.documents.look(
        piece_id,
        lambda held: Content(held.document.encode(state), held.seq, held.document.epoch),
    )


async def write_song_text(
    services: Services, person: Person, piece_id: str, text: str, seq: int | None
) -> Edited[bytes]:
    """Let a document say what a text says, by a minimal difference; gives its state.

    Raises:
        InvalidError: the text does not read; the error names its line.
        ChangedError: ``seq`` is given, and the document has another revision by now.
    """
    await editable(services, person, piece_id)
    wanted = await song_of_text(text)

    def change(held: Opened) -> bytes:
        song = held.document.revision
        _check_kind(song, wanted)
        if seq is not None and seq != held.seq:
            theirs = {"seq": held.seq, "song": print_song(song)}
            raise ChangedError("This song", yours={"seq": seq, "song": text}, theirs=theirs)
        become(held.document, replace(wanted, id=song.id))
        return held.document.state

    return await edit_piece(services, person, piece_id, change)


def _check_kind(song: Song, wanted: Song) -> None:
    if song.kind != wanted.kind or (song.kind == "loop" and len(wanted.loops) != 1):
        raise InvalidError(
            f"The text is of a {wanted.kind} with {len(wanted.loops)} loops, and this is a "
            f"{song.kind}.",
            field="song",
            value=f"kind {wanted.kind}",
            accepted=f"kind {song.kind}" + (" with one loop" if song.kind == "loop" else ""),
            cure="Send the text of the same kind, or make a new piece of it.",
        )


def become(document: Document, song: Song) -> None:
    """Let a document say what ``song`` says, in one transaction."""
    with document.edit(SERVER) as write:
        write.set_song(song)


async def take_update(
    services: Services, person: Person, piece_id: str, update: bytes, epoch: str | None
) -> Edited[bytes]:
    """Take in an update of a replica; gives the document's state once it is durable.

    Raises:
        InvalidError: the bytes are no update that the document can take.
        ForbiddenError: it touches what is not theirs to change; nothing of it was taken.
        ConflictError: it is of another founding of the document, or of somebody else's replica.
    """
    standing = await editable(services, person, piece_id)
    needed: dict[Action, str] = {}
    with refusing_update(update):
        parsed = parse_update(update)

    def change(held: Opened) -> bytes:
        def permit(changes: Sequence[Change]) -> None:
            needed.clear()
            own = held.own_stems.of(person.id)
            needed.update(permitted_changes(changes, held.document, standing, own))

        if epoch and epoch != held.document.epoch:
            raise _other_history(epoch, held.document.epoch)
        held.admission().admit(
            update,
            origin=REPLICA,
            may_use=lambda client: held.is_author(client, person.id),
            permit=permit,
            parsed=parsed,
        )
        return held.document.state

    with refusing_update(update):
        edited = await services.documents.change(
            piece_id,
            person.id,
            change,
            session=REPLICA,
            also=lambda db, _: _check_all(db, person, piece_id, needed),
            replicas=frozenset(parsed.structs),
        )
    services.caches.piece_changed()
    return edited


def _other_history(sent: str, held: str) -> ConflictError:
    return ConflictError(
        "The update is of another founding of this document.",
        field="X-Cellissimo-Epoch",
        value=sent,
        accepted=held,
        cure="Load the document from the server, and make the change on that.",
    )


# -- whatever edits ------------------------------------------------------------------------------


async def editable(services: Services, person: Person, piece_id: str) -> Standing:
    """What somebody is to a piece of which they may change something.

    Raises:
        NotFoundError: it is not there, or not theirs to know of.
        ForbiddenError: nothing of its music is theirs to change.
    """
    return await services.database.read(lambda db: _editable(db, person, piece_id)[1])


def _editable(db: Connection, person: Person, piece_id: str) -> tuple[Piece, Standing]:
    piece, standing = permitted(db, piece_id, person, Action.READ)
    allowed = [action for action in _EDITS if may(action, standing)]
    check(piece, standing, allowed[0] if allowed else Action.EDIT_MUSIC, piece.kind)
    return piece, standing


async def edit_piece(
    services: Services,
    person: Person,
    piece_id: str,
    change: Callable[[Opened], T],
    *,
    action: Action | None = None,
    with_authors: bool = False,
    also: Callable[[Connection], None] | None = None,
) -> Edited[T]:
    """Change the document of a piece on somebody's behalf.

    ``action``: what has to be theirs to do before anything else is looked at. ``with_authors``:
    ``change`` has to know who wrote what. ``also`` writes rows with the edit, or not at all.

    What the change needs is read from what it changed: new stems, removed ones, and the rest.

    Raises:
        NotFoundError: the piece is not there, or not theirs to know of.
        ForbiddenError: something of it is not theirs to change; nothing was changed.
    """
    await _admit(services, person, piece_id, action)
    needed: dict[Action, str] = {}

    def run(held: Opened) -> T:
        before = held.document.revision
        value = change(held)
        needed.clear()
        needed.update(actions_between(before, held.document.revision))
        return value

    def keep(db: Connection, _: T) -> None:
        _check_all(db, person, piece_id, needed)
        if also is not None:
            also(db)

    edited = await services.documents.change(
        piece_id,
        person.id,
        run,
        also=keep,
        with_authors=with_authors,
    )
    services.caches.piece_changed()
    return edited


async def _admit(services: Services, person: Person, piece_id: str, action: Action | None) -> None:
    if action is None:
        await editable(services, person, piece_id)
    else:
        await services.database.read(lambda db: permitted(db, piece_id, person, action))


def _check_all(db: Connection, person: Person, piece_id: str, needed: Mapping[Action, str]) -> None:
    """Pass where it is all theirs to do, at the moment in which it is kept."""
    piece, standing = _editable(db, person, piece_id)
    check_needed(piece, standing, needed)
