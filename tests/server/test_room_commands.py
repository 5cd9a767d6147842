"""Commands over a room's socket: done once, under the rights of whoever gives them."""

import asyncio
import contextlib
import json
import re
import uuid
from pathlib import Path

import pytest

from cellissimo import crdt
from cellissimo.crdt import wire
from cellissimo.crdt.wire import Kind
from cellissimo.schema import models
from cellissimo_server.rooms import answers
from cellissimo_server.rooms.answers import Answers
from cellissimo_server.web.room_commands import COMMANDS
from tests.server.pieces import made
from tests.server.sitting import opened, sitting, ticket


def tell(one, command, /, key=None, **body):
    """Give a command; what is answered."""
    key = key or str(uuid.uuid4())
    one.send(wire.Said(Kind.COMMAND, {"id": key, "name": command, "body": body}))
    answer = one.until(lambda frame: frame.kind is Kind.COMMAND and frame.said["id"] == key)
    return dict(answer.said)


def value(one, command, /, **body):
    """What a command gives that is not refused."""
    answer = tell(one, command, **body)
    assert "error" not in answer, answer
    return answer["value"]


def told(one, kind, count=1):
    """The first news of a kind that somebody was told, also while they waited for other things."""
    while True:
        news = [frame.said for frame in one.heard if frame.kind is Kind.NEWS]
        found = [said for said in news if said["kind"] == kind]
        if len(found) >= count:
            return found[:count]
        one.read()


def add(alice, piece, username, role):
    """Somebody who is a member of a piece."""
    body = {"username": username, "role": role}
    assert 201 == alice.post(f"projects/{piece}/members", json=body).status_code


def test_a_line_of_chat_is_said_once(server, alice):
    """[WIRE-16] [WIRE-17] The same id again: the same answer, one line, one piece of news."""
    piece, key = made(alice), str(uuid.uuid4())
    with sitting(server, alice, piece) as one, sitting(server, alice, piece) as two:
        first = tell(one, "chat.send", key=key, text="Louder!")
        again = tell(two, "chat.send", key=key, text="Softer!")
        assert (first, "Louder!", key) == (again, first["value"]["text"], first["value"]["id"])
        tell(one, "chat.send", text="Now")
        assert ["Louder!", "Now"] == [news["line"]["text"] for news in told(two, "chat", 2)]
    shown = alice.get(f"rooms/{piece}/messages").json()["messages"]
    assert ["Now", "Louder!"] == [line["text"] for line in shown]


def test_a_line_is_said_once_also_behind_a_restart(server, alice):
    """[WIRE-16] [ROOM-45] What is a row is known by its id when nobody remembers the answer."""
    piece, key = made(alice), str(uuid.uuid4())
    with sitting(server, alice, piece) as one:
        first = tell(one, "chat.send", key=key, text="Louder!")
        named = str(uuid.uuid4())
        version = tell(one, "version.name", key=named, name="Take 1")
        server.services.rooms.commanding._answers = Answers()
        assert first["value"] == tell(one, "chat.send", key=key, text="Louder!")["value"]
        assert version["value"] == tell(one, "version.name", key=named, name="Take 1")["value"]
    assert 1 == len(alice.get(f"projects/{piece}/versions").json()["versions"])


def test_comments_are_made_answered_resolved_and_taken_back(server, alice):
    """[WIRE-17] Each is told to the others as it is then."""
    piece = made(alice)
    with sitting(server, alice, piece) as one, sitting(server, alice, piece) as two:
        comment = value(one, "comment.add", text="Too fast", target={"kind": "bar", "tick": 0})
        named = {"commentId": comment["id"]}
        reply = value(two, "comment.reply", text="No", **named)
        assert ["No"] == [answer["text"] for answer in reply["replies"]]
        value(one, "comment.change", text="Much too fast", **named)
        assert value(one, "comment.resolve", **named)["resolvedAt"]
        assert value(one, "comment.reopen", **named)["resolvedAt"] is None
        assert value(one, "comment.remove", **named) is None
        news = told(two, "comment", 6)
        assert ["made", *["changed"] * 5] == [one["what"] for one in news]
        assert news[-1]["comment"]["isRemoved"]


def test_a_version_is_named_and_a_revision_restored(server, alice):
    """[WIRE-16] A restore is an edit that everybody hears of; the answer says its revision."""
    piece = made(alice)
    with sitting(server, alice, piece) as one, sitting(server, alice, piece) as two:
        version = value(one, "version.name", name="Before")
        one.keep(lambda write: write.set_step("a", "hat", 3, models.Step(90)))
        answer = tell(one, "restore", seq=version["seq"])
        assert (None, version["seq"] + 2) == (answer["value"], answer["seq"])
        two.sees(answer["seq"])
        assert ("hat", 3) not in two.document.revision.loops["a"].steps
        renamed = value(one, "version.rename", versionId=version["id"], name="Then")
        assert "Then" == renamed["name"]
        assert value(one, "version.forget", versionId=version["id"]) is None
        kinds = [news["what"] for news in told(two, "version", 3)]
        assert ["made", "changed", "removed"] == kinds


def test_a_deleted_stem_comes_back(server, alice):
    """[WIRE-16] With what it held, as an edit that everybody hears of."""
    piece = made(alice)
    with sitting(server, alice, piece) as one:
        before = one.document.revision.stems["t"]
        one.keep(lambda write: write.remove("stems", "t"))
        answer = tell(one, "stem.restore", stemId="t")
        assert None is answer["value"]
        stems = one.load().revision.stems
        assert before.name in {stem.name for stem in stems.values()}


def test_members_and_links_are_changed_and_rights_follow(server, alice):
    """[WIRE-17] Whoever gains or loses a right is told; those who may read lists read again."""
    piece, bob = made(alice), server.as_("bob")
    with sitting(server, alice, piece) as one:
        bob.get("users/me")
        member = value(one, "member.add", username="bob", role="viewer")
        told(one, "members")
        named = {"userId": member["userId"]}
        with sitting(server, bob, piece) as two:
            assert "music.edit" not in two.hello["may"]
            changed = value(one, "member.change", role="contributor", **named)
            assert (True, "contributor") == (changed["canEdit"], changed["role"])
            assert "music.edit" in told(two, "standing")[0]["may"]
            assert value(one, "member.remove", **named) is None
            assert 4404 == two.closed()
        link = value(one, "share.make", rights=["listen", "comment"], expiresIn=3)
        told(one, "shares")
        assert link["shareUrl"].endswith(f"/cellissimo/s/{link['shareToken']}")
        changed = value(one, "share.change", shareId=link["id"], rights=["listen"])
        assert (["listen"], link["expiresAt"]) == (changed["rights"], changed["expiresAt"])
        assert value(one, "share.revoke", shareId=link["id"]) is None
    shown = alice.get(f"projects/{piece}/shares").json()["shares"]
    assert [True] == [share["revokedAt"] is not None for share in shown]


REFUSED_TO_VIEWERS = {
    "version.name": {"name": "x"},
    "restore": {"seq": 1},
    "stem.restore": {"stemId": "t"},
    "member.add": {"username": "alice"},
    "member.change": {"userId": "x", "role": "admin"},
    "member.remove": {"userId": "x"},
    "share.make": {},
}


@pytest.mark.parametrize("name", REFUSED_TO_VIEWERS)
def test_what_a_role_does_not_allow_is_refused_and_the_session_stays(server, alice, name):
    """[WIRE-16] [WIRE-19] A viewer's command is answered with the reason; they stay in the room."""
    piece, vera = made(alice), server.as_("vera")
    vera.get("users/me")
    add(alice, piece, "vera", "viewer")
    with sitting(server, vera, piece) as one:
        answer = tell(one, name, **REFUSED_TO_VIEWERS[name])
        assert "forbidden" == answer["error"]["code"]
        assert answer["error"]["cure"]
        assert value(one, "chat.send", text="Still here")


def test_a_guest_does_what_the_link_allows(server, alice):
    """[WIRE-16] By a link for comments they say something; by one to listen, nothing."""
    piece = made(alice)
    for rights, expected in ((["listen", "comment"], None), (["listen"], "forbidden")):
        link = alice.post(f"projects/{piece}/share", json={"rights": rights}).json()
        with sitting_by(server, piece, link["shareToken"]) as one:
            answer = tell(one, "chat.send", text="Hello")
            assert expected == answer.get("error", {}).get("code")
            assert "forbidden" == tell(one, "version.name", name="x")["error"]["code"]


@contextlib.contextmanager
def sitting_by(server, piece, link):
    """A guest who comes by a link."""
    body = {"link": link, "name": "Gus", "via": "jam"}
    given = ticket(server.client(), piece, **body)["ticket"]
    with opened(server, piece, given) as one:
        one.greet(via="jam")
        yield one


def test_who_comes_back_is_told_what_they_missed(server, alice):
    """[WIRE-20] What others did, not what they did themselves; guests are told nothing."""
    piece, bob = made(alice), server.as_("bob")
    bob.get("users/me")
    add(alice, piece, "bob", "contributor")
    with sitting(server, alice, piece) as one:
        seen = one.hello["seq"]
        one.keep(lambda write: write.set_step("a", "hat", 3, models.Step(90)))
        server.clock.forward(seconds=1)
        value(one, "chat.send", text="See you")
        for who, expected in ((bob, (1, 1)), (alice, None)):
            with opened(server, piece, ticket(who, piece)["ticket"]) as other:
                other.greet(seen=seen)
                if expected:
                    (news,) = told(other, "away")
                    assert expected == (news["edits"], news["messages"])
                    assert ["Alice"] == [person["name"] for person in news["people"]]
                assert "name" == tell(other, "dance")["error"]["field"]
                assert bool(expected) == any(
                    frame.said["kind"] == "away" for frame in other.heard if frame.kind is Kind.NEWS
                )
        for wrong in (one.hello["seq"] + 5, 0, -1, "x", None, 1e300):
            with opened(server, piece, ticket(bob, piece)["ticket"]) as other:
                other.greet(seen=wrong)
                tell(other, "dance")
                assert Kind.NEWS not in {frame.kind for frame in other.heard}


def test_what_is_no_command_is_refused(server, alice):
    """[WIRE-16] An unknown name or a wrong body is answered; what cannot be answered closes."""
    piece = made(alice)
    with sitting(server, alice, piece) as one:
        assert "name" == tell(one, "dance")["error"]["field"]
        wrong = tell(one, "chat.send", text="x", loud=True)["error"]
        assert ("invalid", "loud") == (wrong["code"], wrong["field"])
        assert "text" == tell(one, "chat.send", text="")["error"]["field"]
        assert "not-found" == tell(one, "version.forget", versionId="x")["error"]["code"]
        json.dumps(wrong)
    for said in ({}, {"id": "x", "name": "chat.send"}, {"id": str(uuid.uuid4()), "body": {}}):
        with sitting(server, alice, piece) as one:
            one.send(wire.Said(Kind.COMMAND, said))
            assert 4400 == one.closed()


def test_a_command_comes_after_the_edits_before_it(server, alice):
    """[WIRE-8] [WIRE-16] A version names the revision that its giver's last edit has made."""
    piece = made(alice)
    with sitting(server, alice, piece) as one:
        for number in range(5):
            one.tell(one.edit(lambda w, n=number: w.set_step("a", "hat", n, models.Step(90))))
            key = str(uuid.uuid4())
            body = {"name": f"Take {number}"}
            one.send(wire.Said(Kind.COMMAND, {"id": key, "name": "version.name", "body": body}))
        answers = [one.until(lambda frame: frame.kind is Kind.COMMAND) for _ in range(5)]
        assert [2, 3, 4, 5, 6] == [answer.said["value"]["seq"] for answer in answers]


def asked(answers, key, do):
    """What is answered to a command."""
    return asyncio.run(answers.once(key, do))


def answering(size=1, *, is_final=True, done=None):
    """Something that answers with so much text, and notes that it was done."""

    async def do():
        if done is not None:
            done.append(size)
        return {"value": "x" * size}, is_final

    return do


def test_answers_are_remembered_within_bounds(monkeypatch):
    """[ROOM-45] By number and by bytes; those asked for longest ago go first."""
    monkeypatch.setattr(answers, "MOST_ANSWERS", 3)
    monkeypatch.setattr(answers, "MOST_BYTES", 1_000)
    held, done = Answers(), []
    for key in "abcad":
        asked(held, key, answering(done=done))
    assert 4 == len(done)
    asked(held, "b", answering(done=done))
    assert 5 == len(done)
    asked(held, "large", answering(900, done=done))
    asked(held, "a", answering(done=done))
    assert 7 == len(done)
    asked(held, "too large", answering(2_000, done=done))
    asked(held, "too large", answering(2_000, done=done))
    assert 9 == len(done)


def test_what_failed_for_a_moment_may_be_asked_again():
    """[ROOM-45] And whoever asks while it is under way gets the answer of the first."""

    async def both():
        held, done, go = Answers(), [], asyncio.Event()

        async def slow():
            done.append(1)
            await go.wait()
            return {"value": len(done)}, True

        asking = [asyncio.create_task(held.once("a", slow)) for _ in range(3)]
        await asyncio.sleep(0)
        go.set()
        return [await task for task in asking], done

    told, done = asyncio.run(both())
    assert ([{"value": 1}] * 3, [1]) == (told, done)
    held, tries = Answers(), []
    for _ in range(2):
        asked(held, "a", answering(is_final=False, done=tries))
    assert 2 == len(tries)


def test_every_command_that_the_wire_lists_is_there():
    """[WIRE-16] The table of the contract and that of the server name the same commands."""
    text = (Path(crdt.__file__).parent / "WIRE.md").read_text("utf-8")
    rows = text.split("| command | body | value |\n|---|---|---|\n")[1].split("\n\n")[0]
    listed = {
        name for row in rows.splitlines() for name in re.findall("`(.+?)`", row.split("|")[1])
    }
    assert COMMANDS.keys() == listed
