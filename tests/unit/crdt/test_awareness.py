import base64
import json
import subprocess

import pycrdt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellissimo.crdt import awareness
from cellissimo.crdt.awareness import Entry, entry
from cellissimo.crdt.lib0 import FrameSizeError, WireError
from tests.conftest import ROOT

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
NUMBERS = st.integers(0, 2**53 - 1)
STATES = st.dictionaries(TEXTS, VALUES, max_size=4)
SAID = {
    7: {"place": "song", "user": {"name": "Zoë ♫", "color": "#1d4ed8"}},
    2**32 - 1: {"cursor": None, "at": [1, 2, {"x": -3}]},
    9: None,
}


@given(st.lists(st.tuples(NUMBERS, NUMBERS, STATES | st.none()), max_size=5))
def test_what_is_written_reads_back(said):
    """Clients, clocks and states come back as they were, gone ones as gone."""
    entries = tuple(entry(*one) for one in said)
    found = awareness.read(awareness.write(entries), most_state=100_000)
    assert entries == found
    assert [state or {} for _, _, state in said] == [one.state() for one in found]
    assert [state is None for _, _, state in said] == [one.is_gone for one in found]


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data):
    """What is read is written as the same bytes; all else is refused as no awareness update."""
    try:
        found = awareness.read(data)
    except WireError:
        return
    assert data == awareness.write(found)


def test_the_library_of_python_writes_and_reads_the_same_bytes():
    """[WIRE-9] pycrdt's awareness and ours read each other, byte for byte where both are ASCII."""
    theirs = pycrdt.Awareness(pycrdt.Doc())
    theirs.set_local_state({"user": {"name": "Ann"}, "at": [1, 2.5, None]})
    told = theirs.encode_awareness_update([theirs.client_id])
    (found,) = awareness.read(told)
    assert (theirs.client_id, theirs.get_local_state()) == (found.client, found.state())
    assert told == awareness.write([entry(found.client, found.clock, found.state())])
    update = awareness.write([entry(client, 300, state) for client, state in SAID.items()])
    theirs.apply_awareness_update(update, "room")
    others = {client: held for client, held in theirs.states.items() if client != found.client}
    assert {7: SAID[7], 2**32 - 1: SAID[2**32 - 1]} == others


def test_the_library_of_pages_writes_and_reads_the_same_bytes(require_tool):
    """[WIRE-9] y-protocols' awareness and ours read each other, byte for byte."""
    ours = awareness.write([entry(client, 300, state) for client, state in SAID.items()])
    asked = {"update": base64.b64encode(ours).decode(), "said": SAID}
    script = ROOT / "extension" / "test" / "peers" / "awareness.mjs"
    done = subprocess.run(
        [require_tool("node"), str(script)],
        input=json.dumps(asked).encode(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode()
    answer = json.loads(done.stdout)
    assert {str(client): state for client, state in SAID.items() if state} == answer["states"]
    assert dict.fromkeys(map(str, SAID), 300) == answer["clocks"]
    told = awareness.read(base64.b64decode(answer["update"]))
    assert {client: state or {} for client, state in SAID.items()} == {
        one.client: one.state() for one in told
    }
    assert sorted(one.pack() for one in awareness.read(ours)) == sorted(one.pack() for one in told)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"3",
        b'"a"',
        b"{",
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b'{"a": "\\ud800"}',
        b'{"\xff": 1}',
        b'{"a":' + b"[" * 1990,
    ],
)
def test_a_state_is_an_object_that_can_be_passed_on(text):
    """[WIRE-9] No state: other values, broken JSON, endless numbers, half characters, depths."""
    with pytest.raises(WireError, match="state"):
        Entry(1, 1, text).state()


def test_a_state_has_at_most_two_thousand_bytes():
    """[WIRE-9] One byte more is refused by its length, before anything of it is read."""
    state = {"place": "x" * (2000 - len('{"place":""}'))}
    assert 2000 == len(awareness.read(awareness.write([entry(1, 1, state)]))[0].text)
    with pytest.raises(FrameSizeError, match="2001 bytes"):
        awareness.read(awareness.write([entry(1, 1, {"place": state["place"] + "x"})]))


def test_an_update_announces_no_more_than_it_holds():
    """A count of billions in five bytes costs nothing."""
    with pytest.raises(WireError, match="announced"):
        awareness.read(bytes.fromhex("ffffffff0f"))
    full = [entry(client, 1, None) for client in range(awareness.MOST_ENTRIES)]
    assert len(full) == len(awareness.read(awareness.write(full)))
    with pytest.raises(WireError, match="announced"):
        awareness.read(awareness.write([*full, entry(9999, 1, None)]))
