"""A document is read again only where it changed, and says the same as one read from the start."""

import dataclasses

import pycrdt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cellissimo.crdt import layout
from cellissimo.crdt.document import Document, DocumentError
from cellissimo.schema import limits, models
from tests.parity.songs import SONGS

STEPS = {(row, cell): models.Step() for row in ("kick", "lead") for cell in range(0, 16, 4)}
LOOPS = {name: models.Loop(name, name, bars=1, steps=STEPS, chords={0: "C"}) for name in "ab"}
SONG = models.Song("s", "Song", loops=LOOPS, pads={0: "a"})

garbage = st.sampled_from([None, "x", -1, 3.5, True, [], [1, 2], ["x"], [50, 60, 240, 0.5, 3]])
step_keys = st.sampled_from(["kick/0", "kick/4", "kick/5", "lead/31", "a/99", "/0", "kick/01", "x"])
writes = st.one_of(
    st.tuples(st.just("steps"), step_keys, garbage),
    st.tuples(st.just("chords"), st.sampled_from(["0", "3", "03", "15", "16", "x"]), garbage),
    st.tuples(st.just("settings"), st.sampled_from(["kick.amp.level", "kick", "a.b.c"]), garbage),
    st.tuples(st.just(""), st.sampled_from(["bars", "stepsPerBar", "tempo", "name"]), garbage),
    st.tuples(st.just(""), st.sampled_from(["bars", "stepsPerBar"]), st.sampled_from([1, 2, 8])),
    st.tuples(st.just("loops"), st.sampled_from(["a", "b", "c"]), garbage),
    st.tuples(st.just("again"), st.sampled_from(["a", "c"]), garbage),
    st.tuples(st.just("undo"), st.just(""), st.none()),
)


def write(document, what, key, value):
    """Write anything at all into the document, as a careless peer of this session."""
    with document.edit() as edit:
        loops = edit._root("loops")
        if what == "again":
            edit.set_loop(dataclasses.replace(LOOPS["a"], id=key))
        held = loops.get("a")
        if what == "loops":
            edit.remove_loop(key)
        elif what != "again" and isinstance(held, pycrdt.Map):
            stored = held[what] if what else held
            if value is None:
                stored.pop(key, None)
            else:
                stored[key] = value


def said(song):
    """Everything a song says, with the order in which it says it."""
    return repr(song)


@given(st.lists(writes, max_size=12))
def test_what_is_read_bit_by_bit_is_what_is_read_at_once(changes):
    """[DOC-8] However a document came to be as it is, it reads alike: also in its order."""
    document = Document(SONG)
    for what, key, value in changes:
        if what == "undo":
            document.undo()
        else:
            write(document, what, key, value)
        assert said(Document(update=document.encode()).revision) == said(document.revision)


def test_an_edit_reads_only_what_it_changed():
    """What an edit left alone is the same value as before, not an equal one read anew."""
    document = Document(SONG)
    before = document.revision
    with document.edit() as edit:
        edit.set_step("a", "kick", 1, models.Step(90))
    after = document.revision
    assert after.loops["b"] is before.loops["b"]
    assert after.loops["a"].steps["kick", 0] is before.loops["a"].steps["kick", 0]
    assert list(after.loops["a"].steps) == sorted([*STEPS, ("kick", 1)])


def test_a_loop_of_too_many_steps_shows_the_next_ones_when_some_are_removed():
    """[DOC-8] The steps past the limit are kept, and read as soon as there is room."""
    document = Document(models.Song("s", "Song", loops={"a": models.Loop("a", "A", bars=8)}))
    with document.edit() as edit:
        stored = edit._inner("a", "steps")
        for number in range(limits.STEPS_PER_LOOP + 1):
            stored[f"r{number // 128:03}/{number % 128}"] = [100]
    last = f"r{limits.STEPS_PER_LOOP // 128:03}"
    assert (last, 0) not in document.revision.loops["a"].steps
    with document.edit() as edit:
        edit.set_step("a", "r000", 0, None)
    assert (last, 0) in document.revision.loops["a"].steps


FULL = next(song for song in SONGS if song.name == "full")
MANY = "9" * 5000
odd_values = st.sampled_from(
    [
        *(None, "", "x", MANY, True, -1, 0, 2.5, 1e308, 2**53, b"x", {"a": 1}, {}, []),
        *([[1], [2]], [None] * 4, [1e308] * 4, [{"a": 1}], ["ramp"], [90, "ramp"], "a\nb"),
        *("array", "text", "map"),
    ]
)
odd_keys = st.sampled_from(
    ["", "/", "0", MANY, f"filter.freq/{MANY}", f"kick/{MANY}", "kick/0", "²", "٣", "x", "name"]
)
"""Keys as nobody writes them, and some that mean something."""

SHARED = {
    "array": lambda: pycrdt.Array([100, 60]),
    "text": lambda: pycrdt.Text("x"),
    "map": lambda: pycrdt.Map({"start": 1}),
}


def scribble(document, data):
    """Write anything at all anywhere into a song."""
    with document.edit() as edit:
        stored = edit._root(data.draw(st.sampled_from((layout.META, *layout.MUSIC))))
        for _ in range(data.draw(st.integers(0, 2))):
            inner = [key for key, held in stored.items() if isinstance(held, pycrdt.Map)]
            stored = stored[data.draw(st.sampled_from(sorted(inner)))] if inner else stored
        key = data.draw(odd_keys | st.sampled_from(sorted(stored.keys()) or ["x"]))
        value = data.draw(odd_values)
        stored[key] = SHARED.get(value, lambda: value)() if isinstance(value, str) else value


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_stands_anywhere_in_a_song_reads_alike_bit_by_bit(data):
    """[DOC-8] Odd values and shared types under odd keys in any map: reading never raises."""
    document = Document(FULL)
    for _ in range(data.draw(st.integers(1, 4))):
        scribble(document, data)
        with document.edit() as edit:
            edit._root(layout.META)["schema"] = models.SCHEMA_VERSION
        assert said(Document(update=document.encode()).revision) == said(document.revision)


def test_an_array_that_changes_within_is_read_again():
    """[DOC-1] Shared arrays are not ours; one that a stranger keeps reads alike all the same."""
    document = Document(SONG)
    with document.edit() as edit:
        edit._inner("a", "steps")["kick/2"] = pycrdt.Array([50])
    with document.edit() as edit:
        edit._inner("a", "steps")["kick/2"].append(60)
    assert said(Document(update=document.encode()).revision) == said(document.revision)


@pytest.mark.parametrize("schema", ["x", None, [], 0, -1, True, float("nan"), 1e300])
def test_what_is_no_schema_is_no_document(schema):
    """[DOC-10] A document that names no version of ours is refused in words."""
    stranger = pycrdt.Doc()
    stranger.get("meta", type=pycrdt.Map)["schema"] = schema
    with pytest.raises(DocumentError, match="hold no cellissimo document"):
        Document(update=stranger.get_update())


def test_an_edit_lists_again_only_what_it_changed():
    """Of a song, the sections that were left alone are the same mapping as before."""
    document = Document(FULL)
    before = document.revision
    with document.edit() as edit:
        edit.set_channel_setting(("stems", "s1"), "amp.level", 0.25)
    after = document.revision
    assert after.sections is before.sections
    assert after.stems["s0"] is before.stems["s0"]
