"""The frames of a room's websocket: what is written is read, and nothing else is."""

import json
import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellissimo.crdt import wire
from cellissimo.crdt.lib0 import MOST_NUMBER, Reader, number, sized
from cellissimo.crdt.wire import FrameSizeError, Kind, WireError, read_client, read_room
from tests.parity.generate_wire import FROM_CLIENT, FROM_ROOM, NO_FRAMES

numbers = st.integers(0, MOST_NUMBER)
contents = st.binary(max_size=300)
times = st.floats(allow_nan=False)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=9)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)  # fmt: skip
said = st.dictionaries(st.text(max_size=9), values, max_size=4)
both = (
    st.builds(wire.Sync, st.integers(0, 2), contents)
    | st.builds(wire.Presence, contents)
    | st.builds(wire.Said, st.sampled_from((Kind.HELLO, Kind.TRANSPORT, Kind.COMMAND)), said)
)
from_client = (
    both
    | st.just(wire.AskPresence())
    | st.builds(wire.Edit, numbers, contents)
    | st.builds(wire.Cursor, st.binary(max_size=32))
    | st.builds(wire.Probe, numbers)
)
from_room = (
    both
    | st.builds(wire.Kept, numbers, numbers, times)
    | st.builds(wire.Refused, numbers, said)
    | st.builds(wire.Changes, numbers, times, st.lists(contents, max_size=4).map(tuple))
    | st.builds(
        wire.Cursors,
        st.lists(st.tuples(numbers, st.binary(max_size=32)), max_size=4).map(tuple),
    )
    | st.builds(wire.Time, numbers, times)
    | st.builds(wire.Said, st.just(Kind.NEWS), said)
)


@given(from_client)
def test_what_a_client_packs_a_room_reads(frame):
    """Every frame of a client reads back as it was."""
    assert frame == read_client(frame.pack())


@given(from_room)
def test_what_a_room_packs_a_client_reads(frame):
    """Every frame of a room reads back as it was."""
    assert frame == read_room(frame.pack())


@given(from_client, st.data())
def test_a_client_s_frame_that_is_cut_off_is_none(frame, data):
    """Every beginning of a frame is refused, and so is a frame with something behind it."""
    whole = frame.pack()
    for cut in {data.draw(st.integers(0, len(whole) - 1)), len(whole) - 1}:
        with pytest.raises(WireError):
            read_client(whole[:cut])
    with pytest.raises(WireError):
        read_client(whole + b"\x00")


@pytest.mark.parametrize("frame", FROM_ROOM, ids=lambda frame: type(frame).__name__)
def test_a_room_s_frame_that_is_cut_off_is_none(frame):
    """Every beginning of a frame of the fixtures is refused."""
    whole = frame.pack()
    for cut in range(len(whole)):
        with pytest.raises(WireError):
            read_room(whole[:cut])


@given(st.binary(max_size=60))
def test_any_bytes_are_a_frame_or_an_error_of_ours(data):
    """Whatever comes is read, or refused as no frame."""
    for read in (read_client, read_room):
        with suppress(WireError):
            read(data)


@pytest.mark.parametrize("text", NO_FRAMES)
def test_what_is_no_frame_is_refused(text):
    """Unknown kinds and steps, numbers written too long, JSON that is none."""
    for read in (read_client, read_room):
        with pytest.raises(WireError):
            read(bytes.fromhex(text))


@pytest.mark.parametrize(
    "frame",
    [
        wire.Sync(wire.STATE, bytes(wire.MOST_STATE + 1)),
        wire.Sync(wire.UPDATE, bytes(wire.MOST_FRAME + 1)),
        wire.Edit(1, bytes(wire.MOST_FRAME)),
        wire.Presence(bytes(wire.MOST_PRESENCE + 1)),
        wire.Cursor(bytes(wire.MOST_CURSOR + 1)),
        wire.Said(Kind.COMMAND, {"body": "x" * wire.MOST_JSON}),
    ],
    ids=["state", "update", "edit", "presence", "cursor", "command"],
)
def test_a_frame_that_is_too_large_is_refused_as_such(frame):
    """What is bounded closes with a code of its own."""
    with pytest.raises(FrameSizeError) as caught:
        read_client(frame.pack())
    assert 4413 == caught.value.close


@pytest.mark.parametrize(
    "text",
    [
        *("NaN", '{"a":NaN}', '{"a":-Infinity}', '{"a":1e999}', "[1]", "7", "{"),
        *('{"a":"\\ud800"}', "[" * 30_000),
    ],
)
def test_json_that_no_page_could_read_is_refused(text):
    """Numbers are finite, texts whole, and the JSON of a frame is an object."""
    with pytest.raises(WireError):
        read_client(bytes((Kind.COMMAND,)) + sized(text.encode()))


def test_a_number_has_one_form():
    """The largest reads back; a longer, a larger or a negative one is none."""
    assert MOST_NUMBER == Reader(number(MOST_NUMBER)).number()
    for data in (b"\x80\x00", b"\xff" * 8 + b"\x01", b"\xff" * 7 + b"\x7f"):
        with pytest.raises(WireError):
            Reader(data).number()
    for value in (-1, MOST_NUMBER + 1):
        with pytest.raises(WireError):
            number(value)


def test_a_client_s_frames_are_not_a_room_s():
    """KEPT from a client and EDIT from a room are frames of nobody."""
    with pytest.raises(WireError):
        read_client(wire.Kept(1, 2, 3.0).pack())
    with pytest.raises(WireError):
        read_room(wire.Edit(1, b"\x00\x00").pack())
    with pytest.raises(WireError):
        read_client(wire.Said(Kind.NEWS, {}).pack())


def test_nothing_that_is_not_a_number_is_written():
    """JSON has no NaN."""
    with pytest.raises(ValueError, match=r"[Oo]ut of range"):
        wire.Said(Kind.NEWS, {"x": math.nan}).pack()
    assert {"x": 1} == json.loads(wire.Said(Kind.NEWS, {"x": 1}).pack()[2:])


def test_the_fixtures_have_every_kind():
    """Both languages are compared over all kinds, in both directions."""
    rooms = {Kind.SYNC, Kind.PRESENCE, Kind.HELLO, Kind.KEPT, Kind.REFUSED, Kind.CHANGES}
    rooms |= {Kind.CURSOR, Kind.CLOCK, Kind.TRANSPORT, Kind.NEWS, Kind.COMMAND}
    clients = {Kind.SYNC, Kind.PRESENCE, Kind.ASK_PRESENCE, Kind.HELLO, Kind.EDIT, Kind.CURSOR}
    clients |= {Kind.CLOCK, Kind.TRANSPORT, Kind.COMMAND}
    assert (clients, rooms) == ({f.kind for f in FROM_CLIENT}, {f.kind for f in FROM_ROOM})
