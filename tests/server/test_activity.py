"""What was done to a piece: as events, listed and as they happen, and while one was away."""

from __future__ import annotations

import json

import pytest

from cellissimo.crdt.wire import Kind
from cellissimo.schema import models
from cellissimo_server.store import marks
from tests.server.pieces import Replica, made
from tests.server.sitting import sitting
from tests.server.test_comments import edit, ids

PEOPLE = ("bob", "viewer", "mallory")


@pytest.fixture
def bob(server):
    """A contributor."""
    return server.as_("bob")


@pytest.fixture
def piece(server, alice):
    """A project of alice's with a contributor and a viewer."""
    found = made(alice)
    for name, role in (("bob", "contributor"), ("viewer", "viewer")):
        body = {"username": name, "role": role}
        assert alice.post(f"projects/{found}/collaborators", json=body).status_code == 201
    server.clock.forward(seconds=60)
    return found


def activity(client, piece, **query):
    """What was done, newest first."""
    answer = client.get(f"rooms/{piece}/activity", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def types(happening):
    """What the events of a happening are about, and how many there are."""
    return {event["type"]: event["count"] for event in happening["events"]}


def tempo(bpm):
    """The change that sets the tempo."""
    return lambda write: write.set_tempo(0, models.Tempo(bpm))


def test_edits_are_told_as_events(alice, bob, piece):
    """[ROOM-50] Each thing once, by its name; notes and steps are counted by what they are in."""
    there = ids(alice, piece)

    def change(write):
        write.set_tempo(0, models.Tempo(99))
        write.set_channel_setting(("stems", there["stem"]), "amp.level", 0.5)
        write.put(models.Stem("new", "Pads"))
        for cell in (4, 8, 12):
            write.set_step(there["loop"], "kick", cell, models.Step())
        write.set_note(there["segment"], there["note"], None)

    edit(bob, piece, change)
    (newest, *_) = activity(alice, piece)["activity"]
    assert ("Bob", "user") == (newest["by"]["name"], newest["by"]["kind"])
    events = {event["type"]: event for event in newest["events"]}
    assert ["tempo"] == events["project.update"]["fields"]
    assert (["volume"], "Bass") == (
        events["stem.update"]["fields"],
        events["stem.update"]["name"],
    )
    assert ("new", "Pads") == (events["stem.create"]["id"], events["stem.create"]["name"])
    assert (3, there["loop"]) == (events["step.create"]["count"], events["step.create"]["id"])
    assert (1, "Bass") == (events["note.delete"]["count"], events["note.delete"]["name"])
    told = set(newest["words"].split(" · "))
    assert {
        "tempo of the song",
        "stem Bass: volume",
        "stem Pads added",
        "3 steps added to Beat",
        "1 note taken out of Bass",
    } == told


def test_what_somebody_does_in_one_go_is_one(server, alice, bob, piece):
    """[ROOM-51] Edits in a row are summed up; another person, or a pause, begins anew."""
    for bpm in (90, 91, 92):
        edit(bob, piece, tempo(bpm))
    edit(alice, piece, tempo(80))
    server.clock.forward(seconds=11)
    edit(alice, piece, tempo(81))
    found = activity(alice, piece)["activity"]
    spans = [(one["fromSeq"], one["seq"], one["by"]["name"]) for one in found]
    assert spans == [(6, 6, "Alice"), (5, 5, "Alice"), (2, 4, "Bob"), (1, 1, "Alice")]
    assert {"project.update": 1} == types(found[2])
    assert {"project.create": 1} == types(found[3])


def test_pages_go_back_to_the_beginning(server, alice, piece):
    """What came before is asked for with the mark of the page before."""
    for bpm in range(100, 107):
        edit(alice, piece, tempo(bpm))
        server.clock.forward(seconds=20)
    found, before = [], None
    while True:
        page = activity(alice, piece, limit=3, **({"before": before} if before else {}))
        found += [one["seq"] for one in page["activity"]]
        before = page["before"]
        if before is None:
            break
    assert found == list(range(8, 0, -1))


def told(lines):
    """The events of a stream: id, type and facts."""
    key = kind = None
    for line in lines:
        if line.startswith("id: "):
            key = int(line[4:])
        elif line.startswith("event: "):
            kind = line[7:]
        elif line.startswith("data: "):
            yield key, kind, json.loads(line[6:])
            key = None


def test_who_follows_is_told_at_once(alice, bob, piece):
    """[ROOM-52] Edits of everybody, in their order, with their revision as the event's id."""
    with alice.stream("GET", f"rooms/{piece}/events") as answer:
        assert answer.headers["Content-Type"] == "text/event-stream"
        lines = answer.iter_lines()
        assert next(lines) == "retry: 3000"
        edit(bob, piece, tempo(70))
        key, kind, facts = next(told(lines))
        assert (2, "project.update", ["tempo"], "Bob") == (
            key,
            kind,
            facts["fields"],
            facts["by"]["name"],
        )
        edit(alice, piece, lambda write: write.put(models.Stem("new", "Pads")))
        assert (3, "stem.create") == next(told(lines))[:2]


def test_who_comes_back_misses_nothing(alice, bob, piece):
    """[ROOM-52] After the event heard last, each edit once; the last event has the number."""
    edit(bob, piece, tempo(70))

    def two(write):
        write.set_tempo(0, models.Tempo(71))
        write.put(models.Stem("new", "Pads"))

    edit(bob, piece, two)
    edit(bob, piece, tempo(72))
    headers = {"Last-Event-ID": "2"}
    with alice.stream("GET", f"rooms/{piece}/events", headers=headers) as answer:
        lines = answer.iter_lines()
        found = told(lines)
        assert [(None, 3), (3, 3), (4, 4)] == [
            (key, facts["seq"]) for key, _, facts in (next(found) for _ in range(3))
        ]


def test_small_clients_ask_instead_of_waiting(alice, bob, piece):
    """Without waiting the answer is what there is after a revision, and ends."""
    edit(bob, piece, tempo(70))
    answer = alice.get(f"rooms/{piece}/events", params={"after": 1, "wait": False})
    assert [(2, "project.update")] == [one[:2] for one in told(answer.text.splitlines())]
    empty = alice.get(f"rooms/{piece}/events", params={"after": 2, "wait": False})
    assert [] == list(told(empty.text.splitlines()))


def test_what_happened_while_one_was_away(server, alice, bob, piece):
    """Others' edits in words, and how much they said; not one's own."""
    viewer = server.as_("viewer")
    seen = Replica(viewer, piece).seq
    server.clock.forward(hours=1)
    edit(bob, piece, tempo(66))
    edit(bob, piece, tempo(67))
    bob.post(f"rooms/{piece}/messages", json={"text": "slower?"})
    alice.post(f"rooms/{piece}/comments", json={"text": "yes", "target": {"kind": "song"}})
    edit(alice, piece, lambda write: write.put(models.Stem("new", "Pads")))
    answer = viewer.get(f"rooms/{piece}/away", params={"since": seen}).json()
    assert (seen, seen + 3, 3) == (answer["fromSeq"], answer["seq"], answer["edits"])
    assert (1, 1) == (answer["messages"], answer["comments"])
    assert ["Alice", "Bob"] == [one["name"] for one in answer["people"]]
    assert ["stem Pads added", "tempo from bar 1: 120 BPM → 67 BPM"] == [
        one["words"] for one in answer["revisions"]
    ]
    mine = alice.get(f"rooms/{piece}/away", params={"since": seen}).json()
    assert (2, 1, 0) == (mine["edits"], mine["messages"], mine["comments"])
    nothing = viewer.get(f"rooms/{piece}/away", params={"since": seen + 3}).json()
    assert (0, []) == (nothing["edits"], nothing["revisions"])


def test_who_comes_back_costs_what_they_missed_and_no_more(alice, bob, piece, monkeypatch):
    """A long journal of one person is one thing they did; it is not read once more for each."""
    for number in range(12):
        edit(bob, piece, tempo(100 + number))
    seen = Replica(alice, piece).seq
    edit(bob, piece, tempo(66))
    read, newest = [], marks.newest

    def counted(*given, **named):
        found = newest(*given, **named)
        read.extend(found)
        return found

    monkeypatch.setattr(marks, "newest", counted)
    answer = alice.get(f"rooms/{piece}/away", params={"since": seen}).json()
    assert (1, False) == (answer["edits"], answer["hasMore"])
    assert [seen + 1, seen] == [one.seq for one in read]  # and when that was


def test_the_public_is_told_of_nothing(server, alice, piece):
    """Who works on a public piece, and when, is theirs to know who work on it."""
    alice.patch(f"projects/{piece}", json={"visibility": "public"})
    mallory = server.as_("mallory")
    for path in ("activity", "events", "contributions", "away?since=1"):
        assert mallory.get(f"rooms/{piece}/{path}").status_code == 403


def test_it_ends_when_one_may_read_no_more(server, alice, piece):
    """A member who is removed hears the end of the stream, not what comes after."""
    viewer = server.as_("viewer")
    me = viewer.get("users/me").json()["id"]
    with viewer.stream("GET", f"rooms/{piece}/events") as answer:
        lines = answer.iter_lines()
        next(lines)
        assert alice.delete(f"projects/{piece}/collaborators/{me}").status_code == 200
        edit(alice, piece, tempo(55))
        assert [] == list(told(lines))


def test_a_room_is_told_when_somebody_pauses(server, alice, bob, piece):
    """[ROOM-54] [WIRE-17] Several edits are one line of news, also of who edits without a room."""
    with sitting(server, alice, piece) as seat:
        for bpm in (61, 62, 63):
            edit(bob, piece, tempo(bpm))
        told_once = seat.news("activity")
        assert ("Bob", "tempo of the song", 4) == (
            told_once["by"]["name"],
            told_once["words"],
            told_once["seq"],
        )
        assert [("project.update", 1)] == [(e["type"], e["count"]) for e in told_once["events"]]


def test_what_is_said_is_news_for_those_who_may_hear_it(server, alice, bob, piece):
    """[WIRE-17] Lines, comments and who does what reach members in a room, and not the public."""
    alice.patch(f"projects/{piece}", json={"visibility": "public"})
    mallory = server.as_("mallory")
    with sitting(server, alice, piece) as seat, sitting(server, mallory, piece) as outside:
        line = bob.post(f"rooms/{piece}/messages", json={"text": "hi"}).json()
        body = {"text": "softer", "target": {"kind": "bar", "tick": 0}}
        comment = bob.post(f"rooms/{piece}/comments", json=body).json()
        assert {"kind": "chat", "what": "made", "line": line} == seat.news("chat")
        assert {"kind": "comment", "what": "made", "comment": comment} == seat.news("comment")
        bob.delete(f"messages/{line['id']}")
        assert {"kind": "chat", "what": "removed", "line": {"id": line["id"]}} == seat.news("chat")
        edit(bob, piece, tempo(50))
        seat.news("activity")
        alice.patch(f"projects/{piece}", json={"name": "Another"})
        outside.news("piece")
        heard = {frame.said["kind"] for frame in outside.heard if frame.kind is Kind.NEWS}
        assert not {"chat", "comment", "activity"} & heard


@pytest.mark.parametrize("end", ["revoked", "expired", "account"])
def test_it_ends_with_the_token_that_opened_it(server, alice, piece, end):
    """Whatever ends a right, in the same request or a day later, ends what is told by it."""
    name = f"reader-{end}"
    reader = server.as_(name)
    reader.get("users/me")
    body = {"username": name, "role": "viewer"}
    assert alice.post(f"projects/{piece}/collaborators", json=body).status_code == 201
    token = reader.post("tokens", json={"name": "script", "scopes": ["read"], "expiresIn": 1})
    script = server.client(f"Bearer {token.json()['token']}")
    with script.stream("GET", f"rooms/{piece}/events") as answer:
        lines = answer.iter_lines()
        next(lines)
        if end == "revoked":
            assert reader.delete(f"tokens/{token.json()['id']}").status_code == 200
        elif end == "expired":
            server.clock.forward(days=2)
        else:
            gone = reader.request("DELETE", "users/me", json={"confirm": name})
            assert gone.status_code == 200, gone.text
        edit(alice, piece, tempo(55))
        assert [] == list(told(lines))
