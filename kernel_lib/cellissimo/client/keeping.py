"""Plans that keep a document on a server: found a piece of it, open one, push, pull."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from cellissimo.client import documents, pieces, sharing, sounds
from cellissimo.client.call import Plan
from cellissimo.client.errors import ConflictError, NotThereError, TooLargeError
from cellissimo.client.links import Link, begin, begun, content_of, link_of, put_link
from cellissimo.client.pieces import Kind
from cellissimo.client.storage import blobs_of
from cellissimo.crdt.document import Document
from cellissimo.crdt.gestures import Gestures
from cellissimo.media.blobs import Blobs
from cellissimo.notation.song_file import print_song
from cellissimo.schema.models import Song
from cellissimo.schema.rest.documents import MOST_UPDATE

SERVER = "server"
"""The origin of what comes from the server: no step of this kernel's undo."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push sent: bytes of edits, recordings, and the revision at which the server is.

    ``document`` is the one to go on with: another than was pushed, where this founded a piece.
    ``missing`` are recordings that neither side has.
    """

    document: Document
    piece_id: str
    seq: int
    bytes: int = 0
    recordings: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    is_new: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether there was nothing to send."""
        return not (self.is_new or self.bytes or self.recordings)

    def __repr__(self) -> str:
        """One line."""
        if self.is_nothing:
            return "nothing to push"
        piece = "loop" if self.document.revision.kind == "loop" else "project"
        parts = [f"a new {piece}" if self.is_new else "the changes" if self.bytes else ""]
        count = len(self.recordings)
        parts.append(f"{count} recording{'' if count == 1 else 's'}" if count else "")
        return f"pushed {' and '.join(filter(None, parts))}"


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull brought: whether anything, and the revision at which the server is."""

    seq: int
    is_new: bool

    def __repr__(self) -> str:
        """One line."""
        return "pulled what others changed" if self.is_new else "nothing to pull"


@dataclass(frozen=True, slots=True)
class Opened:
    """A piece that was opened: its document, which piece it is, and a link's token."""

    document: Document
    piece_id: str
    kind: Kind
    token: str | None = None


@dataclass(slots=True)
class _Sending:
    """Recordings that are sent before what names them."""

    piece_id: str
    kind: Kind
    blobs: Blobs | None
    there: set[str]
    sent: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def send(self, song: Song) -> Plan[None]:
        """Send what the server lacks of what a song names."""
        for name in blobs_of(song):
            if name in self.there:
                continue
            is_there = yield from sounds.has_blob(self.piece_id, name, self.kind)
            if not is_there and (self.blobs is None or not self.blobs.has(name)):
                self.missing.append(name)
                continue
            if not is_there and self.blobs is not None:
                yield from sounds.put_blob(self.piece_id, name, self.blobs.get(name), self.kind)
                self.sent.append(name)
            self.there.add(name)


# -- push and pull -------------------------------------------------------------------------------


def push(
    document: Document, blobs: Blobs | None = None, gestures: Gestures | None = None
) -> Plan[Pushed]:
    """Send what the server lacks of a document: recordings first, then one update.

    A document that no server keeps becomes a piece of its own, with the same content; the answer
    has the document to go on with, whose edits belong to ``gestures``.

    Raises:
        ConflictError: the server has another history of it, or it was opened by a link.
        ForbiddenError: it has changes that this person may not make; none of them was taken.
        TooLargeError: it has more than 4 MB of changes since the last push.
    """
    link = link_of(document)
    if link is None:
        return (yield from _founded(document, blobs, gestures))
    if link.token is not None:
        raise ConflictError(
            "this was opened by a link, which only reads; .fork() makes one of your own"
        )
    sending = _Sending(link.piece_id, link.kind, blobs, link.blobs)
    yield from sending.send(document.revision)
    content, size = content_of(document), 0
    if content != link.content:
        state, update = document.state, _fitting(document.encode(link.state))
        kept = yield from documents.send_update(link.piece_id, update, document.epoch)
        size = len(update)
        link.seq, link.state, link.content = kept.seq, kept.state or state, content
    sent, missing = tuple(sending.sent), tuple(sending.missing)
    return Pushed(document, link.piece_id, link.seq, size, sent, missing)


def _fitting(update: bytes) -> bytes:
    if len(update) > MOST_UPDATE:
        raise TooLargeError(
            f"the changes since the last push have {len(update)} bytes, and a server takes "
            f"{MOST_UPDATE} at once; .copy().push() makes a new project of all of it"
        )
    return update


def _founded(document: Document, blobs: Blobs | None, gestures: Gestures | None) -> Plan[Pushed]:
    song = document.revision
    kind: Kind = "loop" if song.kind == "loop" else "project"
    piece_id = begun(document)
    if piece_id is None:
        yield from _refuse_known(song)
        piece_id = yield from _made(song, kind)
        begin(document, piece_id)  # whatever fails from here on, the next push makes no other
    sending = _Sending(piece_id, kind, blobs, set())
    yield from sending.send(song)
    opened = yield from _opened(piece_id, kind, gestures)
    catch_up(opened.document, document.revision)
    link = _link_of(opened.document)
    link.blobs |= sending.there
    size, seq = 0, link.seq
    if content_of(opened.document) != link.content:  # it was edited since the piece was made
        later = yield from push(opened.document, blobs, gestures)
        size, seq = later.bytes, later.seq
    sent, missing = tuple(sending.sent), tuple(sending.missing)
    return Pushed(opened.document, piece_id, seq, size, sent, missing, is_new=True)


def _link_of(document: Document) -> Link:
    link = link_of(document)
    if link is None:
        raise ConflictError("the document is of no server; .push() puts it there")
    return link


def catch_up(document: Document, song: Song) -> None:
    """Let a document say what a song says, whose one loop may have another id."""
    there = document.revision
    wanted = song
    if song.kind == "loop" and len(song.loops) == len(there.loops) == 1:
        (mine,), (loop_id,) = song.loops.values(), there.loops
        wanted = replace(song, loops={loop_id: replace(mine, id=loop_id)})
    if replace(wanted, id=there.id) != there:
        with document.edit(SERVER) as edit:
            edit.set_song(wanted)


def _refuse_known(song: Song) -> Plan[None]:
    """A file of a piece that the server has says nothing of how it got there."""
    try:
        yield from documents.song_text(song.id)
    except NotThereError:
        return
    message = (
        f"the server has {song.name!r} with a history of its own, which a file does not have: "
        f"cm.open({song.id!r}) opens it to be changed, .copy().push() makes another of this"
    )
    raise ConflictError(message)


def _made(song: Song, kind: Kind) -> Plan[str]:
    text = print_song(song)
    if kind == "loop":
        loop = next(iter(song.loops.values()), None)
        name = loop.name if loop else song.name
        return (yield from pieces.make_loop(name, song=text)).id
    return (yield from pieces.make_project(song.name, song=text)).id


def pull(document: Document) -> Plan[Pulled]:
    """Take in what others changed.

    Raises:
        ConflictError: no server keeps the document.
    """
    link = link_of(document)
    if link is None:
        raise ConflictError("no server keeps this yet; .push() puts it there")
    is_even = content_of(document) == link.content
    if link.token is None:
        update = yield from documents.document(link.piece_id, document.state)
    else:
        update = yield from sharing.shared_document(link.token)
    _refuse_other_history(document, update)
    before = content_of(document)
    document.apply(update.content, origin=SERVER)
    after = content_of(document)
    if is_even:
        link.state, link.content = document.state, after
    is_new, link.seq = before != after, update.seq
    return Pulled(update.seq, is_new)


def _refuse_other_history(document: Document, update: documents.Update) -> None:
    if update.epoch and document.epoch and update.epoch != document.epoch:
        raise ConflictError(
            "the server has another history of this by now; cm.open(id) opens that, and "
            ".copy().push() keeps this one beside it"
        )


# -- opening -------------------------------------------------------------------------------------


def open_piece(
    piece_id: str, kind: Kind = "project", gestures: Gestures | None = None
) -> Plan[Opened]:
    """A piece by its id: its document, live from then on by push and pull."""
    return (yield from _opened(piece_id, kind, gestures))


def open_shared(token: str, gestures: Gestures | None = None) -> Plan[Opened]:
    """What a share link opens: to be heard and read, and forked where the link allows it."""
    shared = yield from sharing.shared(token)
    update = yield from sharing.shared_document(token)
    kind: Kind = "loop" if shared.type == "loop" else "project"
    return _linked(shared.data.id, kind, update, gestures, token)


def _opened(piece_id: str, kind: Kind, gestures: Gestures | None) -> Plan[Opened]:
    update = yield from documents.document(piece_id)
    return _linked(piece_id, kind, update, gestures, None)


def _linked(
    piece_id: str,
    kind: Kind,
    update: documents.Update,
    gestures: Gestures | None,
    token: str | None,
) -> Opened:
    document = Document(update=update.content, gestures=gestures)
    content = content_of(document)
    put_link(document, Link(piece_id, kind, update.seq, document.state, content, token=token))
    return Opened(document, piece_id, kind, token)


def fork(document: Document, gestures: Gestures | None = None) -> Plan[Opened]:
    """A piece of one's own with the music of a document that a server keeps.

    Raises:
        ConflictError: no server keeps the document.
        ForbiddenError: this person or link may not.
    """
    link = link_of(document)
    if link is None:
        raise ConflictError("no server keeps this yet; .copy() makes another of it here")
    if link.token is not None:
        card = yield from sharing.fork_shared(link.token)
    else:
        card = yield from pieces.fork(link.piece_id, link.kind)
    return (yield from _opened(card.id, card.kind, gestures))
