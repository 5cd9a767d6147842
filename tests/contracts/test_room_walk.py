"""Everything that can be said in a room, by everybody: the policy's table is what is enforced."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from cellissimo.crdt import wire
from cellissimo.crdt.update_parser import state_of
from cellissimo.crdt.wire import Kind
from cellissimo.schema.models import Stem
from cellissimo.schema.policy import Action, Role, Standing
from cellissimo_server.commands.announcing import TOLD_TO, announce
from cellissimo_server.store import members, pieces
from cellissimo_server.web.room_commands import COMMANDS
from tests.contracts.room_cells import (
    CELLS,
    CHANNELS,
    EDITS,
    FOR_ALL,
    LONG,
    WALKED,
    WORDS,
    Body,
    Who,
    everybody,
)
from tests.contracts.test_policy_walk import Stage
from tests.contracts.test_policy_walk import Who as Staged
from tests.server.pieces import made
from tests.server.running import Running, running
from tests.server.sitting import Closed, Sitting, is_sync, opened, ticket


def test_nothing_that_can_be_said_is_left_out() -> None:
    """A new kind of frame, command, edit or news has to be walked."""
    assert set(wire._CLIENT) == set(map(int, WALKED))
    assert set(COMMANDS) == set(CELLS)
    assert {Action.EDIT_MUSIC, Action.ADD_STEM, Action.DELETE_STEM, Action.LOCK} == set(EDITS)


# -- the stage -------------------------------------------------------------------------------------


@dataclass
class Hall:
    """A piece, its owner's seat, and people whose standing changes from case to case."""

    server: Running
    stage: Stage
    piece: str
    owner: Sitting
    count: int = 0
    turn: int = 0
    there: dict[str, Any] = field(default_factory=dict)

    def command(self, seat: Sitting, name: str, body: Body) -> Body:
        """What somebody is answered."""
        key = str(uuid.uuid4())
        seat.send(wire.Said(Kind.COMMAND, {"id": key, "name": name, "body": body}))
        found = seat.until(lambda f: f.kind is Kind.COMMAND and f.said.get("id") == key)
        return dict(found.said)

    def done(self, name: str, body: Body) -> Any:
        """What the owner gets for a command."""
        answer = self.command(self.owner, name, body)
        assert "error" not in answer, answer
        return answer["value"]

    def prepare(self) -> None:
        """Everything that commands are about, made by the owner."""
        self.count += 1
        stem = f"gone{self.count}"
        self.owner.keep(lambda document: document.put(Stem(stem, "Gone")))
        self.there = {
            "line": self.done("chat.send", {"text": "a"})["id"],
            "comment": self.done("comment.add", WORDS)["id"],
            "resolved": self.done("comment.add", WORDS)["id"],
            "version": self.done("version.name", {"name": "V"})["id"],
            "share": self.done("share.make", {"rights": ["listen"], "expiresIn": 1})["id"],
            "stem": stem,
            "seq": self.owner.keep(lambda document: document.remove("stems", stem)).seq,
            "target": self.stage.ids["target"],
        }
        self.done("comment.resolve", {"commentId": self.there["resolved"]})
        self.settle_members()

    def settle_members(self) -> None:
        """The target is a member, and the newcomer is none."""

        def work(db: Any) -> None:
            for name in ("newcomer", "target"):
                members.delete(db, self.piece, self.stage.ids[name])
            target = self.stage._member(self.piece, "target", Standing(Role.VIEWER))
            members.insert(db, target)

        self.stage._write(work)

    @contextlib.contextmanager
    def archived(self, who: Who) -> Iterator[None]:
        """The piece is read-only meanwhile, where it is for them; its owner in the room knows."""
        if not who.archived:
            yield
            return
        self._archive(archived=True)
        yield
        self._archive(archived=False)

    def _archive(self, *, archived: bool) -> None:
        self.stage._write(lambda db: pieces.change(db, self.piece, None, archived=archived))
        self.server.loop.call_soon_threadsafe(self.server.services.rooms.recheck)
        while (Action.EDIT_MUSIC in self.owner.news("standing")["may"]) == archived:
            pass  # told of the piece's visibility, which changed just before

    def takes(self, who: Who, action: Action, channel: str) -> bool:
        """Whether the room takes an edit of somebody that needs an action; else it closes them."""
        self.count += 1
        stem = Stem(f"old{self.count}", "Old")
        former = self.owner.load().revision.stems.keys() - {"t", "u"}

        def tidy(document: Any) -> None:
            document.put(stem)
            for one in former:
                document.remove("stems", one)

        self.owner.keep(tidy)
        with self.archived(who), self.seated(who) as seat:
            for frame in FOR_ALL.values():
                seat.send(frame)
            CHANNELS[channel](seat, seat.edit(EDITS[action](self.count)))
            assert seat.document is not None
            made = state_of(seat.document.state)
            return has(seat, made)

    def edits(self) -> Iterator[tuple[Action, str]]:
        """Every edit by one of its channels, each time by another; or by all of them."""
        for action in EDITS:
            self.turn += 1
            channels = list(CHANNELS)
            yield from ((action, way) for way in (channels if LONG else [channels[self.turn % 3]]))

    @contextlib.contextmanager
    def seated(self, who: Who) -> Iterator[Sitting]:
        """A seat of somebody, with the document loaded."""
        client, said = self._client(who)
        with opened(self.server, self.piece, ticket(client, self.piece, **said)["ticket"]) as seat:
            seat.greet()
            seat.load()
            yield seat

    def _client(self, who: Who) -> tuple[Any, Body]:
        if who.by_link is None:
            name = {Role.OWNER: "owner", None: "stranger"}.get(who.standing.role, "member")
            return self.stage.clients[name], {}
        body = {"rights": [who.by_link], "expiresIn": 1}
        made_share = self.done("share.make", body)
        return self.server.client(), {"link": made_share["shareToken"], "name": "Gast"}


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """A server where nobody is stopped by limits, and a room in which its owner sits."""
    kinds = ("reads", "writes", "messages", "changes")
    most = dict.fromkeys((f"{kind}_per_hour" for kind in kinds), 10**9)
    with running(tmp_path_factory.mktemp("hall"), **most) as server:
        stage = Stage(server)
        client = stage.clients["owner"]
        piece = made(client)
        with opened(server, piece, ticket(client, piece)["ticket"]) as owner:
            owner.greet()
            owner.load()
            yield Hall(server, stage, piece, owner)


@pytest.fixture(params=list(everybody()), ids=str)
def who(request: pytest.FixtureRequest, hall: Hall) -> Who:
    """Somebody, as what they are to the piece."""
    found: Who = request.param
    hall.stage.stand(hall.piece, _as_stage(found))
    return found


def _as_stage(who: Who) -> Any:
    is_member = who.standing.role not in (None, Role.OWNER)
    return Staged("member" if is_member else "stranger", who.standing, who.visibility)


# -- the walk --------------------------------------------------------------------------------------


def has(seat: Sitting, made: dict[int, int]) -> bool:
    """Whether the room has what somebody has made; False where it has closed them for it."""
    with contextlib.suppress(ConnectionClosed):  # it is read below why
        seat.send(wire.Sync(wire.STATE, b"\x00"))
    try:
        seat.until(lambda frame: is_sync(frame, wire.ANSWER))  # of the frame in FOR_ALL
        seat.until(lambda frame: is_sync(frame, wire.ANSWER))
    except Closed as closed:
        if closed.code != 4403:
            raise
        return False
    there = state_of(seat.load().state)
    return all(there.get(one, 0) >= clock for one, clock in made.items())


def leads(seat: Sitting) -> bool:
    """Whether somebody leads who asks to; who leads already is told nothing."""
    session = seat.hello["session"]
    if seat.hello["transport"]["leader"] == session:
        return True
    seat.send(wire.Said(Kind.TRANSPORT, {"do": "lead"}))
    told = seat.until(
        lambda f: f.kind is Kind.TRANSPORT and ("refused" in f.said or f.said["leader"] == session)
    )
    return "refused" not in told.said


def test_what_is_told_is_the_policy(hall: Hall, who: Who) -> None:
    """[WIRE-3] [WIRE-17] HELLO says what one may do; news reach those whose right they are."""
    with hall.archived(who), hall.seated(who) as seat:
        assert [action for action in Action if who.may(action)] == seat.hello["may"]
        seat.heard.clear()

        async def tell() -> None:
            for kind in TOLD_TO:
                announce(hall.server.services, hall.piece, {"kind": kind})

        hall.server.run(tell())
        seat.send(wire.Probe(99))
        seat.until(wire.Time)
        heard = {f.said["kind"] for f in seat.heard if f.kind is Kind.NEWS}
        expected = {kind for kind, action in TOLD_TO.items() if who.may(action)}
        assert expected == heard - {"standing"}


def test_frames_are_taken_as_the_policy_says(hall: Hall, who: Who) -> None:
    """[ROOM-19] [GATE-14] [GATE-15] [WIRE-13] Every kind, every edit by its channels."""
    wrong = [
        f"{action} by {channel}"
        for action, channel in hall.edits()
        if who.may(action) != hall.takes(who, action, channel)
    ]
    with hall.seated(who) as seat:
        if who.may(Action.LEAD) != leads(seat):
            wrong.append("the lead")
    assert [] == wrong


def test_commands_are_done_as_the_policy_says(hall: Hall, who: Who) -> None:
    """[WIRE-19] Each is done, or refused as not theirs; the session stays."""
    wrong = []
    hall.prepare()
    with hall.archived(who), hall.seated(who) as seat:
        for name, (body, allows) in CELLS.items():
            answer = hall.command(seat, name, body(hall.there))
            said = answer.get("error", {"code": "done"})["code"]
            expected = {"done"} if allows(who) else {"forbidden", "not-found", "unauthenticated"}
            if said not in expected:
                wrong.append(f"{name}: {expected}, not {answer}")
            if name == "member.remove" and said == "done":
                hall.settle_members()
    assert [] == wrong


def test_what_is_for_people_with_an_account_is_not_for_guests(hall: Hall) -> None:
    """[WIRE-19] As over HTTP: a guest who owns a copy brings nobody in and changes nobody."""
    share = hall.done("share.make", {"rights": ["listen", "fork"], "expiresIn": 1})
    visitor = hall.server.client()
    token = visitor.post("guests", json={}).json()["token"]
    guest = hall.server.client(f"Bearer {token}")
    piece = guest.post(f"shared/{share['shareToken']}/fork", json={}).json()["id"]
    with opened(hall.server, piece, ticket(guest, piece)["ticket"]) as seat:
        assert "owner" == seat.greet()["role"]
        there = {"target": hall.stage.ids["target"]}
        for name in ("member.add", "member.change"):
            path = f"projects/{piece}/collaborators"
            body = CELLS[name][0](there)
            assert "unauthenticated" == hall.command(seat, name, body)["error"]["code"]
            assert 401 == guest.post(path, json=body).status_code
