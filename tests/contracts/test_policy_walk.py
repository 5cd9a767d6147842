"""Every route about a piece, as everybody: the policy's table is what is enforced, nowhere else."""

from __future__ import annotations

import hashlib
import itertools
import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from cellissimo.crdt.document import Document
from cellissimo.notation.song_file import print_song
from cellissimo.schema.policy import (
    POLICY,
    PUBLIC_RIGHTS,
    UNLISTED_RIGHTS,
    USUAL_FLAGS,
    Action,
    Flag,
    Right,
    Role,
    Standing,
    may,
    may_grant,
)
from cellissimo_server.store import members, pieces
from cellissimo_server.store.members import Member
from cellissimo_server.web.activity_handlers import AwayHandler, RoomEventsHandler
from cellissimo_server.web.history_handlers import CompareHandler
from tests.contracts.routes import Endpoint, endpoints
from tests.server.running import Running, running
from tests.server.sounds import canonical

LONG = os.environ.get("CELLISSIMO_LONG") == "1"

PARTS = ("{piece_id}", "{stem_id}", "{segment_id}", "{version_id}")
ABOUT_PIECES = [one for one in endpoints() if any(part in one.route.path for part in PARTS)]
ENDPOINTS = [one for one in ABOUT_PIECES if one.operation.action is not None]

RIGHTS = {"private": frozenset[Right](), "unlisted": UNLISTED_RIGHTS, "public": PUBLIC_RIGHTS}

BODIES: dict[str, dict[str, Any]] = {
    "NewMember": {"username": "newcomer", "role": "viewer"},
    "MemberChange": {"canExport": False},
    "NewInvite": {"role": "viewer"},
    "NewShare": {"expiresIn": 1},
    "ProjectChange": {"description": "x"},
    "LoopChange": {"description": "x"},
    "SongChange": {"description": "x"},
    "NewRender": {"format": "wav"},
    "NewStem": {"name": "Bass"},
    "StemChange": {"volume": 0.5},
    "NewSegment": {"type": "midi", "start": 0, "length": 960, "content": {"notes": []}},
    "SegmentChange": {"volume": 0.5},
    "NewVersion": {"name": "First"},
    "VersionChange": {"name": "Second"},
    "Restore": {},
    "NewOffer": {},
    "TicketRequest": {},
    "NewMessage": {"text": "x"},
    "NewChanges": {"path": "tempo", "value": 99},
    "NewComment": {"text": "x", "target": {"kind": "song"}},
}
"""A body that fits, for every model that a route about a piece takes."""

QUERIES = {
    CompareHandler: "?from=1&to=1",
    AwayHandler: "?since=1",
    RoomEventsHandler: "?wait=false",
}
"""What a route needs in its address beside the path."""

BLOB = canonical(0.01)
BLOB_NAME = hashlib.sha256(BLOB).hexdigest()

VARIANTS: dict[str, list[tuple[Action, dict[str, Any]]]] = {
    model: [
        (Action.DESCRIBE, {"description": "x"}),
        (Action.PUBLISH, {"visibility": "unlisted"}),
        (Action.ARCHIVE, {"isActive": False}),
        (Action.EDIT_MUSIC, {tempo: 99}),
    ]
    for model, tempo in (("ProjectChange", "tempo"), ("LoopChange", "tempo"), ("SongChange", "bpm"))
}
"""What a change of a piece needs is what it changes."""


@dataclass(frozen=True)
class Who:
    """Somebody who asks, and what they are to the piece."""

    name: str
    standing: Standing
    visibility: str = "private"
    is_known: bool = True

    def __str__(self) -> str:
        flags = ",".join(sorted(self.standing.flags)) or "-"
        return f"{self.standing.role or self.name}/{flags}/{self.visibility}"


def everybody(endpoint: Endpoint, flag: Flag | None) -> Iterator[Who]:
    """The owner, members of every role with flags that matter, strangers and visitors."""
    yield Who("owner", Standing(Role.OWNER, USUAL_FLAGS[Role.OWNER]))
    is_twin = endpoint.method == "PUT" or not endpoint.route.path.startswith("projects")
    for role in (Role.VIEWER, Role.CONTRIBUTOR, Role.ADMIN):
        for flags in flag_sets(flag, few=is_twin):
            yield Who("member", Standing(role, flags))
    for visibility, rights in RIGHTS.items():
        yield Who("stranger", Standing(rights=rights), visibility)
        yield Who("visitor", Standing(rights=rights), visibility, is_known=False)


def flag_sets(flag: Flag | None, *, few: bool) -> Iterator[frozenset[Flag]]:
    """No flags, all flags, the one that matters alone, and all but that; or every set.

    ``few``: all but the one that matters, for routes that are a second name of another.
    """
    if LONG:
        for bits in itertools.product((False, True), repeat=len(Flag)):
            yield frozenset(one for one, has in zip(Flag, bits, strict=True) if has)
        return
    if few:
        yield frozenset(Flag) - {flag}
        return
    yield from (frozenset(), frozenset(Flag))
    if flag is not None:
        yield from (frozenset({flag}), frozenset(Flag) - {flag})


class Stage:
    """A piece of every kind, and people whose standing changes from case to case."""

    def __init__(self, server: Running) -> None:
        """Meet everybody first."""
        self.server = server
        self.clients = {
            name: server.as_(name) for name in ("owner", "member", "stranger", "target", "newcomer")
        }
        self.ids = {name: c.get("users/me").json()["id"] for name, c in self.clients.items()}
        self.clients["visitor"] = server.client()
        self._ready: dict[str, dict[str, str]] = {}

    def values(self, endpoint: Endpoint) -> dict[str, str]:
        """The ids of a piece, and of what is in it, for the path of a route."""
        kind = "loops" if endpoint.route.path.startswith("loops") else "projects"
        if kind not in self._ready:
            self._ready[kind] = self._made(kind)
        if any(p in endpoint.route.path for p in PARTS[1:]) and "stem_id" not in self._ready[kind]:
            self._ready[kind] |= self._parts(self._ready[kind]["piece_id"])
        if "{sha256}" in endpoint.route.path and endpoint.method != "PUT":
            self._keep_blob(self._ready[kind]["piece_id"])
        return self._ready[kind]

    def _keep_blob(self, piece: str) -> None:
        address = f"projects/{piece}/blobs/{BLOB_NAME}"
        kept = self.clients["owner"].put(address, content=BLOB)
        assert kept.status_code < 300, kept.text

    def spent(self, endpoint: Endpoint) -> None:
        """That piece is not what it was any more."""
        kind = "loops" if endpoint.route.path.startswith("loops") else "projects"
        self._ready.pop(kind, None)

    def _made(self, kind: str) -> dict[str, str]:
        owner = self.clients["owner"]
        wanted: dict[str, Any] = {"name": "Piece"} | ({"length": 1} if kind == "loops" else {})
        made = owner.post(kind, json=wanted)
        assert made.status_code == 201, made.text
        piece = made.json()["id"]
        self._write(
            lambda db: members.insert(db, self._member(piece, "target", Standing(Role.VIEWER)))
        )
        found = {"piece_id": piece, "user_id": self.ids["target"], "seq": "1", "sha256": BLOB_NAME}
        self._edits(kind, piece)
        return found

    def _edits(self, kind: str, piece: str) -> None:
        """An edit of the document as each of the two ways takes it: as an update and as text."""
        answer = self.clients["owner"].get(f"{kind}/{piece}/document")
        document, made = Document(update=answer.content), []
        document.observe(made.append)
        with document.edit() as write:
            write.set_song_field("key", "D")
        self.edits = {"application/octet-stream": made[-1], "audio/wav": BLOB}
        self.edits["text/plain"] = print_song(document.revision).encode()

    def _parts(self, piece: str) -> dict[str, str]:
        owner, found = self.clients["owner"], {}
        stem = owner.post(f"projects/{piece}/stems", json=BODIES["NewStem"])
        if stem.status_code == 201:
            found["stem_id"] = stem.json()["id"]
            segment = owner.post(f"stems/{found['stem_id']}/segments", json=BODIES["NewSegment"])
            assert segment.status_code == 201, segment.text
            found["segment_id"] = segment.json()["id"]
        version = owner.post(f"projects/{piece}/versions", json=BODIES["NewVersion"])
        if version.status_code == 201:
            found["version_id"] = version.json()["id"]
        return found

    def stand(self, piece: str, who: Who) -> None:
        """Let the piece and the member be what the case says."""

        def work(db: Any) -> None:
            pieces.change(db, piece, None, visibility=who.visibility)
            members.delete(db, piece, self.ids["member"])
            if who.name == "member":
                members.insert(db, self._member(piece, "member", who.standing))

        self._write(work)
        self.server.services.caches.piece_changed()

    def trash(self, piece: str) -> None:
        """Put the piece in the trash."""
        self._write(lambda db: pieces.trash(db, piece, self.server.clock()))

    def archive(self, piece: str) -> None:
        """Make the piece read-only."""
        self._write(lambda db: pieces.change(db, piece, None, archived=True))

    def _write(self, work: Callable[[Any], Any]) -> None:
        self.server.run(self.server.services.database.write(work))

    def _member(self, piece: str, name: str, standing: Standing) -> Member:
        has = standing.flags.__contains__
        return Member(
            piece_id=piece,
            user_id=self.ids[name],
            role=str(standing.role),
            can_edit=has(Flag.EDIT),
            can_add_stems=has(Flag.ADD_STEMS),
            can_delete_stems=has(Flag.DELETE_STEMS),
            can_invite_others=has(Flag.INVITE),
            can_export=has(Flag.EXPORT),
            rev=1,
            joined_at=1,
            active_at=1,
        )

    def ask(self, endpoint: Endpoint, who: str, values: dict[str, str], body: Any) -> Any:
        """What somebody is answered."""
        url = endpoint.address(self.server.url, **values) + QUERIES.get(endpoint.route.handler, "")
        sent: dict[str, Any] = {"json": body} if endpoint.operation.body else {}
        media = endpoint.operation.body_media
        if media in self.edits and not endpoint.operation.body:
            sent = {"content": self.edits[media], "headers": {"Content-Type": media}}
        if who == "visitor":
            self.clients[who].cookies.clear()  # who came into a room is a guest from then on
        return self.clients[who].request(endpoint.method, url, **sent)


def body_of(endpoint: Endpoint) -> Any:
    """A body that fits."""
    model = endpoint.operation.body
    return None if model is None else BODIES[model.__name__]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A server where nobody is stopped by limits; jobs are refused after the policy is asked."""
    kinds = ("reads", "writes", "uploads", "messages", "changes")
    most = dict.fromkeys((f"{kind}_per_hour" for kind in kinds), 10**9)
    quotas = dict.fromkeys(("loop_quota", "song_quota"), 10**6)
    folder = tmp_path_factory.mktemp("walk")
    with running(folder, **most, **quotas, jobs_per_person=0) as server:
        yield Stage(server)


def cases(endpoint: Endpoint) -> list[tuple[Action, Any]]:
    """What a route does to a piece, with a body for each."""
    model = endpoint.operation.body
    found = VARIANTS.get(model.__name__) if model else None
    return found or [(endpoint.operation.action, body_of(endpoint))]


@pytest.mark.parametrize("endpoint", ABOUT_PIECES, ids=str)
def test_every_route_about_a_piece_names_its_action(endpoint: Endpoint) -> None:
    """No route is left out of the walk, and each model of a body has an example."""
    assert endpoint.operation.action is not None
    assert endpoint.operation.body is None or endpoint.operation.body.__name__ in BODIES


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=str)
def test_what_is_enforced_is_the_policy(stage: Stage, endpoint: Endpoint) -> None:
    """Whoever may, can; whoever may not is refused; whoever may not know is told nothing."""
    wrong = []
    stage.spent(endpoint)
    for action, body in cases(endpoint):
        for who in everybody(endpoint, POLICY[action].flag):
            values = stage.values(endpoint)
            stage.stand(values["piece_id"], who)
            answer = stage.ask(endpoint, who.name, values, body)
            expected = verdict(endpoint, action, who)
            if expected != verdict_of(answer):
                wrong.append(
                    f"{action} {who}: {expected}, not {answer.status_code} {answer.text[:200]}"
                )
            if endpoint.method not in {"GET", "HEAD"} and verdict_of(answer) == "allowed":
                stage.spent(endpoint)
    assert wrong == []


def verdict(endpoint: Endpoint, action: Action, who: Who) -> str:
    """What the policy says."""
    if not who.is_known and endpoint.operation.access != "anyone":
        return "401"
    if not may(Action.READ, who.standing):
        return "404"
    can = may(action, who.standing)
    if action is Action.CHANGE_MEMBER:  # a role is given, and nobody gives what they may not give
        can = can and may_grant(who.standing, Role.VIEWER, frozenset())
    return "allowed" if can else "403"


def verdict_of(answer: Any) -> str:
    """What the server did: an error about something else than rights is no refusal."""
    status = answer.status_code
    if status in {401, 403}:
        return str(status)
    return "404" if status == 404 else "allowed" if status < 500 else str(status)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=str)
def test_unknown_and_forbidden_look_the_same(stage: Stage, endpoint: Endpoint) -> None:
    """A stranger cannot tell a private piece from one that never was, nor from one in the trash."""
    stage.spent(endpoint)
    values = stage.values(endpoint)
    stage.stand(values["piece_id"], Who("stranger", Standing()))
    body = body_of(endpoint)
    forbidden = stage.ask(endpoint, "stranger", values, body)
    unknown = {name: str(uuid.uuid4()) for name in values if name.endswith("_id")}
    nothing = stage.ask(endpoint, "stranger", values | unknown, body)
    assert (forbidden.status_code, forbidden.content) == (nothing.status_code, nothing.content)
    stage.trash(values["piece_id"])
    trashed = stage.ask(endpoint, "owner", values, body)
    stage.spent(endpoint)
    assert (trashed.status_code, trashed.content) == (nothing.status_code, nothing.content)


CHANGES_MUSIC = {Action.EDIT_MUSIC, Action.ADD_STEM, Action.DELETE_STEM, Action.ADD_SAMPLE}


@pytest.mark.parametrize(
    "endpoint",
    [one for one in ENDPOINTS if one.operation.action in CHANGES_MUSIC | {Action.RESTORE}],
    ids=str,
)
def test_an_archived_piece_is_read_only(stage: Stage, endpoint: Endpoint) -> None:
    """Also for its owner, until it is made active again."""
    values = stage.values(endpoint)
    stage.archive(values["piece_id"])
    answer = stage.ask(endpoint, "owner", values, body_of(endpoint))
    stage.spent(endpoint)
    assert answer.status_code == 403
    assert "archived" in answer.json()["error"]["message"]
