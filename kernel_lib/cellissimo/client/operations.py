"""What a server can be asked, as methods of both clients: each plan is written once.

On a ``Client`` a method gives its result; on an ``AsyncClient`` it gives an awaitable of it.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar, overload

from cellissimo.client import account, documents, keeping, pieces, rooms, sharing, sounds
from cellissimo.client.call import Call, Plan, as_json, as_model, ask, query_of
from cellissimo.schema.rest.batch import BatchAnswer, BatchedAnswer

if TYPE_CHECKING:
    from cellissimo.client.http import AsyncClient, Client

P = ParamSpec("P")
T = TypeVar("T")


class operation(Generic[P, T]):  # noqa: N801 - it is used as a decorator would be
    """A method of both clients that carries out a plan."""

    def __init__(self, plan: Callable[P, Plan[T]]) -> None:
        """Of what ``plan`` gives for its arguments."""
        self._plan = plan
        self.__doc__ = plan.__doc__

    @overload
    def __get__(self, client: None, kind: type) -> operation[P, T]: ...
    @overload
    def __get__(self, client: Client, kind: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, client: AsyncClient, kind: type) -> Callable[P, Awaitable[T]]: ...
    def __get__(self, client: Any, kind: type) -> Any:
        """The method of a client."""
        if client is None:
            return self

        @functools.wraps(self._plan)
        def carried_out(*args: P.args, **kwargs: P.kwargs) -> Any:  # noqa: ANN401 - T, or awaited
            return client.run(self._plan(*args, **kwargs))

        return carried_out


def request(
    method: str,
    path: str,
    *,
    query: dict[str, Any] | None = None,
    body: Any = None,  # noqa: ANN401
) -> Plan[Any]:
    """Any request below ``/cellissimo/api/v1/``, and its answer as plain JSON."""
    return ask(Call(method, path.lstrip("/"), as_json, query=query_of(**query or {}), body=body))


def batch(requests: Sequence[Mapping[str, Any]]) -> Plan[list[BatchedAnswer]]:
    """Up to 50 requests as one, each with its own answer.

    A request is ``{"method", "path", "body"?, "ifMatch"?}``.
    """
    call = Call("POST", "batch", as_model(BatchAnswer), body={"requests": list(requests)})
    answer: BatchAnswer = yield call
    return answer.responses


class Operations:
    """Everything that a server can be asked."""

    __slots__ = ()

    about = operation(account.about)
    me = operation(account.me)
    change_me = operation(account.change_me)
    profile = operation(account.profile)
    usage = operation(account.usage)
    tokens = operation(account.tokens)
    make_token = operation(account.make_token)
    revoke_token = operation(account.revoke_token)
    notifications = operation(account.notifications)
    mark_read = operation(account.mark_read)
    jobs = operation(account.jobs)
    job = operation(account.job)
    job_file = operation(account.job_file)
    cancel_job = operation(account.cancel_job)
    export_account = operation(account.export_account)

    projects = operation(pieces.projects)
    loops = operation(pieces.loops)
    all_projects = operation(pieces.all_projects)
    all_loops = operation(pieces.all_loops)
    project = operation(pieces.project)
    loop = operation(pieces.loop)
    make_project = operation(pieces.make_project)
    make_loop = operation(pieces.make_loop)
    change_project = operation(pieces.change_project)
    change_loop = operation(pieces.change_loop)
    trash = operation(pieces.trash)
    trashed = operation(pieces.trashed)
    bring_back = operation(pieces.bring_back)
    fork = operation(pieces.fork)
    search = operation(pieces.search)
    migrate = operation(pieces.migrate)

    song_text = operation(documents.song_text)
    write_song_text = operation(documents.write_song_text)
    document = operation(documents.document)
    send_update = operation(documents.send_update)
    history = operation(documents.history)
    text_at = operation(documents.text_at)
    compare = operation(documents.compare)
    restore = operation(documents.restore)
    versions = operation(documents.versions)
    name_version = operation(documents.name_version)
    forget_version = operation(documents.forget_version)
    authors = operation(documents.authors)

    share = operation(sharing.share)
    shares = operation(sharing.shares)
    revoke_share = operation(sharing.revoke_share)
    shared = operation(sharing.shared)
    shared_document = operation(sharing.shared_document)
    shared_blob = operation(sharing.shared_blob)
    fork_shared = operation(sharing.fork_shared)
    members = operation(sharing.members)
    add_member = operation(sharing.add_member)
    change_member = operation(sharing.change_member)
    remove_member = operation(sharing.remove_member)
    invite = operation(sharing.invite)
    invites = operation(sharing.invites)
    revoke_invite = operation(sharing.revoke_invite)
    accept_invite = operation(sharing.accept_invite)
    offer = operation(sharing.offer)
    offers = operation(sharing.offers)
    look_at_offer = operation(sharing.look_at_offer)
    accept_offer = operation(sharing.accept_offer)
    decline_offer = operation(sharing.decline_offer)
    withdraw_offer = operation(sharing.withdraw_offer)
    offered_song = operation(sharing.offered_song)
    offered_blob = operation(sharing.offered_blob)

    samples = operation(sounds.samples)
    upload_sample = operation(sounds.upload_sample)
    change_sample = operation(sounds.change_sample)
    delete_sample = operation(sounds.delete_sample)
    sample_file = operation(sounds.sample_file)
    has_blob = operation(sounds.has_blob)
    blob = operation(sounds.blob)
    put_blob = operation(sounds.put_blob)
    render = operation(sounds.render)
    bundle = operation(sounds.bundle)

    room = operation(rooms.room)
    room_ticket = operation(rooms.room_ticket)
    messages = operation(rooms.messages)
    comments = operation(rooms.comments)
    deliver_blob = operation(rooms.deliver_blob)

    push = operation(keeping.push)
    pull = operation(keeping.pull)
    open_piece = operation(keeping.open_piece)
    open_shared = operation(keeping.open_shared)
    fork_document = operation(keeping.fork)

    request = operation(request)
    batch = operation(batch)
