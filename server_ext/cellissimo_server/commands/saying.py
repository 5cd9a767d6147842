"""The commands of a room by which something is said: their names, bodies and use cases.

Each is called as ``(services, person, piece_id, body)``. Somebody who has come with a share link
says so by ``Person.link``; what the link allows is asked again each time.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from cellissimo.schema.rest.said import (
    CommentChanged,
    CommentNamed,
    LineNamed,
    NewComment,
    NewMessage,
    ReplyTo,
)
from cellissimo.schema.rest.shape import Request
from cellissimo_server.commands import chat, comments

UseCase = Callable[..., Awaitable[Any]]

COMMANDS: Mapping[str, tuple[type[Request], UseCase]] = {
    "chat.send": (NewMessage, chat.send_message),
    "chat.remove": (LineNamed, chat.remove_message),
    "comment.add": (NewComment, comments.add_comment),
    "comment.reply": (ReplyTo, comments.reply),
    "comment.change": (CommentChanged, comments.change_comment),
    "comment.resolve": (CommentNamed, comments.resolve),
    "comment.reopen": (CommentNamed, comments.reopen),
    "comment.remove": (CommentNamed, comments.remove_comment),
}
"""By name; what a use case gives is a ``Shape``, or None."""
