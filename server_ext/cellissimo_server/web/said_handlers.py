"""What is said in rooms, over HTTP: chat, and comments on places of a song."""

from __future__ import annotations

from cellissimo.schema.policy import Action
from cellissimo.schema.rest.lists import PageQuery
from cellissimo.schema.rest.said import (
    ChatLine,
    Comment,
    CommentChange,
    CommentList,
    CommentNamed,
    CommentsQuery,
    LineNamed,
    MessageList,
    NewComment,
    NewMessage,
)
from cellissimo.schema.rest.shape import Done
from cellissimo_server.commands import chat, comments
from cellissimo_server.commands.said_where import piece_of_comment, piece_of_line
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import Route


class MessagesHandler(Handler):
    """The chat of a room."""

    @operation(
        "The chat of a room, newest first",
        query=PageQuery,
        answer=MessageList,
        access="guest",
        action=Action.COMMENT,
    )
    async def get(self, piece_id: str, query: PageQuery) -> MessageList:
        """One page of it."""
        return await chat.list_messages(self.services, self.person, piece_id, query)

    @operation(
        "Say something in a room",
        body=NewMessage,
        answer=ChatLine,
        status=201,
        access="guest",
        cost="free",
        action=Action.COMMENT,
        errors=(409,),
    )
    async def post(self, piece_id: str, body: NewMessage) -> ChatLine:
        """Say a line, once for each id."""
        return await chat.send_message(self.services, self.person, piece_id, body)


class MessageHandler(Handler):
    """One line of a chat."""

    @operation("Take a line of a chat back", answer=Done, access="guest", cost="free")
    async def delete(self, message_id: str) -> Done:
        """One's own, or any as an admin of the piece."""
        piece_id = await piece_of_line(self.services, message_id)
        named = LineNamed(line_id=message_id)
        await chat.remove_message(self.services, self.person, piece_id, named)
        return Done()


class CommentsHandler(Handler):
    """The comments on a song."""

    @operation(
        "The comments on a song, newest first, each where it stands now",
        query=CommentsQuery,
        answer=CommentList,
        access="guest",
        action=Action.COMMENT,
    )
    async def get(self, piece_id: str, query: CommentsQuery) -> CommentList:
        """One page of them, with their answers."""
        return await comments.list_comments(self.services, self.person, piece_id, query)

    @operation(
        "Comment on a place of a song, or answer a comment",
        body=NewComment,
        answer=Comment,
        status=201,
        access="guest",
        cost="free",
        action=Action.COMMENT,
        errors=(409,),
    )
    async def post(self, piece_id: str, body: NewComment) -> Comment:
        """Write it, once for each id; gives the thread."""
        return await comments.add_comment(self.services, self.person, piece_id, body)


class CommentHandler(Handler):
    """One comment."""

    @operation(
        "Change, resolve or reopen a comment",
        body=CommentChange,
        answer=Comment,
        access="guest",
        cost="free",
        errors=(412,),
    )
    async def patch(self, comment_id: str, body: CommentChange) -> Comment:
        """Change what was sent; gives the thread."""
        piece_id = await piece_of_comment(self.services, comment_id)
        given = {"rev": self.if_match} | body.given if self.if_match else body.given
        wanted = comments.changed_by(comment_id, CommentChange(**given))
        return await comments.change_comment(self.services, self.person, piece_id, wanted)

    @operation("Take a comment back", answer=Done, access="guest", cost="free")
    async def delete(self, comment_id: str) -> Done:
        """One's own, or any as an admin of the piece; answers stay."""
        piece_id = await piece_of_comment(self.services, comment_id)
        named = CommentNamed(comment_id=comment_id)
        await comments.remove_comment(self.services, self.person, piece_id, named)
        return Done()


ROUTES = [
    Route("rooms/{piece_id}/messages", MessagesHandler),
    Route("messages/{message_id}", MessageHandler),
    Route("rooms/{piece_id}/comments", CommentsHandler),
    Route("comments/{comment_id}", CommentHandler),
]
