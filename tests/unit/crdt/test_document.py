"""The live document: founding, editing, undo, replicas, repair [DOC-1 … DOC-12]."""

import gc
import weakref

import pycrdt
import pytest

from cellissimo.crdt.document import Document, DocumentError
from cellissimo.crdt.gestures import Gestures
from cellissimo.crdt.undo import WIDGET
from cellissimo.schema import models
from cellissimo.schema.migrations import NewerSchemaError, migrated

LOOP = models.Loop(
    "a",
    "Beat",
    bars=1,
    chords={0: "C"},
    steps={("kick", 0): models.Step(), ("kick", 4): models.Step(90, 60.5, 480, 0.5, -12)},
    settings={"kick.amp.level": 0.5, "kick.amp.mute": True, "master.groove.type": "swing"},
)
SONG = models.Song("s", "Song", loops={"a": LOOP}, pads={3: "a"})


def replica_of(document):
    """Another replica with the same content."""
    return Document(update=document.encode())


def written_by_a_stranger(document, write):
    """Let a peer that knows no rule write into the loop's stored map; give that map."""
    doc = pycrdt.Doc()
    doc.apply_update(document.encode())
    stored = doc.get("loops", type=pycrdt.Map)["a"]
    write(stored)
    document.apply(doc.get_update(), origin="stranger")
    return stored


def test_what_was_founded_is_read_back():
    """[DOC-1] [DOC-7] A document says what it was founded with, integers as integers."""
    document = Document(SONG)
    assert document.revision == SONG
    step = document.revision.loops["a"].steps["kick", 4]
    assert [type(v) for v in (step.velocity, step.duration, step.offset)] == [int, int, int]


def test_a_step_is_stored_without_its_defaults():
    """[DOC-3] A plain step is one number in a list."""
    doc = pycrdt.Doc()
    doc.apply_update(Document(SONG).encode())
    steps = doc.get("loops", type=pycrdt.Map)["a"]["steps"].to_py()
    assert steps == {"kick/0": [100], "kick/4": [90, 60.5, 480, 0.5, -12]}


def test_a_revision_is_one_object_until_the_document_changes():
    """Views may compare revisions by identity."""
    document = Document(SONG)
    before = document.revision
    assert document.revision is before
    with document.edit() as edit:
        edit.set_step("a", "snare", 2, models.Step())
    assert document.revision is not before
    assert before == SONG


def test_two_people_who_add_the_same_row_both_keep_their_steps():
    """[DOC-1] Nothing is lost when a row appears in two replicas at once."""
    one = Document(SONG)
    other = replica_of(one)
    with one.edit() as edit:
        edit.set_step("a", "clap", 1, models.Step())
        edit.set_setting("a", "clap.amp.level", 0.5)
    with other.edit() as edit:
        edit.set_step("a", "clap", 2, models.Step())
    one.apply(other.encode(), origin="other")
    other.apply(one.encode(), origin="other")
    assert one.revision == other.revision
    assert {("clap", 1), ("clap", 2)} <= set(one.revision.loops["a"].steps)


def test_setting_a_loop_again_sends_only_the_difference():
    """Text that enters a document enters as a minimal difference."""
    document = Document(SONG)
    updates = []
    document.observe(updates.append)
    with document.edit() as edit:
        edit.set_loop(LOOP)
    assert updates == []
    changed = models.Loop(**{**_fields(LOOP), "steps": {**LOOP.steps, ("kick", 8): models.Step()}})
    with document.edit() as edit:
        edit.set_loop(changed)
    assert len(updates) == 1
    assert len(updates[0]) < 60


def _fields(loop):
    return {name: getattr(loop, name) for name in loop.__slots__}


def test_shortening_hides_and_lengthening_gives_back():
    """[DOC-9] Steps past the end are kept."""
    long = models.Loop("a", "Beat", bars=2, steps={("kick", 20): models.Step()})
    document = Document(models.Song("s", "Song", loops={"a": long}))
    with document.edit() as edit:
        edit.set_loop_field("a", "bars", 1)
    assert document.revision.loops["a"].steps == {}
    with document.edit() as edit:
        edit.set_loop_field("a", "bars", 2)
    assert document.revision.loops["a"] == long


@pytest.mark.parametrize(
    ("key", "value", "read"),
    [
        ("bars", 3, 2),
        ("bars", "many", 4),
        ("stepsPerBar", 4000, 48),
        ("tempo", float("inf"), 120.0),
        ("tempo", 1, 20.0),
        ("name", "", "Loop"),
        ("meter", "4/5", None),
        ("meter", "99/4", None),
        ("key", "H dur", "C major"),
        ("key", "f# min", "F# minor"),
        ("color", "red", models.DEFAULT_COLOR),
        ("source", 7, None),
    ],
)
def test_reading_repairs_what_breaks_a_limit(key, value, read):
    """[DOC-8] A wrong value reads as the nearest right one, and stays as it is in the document."""
    document = Document(SONG)
    stored = written_by_a_stranger(document, lambda loop: loop.update({key: value}))
    field = {"stepsPerBar": "steps_per_bar"}.get(key, key)
    assert getattr(document.revision.loops["a"], field) == read
    assert stored[key] == value


@pytest.mark.parametrize("stored", ["x", [], [1] * 6, {"velocity": 3}, None, True])
def test_a_step_of_unknown_form_is_left_out(stored):
    """[DOC-8] What is no step is not read, and breaks nothing."""
    document = Document(SONG)
    written_by_a_stranger(document, lambda loop: loop["steps"].update({"kick/2": stored}))
    assert document.revision == SONG


@pytest.mark.parametrize(
    "key", ["kick", "kick/x", "kick/-1", "kick/99", "1kick/1", "master/1", "/1"]
)
def test_a_step_under_an_unknown_key_is_left_out(key):
    """[DOC-8] [DOC-9] Keys that name no row and cell of the loop are not read."""
    document = Document(SONG)
    written_by_a_stranger(document, lambda loop: loop["steps"].update({key: [100]}))
    assert document.revision == SONG


def test_one_edit_is_one_undo_step_and_undo_is_the_inverse():
    """[DOC-11] Undo takes back a transaction as a whole; redo does it again."""
    document = Document(SONG)
    with document.edit() as edit:
        edit.set_step("a", "clap", 1, models.Step())
        edit.set_chord("a", 8, "G")
    after = document.revision
    assert document.undo_depth == (1, 0)
    assert document.undo()
    assert document.revision == SONG
    assert document.redo()
    assert document.revision == after
    assert not document.redo()


def test_all_edits_within_a_gesture_are_one_undo_step():
    """[DOC-11] A notebook cell is a gesture, however many edits it makes."""
    gestures = Gestures()
    document = Document(SONG, gestures=gestures)
    for cell in (1, 2):
        gestures.begin()
        for at in range(3):
            with document.edit() as edit:
                edit.set_step("a", "clap", cell * 4 + at, models.Step())
        gestures.end()
    assert document.undo_depth == (2, 0)
    document.undo()
    assert {c for r, c in document.revision.loops["a"].steps if r == "clap"} == {4, 5, 6}


def test_undo_leaves_what_somebody_else_wrote_since():
    """[DOC-11] A key that a stranger has changed after us keeps the stranger's value."""
    document = Document(SONG)
    with document.edit() as edit:
        edit.set_chord("a", 0, "G")
        edit.set_chord("a", 8, "F")
    written_by_a_stranger(document, lambda loop: loop["chords"].update({"0": "Am"}))
    document.undo()
    assert document.revision.loops["a"].chords == {0: "Am"}


def test_undo_of_a_removed_loop_gives_all_of_it_back():
    """[DOC-11] With what its length hides, and on its pad."""
    document = Document(SONG)
    written_by_a_stranger(document, lambda loop: loop["steps"].update({"kick/77": [100]}))
    with document.edit() as edit:
        edit.remove_loop("a")
    assert document.revision.loops == {}
    document.undo()
    assert document.revision == SONG
    with document.edit() as edit:
        edit.set_loop_field("a", "bars", 8)
    assert ("kick", 77) in document.revision.loops["a"].steps


def test_a_widgets_gesture_is_one_step_and_a_strangers_edit_is_none():
    """[DOC-11] Undo takes back what this session's widgets did, never what others did."""
    document = Document(SONG)
    page, stranger = replica_of(document), replica_of(document)
    for cell in (1, 2, 3):
        before = page.state
        with page.edit() as edit:
            edit.set_step("a", "clap", cell, models.Step())
        document.apply(page.encode(before), origin=WIDGET, gesture="drag 1")
    with stranger.edit() as edit:
        edit.set_step("a", "tom", 9, models.Step())
    document.apply(stranger.encode(), origin="stranger")
    assert document.undo_depth == (1, 0)
    document.undo()
    assert {row for row, _ in document.revision.loops["a"].steps} == {"kick", "tom"}


def test_a_gesture_goes_on_while_others_edit():
    """[DOC-11] What comes in between is theirs; what a gesture changed goes back as one step."""
    document = Document(SONG)
    page, stranger = replica_of(document), replica_of(document)
    for cell in (1, 2, 3):
        before, theirs = page.state, stranger.state
        with page.edit() as edit, stranger.edit() as other:
            edit.set_step("a", "clap", cell, models.Step())
            other.set_step("a", "tom", cell, models.Step())
        document.apply(page.encode(before), origin=WIDGET, gesture="drag 1")
        document.apply(stranger.encode(theirs), origin="stranger")
    assert document.undo_depth == (1, 0)
    document.undo()
    assert {row for row, _ in document.revision.loops["a"].steps} == {"kick", "tom"}


def test_changes_of_one_gesture_that_came_through_the_room_are_one_step():
    """[DOC-11] However many edits they came in."""
    document = Document(SONG)
    page = replica_of(document)
    document.watch(lambda changes: document.record(changes, "drag 1"))
    for cell in (1, 2, 3):
        before = page.state
        with page.edit() as edit:
            edit.set_step("a", "clap", cell, models.Step())
        document.apply(page.encode(before), origin="room")
    assert document.undo_depth == (1, 0)


def test_bytes_that_are_no_document_are_refused():
    """A wrong file is told apart from a document, with a cure."""
    with pytest.raises(DocumentError, match=r"cm\.load"):
        Document(update=b"\xff\x01\x02 not an update")
    with pytest.raises(DocumentError, match="no cellissimo document"):
        Document(update=pycrdt.Doc().get_update())
    with pytest.raises(DocumentError, match="no update"):
        Document(SONG).apply(b"\xff\x01\x02", origin="x")


def test_a_document_of_a_newer_schema_is_refused_by_version():
    """[DOC-10] Nothing is guessed about the future."""
    doc = pycrdt.Doc()
    doc.get("meta", type=pycrdt.Map).update({"schema": 3, "id": "s", "kind": "song"})
    with pytest.raises(NewerSchemaError, match=r"schema 3.*up to 2.*upgrade"):
        Document(update=doc.get_update())


def test_migrations_run_one_after_the_other_to_the_target():
    """[DOC-10] The chain never skips a version."""
    chain = {
        1: lambda stored: {**stored, "song": {"name": stored["song"]["name"].upper()}},
        2: lambda stored: {**stored, "song": {"name": stored["song"]["name"] + "!"}},
    }
    stored = {"meta": {"schema": 1}, "song": {"name": "a"}}
    assert migrated(stored, chain=chain, target=3) == {
        "meta": {"schema": 3},
        "song": {"name": "A!"},
    }


def test_an_observers_error_is_not_taken_for_a_bad_update():
    """What fails in whoever listens is raised as it is, and the update stays applied."""
    document = Document(SONG)
    page = replica_of(document)
    with page.edit() as edit:
        edit.set_chord("a", 8, "F")

    def fail(_update):
        raise ValueError("the listener's own")

    document.observe(fail)
    with pytest.raises(ValueError, match=r"^the listener's own$"):
        document.apply(page.encode(), origin="page")
    assert document.revision.loops["a"].chords[8] == "F"


def test_a_document_that_nobody_holds_is_freed():
    """Whoever listens to a document does not keep it alive, and it keeps none of them."""
    document = Document(models.Song("s", "Song"))
    document.observe(lambda _: None)
    with document.edit() as edit:
        edit.set_song_field("name", "Other")
    gone = weakref.ref(document)
    del document, edit
    gc.collect()
    assert gone() is None
