"""Comments on places of a song: written, answered, changed, resolved and taken back.

Whoever may say something in the room may read and write them; see ``commands/chat.py``.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cellissimo.notation.anchor_words import anchor_words
from cellissimo.notation.anchors import Anchor, AnchorError, Place, anchored
from cellissimo.schema.models import Song
from cellissimo.schema.policy import Action, Standing, may
from cellissimo.schema.rest.said import (
    Comment as CommentShape,
)
from cellissimo.schema.rest.said import (
    CommentChange,
    CommentChanged,
    CommentList,
    CommentNamed,
    CommentsQuery,
    CommentTarget,
    NewComment,
    ReplyTo,
)
from cellissimo_server.access.person import Person, known
from cellissimo_server.access.standing import permitted
from cellissimo_server.commands.announcing import announce
from cellissimo_server.commands.chat import check_own
from cellissimo_server.commands.notify import notify
from cellissimo_server.commands.room_people import spend_message
from cellissimo_server.commands.shown_comments import (
    anchor_json,
    moved,
    thread_shown,
    threads_shown,
)
from cellissimo_server.errors import ConflictError, ForbiddenError, InvalidError, not_found
from cellissimo_server.store import comments
from cellissimo_server.store.comments import Comment
from cellissimo_server.store.database import Connection
from cellissimo_server.store.errors import StoreError
from cellissimo_server.store.paging import Paging
from cellissimo_server.store.pieces import Piece

if TYPE_CHECKING:
    from cellissimo_server.services import Services

MOST_THREADS = 2000
"""Threads of one room."""

MOST_REPLIES = 500
"""Answers in one thread."""


@dataclass(frozen=True, slots=True)
class _Written:
    """What is to be a comment: its anchor and the words for it, none for an answer."""

    anchor: Anchor | None
    words: str
    seq: int


async def list_comments(
    services: Services, person: Person, piece_id: str, query: CommentsQuery
) -> CommentList:
    """One page of the comments on a piece, newest first, each where it stands now.

    Raises:
        NotFoundError: the piece is not there, or not theirs to know of.
        ForbiddenError: what is said there is not for them.
    """
    paging = Paging(query.page, query.limit, query.after)
    await services.database.read(lambda db: permitted(db, piece_id, person, Action.COMMENT))
    song = await services.documents.revision(piece_id)

    def work(db: Connection) -> tuple[CommentList, list[tuple[str, str, str]]]:
        permitted(db, piece_id, person, Action.COMMENT)
        found = comments.threads(db, piece_id, paging, resolved=query.resolved)
        shown = CommentList(
            comments=threads_shown(db, song.value, found.rows),
            seq=song.seq,
            total=found.total,
            page=found.page,
            limit=found.limit,
            has_more=found.has_more,
            next=found.next,
        )
        return shown, moved(song.value, found.rows)

    listed, seen = await services.database.read(work)
    if seen:
        with contextlib.suppress(StoreError):  # a full disk refuses no reader
            await services.database.write(lambda db: _settle(db, seen))
    return listed


def _settle(db: Connection, seen: Sequence[tuple[str, str, str]]) -> None:
    for one in seen:
        comments.settle(db, *one)


async def add_comment(
    services: Services, person: Person, piece_id: str, body: NewComment
) -> CommentShape:
    """Write a comment, or answer one; gives the whole thread. The same ``id`` again: once.

    Raises:
        NotFoundError: there is no such piece, or no comment to answer.
        ForbiddenError: they may not say anything there.
        InvalidError: it is to stand on nothing that the song has.
        ConflictError: the id is taken, or there are too many.
        TooManyError: they have said as much as an hour allows.
    """
    known(person)
    if (body.target is None) == (body.reply_to is None):
        raise InvalidError(
            "A comment stands on something, or answers another one.",
            field="target",
            accepted="either target or replyTo",
            cure="Send target {'kind': 'song'} for the song as a whole.",
        )
    spend_message(services, person)
    await services.database.read(lambda db: permitted(db, piece_id, person, Action.COMMENT))
    edited = await services.documents.revision(piece_id)
    written = _written(edited.value, body.target, edited.seq)
    now = services.clock()

    def work(db: Connection) -> tuple[CommentShape, bool]:
        piece, _ = permitted(db, piece_id, person, Action.COMMENT)
        there = comments.by_id(db, body.id) if body.id else None
        if there is None:
            there = _insert(db, person, piece, body, written, now)
            is_new = True
        else:
            is_new = False
            _check_same(there, person, piece_id)
        return thread_shown(db, edited.value, there), is_new

    comment, is_new = await services.database.write(work)
    if is_new:
        announce_thread(services, piece_id, comment)
        services.events.nudge()
    return comment


async def reply(services: Services, person: Person, piece_id: str, body: ReplyTo) -> CommentShape:
    """Answer a comment; gives the whole thread. Raises what ``add_comment`` does."""
    wanted = NewComment(id=body.id, text=body.text, reply_to=body.comment_id)
    return await add_comment(services, person, piece_id, wanted)


def _written(song: Song, target: CommentTarget | None, seq: int) -> _Written:
    if target is None:
        return _Written(None, "", seq)
    wanted = Anchor(
        kind=target.kind,
        id=target.id,
        within=target.segment or target.notebook or "",
        row=target.row or "",
        cell=target.cell or target.line or 0,
        tick=target.tick,
    )
    try:
        anchor = anchored(song, wanted)
    except AnchorError as error:
        raise InvalidError(
            str(error),
            field="target",
            value=target.model_dump(mode="json", by_alias=True, exclude_defaults=True),
            accepted="a place of the song as it is now",
            cure="Look at the song again: it may have changed meanwhile.",
        ) from error
    return _Written(anchor, anchor_words(song, anchor, Place(anchor.tick)), seq)


def _insert(
    db: Connection, person: Person, piece: Piece, body: NewComment, written: _Written, now: int
) -> Comment:
    key = body.id or str(uuid.uuid4())
    first = _first_of(db, piece.id, body.reply_to)
    made = Comment(
        id=key,
        piece_id=piece.id,
        thread_id=first.id if first else key,
        number=comments.next_number(db, piece.id),
        author_id=person.id,
        text=body.text,
        anchor=anchor_json(written.anchor) if written.anchor else None,
        words=written.words,
        made_seq=written.seq,
        rev=1,
        made_at=now,
        touched_at=now,
        edited_at=None,
        resolved_at=None,
        resolved_by=None,
        removed_at=None,
        removed_by=None,
    )
    comments.insert(db, made)
    for user_id in {piece.owner_id, *(comments.voices(db, made.thread_id) if first else ())}:
        detail = {"comment": made.thread_id, "reply": first is not None}
        notify(db, user_id, "comment", piece.id, person.id, detail, now)
    return made


def _first_of(db: Connection, piece_id: str, reply_to: str | None) -> Comment | None:
    """The comment that began the thread in which is answered, where there is room for more."""
    if reply_to is None:
        if comments.count_threads(db, piece_id) >= MOST_THREADS:
            raise _full(f"{MOST_THREADS} threads")
        return None
    named = _there(db, piece_id, reply_to)
    if len(comments.answers(db, [named.thread_id])) >= MOST_REPLIES:
        raise _full(f"{MOST_REPLIES} answers")
    return named


def _full(what: str) -> ConflictError:
    return ConflictError(
        f"There are {what} already.", cure="Take some back that are resolved, or begin a new one."
    )


def _there(db: Connection, piece_id: str, comment_id: str) -> Comment:
    """The comment that began the thread of another, or of itself."""
    found = comments.by_id(db, comment_id)
    first = comments.by_id(db, found.thread_id) if found else None
    if first is None or first.piece_id != piece_id:
        raise not_found("comment")
    return first


def _check_same(there: Comment, person: Person, piece_id: str) -> None:
    if (there.author_id, there.piece_id) != (person.id, piece_id):
        raise ConflictError(
            "This id names another comment already.",
            field="id",
            value=there.id,
            cure="Make a new UUID for each comment.",
        )


# -- changing ------------------------------------------------------------------------------------


async def change_comment(
    services: Services, person: Person, piece_id: str, body: CommentChanged
) -> CommentShape:
    """Give one's own comment other words, or resolve or reopen a thread; gives the thread.

    Raises:
        NotFoundError: there is no such comment.
        ForbiddenError: the words are somebody else's, or the thread is not theirs to resolve.
        ChangedError: it has another ``rev`` by now.
    """
    now = services.clock()

    def change(db: Connection, there: Comment, standing: Standing) -> bool:
        changes: dict[str, Any] = {}
        if body.text is not None and body.text != there.text:
            _check_author(person, there)
            changes |= {"text": body.text, "edited_at": now}
        if body.resolved is not None and body.resolved is not (there.resolved_at is not None):
            _check_thread(person, standing, there)
            by = person.id if body.resolved else None
            changes |= {"resolved_at": now if body.resolved else None, "resolved_by": by}
        if changes:
            comments.change(db, there, body.rev, changes | {"touched_at": now})
        return bool(changes)

    return await _changed(services, person, piece_id, body.comment_id, change)


async def resolve(
    services: Services, person: Person, piece_id: str, body: CommentNamed
) -> CommentShape:
    """Resolve a thread. Raises what ``change_comment`` does."""
    wanted = CommentChanged(comment_id=body.comment_id, resolved=True)
    return await change_comment(services, person, piece_id, wanted)


async def reopen(
    services: Services, person: Person, piece_id: str, body: CommentNamed
) -> CommentShape:
    """Open a thread again. Raises what ``change_comment`` does."""
    wanted = CommentChanged(comment_id=body.comment_id, resolved=False)
    return await change_comment(services, person, piece_id, wanted)


async def remove_comment(
    services: Services, person: Person, piece_id: str, body: CommentNamed
) -> None:
    """Take a comment back: one's own, or any as an admin; again does nothing.

    Answers of others stay, below a comment without words.

    Raises:
        NotFoundError: there is no such comment.
        ForbiddenError: it is somebody else's.
    """
    now = services.clock()

    def change(db: Connection, there: Comment, standing: Standing) -> bool:
        check_own(person, standing, there.author_id, "comment")
        return comments.remove(db, there.id, person.id, now)

    await _changed(services, person, piece_id, body.comment_id, change, removes=True)


_Change = Callable[[Connection, Comment, Standing], bool]


async def _changed(
    services: Services,
    person: Person,
    piece_id: str,
    comment_id: str,
    change: _Change,
    *,
    removes: bool = False,
) -> CommentShape:
    """The thread of a comment after a change, which all who may read it are told."""
    known(person)
    spend_message(services, person)
    await services.database.read(lambda db: permitted(db, piece_id, person, Action.COMMENT))
    song = (await services.documents.revision(piece_id)).value

    def work(db: Connection) -> tuple[CommentShape, bool]:
        _, standing = permitted(db, piece_id, person, Action.COMMENT)
        there = comments.by_id(db, comment_id)
        if there is None or there.piece_id != piece_id:
            raise not_found("comment")
        if there.removed_at is not None and not removes:
            raise not_found("comment")
        is_new = change(db, there, standing)
        return thread_shown(db, song, there), is_new

    comment, is_new = await services.database.write(work)
    if is_new:
        announce_thread(services, piece_id, comment)
    return comment


def _check_author(person: Person, there: Comment) -> None:
    """Nobody's words are changed by another, admins included: they may take them back."""
    if there.author_id != person.id:
        raise ForbiddenError(
            "These are somebody else's words.",
            cure="Answer the comment instead, or ask whoever wrote it.",
        )


def _check_thread(person: Person, standing: Standing, there: Comment) -> None:
    """A thread is resolved by who began it, and by whoever may edit the music."""
    if not there.begins_thread:
        raise InvalidError(
            "An answer is not resolved; its thread is.",
            field="commentId",
            value=there.id,
            accepted="the comment that began the thread",
            cure=f"Resolve {there.thread_id}.",
        )
    if there.author_id != person.id and not may(Action.EDIT_MUSIC, standing):
        raise ForbiddenError(
            "This thread is not yours to resolve.",
            cure="Ask whoever began it, or somebody who may edit the music.",
        )


def changed_by(comment_id: str, change: CommentChange) -> CommentChanged:
    """A change of a comment that an address names."""
    return CommentChanged(comment_id=comment_id, **change.given)


def announce_thread(
    services: Services, piece_id: str, thread: CommentShape, *, again: bool = True
) -> None:
    """Tell a room of a thread as it is now, once for each state that it is in."""
    is_gone = thread.is_removed and not thread.replies
    is_fresh = thread.rev == 1 and not thread.replies and not thread.is_removed
    news = {
        "kind": "comment",
        "what": "removed" if is_gone else "made" if is_fresh else "changed",
        "comment": {"id": thread.id} if is_gone else thread.to_json(),
    }
    announce(services, piece_id, news, again=again)
