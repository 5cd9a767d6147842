"""Replicas in Python and in JavaScript agree, whatever each of them did meanwhile."""

import base64
import dataclasses
import json
import subprocess

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cellissimo.crdt import layout
from cellissimo.crdt.document import Document
from cellissimo.schema import models
from tests import strategies
from tests.conftest import ROOT


class Peer:
    """A JavaScript replica in a process of its own."""

    def __init__(self, node, script):
        self.process = subprocess.Popen(
            [node, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, **command):
        """Send one command; give what the peer says."""
        self.process.stdin.write(json.dumps({"loop": "a", **command}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        """End the process."""
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


@pytest.fixture(scope="module")
def peer(require_tool, tmp_path_factory):
    """The peer, bundled from the same sources as the widgets."""
    node = require_tool("node")
    script = tmp_path_factory.mktemp("peer") / "peer.mjs"
    source = ROOT / "extension" / "test" / "peers" / "replica_peer.ts"
    esbuild = ROOT / "extension" / "node_modules" / "esbuild" / "bin" / "esbuild"
    command = [str(esbuild), str(source), "--bundle", "--platform=node", "--format=esm"]
    subprocess.run([*command, f"--outfile={script}"], check=True, capture_output=True)
    running = Peer(node, script)
    yield running
    running.close()


def founded(loop):
    """A document that holds the loop under the id "a"."""
    loop = dataclasses.replace(loop, id="a")
    return Document(models.Song("s", "Song", loops={"a": loop}))


def plain(loop):
    """A loop as the peer prints it."""
    fields = {f.name: getattr(loop, f.name) for f in dataclasses.fields(loop)}
    return fields | {
        "chords": {str(cell): symbol for cell, symbol in loop.chords.items()},
        "steps": {layout.step_key(*k): dataclasses.asdict(s) for k, s in loop.steps.items()},
        "settings": dict(loop.settings),
    }


edits = st.lists(
    st.one_of(
        st.tuples(
            st.just("step"),
            st.sampled_from(["kick", "snare", "lead"]),
            st.integers(0, 15),
            st.none() | strategies.steps(),
        ),
        st.tuples(st.just("chord"), st.integers(0, 15), st.none() | st.sampled_from(["C", "vi"])),
        st.tuples(
            st.just("setting"),
            st.sampled_from(["kick.amp.level", "lead.delay.mix"]),
            st.none() | st.sampled_from([0, 0.25, 1]),
        ),
        st.tuples(st.just("field"), st.just("tempo"), st.sampled_from([None, 90, 120.5])),
        st.tuples(st.just("field"), st.just("bars"), st.sampled_from([1, 2, 8])),
    ),
    max_size=8,
)


def write(document, changes):
    """Make the edits in Python."""
    with document.edit() as edit:
        for verb, *rest in changes:
            {
                "step": edit.set_step,
                "chord": edit.set_chord,
                "setting": edit.set_setting,
                "field": edit.set_loop_field,
            }[verb]("a", *rest)


def sendable(changes):
    """The edits as JSON for the peer."""
    return [
        [dataclasses.asdict(part) if isinstance(part, models.Step) else part for part in change]
        for change in changes
    ]


def b64(data):
    """Bytes as text."""
    return base64.b64encode(data).decode()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(loop=strategies.loops())
def test_both_languages_read_one_document_alike(peer, loop):
    """[DOC-8] Any document reads the same in Python and in JavaScript."""
    document = founded(loop)
    said = peer.ask(reset=True, apply=b64(document.encode()))
    assert said["loop"] == plain(document.revision.loops["a"])


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(loop=strategies.loops(), mine=edits, theirs=edits)
def test_edits_made_apart_come_together(peer, loop, mine, theirs):
    """Two replicas that edited apart say the same after they exchanged their updates."""
    document = founded(loop)
    peer.ask(reset=True, apply=b64(document.encode()))
    write(document, mine)
    said = peer.ask(edit=sendable(theirs))
    for update in said["updates"]:
        document.apply(base64.b64decode(update), origin="peer")
    said = peer.ask(apply=b64(document.encode()))
    assert said["loop"] == plain(document.revision.loops["a"])


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(loop=strategies.loops(), theirs=edits)
def test_undo_in_a_page_restores_what_python_reads(peer, loop, theirs):
    """[DOC-11] One gesture of a page, undone there, leaves the document as it was."""
    document = founded(loop)
    before = document.revision
    peer.ask(reset=True, apply=b64(document.encode()))
    done = peer.ask(edit=sendable(theirs))["updates"]
    undone = peer.ask(undo=True)["updates"] if done else []
    for update in (*done, *undone):
        document.apply(base64.b64decode(update), origin="peer")
    assert document.revision == before


@settings(max_examples=60, deadline=None)
@example(  # a key that one step set and removed lost its older value
    loop=models.Loop("a", "x", bars=1, tempo=20.0),
    changes=[[("field", "tempo", None)], [("field", "tempo", 90), ("field", "tempo", None)]],
)
@given(loop=strategies.loops(), changes=st.lists(edits, max_size=5))
def test_undo_is_the_inverse_of_every_edit(loop, changes):
    """[DOC-11] Taking back all steps restores the document; doing them again restores the edits."""
    document = founded(loop)
    before = document.revision
    for change in changes:
        write(document, change)
    after = document.revision
    while document.undo():
        pass
    assert document.revision == before
    while document.redo():
        pass
    assert document.revision == after


@pytest.mark.parametrize("key", ["f# min", "Bb", "d dorian", "H", "", "c", "Amin", "C  major"])
def test_both_languages_read_a_key_alike(peer, key):
    """[DOC-8] Whatever stands there as a key, all peers read the same."""
    document = founded(models.Loop("a", "x", key=key))
    said = peer.ask(reset=True, apply=b64(document.encode()))
    assert said["loop"]["key"] == document.revision.loops["a"].key
