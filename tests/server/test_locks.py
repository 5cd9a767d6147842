"""Locks at the doors of a server: role by role, flag by flag, door by door [GATE-15 … GATE-18]."""

from __future__ import annotations

import ast
import re

import pytest

import cellissimo as cm
from cellissimo.crdt import wire
from cellissimo.notation.song_file import print_song
from cellissimo.notation.song_file_parser import parse_song
from cellissimo.schema.models import Lock, Note, Segment, Song, Stem, Step, Tempo
from tests.conftest import ROOT
from tests.server.pieces import SONG, Replica, made
from tests.server.sitting import sitting

LOCKS = {
    "stem": Lock("stem", "t"),
    "loop": Lock("loop", "a"),
    "bars": Lock("bars", "", 0, 3840),
}
TOUCHES = {
    "stem": lambda write: write.set_channel_setting(("stems", "t"), "amp.level", 0.25),
    "loop": lambda write: write.set_step("a", "kick", 3, Step()),
    "bars": lambda write: write.set_note("g", "n1", None),
}
BESIDE = {
    "stem": lambda write: write.set_channel_setting(("stems", "u"), "amp.level", 0.25),
    "loop": lambda write: write.set_channel_setting(("stems", "t"), "amp.level", 0.25),
    "bars": lambda write: write.set_note("g", "n2", None),
}
PEOPLE = {
    "viewer": ("viewer", {}),
    "listener": ("contributor", {"canEdit": False}),
    "editor": ("contributor", {"canEdit": True, "canDeleteStems": True}),
    "keeper": ("admin", {"canEdit": False, "canAddStems": False, "canDeleteStems": False}),
    "admin": ("admin", {"canEdit": True}),
    "owner": ("owner", {}),
}
"""Names, and the role and flags that each has."""

MAY_EDIT, MAY_LOCK = {"editor", "admin", "owner"}, {"keeper", "admin", "owner"}


@pytest.fixture(scope="module")
def people(server):
    """Everybody, by their names."""
    found = {name: server.as_(name) for name in PEOPLE}
    for client in found.values():
        client.get("users/me")
    return found


def piece_of(people, *locks, song=SONG):
    """A song of the owner with those locks, in which everybody has their role."""
    piece = made(people["owner"], song)
    for name, (role, flags) in PEOPLE.items():
        if role != "owner":
            body = {"username": name, "role": role, **flags}
            answer = people["owner"].post(f"projects/{piece}/collaborators", json=body)
            assert answer.status_code == 201, answer.text
    if locks:
        replica = Replica(people["owner"], piece)
        update = replica.edit(lambda write: [write.set_lock(lock, closed=True) for lock in locks])
        assert 200 == replica.send(update).status_code
    return piece


def sent(client, piece, change):
    """The answer to an edit that was made on a copy."""
    replica = Replica(client, piece)
    return replica.send(replica.edit(change))


@pytest.mark.parametrize("kind", LOCKS)
def test_each_lock_keeps_out_whom_it_should(people, kind):
    """Cell by cell: who touches what is locked, what lies beside it, and the lock itself."""
    wrong = []
    for name, client in people.items():
        edits, locks = name in MAY_EDIT, name in MAY_LOCK
        cells = {
            "touch": (TOUCHES[kind], edits and locks),
            "beside": (BESIDE[kind], edits),
            "open": (lambda write: write.set_lock(LOCKS[kind], closed=False), locks),
            "close": (lambda write: write.set_lock(Lock("stem", "u"), closed=True), locks),
        }
        piece = piece_of(people, LOCKS[kind])
        for cell, (change, allowed) in cells.items():
            answer = sent(client, piece, change)
            if (200 if allowed else 403) != answer.status_code:
                wrong.append((kind, name, cell, answer.status_code, answer.text[:200]))
    assert [] == wrong


ALONE = Song(
    "s",
    "Song",
    stems={"door": Stem("door", "Bass")},
    segments={"way": Segment("way", "door", "midi", 0, 7680)},
)
"""A song whose stem is the only one of its id on the server: requests name nothing else."""


@pytest.mark.parametrize("kind", LOCKS)
def test_a_room_keeps_the_locks(server, people, kind):
    """[WIRE-7] Beside a lock an edit is kept; under it it is refused by name; the others stay."""
    piece = piece_of(people, LOCKS[kind])
    with sitting(server, people["owner"], piece) as owner:
        with sitting(server, people["editor"], piece) as editor:
            assert "music.lock" not in editor.hello["may"]
            owner.sees(editor.keep(BESIDE[kind]).seq)
            editor.tell(editor.edit(TOUCHES[kind]))
            refused = editor.until(wire.Refused)
            assert ("lock", True) == (refused.error["field"], "locked" in refused.error["message"])
            assert 4403 == editor.closed()
        assert owner.keep(TOUCHES[kind]).number == 1
        owner.keep(lambda write: write.set_lock(LOCKS[kind], closed=False))
    with sitting(server, people["editor"], piece) as editor:
        assert 0 == len(editor.document.revision.locks)


def test_a_lock_that_is_closed_holds_at_once(server, people):
    """Who is in the room when bars are locked cannot go on in them."""
    piece = piece_of(people)
    with (
        sitting(server, people["owner"], piece) as owner,
        sitting(server, people["editor"], piece) as editor,
    ):
        editor.keep(TOUCHES["bars"])
        owner.keep(lambda write: write.set_lock(LOCKS["bars"], closed=True))
        editor.tell(editor.edit(lambda write: write.set_note("g", "n3", Note(0, 480, 40))))
        assert "bar 1 is locked" in editor.until(wire.Refused).error["message"]


def doors(piece):
    """Every way to a stem that is locked, and to bars that are."""
    yield "PATCH", "stems/door", {"volume": 0.25}
    yield "DELETE", "stems/door", None
    yield "PATCH", "segments/way", {"length": 960}
    yield "DELETE", "segments/way", None
    yield "POST", "stems/door/segments", {
        "type": "midi", "start": 96000, "length": 960, "content": {"notes": []}
    }  # fmt: skip
    yield "PATCH", f"projects/{piece}", {"tempo": 99}
    yield "PATCH", f"songs/{piece}", {"bpm": 99}


def test_every_door_keeps_the_locks(people):
    """[ROOM-2] A refusal names the lock and who opens it, and nothing of the edit is kept."""
    piece = piece_of(people, Lock("stem", "door"), LOCKS["bars"], song=ALONE)
    before = people["owner"].get(f"projects/{piece}/song").text
    for method, path, body in doors(piece):
        answer = people["editor"].request(method, path, json=body)
        assert 403 == answer.status_code, (path, answer.text)
        error = answer.json()["error"]
        assert (403, "lock") == (answer.status_code, error["field"]), (path, answer.text)
        assert "locked" in error["message"]
        assert "owner" in error["cure"]
    assert before == people["owner"].get(f"projects/{piece}/song").text


def test_a_text_cannot_open_a_lock(people):
    """A text without the lock, and one with a change under it, are refused; beside it, taken."""
    piece = piece_of(people, LOCKS["stem"])
    address = f"projects/{piece}/song"
    text = people["editor"].get(address).text
    assert 'lock stem "t"\n' in text

    def put(name, written):
        return people[name].put(address, content=written.encode()).status_code

    assert 403 == put("editor", text.replace('lock stem "t"\n', ""))
    assert 403 == put("editor", text.replace('"Bass"', '"Sub"'))
    assert 200 == put("editor", text.replace('"Lead"', '"Solo"'))
    assert 200 == put("admin", text.replace('lock stem "t"\n', ""))
    assert {} == parse_song(people["editor"].get(address).text).locks


def test_bringing_back_opens_no_lock(people):
    """[DOC-17] [ROOM-10] What was before a lock comes back only with the right to lock."""
    piece = piece_of(people)
    then = Replica(people["owner"], piece).seq
    assert 200 == sent(people["owner"], piece, TOUCHES["stem"]).status_code
    locking = sent(people["owner"], piece, lambda w: w.set_lock(LOCKS["stem"], closed=True))
    assert 200 == locking.status_code
    address = f"projects/{piece}/history/{then}/restore"
    assert 403 == people["editor"].post(address, json={}).status_code
    assert 403 == people["editor"].post(address, json={"stem": "t"}).status_code
    assert 200 == people["admin"].post(address, json={}).status_code
    song = parse_song(people["editor"].get(f"projects/{piece}/song").text)
    assert (["stem/t"], {}) == (list(song.locks), dict(song.stems["t"].settings))


def test_a_fork_is_ones_own(people):
    """Whoever forks a template is its owner, and may open what was locked there."""
    piece = piece_of(people, LOCKS["bars"])
    forked = people["editor"].post(f"projects/{piece}/fork", json={})
    assert forked.status_code == 201, forked.text
    fork = forked.json()["id"]
    text = people["editor"].get(f"projects/{fork}/song").text
    assert "lock bars 0 3840\n" in text
    assert 200 == sent(people["editor"], fork, TOUCHES["bars"]).status_code


def test_a_locked_tempo_stays(people):
    """[GATE-18] A tempo that reaches into locked bars stays; the one behind them is free."""
    piece = piece_of(people, LOCKS["bars"])
    faster = Tempo(140)
    assert 403 == sent(people["editor"], piece, lambda w: w.set_tempo(0, faster)).status_code
    assert 200 == sent(people["editor"], piece, lambda w: w.set_tempo(3840, faster)).status_code


def test_a_template_is_made_again_from_its_file(people):
    """A song file with locks makes a project that has them."""
    song = parse_song(people["owner"].get(f"projects/{piece_of(people)}/song").text)
    text = print_song(song).replace('pad 0 "a"\n', 'pad 0 "a"\nlock loop "a"\n')
    piece = people["owner"].post("projects", json={"name": "Again", "song": text}).json()["id"]
    assert 'lock loop "a"\n' in people["owner"].get(f"projects/{piece}/song").text


def test_the_part_about_locks_runs():
    """What the page says of locks in Python is so."""
    page = (ROOT / "docs" / "rooms.md").read_text("utf-8")
    part = page.partition("\n## Locks\n")[2].partition("\n## ")[0]
    song = cm.Song("Class")
    song.stems.add("Bass")
    song.add(cm.Loop("Verse"))
    shown = {}
    for block in re.findall(r"^```python\n(.*?)^```", part, re.MULTILINE | re.DOTALL):
        for node in ast.parse(block).body:
            code = ast.get_source_segment(block, node)
            shown[code] = repr(eval(code, {"song": song}))  # noqa: S307 - our own page
    assert 'bars 1-8\nthe loop "Verse"\nthe stem "Bass"' == shown["song.locks"]
    assert "True" == shown['song.stems["Bass"].is_locked']
    assert "bars 1-4" == repr(song.locks).splitlines()[0]
