"""Commands that come over a room's socket: which there are, and what each of them does [WIRE-16].

They are the use cases of the REST interface under the same rights, and answer with its shapes.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pydantic
from jupyter_server.utils import url_path_join

from cellissimo.crdt.lib0 import WireError
from cellissimo.domain.errors import CellissimoError
from cellissimo.schema.rest.history import NewVersion, Restore, Seq
from cellissimo.schema.rest.members import MemberChange, NewMember
from cellissimo.schema.rest.people import Name
from cellissimo.schema.rest.said import (
    CommentChanged,
    CommentNamed,
    Id,
    LineNamed,
    NewComment,
    NewMessage,
    ReplyTo,
)
from cellissimo.schema.rest.shape import Request, Shape
from cellissimo.schema.rest.shares import MadeShare, NewShare, ShareChange
from cellissimo_server.access.person import Person
from cellissimo_server.commands import activity, chat, comments, share
from cellissimo_server.commands.change_members import add_member, change_member, remove_member
from cellissimo_server.commands.deleted_stems import restore_stem
from cellissimo_server.commands.keep_versions import forget_version, name_version, rename_version
from cellissimo_server.commands.restore_revision import restore_revision
from cellissimo_server.commands.show_share import share_shown
from cellissimo_server.errors import (
    ForbiddenError,
    GoneError,
    InvalidError,
    NotFoundError,
    RefusalError,
    UnauthenticatedError,
    UnavailableError,
)
from cellissimo_server.rooms.answers import Answer, Answers
from cellissimo_server.rooms.documents import Edited
from cellissimo_server.rooms.place import Place
from cellissimo_server.rooms.room import Room
from cellissimo_server.services import Services
from cellissimo_server.web.invalid import invalid, shown


@dataclass(frozen=True, slots=True)
class Given:
    """A command that somebody gave: its id, and the piece whose room they are in."""

    services: Services
    person: Person
    piece: str
    id: str


class RestoreOf(Restore):
    """A revision, and what of it is to come back."""

    seq: Seq


class StemNamed(Request):
    """A stem that was deleted."""

    stem_id: Id


class VersionNamed(Request):
    """A version that is meant."""

    version_id: Id


class VersionRenamed(VersionNamed):
    """Another name for a version."""

    name: Name


class MemberNamed(Request):
    """A member that is meant."""

    user_id: Id


class MemberChanged(MemberChange):
    """A member that is meant, and what is to change."""

    user_id: Id


class ShareNamed(Request):
    """A link that is meant."""

    share_id: Id


class ShareChanged(ShareChange):
    """A link that is meant, and what is to change."""

    share_id: Id


Done = Shape | Edited[bytes] | None
Run = Callable[[Given, Any], Awaitable[Done]]


async def _say(given: Given, body: NewMessage) -> Done:
    wanted = body.model_copy(update={"id": body.id or given.id})
    return await chat.send_message(given.services, given.person, given.piece, wanted)


async def _unsay(given: Given, body: LineNamed) -> Done:
    await chat.remove_message(given.services, given.person, given.piece, body)
    return None


async def _comment(given: Given, body: NewComment) -> Done:
    wanted = body.model_copy(update={"id": body.id or given.id})
    return await comments.add_comment(given.services, given.person, given.piece, wanted)


async def _reply(given: Given, body: ReplyTo) -> Done:
    wanted = body.model_copy(update={"id": body.id or given.id})
    return await comments.reply(given.services, given.person, given.piece, wanted)


async def _change_comment(given: Given, body: CommentChanged) -> Done:
    return await comments.change_comment(given.services, given.person, given.piece, body)


async def _resolve(given: Given, body: CommentNamed) -> Done:
    return await comments.resolve(given.services, given.person, given.piece, body)


async def _reopen(given: Given, body: CommentNamed) -> Done:
    return await comments.reopen(given.services, given.person, given.piece, body)


async def _remove_comment(given: Given, body: CommentNamed) -> Done:
    await comments.remove_comment(given.services, given.person, given.piece, body)
    return None


async def _name_version(given: Given, body: NewVersion) -> Done:
    return await name_version(given.services, given.person, given.piece, body, given.id)


async def _rename_version(given: Given, body: VersionRenamed) -> Done:
    return await rename_version(given.services, given.person, body.version_id, body.name)


async def _forget_version(given: Given, body: VersionNamed) -> Done:
    await forget_version(given.services, given.person, body.version_id)
    return None


async def _restore(given: Given, body: RestoreOf) -> Done:
    return await restore_revision(given.services, given.person, given.piece, body.seq, body)


async def _restore_stem(given: Given, body: StemNamed) -> Done:
    return await restore_stem(given.services, given.person, given.piece, body.stem_id)


async def _add_member(given: Given, body: NewMember) -> Done:
    return await add_member(given.services, given.person, given.piece, body)


async def _change_member(given: Given, body: MemberChanged) -> Done:
    wanted = MemberChange.model_construct(body.model_fields_set - {"user_id"}, **_without(body))
    return await change_member(
        given.services, given.person, given.piece, body.user_id, wanted, None
    )


async def _remove_member(given: Given, body: MemberNamed) -> Done:
    await remove_member(given.services, given.person, given.piece, body.user_id)
    return None


async def _make_share(given: Given, body: NewShare) -> Done:
    made, token = await share.make_share(given.services, given.person, given.piece, body)
    told = share_shown(made)
    return MadeShare(
        id=told.id,
        share_url=url_path_join(given.services.base_url, "cellissimo", "s", token),
        share_token=token,
        expires_at=told.expires_at,
        rights=told.rights,
    )


async def _change_share(given: Given, body: ShareChanged) -> Done:
    wanted = ShareChange.model_construct(body.model_fields_set - {"share_id"}, **_without(body))
    return share_shown(
        await share.change_share(given.services, given.person, body.share_id, wanted)
    )


async def _revoke_share(given: Given, body: ShareNamed) -> Done:
    await share.revoke_share(given.services, given.person, body.share_id)
    return None


def _without(body: MemberChanged | ShareChanged) -> dict[str, Any]:
    """The fields of a change, without the name of what is changed."""
    return {
        name: getattr(body, name)
        for name in type(body).model_fields
        if name not in {"user_id", "share_id"}
    }


COMMANDS: Mapping[str, tuple[type[Request], Run]] = {
    "chat.send": (NewMessage, _say),
    "chat.remove": (LineNamed, _unsay),
    "comment.add": (NewComment, _comment),
    "comment.reply": (ReplyTo, _reply),
    "comment.change": (CommentChanged, _change_comment),
    "comment.resolve": (CommentNamed, _resolve),
    "comment.reopen": (CommentNamed, _reopen),
    "comment.remove": (CommentNamed, _remove_comment),
    "version.name": (NewVersion, _name_version),
    "version.rename": (VersionRenamed, _rename_version),
    "version.forget": (VersionNamed, _forget_version),
    "restore": (RestoreOf, _restore),
    "stem.restore": (StemNamed, _restore_stem),
    "member.add": (NewMember, _add_member),
    "member.change": (MemberChanged, _change_member),
    "member.remove": (MemberNamed, _remove_member),
    "share.make": (NewShare, _make_share),
    "share.change": (ShareChanged, _change_share),
    "share.revoke": (ShareNamed, _revoke_share),
}
"""Every command by its name."""

_COUNTED = frozenset({"chat.send", "comment.add", "comment.reply"})
"""Those that count themselves."""


_FOR_ACCOUNTS = frozenset({"member.add", "member.change"})
"""Those that are not for guests, also of a piece that they own."""


class Commanding:
    """Does the commands of all rooms of a server."""

    def __init__(self, services: Services) -> None:
        """Nothing was asked yet."""
        self._services = services
        self._answers = Answers()

    async def recall(self, room: Room, place: Place, seen: int) -> Answer | None:
        """What others did since somebody was here last; None for whom it is not to be told."""
        try:
            found = await activity.away(self._services, place.asker, room.piece, seen)
        except (ForbiddenError, GoneError, NotFoundError):
            return None
        has_news = found.edits or found.messages or found.comments
        return {"kind": "away", **found.to_json()} if has_news else None

    async def command(self, room: Room, place: Place, said: Mapping[str, Any]) -> Answer:
        """The answer to a command of somebody in a room; a refusal is one as well.

        Raises:
            WireError: it has no id, name or body, so that nobody could be answered.
        """
        key, name, body = _parts(said)
        given = Given(self._services, place.asker, room.piece, key)

        async def do() -> tuple[Answer, bool]:
            try:
                value, at = await self._run(given, name, body)
            except RefusalError as error:
                is_final = not isinstance(error, UnavailableError)
                return {"id": key, "seq": room.seq, "error": _told(error)}, is_final
            finally:
                self._services.events.nudge()
                self._services.rooms.recheck()
            return {"id": key, "seq": room.seq if at is None else at, "value": value}, True

        return await self._answers.once((given.person.id, given.piece, key), do)

    async def _run(self, given: Given, name: str, body: object) -> tuple[Any, int | None]:
        known = COMMANDS.get(name)
        if known is None:
            raise InvalidError(
                f"There is no command {shown(name)!r}.",
                field="name",
                value=shown(name),
                accepted=", ".join(COMMANDS),
                cure="Send one of the names that are accepted.",
            )
        shape, run = known
        if name in _FOR_ACCOUNTS and given.person.kind == "guest":
            raise UnauthenticatedError("A guest is not signed in.", cure="Sign in.")
        if name not in _COUNTED and not given.person.exempt:
            self._services.rates.spend(given.person.id, "write", self._services.clock())
        try:
            done = await run(given, shape.model_validate(body))
        except pydantic.ValidationError as error:
            raise invalid(error) from error
        except CellissimoError as error:
            raise InvalidError(str(error), cure="Change the value and send it again.") from error
        if isinstance(done, Edited):
            return None, done.seq
        return (None if done is None else done.to_json()), None


def _parts(said: Mapping[str, Any]) -> tuple[str, str, object]:
    """The id, name and body of a command."""
    key, name, body = said.get("id"), said.get("name"), said.get("body", {})
    try:
        found = str(UUID(key)) if isinstance(key, str) else None
    except ValueError:
        found = None
    if found is None or not isinstance(name, str) or not isinstance(body, dict):
        raise WireError("a command has an id that is a UUID, a name, and a body")
    return found, name, body


def _told(error: RefusalError) -> Any:  # noqa: ANN401 - JSON
    """What the answer says of a refusal."""
    return json.loads(json.dumps(error.detail, default=str))
