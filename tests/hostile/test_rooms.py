"""Whoever attacks a room is told and put out; the others play on, and the server lives."""

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cellissimo.crdt import wire
from cellissimo.crdt.document import Document
from cellissimo.crdt.lib0 import number, sized
from cellissimo.crdt.update_parser import state_of
from cellissimo.notation.song_file import print_song
from cellissimo.schema import models
from tests.conftest import ROOT
from tests.hostile.flood import STRANGER, presence
from tests.hostile.test_updates import deletion, nested_maps, spinning
from tests.server.pieces import made
from tests.server.running import Running, running
from tests.server.sitting import sitting
from tests.updates import make, put, replace, update

LONG = os.environ.get("CELLISSIMO_LONG") == "1"
OFFENDERS = 8 if LONG else 2
FRAMES = {"a flood": 1_000_000 if LONG else 1_000, "all odd": 10_000 if LONG else 100}
"""How many frames of each part of the attack."""

PARTS = [("a flood", 0.01), ("all odd", 1.0)]
"""Which share of the frames is bent; the rest are such as viewers may send."""

BEFORE = 200 if LONG else 20
"""Edits that are made before anybody attacks, to compare with."""

PAUSE_S = 0.05
"""Between two edits of who is attacked."""

SEED = int(os.environ.get("CELLISSIMO_SEED", str(time.time_ns() % 1_000_000)))
CODES = {4400, 4403, 4404, 4408, 4409, 4413, 4429}
"""What an offender is told when the room closes."""

ALL_WAYS = [(who, way) for who in ("mallory", "eve") for way in ("EDIT", "UPDATE", "ANSWER")]
WAYS = ALL_WAYS if LONG else [("mallory", "EDIT"), ("eve", "ANSWER")]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server that grants any number of tickets."""
    limits = {"writes_per_hour": 10**9, "reads_per_hour": 10**9}
    with running(tmp_path_factory.mktemp("hostile"), **limits) as found:
        yield found


@pytest.fixture
def alice(server):
    """The owner of the piece."""
    return server.as_("alice")


@pytest.fixture
def piece(server, alice):
    """A piece in which mallory may edit, and eve may look."""
    return peopled(server, alice)


def peopled(server, alice):
    """A new piece of alice's with its people."""
    found = made(alice)
    for name, role in (("mallory", "contributor"), ("eve", "viewer")):
        server.as_(name).get("users/me")
        alice.post(f"projects/{found}/collaborators", json={"username": name, "role": role})
    return found


def step(cell, velocity=90):
    """The edit that sets one step."""
    return lambda write: write.set_step("a", "hat", cell, models.Step(velocity))


def attacks(victim):
    """Updates that are made to harm, by name; ``victim`` is the document they are aimed at."""
    clients = {client: clock for client, clock in state(victim).items() if clock}
    theirs, clock = max(clients.items())
    return {
        "nested maps": nested_maps(),
        "the deletion after them": deletion(),
        "a list that follows a map": spinning(),
        "a deletion of what comes later": update({}, {theirs: [(clock, 5)]}),
        "a deletion of a stranger's future": update({}, {STRANGER: [(0, 1)]}),
        "what waits for a victim's next": update(
            {STRANGER: (0, [replace((theirs, clock), [1.0])])}
        ),
        "a gap of one's own": update({STRANGER: (5, [put("song", "name", "Gap")])}),
        "another's replica goes on": update({theirs: (clock, [put("song", "name", "Me")])}),
        "another content under a number": update({theirs: (0, [put("song", "name", "Me")])}),
        "an unknown root": update({STRANGER: (0, [put("other", "name", "Me")])}),
        "a founding inside": update({STRANGER: (0, [put("meta", "epoch", "mine")])}),
        "an unknown field": update({STRANGER: (0, [put("song", "script", "<b>")])}),
        "a value out of range": update({STRANGER: (0, [put("tempo", "0", [1e9, False])])}),
        "a list where a map belongs": update({STRANGER: (0, [make("loops", "x", 0)])}),
        "a text where a map belongs": update({STRANGER: (0, [make("loops", "x", 2)])}),
        "no bytes at all": b"",
        "bytes behind the end": update({STRANGER: (0, [put("song", "name", "A")])}) + b"\x00",
    }


def state(document):
    """What a document has seen."""
    return state_of(document.state)


def as_frames(data):
    """The ways in which an update can come in."""
    return {
        "EDIT": wire.Edit(1, data).pack(),
        "UPDATE": wire.Sync(wire.UPDATE, data).pack(),
        "ANSWER": wire.Sync(wire.ANSWER, data).pack(),
    }


@pytest.mark.parametrize(("who", "way"), WAYS)
def test_updates_made_to_harm_are_refused_and_their_sender_put_out(server, alice, piece, way, who):
    """[ROOM-19] [GATE-3 … GATE-12] Each of them, from an editor and from a viewer."""
    with sitting(server, alice, piece) as victim:
        victim.keep(step(0))
        before = print_song(victim.document.revision)
        names = list(attacks(victim.document))
        for name in names:
            with sitting(server, server.as_(who), piece) as offender:
                offender.send(as_frames(attacks(victim.document)[name])[way])
                assert offender.closed() in CODES, name
        with sitting(server, alice, piece) as other:
            assert before == print_song(other.document.revision)
        victim.keep(step(1, 91))


MINE = 5
"""The replica that the offender says it is."""

LATE = 1 << 50
"""A clock behind all that the room has said of anybody."""

FORGERIES = {
    "another's presence": lambda client: presence(client, LATE, '{"activity": "editing"}'),
    "another's goodbye": lambda client: presence(client, LATE, "null"),
    "a state that is no JSON": lambda _: presence(MINE, 2, "{"),
    "a state as long as a book": lambda _: presence(MINE, 2, '{"place": "%s"}' % ("x" * 9000)),
    "ten thousand clients": lambda _: wire.Presence(
        number(10_000) + b"".join(number(at) + number(1) + sized(b"null") for at in range(10_000))
    ).pack(),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_a_forged_presence_puts_its_sender_out_and_changes_nobody(server, alice, piece, what):
    """[WIRE-9] [WIRE-10] Whoever is here stays here, as they are."""
    with sitting(server, alice, piece) as victim:
        client = 777
        victim.send(presence(client, 1, '{"place": "song", "activity": "idle"}'))
        victim.keep(step(1))
        with sitting(server, server.as_("mallory"), piece) as offender:
            offender.send(presence(MINE, 1, '{"place": "song"}'))
            offender.send(FORGERIES[what](client))
            assert offender.closed() in CODES
        people = alice.get(f"rooms/{piece}").json()["participants"]
        assert {"Alice"} == {one["person"]["name"] for one in people}
        victim.keep(step(2))


@contextlib.contextmanager
def serving(folder):
    """A server in a process of its own; gives it, and its process."""
    most = ("reads_per_hour=1000000000", "writes_per_hour=1000000000")
    command = [sys.executable, "-m", "tests.server.serve", str(folder), *most]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT) as process:
        try:
            url = json.loads(process.stdout.readline())["url"]
            found = Running(url, None, None, None)
            yield found, process
            found.close()
        finally:
            process.stdin.close()
            process.wait(60)


class Witness:
    """Somebody who plays on meanwhile, and somebody who listens to it; how long each edit takes."""

    def __init__(self, one, two):
        """Both are in the room."""
        self.one, self.two, self.turn = one, two, 0
        self.kept, self.heard = [], []

    def edit(self):
        """An edit, until it is on disk, and until the other has it."""
        self.turn += 1
        began = time.perf_counter()
        seq = self.one.keep(step(self.turn % 16, 1 + self.turn % 127)).seq
        self.kept.append(time.perf_counter() - began)
        self.two.sees(seq)
        self.heard.append(time.perf_counter() - began)

    def told(self):
        """The middle, the 95th of a hundred, and the worst of each, in ms; then anew."""
        found = [
            [round(1000 * sorted(each)[int(len(each) * share)], 1) for share in (0.5, 0.95)]
            + [round(1000 * max(each), 1)]
            for each in (self.kept, self.heard)
        ]
        self.kept, self.heard = [], []
        return found


def memory_of(process):
    """What a process holds, in MB."""
    for line in Path(f"/proc/{process.pid}/status").read_text("utf-8").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1000
    return 0.0


def test_any_number_of_frames_of_viewers_harms_nobody(tmp_path):
    """[ROOM-18] [ROOM-19] Borne, or refused with a reason; the song is as its author left it."""
    with serving(tmp_path) as (server, process):
        alice = server.as_("alice")
        piece = peopled(server, alice)
        with sitting(server, alice, piece) as one, sitting(server, alice, piece) as two:
            witness = Witness(one, two)
            for _ in range(BEFORE):
                witness.edit()
            alone, held = witness.told(), memory_of(process)
            codes = attacked(server.url, piece, witness)
            text = print_song(one.document.revision)
            print(f"kept, heard: alone {alone}, attacked {witness.told()} ms")  # noqa: T201
            print(f"the server: {held:.0f} MB before, {memory_of(process):.0f} after")  # noqa: T201
            assert text == print_song(two.document.revision)
        assert codes <= CODES
        content = alice.get(f"projects/{piece}/document").content
        assert text == print_song(Document(update=content).revision)
        assert 200 == alice.get(f"rooms/{piece}").status_code
        assert process.poll() is None


def attacked(url, piece, witness):
    """Play on until all frames are sent; the codes with which viewers were put out."""
    codes = set()
    for name, share in PARTS:
        command = [sys.executable, "-m", "tests.hostile.flood", url, piece, "eve", str(OFFENDERS)]
        command += [str(FRAMES[name]), str(share), str(SEED)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as flood:
            first = witness.turn
            while flood.poll() is None:
                witness.edit()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    flood.wait(PAUSE_S)
            said = flood.stdout.read()
        print(f"seed {SEED}, {name}: {witness.turn - first} edits meanwhile, {said}")  # noqa: T201
        found = json.loads(said)
        assert FRAMES[name] - OFFENDERS < found["sent"]
        assert found["lines"] - OFFENDERS <= sum(found["codes"].values())
        codes |= set(map(int, found["codes"]))
    return codes
