"""The parser of updates: what it reads, and what it refuses [GATE-1 … GATE-6]."""

import random
import time

import pycrdt
import pytest

from cellissimo.crdt.document import Document
from cellissimo.crdt.update_depth import MOST_DEPTH
from cellissimo.crdt.update_parser import (
    MOST_BYTES,
    MOST_CLOCK,
    UpdateError,
    parse_update,
    state_of,
)
from cellissimo.schema import models
from tests.updates import make, number, put, replace, text, under, update

SONG = models.Song(
    "s",
    "Song",
    loops={
        "a": models.Loop("a", "Beat", steps={("kick", 0): models.Step(90, 60.5, 480, 0.5, -12)})
    },
    stems={"t": models.Stem("t", "Bass", settings={"amp.mute": True})},
)


def refused(data: bytes) -> str:
    """Why the parser refuses some bytes."""
    with pytest.raises(UpdateError) as caught:
        parse_update(data)
    return str(caught.value)


def test_it_reads_an_update_of_a_document():
    """[GATE-1] Operations, their place and what they hold come out as they were written."""
    found = parse_update(update({7: (3, [put("song", "name", "x"), replace((7, 3), 2.0)])}))
    first, second = found.structs[7]
    assert ("song", "name", 3, "value") == (first.parent, first.key, first.clock, first.kind)
    assert ((7, 3), 4) == (second.origin, second.clock)
    assert not found.is_empty


def test_it_reads_deletions():
    """[GATE-1] Deletions come out with replica, place and length."""
    assert [(9, 4, 2), (9, 8, 1)] == parse_update(update({}, {9: [(4, 2), (8, 1)]})).deletes


def test_it_reads_what_was_overwritten_under_one_key():
    """[GATE-1] A page that can undo keeps old values, and sends them as one run."""
    run = b"\x28" + under("song", "x") + b"\x02\x78\x7d\x05"
    (found,) = parse_update(update({7: (3, [run])})).structs[7]
    assert (3, 5, (b"\x78", b"\x7d\x05")) == (found.clock, found.end, found.values)


def test_an_empty_update_says_nothing():
    """[GATE-1] Two zeros are an update without anything in it."""
    assert parse_update(b"\x00\x00").is_empty


def test_every_update_of_an_edited_document_is_read():
    """[GATE-1] Founding, edits, removals and undo are all within the layout."""
    document = Document(SONG)
    updates = [document.encode()]
    document.observe(updates.append)
    with document.edit() as write:
        write.set_step("a", "kick", 4, models.Step())
    with document.edit() as write:
        write.remove("stems", "t")
    document.undo()
    for data in [*updates, document.encode()]:
        assert not parse_update(data).is_empty
    assert 4 == len(updates)


@pytest.mark.parametrize("cut", range(1, 40))
def test_a_cut_off_update_is_refused(cut):
    """[GATE-2] Whatever is missing at the end is missed."""
    whole = update({7: (0, [put("song", "name", "A name")])}, {7: [(0, 1)]})
    if cut < len(whole):
        with pytest.raises(UpdateError):
            parse_update(whole[:-cut])


def test_what_stands_behind_the_end_is_refused():
    """[GATE-2] Nothing is skipped over."""
    assert "behind the end" in refused(b"\x00\x00\x00")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (update({7: (0, [make("song", "x", 0)])}), "only maps"),
        (update({7: (0, [make("song", "x", 2)])}), "only maps"),
        (update({7: (0, [b"\x08" + under("song", None) + b"\x01\x78"])}), "list"),
        (update({7: (0, [b"\x24" + under("song", "x") + text("text")])}), "kind 4"),
        (update({7: (0, [b"\x29" + under("song", "x") + text("guid") + b"\x76\x00"])}), "kind 9"),
        (update({7: (0, [b"\x0a\x05"])}), "gap"),
        (update({7: (0, [put("strange", "x", 1.0)])}), "strange"),
        (update({7: (0, [b"\x28" + under("song", "x") + b"\x00"])}), "no length"),
        (update({7: (0, [b"\x28" + under("song", "x") + b"\x01\x76\x00"])}), "kind 118"),
        (update({7: (0, [b"\x28" + under("song", "x") + b"\x01\x74\x01a"])}), "kind 116"),
        (update({7: (0, [put("song", "x", [[1.0]])])}), "kind 117"),
        (update({7: (0, [put("song", "x", [1.0] * 17)])}), "17"),
        (update({7: (0, [put("song", "x", "a" * 1001)])}), "1001"),
        (update({7: (0, [put("song", "x", float("nan"))])}), "finite"),
        (update({7: (0, [put("song", "x", float("inf"))])}), "finite"),
        (update({7: (0, [put("song", "x", "a\x00")])}), "NUL"),
        (update({7: (0, [b"\x68" + number(1) + number(0) + b"\x01\x78"])}), "kind"),
        (update({7: (0, [b"\x00\x00"])}), "no length"),
        (update({7: (0, [])}), "without need"),
        (update({}, {7: []}), "without need"),
        (update({7: (MOST_CLOCK, [put("song", "x", 1.0)])}), "counts up"),
        (update({7: (MOST_CLOCK + 1, [put("song", "x", 1.0)])}), "number"),
        (update({1 << 53: (0, [put("song", "x", 1.0)])}), "number"),
        (update({}, {7: [(MOST_CLOCK, 1)]}), "ends at"),
        (b"\x80\x00\x00", "too long"),
        (b"\xff" * 12, "8 bytes"),
        (bytes(MOST_BYTES + 1), "at most"),
    ],
)
def test_what_no_document_of_ours_holds_is_refused(data, why):
    """[GATE-3] [GATE-4] Lists, texts, sub-documents, gaps, huge numbers: refused by name."""
    assert why in refused(data)


def nested(depth: int, *, hidden: bool) -> bytes:
    """Maps within maps; hidden ones say only what they follow, not where they stand."""
    made = [make("song", "x")]
    for clock in range(depth - 1):
        at = len(made)
        if hidden:
            made.append(put((7, clock * 2), "y", 1.0))
            made.append(b"\xa7" + number(7) + number(at) + number(1))
        else:
            made.append(make((7, clock), "y"))
    return update({7: (0, made)})


@pytest.mark.parametrize("hidden", [False, True])
def test_maps_are_nested_eight_deep_at_most(hidden):
    """[GATE-5] The depth is counted, also where operations do not say where they stand."""
    assert not parse_update(nested(MOST_DEPTH, hidden=hidden)).is_empty
    assert "deeper" in refused(nested(MOST_DEPTH + 1, hidden=hidden))
    assert "deeper" in refused(nested(5000, hidden=hidden))


def test_operations_in_a_circle_are_refused():
    """[GATE-5] Counting the depth comes to an end."""
    circle = [b"\xa7" + number(7) + number(1 - at) + number(1) for at in range(2)]
    rest = [make("song", f"k{at}") for at in range(20)]
    assert "circle" in refused(update({7: (0, circle + rest)}))


def test_a_state_vector_is_read():
    """[GATE-1] What a replica has seen comes as one number a replica."""
    document = Document(SONG)
    (clock,) = state_of(document.state).values()
    assert clock > 10
    with pytest.raises(UpdateError):
        state_of(document.state[:-1])
    with pytest.raises(UpdateError):
        state_of(document.state + b"\x00")


def test_it_reads_a_small_edit_in_microseconds():
    """[GATE-6] The strict parser is no burden: well under a tenth of a millisecond."""
    data = update({123456789: (5, [replace((123456789, 4), [100.0, 60.0])])}, {123456789: [(4, 1)]})
    best = 1.0
    for _ in range(20):
        start = time.perf_counter()
        for _ in range(100):
            parse_update(data)
        best = min(best, (time.perf_counter() - start) / 100)
    assert best < 100e-6


def test_what_is_accepted_the_library_accepts_too():
    """[GATE-6] Bytes changed at random: whatever passes the parser never upsets the library."""
    rng = random.Random(4)
    seeds = [Document(SONG).encode(), update({7: (0, [put("song", "a", 1.0)])}, {7: [(0, 1)]})]
    accepted = 0
    for _ in range(3000):
        data = bytearray(rng.choice(seeds))
        for _ in range(rng.choice((1, 1, 2, 5))):
            data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            parse_update(bytes(data))
        except UpdateError:
            continue
        accepted += 1
        pycrdt.Doc().apply_update(bytes(data))
    assert accepted > 50
