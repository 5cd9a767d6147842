"""What is said in a room: chat, and comments on places of its song."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from cellissimo.schema import limits
from cellissimo.schema.rest.lists import Page, PageQuery
from cellissimo.schema.rest.shape import Request, Shape, Time

CHAT_LENGTH = 2000
"""Characters of a line of chat."""

COMMENT_LENGTH = 5000
"""Characters of a comment."""


def _plain(text: str) -> str:
    """The text without the blanks around it, and without signs that control a terminal."""
    kept = "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) != "Cc")
    if not kept.strip():
        message = "the text is empty; write something"
        raise ValueError(message)
    return kept.strip()


def _made_id(text: str) -> str:
    return str(UUID(text))


Id = Annotated[str, Field(max_length=100)]
MadeId = Annotated[str, Field(max_length=40), AfterValidator(_made_id)]
"""A UUID of the client's making: sent again with the same one, a request changes nothing."""

Tick = Annotated[int, Field(ge=0, le=limits.LAST_TICK)]
Cell = Annotated[int, Field(ge=0, le=100_000)]
Row = Annotated[str, Field(pattern=f"^{limits.ROW_NAME_PATTERN}$")]
Notebook = Annotated[str, Field(min_length=1, max_length=500)]
ChatText = Annotated[str, Field(min_length=1, max_length=CHAT_LENGTH), AfterValidator(_plain)]
CommentText = Annotated[str, Field(min_length=1, max_length=COMMENT_LENGTH), AfterValidator(_plain)]


class RoomPerson(Shape):
    """Somebody as everybody in a room sees them; who has left has no id. ``kind``: user, guest."""

    id: str
    name: str
    color: str
    kind: str


class NotebookCell(Request):
    """A cell of a notebook, by the notebook's path and the cell's id."""

    notebook: Notebook
    id: Id


class Position(Request):
    """What a line of chat points to: a tick of the song, a cell of a notebook, or both."""

    tick: Tick | None = None
    cell: NotebookCell | None = None


class NewPosition(Position):
    """What a line is to point to: its place may also be a ``bar``, counted from 1."""

    bar: Annotated[int, Field(ge=1, le=1_000_000)] | None = None


class NewMessage(Request):
    """A line for the chat."""

    id: MadeId | None = None
    text: ChatText
    position: NewPosition | None = None


class ChatLine(Shape):
    """A line of the chat; ``number`` counts 1, 2, 3 … in its room."""

    id: str
    number: int
    author: RoomPerson
    at: Time
    text: str
    position: Position | None


class MessageList(Page):
    """One page of the chat, newest first."""

    messages: list[ChatLine]


class CommentTarget(Request):
    """What a comment is to stand on.

    "song"; "bar" and "tick" with their ``tick``; "stem", "segment", "loop", "block" and "section"
    with their ``id`` (a stem may have a ``tick`` as well); "note" with ``id`` and ``segment``;
    "step" with the loop's ``id``, ``row`` and ``cell``; "row", a line of a loop's text, with ``id``
    and ``row``; "cell" with ``notebook``, the cell's ``id``, and perhaps a ``line`` of it.
    """

    kind: Literal[
        "song", "bar", "tick", "stem", "segment", "note", "loop", "step", "row", "block",
        "section", "cell",
    ]  # fmt: skip
    id: Id = ""
    segment: Id = ""
    row: Row | None = None
    cell: Cell | None = None
    notebook: Notebook | None = None
    line: Cell | None = None
    tick: Tick | None = None


class NewComment(Request):
    """A comment on something, or an answer to the comment ``reply_to``."""

    id: MadeId | None = None
    text: CommentText
    target: CommentTarget | None = None
    reply_to: Id | None = None


class Witness(Shape):
    """Something that stood near a place, which was ``offset`` ticks behind its beginning."""

    kind: str
    id: str
    offset: int
    within: str


class Anchor(Shape):
    """What a comment stands on, so that its place can be found again as the song changes."""

    kind: str
    id: str
    within: str
    row: str
    cell: int
    tick: int | None
    witnesses: list[Witness]


class CommentPlace(Shape):
    """Where a comment is now: ``tick`` (null: nowhere), and the id of what it is on.

    Where that ``is_gone``, ``tick`` and ``words`` are those under which it was seen last.
    """

    kind: str
    of: str
    tick: int | None
    words: str
    is_gone: bool


class Reply(Shape):
    """An answer to a comment."""

    id: str
    number: int
    author: RoomPerson
    at: Time
    edited_at: Time | None
    text: str
    rev: int


class Comment(Reply):
    """A comment with its answers; ``is_removed``: it is gone, and its answers have stayed."""

    seq: int
    place: CommentPlace
    anchor: Anchor
    is_removed: bool
    resolved_at: Time | None
    resolved_by: RoomPerson | None
    replies: list[Reply]


class CommentList(Page):
    """One page of the comments of a room, newest first, as of revision ``seq`` of its song."""

    comments: list[Comment]
    seq: int


class CommentsQuery(PageQuery):
    """Which comments: all, those that are resolved, or those that are not."""

    resolved: bool | None = None


class CommentChange(Request):
    """Other words of one's own comment, or whether it is resolved; ``rev`` as one has seen it."""

    text: CommentText | None = None
    resolved: bool | None = None
    rev: Annotated[int, Field(ge=1, le=1 << 53)] | None = None


class LineNamed(Request):
    """A line of the chat that is meant."""

    line_id: Id


class CommentNamed(Request):
    """A comment that is meant."""

    comment_id: Id


class ReplyTo(Request):
    """An answer to a comment."""

    id: MadeId | None = None
    comment_id: Id
    text: CommentText


class CommentChanged(CommentChange):
    """A comment that is meant, and what is to change of it."""

    comment_id: Id
