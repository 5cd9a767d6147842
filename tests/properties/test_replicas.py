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
from tests.parity.generate_images import song_json
from tests.parity.songs import SONGS


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


def told(song):
    """A song as the peer tells it."""
    return json.loads(json.dumps(song_json(song)))


def peers_song(peer, document):
    """What a fresh peer reads of a document."""
    return peer.ask(reset=True, apply=b64(document.encode()), whole=True)["song"]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(song=strategies.songs())
def test_both_languages_read_a_whole_song_alike(peer, song):
    """[DOC-8] Stems, segments, blocks, sends, maps and automation read the same in both."""
    document = Document(song)
    assert told(document.revision) == peers_song(peer, document)


FULL = next(song for song in SONGS if song.name == "full")

GARBAGE = [
    *(None, "", "x", -1, 0, 2.5, 3.5, 1e9, True, False, [], [1], [0.5, "hold"], [90, "ramp"]),
    *(["x"], [1, 2, 3, 4], [1, True, 3, 4], [-5, 0, 200, 3.5], ["a" * 64, 5.5, "x"], "z" * 200),
    *("loop", "s-curve", "reverb>eq", "reverb>reverb", ["eq", "comp"], " 8N ", "#abcdef"),
    "a" * 64,
]
garbage = st.sampled_from(GARBAGE)
FIELDS = {
    "blocks": ("loop", "start", "length", "lane"),
    "stems": ("name", "color", "order", "channel", "frozen", "settings", "sends", "lanes"),
    "returns": ("name", "order", "lanes"),
    "segments": tuple(
        "stem kind start length offset gain fadeIn fadeInCurve loop blob frames notes name".split()
    ),
    "sections": ("name", "start", "length", "color"),
    "markers": ("name", "tick"),
}
INNER_KEYS = {
    "settings": (
        "amp.mute",
        "chain.order",
        "delay.time",
        "phaser.stages",
        "osc.wave",
        "sample.sound",
    ),
    "sends": ("room", "nobody"),
    "lanes": (
        "filter.freq/0",
        "filter.freq/00",
        "amp.mute/9",
        "filter.type/1",
        "a/b",
        "amp.level/",
    ),
    "notes": ("n1", "n2", "new"),
}
PLAIN = {
    "tempo": ("0", "960", "0960", "x", "-1"),
    "meter": ("0", "960"),
    "pads": ("0", "3", "03", "16"),
    "song": ("name", "key", "seed"),
    "master": ("amp.level", "env.attack", "limiter.ceiling", "amp.solo"),
    "lanes": INNER_KEYS["lanes"],
}
entity_writes = st.sampled_from(sorted(FIELDS)).flatmap(
    lambda root: st.tuples(st.just(root), st.sampled_from(FIELDS[root]), st.data(), garbage)
)
plain_writes = st.sampled_from(sorted(PLAIN)).flatmap(
    lambda root: st.tuples(st.just(root), st.sampled_from(PLAIN[root]), st.none(), garbage)
)


def scribble(document, root, key, data, value):
    """Write anything at all into a song, as a careless peer might."""
    with document.edit() as edit:
        stored = edit._root(root)
        if data is not None:
            stored = stored[data.draw(st.sampled_from(sorted(stored.keys())))]
        if key in INNER_KEYS and data is not None:
            stored, key = stored[key], data.draw(st.sampled_from(INNER_KEYS[key]))
        if value is None:
            stored.pop(key, None)
        else:
            stored[key] = value


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(writes=st.lists(entity_writes | plain_writes, min_size=1, max_size=6))
def test_both_languages_repair_a_song_alike(peer, writes):
    """[DOC-8] Whatever anybody wrote into a song, all peers read the same, also bit by bit."""
    document = Document(FULL)
    peers_song(peer, document)
    for write in writes:
        scribble(document, *write)
        said = peer.ask(apply=b64(document.encode()), whole=True)["song"]
        assert told(document.revision) == said
    assert told(Document(update=document.encode()).revision) == peers_song(peer, document)


NOTE = {"start": 0, "duration": 480, "pitch": 61.5, "velocity": 90}
STEM = {"kind": "stem", "id": "s1"}
GESTURES = {
    "fields": [
        ["setName", "Other"],
        ["setKey", "A minor"],
        ["setTempo", 3840, {"bpm": 77, "ramp": True}],
        ["setTempo", 0, None],
        ["setMeter", 7680, None],
        ["setPad", 3, None],
        ["setPad", 1, "waltz"],
    ],
    "entities": [
        ["set", "blocks", "first", {"start": 960, "lane": 1}],
        ["set", "segments", "m1", {"gain": 0, "fade_in": 20, "name": "Intro"}],
        ["set", "stems", "s1", {"order": "zz", "color": "#123456", "channel": 3}],
        ["set", "stems", "s1", {"frozen": {"blob": "d4" * 32, "frames": 9, "fingerprint": "x"}}],
        ["remove", "sections", "v"],
        ["remove", "returns", "room"],
        ["add", "markers", {"name": "Here", "tick": 100}],
    ],
    "strips": [
        ["setSetting", STEM, "amp.level", 0.25],
        ["setSetting", {"kind": "return", "id": "hall"}, "reverb.size", None],
        ["setSetting", {"kind": "master"}, "amp.level", None],
        ["setSend", "s1", "room", 0],
        ["setSend", "s0", "room", 0.75],
        ["setPoint", STEM, "filter.freq", 960, None],
        ["setPoint", STEM, "pan.pan", 0, {"value": -1, "curve": "hold"}],
        ["setPoint", {"kind": "master"}, "amp.level", 0, {"value": 0.1, "curve": "linear"}],
    ],
    "notes": [["setNote", "m1", None, NOTE], ["setNote", "m1", "n1", None]],
    "loops": [["copyLoop", "waltz", "Waltz 2"], ["removeLoop", "chords"], ["removeLoop", "beat"]],
    "stem": [["remove", "stems", "s1"]],
    "pattern": [["remove", "segments", "own"]],
}


@pytest.mark.parametrize("gesture", GESTURES)
def test_a_page_edits_a_song_and_undo_takes_it_back(peer, gesture):
    """[DOC-11] One gesture of a page changes what Python reads; undone, all is as before."""
    document = Document(FULL)
    before = document.revision
    peers_song(peer, document)
    said = peer.ask(song=GESTURES[gesture], whole=True)
    for update in said["updates"]:
        document.apply(base64.b64decode(update), origin="peer")
    assert document.revision != before
    assert told(document.revision) == said["song"]
    said = peer.ask(undo=True, whole=True)
    for update in said["updates"]:
        document.apply(base64.b64decode(update), origin="peer")
    assert document.revision == before
    assert told(before) == said["song"]


def test_what_goes_with_a_stem_a_segment_and_a_loop(peer):
    """[DOC-13] A stem goes with its segments, a pattern with its loop, a loop with its places."""
    document = Document(FULL)
    peers_song(peer, document)
    song = peer.ask(song=[["remove", "stems", "s1"]], whole=True)["song"]
    assert set(song["segments"]) == {"a1", "a2", "a3", "none"}
    assert "own" not in song["loops"]
    song = peer.ask(song=[["removeLoop", "beat"]], whole=True)["song"]
    assert (set(song["blocks"]), song["pads"]) == ({"above"}, {"3": "chords"})


def test_a_pattern_segment_is_made_with_a_loop_of_its_own(peer):
    """[DOC-13] A new pattern is empty, or a copy of the loop it names; it names none itself."""
    document = Document(FULL)
    peers_song(peer, document)
    segment = {"stem": "s0", "kind": "pattern", "start": 0, "length": 7680, "name": "Fill"}
    segment |= {"offset": 0, "gain": 0, "fade_in": 0, "fade_out": 0, "fade_in_curve": "linear"}
    segment |= {"fade_out_curve": "linear", "blob": None, "frames": 0, "notes": {"map": {}}}
    verbs = [["add", "segments", segment | {"loop": loop}] for loop in (None, "beat")]
    said = peer.ask(song=verbs, whole=True)
    (empty, copy), song = said["made"], said["song"]
    assert (song["loops"][empty]["bars"], song["loops"][empty]["steps"]) == (2, {})
    assert song["loops"][copy]["steps"] == song["loops"]["beat"]["steps"]
    assert song["loops"][copy]["source"] == "beat"
    assert [song["segments"][made]["loop"] for made in (empty, copy)] == [None, None]
