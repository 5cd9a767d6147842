"""Whatever happens to the lines, the server and the roles: at the end all say the same."""

import asyncio
import os
from collections import Counter
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from cellissimo.crdt.document import Document
from cellissimo.notation.song_file import print_song
from tests.conftest import ROOT
from tests.properties.jam import PEOPLE, Kernel, Page, Stage, Yjs

LONG = os.environ.get("CELLISSIMO_LONG") == "1"
EXAMPLES = int(os.environ.get("CELLISSIMO_EXAMPLES", "2000" if LONG else "12"))
PATIENCE = 2000

peers = st.integers(0, 4)
keys = st.dictionaries(
    st.sampled_from(["kick/0", "kick/4", "hat/2", "hat/6", "synth-lead/1"]),
    st.none() | st.integers(1, 127),
    min_size=1,
    max_size=3,
)
loops = st.sampled_from(["a", "b"])


@pytest.fixture(scope="module")
def yjs(require_tool):
    """Replicas of another implementation."""
    found = Yjs(require_tool("node"), ROOT)
    yield found
    found.close()


class Jam(RuleBasedStateMachine):
    """Three kernels and two plain clients of three people in one room."""

    yjs: Yjs
    refusals: ClassVar[Counter[str]] = Counter()

    def __init__(self):
        """Nobody is there yet."""
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.stage = Stage(self.loop)
        self.peers = [
            *(Kernel(self.stage, name, seed) for seed, name in enumerate(PEOPLE)),
            Page(self.stage, "ben", self.yjs, 7),
            Page(self.stage, "cleo", self.yjs, 8),
        ]

    @initialize(are_here=st.booleans())
    def begin(self, are_here):
        """Either everybody is in the room already, or nobody."""
        if are_here:
            self.settle()

    @rule(peer=peers, loop=loops, keys=keys)
    def edit(self, peer, loop, keys):
        """Somebody sets steps, in the room or out of it."""
        if not (isinstance(self.peers[peer], Page) and not self.peers[peer].is_here):
            self.peers[peer].edit(loop, keys)

    @rule(peer=st.integers(0, 2), stem=st.sampled_from(["lead", "bass", "pad"]))
    def stem(self, peer, stem):
        """A kernel adds a stem, or removes it, which not all may."""
        self.peers[peer].add_stem(stem)

    @rule(peer=st.integers(0, 2))
    def undo(self, peer):
        """A kernel takes back its last edit."""
        self.peers[peer].undo()

    @rule(peer=peers)
    def come(self, peer):
        """Somebody comes, or comes back."""
        if not self.peers[peer].is_here:
            self.peers[peer].come()

    @rule(peer=peers)
    def cut(self, peer):
        """A line is lost, with the frames that were on it."""
        self.peers[peer].cut()

    @rule(peer=peers, most=st.integers(1, 4))
    def hear(self, peer, most):
        """Some frames arrive at somebody."""
        self.peers[peer].hear(most)

    @rule()
    def rest(self):
        """The room does what it has begun."""
        self.stage.rest()

    @rule(peer=st.integers(3, 4))
    def say_again(self, peer):
        """A plain client sends everything once more."""
        if self.peers[peer].is_here:
            self.peers[peer].send_missing(b"\x00")

    @rule(name=st.sampled_from(PEOPLE[1:]), may_edit=st.booleans())
    def role(self, name, may_edit):
        """Somebody may edit from now on, or not any more."""
        self.stage.set_role(name, may_edit=may_edit)

    @rule()
    def restart(self):
        """The server begins anew."""
        self.stage.end()
        for peer in self.peers:
            while peer.hear():
                pass
            peer.cut(1012)
        self.stage.begin()

    def teardown(self):
        """Everybody comes back, and hears everything: all say what the server says."""
        try:
            self.settle()
            said = self.stage.do(self.stage.documents.revision("id-jam")).value
            texts = [print_song(Document(update=peer.content).revision) for peer in self.peers]
            assert [print_song(said)] * len(self.peers) == texts
            self.refusals.update(type(peer).__name__ for peer in self.peers if peer.refusals)
            assert [0] * len(self.peers) == [peer.unsaved for peer in self.peers]
        finally:
            for peer in self.peers:
                peer.cut()
            self.stage.close()
            self.loop.close()

    def settle(self):
        """Let everything arrive."""
        quiet = 0
        for _ in range(PATIENCE):
            for peer in self.peers:
                if not peer.is_here:
                    peer.come()
            self.stage.rest()
            heard = [peer.hear() for peer in self.peers]
            is_quiet = not (self.stage.is_busy or any(heard) or any(p.unsaved for p in self.peers))
            quiet = quiet + 1 if is_quiet else 0
            if quiet == 4:
                return
        raise AssertionError([(peer.name, peer.unsaved, peer.line.closing) for peer in self.peers])


def test_all_peers_end_with_one_song(yjs):
    """[WIRE-6] [ROOM-14] Kernels and plain Yjs clients, cut, refused, and served anew."""
    Jam.yjs = yjs
    run_state_machine_as_test(
        Jam,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(f"{EXAMPLES} jams; refused in so many: {dict(Jam.refusals)}")  # noqa: T201 - for the record
