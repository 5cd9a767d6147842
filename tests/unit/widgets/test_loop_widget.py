"""The Loop widget's Python side: traits and frames, both ways."""

import ipywidgets
import pytest
import traitlets

import cellissimo as cm
from cellissimo.crdt import frames
from cellissimo.crdt.document import Document
from cellissimo.schema.models import Step
from cellissimo.widgets.seats import Seat, put_seat


class Page:
    """The far end of a comm: keeps what the kernel sends, and a replica of the document."""

    def __init__(self, widget):
        self.widget = widget
        self.sent = []
        self.replica = Document(update=widget.get_state("_state")["_state"])
        widget.comm.send = self._send

    def _send(self, data=None, metadata=None, buffers=None):
        self.sent.append(data)
        content = data.get("content", {})
        if content.get("kind") == "frame":
            frames.receive(self.replica, bytes(buffers[0]), origin="kernel", gesture=None)

    def edit(self, gesture, change):
        """Change the replica and send the update as a page would."""
        before = self.replica.state
        with self.replica.edit() as edit:
            change(edit)
        frame = frames.news(self.replica.encode(before))
        self.widget._handle_custom_msg({"kind": "frame", "gesture": gesture}, [memoryview(frame)])

    def states(self):
        """The names of the traits that were sent as state."""
        plain = {name for data in self.sent for name in data.get("state", {})}
        return plain | {path[0] for data in self.sent for path in data.get("buffer_paths", ())}


@pytest.fixture
def loop():
    """A loop with one row."""
    loop = cm.Loop("Beat", bars=1, tempo=100)
    loop["kick"] = "x...x..."
    return loop


@pytest.fixture
def page(loop):
    """A page that shows it."""
    return Page(loop.widget)


def test_traits_say_what_the_loop_says(loop):
    """The widget of a loop has its values from the start."""
    loop.swing = 0.25
    widget = loop.widget
    said = (widget.name, widget.tempo, widget.swing, widget.bars, widget.key, widget.level)
    assert said == ("Beat", 100.0, 0.25, 1, "C major", 0.8)


@pytest.mark.parametrize(
    ("trait", "value", "read"),
    [
        ("tempo", 87.5, lambda loop: loop.tempo),
        ("swing", 0.5, lambda loop: loop.swing),
        ("bars", 4, lambda loop: loop.bars),
        ("key", "A minor", lambda loop: loop.key),
        ("name", "New", lambda loop: loop.name),
        ("level", 0.5, lambda loop: loop.get("master.amp.level")),
    ],
)
def test_a_trait_that_is_set_changes_the_loop_and_one_undo_takes_it_back(loop, trait, value, read):
    """Links and `interact` set traits: the document follows."""
    before = loop.model
    setattr(loop.widget, trait, value)
    assert read(loop) == value
    loop.undo()
    assert loop.model == before


def test_a_change_of_the_loop_is_observed_at_its_widget(loop):
    """`observe` hears edits from wherever they come."""
    heard = []
    loop.widget.observe(lambda change: heard.append((change["old"], change["new"])), "tempo")
    loop.tempo = 90
    loop.undo()
    assert heard == [(100.0, 90.0), (90.0, 100.0)]


def test_a_wrong_trait_is_refused_and_goes_back(loop):
    """The error names the range, and the widget says again what the loop says."""
    with pytest.raises(cm.CellissimoError, match="20 to 400"):
        loop.widget.tempo = 4000
    assert (loop.widget.tempo, loop.tempo) == (100.0, 100.0)


def test_python_links_follow_both_ways(loop):
    """A slider linked to the tempo moves with it and moves it."""
    slider = ipywidgets.FloatSlider(100, min=20, max=400)
    traitlets.link((slider, "value"), (loop.widget, "tempo"))
    slider.value = 66
    assert loop.tempo == 66
    loop.tempo = 77
    assert slider.value == 77


def test_in_a_room_the_page_edits_by_the_room_alone(loop):
    """What it says of the traits besides, and later, takes back nothing that others did."""
    loop.widget.set_state({"tempo": 99.0})
    assert 99 == loop.tempo
    put_seat(loop.document, Seat("{}", lambda: ("ticket", "url")))
    loop.tempo = 120
    loop.widget.set_state({"tempo": 99.0, "playing": True})
    assert (120, True) == (loop.tempo, loop.widget.playing)
    put_seat(loop.document, None)


def test_a_page_that_sends_its_edits_says_nothing_new_by_traits(loop, page):
    """What waits in the page until the kernel is free may be older than the edits behind it."""
    loop.widget.set_state({"tempo": 93.0})
    assert 93 == loop.tempo
    page.edit("1.1", lambda edit: edit.set_loop_field(loop.id, "tempo", 120))
    loop.widget.set_state({"tempo": 93.0, "playing": True})
    assert (120, True) == (loop.tempo, loop.widget.playing)


def test_each_gesture_is_told_also_one_like_the_last(loop):
    """Done, taken back and done again, a gesture says the same line twice; both are heard."""
    heard = []
    loop.widget.observe(lambda change: heard.append(change["new"]), "gesture")
    lines = ["loop.tempo = 99", "loop.tempo = 120", "loop.tempo = 120"]
    for line in lines:
        loop.widget._handle_custom_msg({"kind": "gesture", "line": line}, [])
    assert (lines, lines[-1]) == (heard, loop.widget.gesture)


def test_the_widget_stands_in_a_box(loop):
    """It is a widget like any other."""
    box = ipywidgets.VBox([loop.widget, ipywidgets.Label("below")])
    assert box.children[0] is loop.widget


def test_interact_turns_the_tempo(loop):
    """`interact` drives the loop."""
    control = ipywidgets.interactive(lambda tempo: setattr(loop, "tempo", tempo), tempo=(60, 180))
    control.children[0].value = 61
    control.update()
    assert loop.widget.tempo == 61


def test_a_page_gets_the_document_with_the_widget(loop, page):
    """No question has to be answered before something is seen."""
    assert page.replica.revision == loop.document.revision


def test_a_page_follows_python_at_once(loop, page):
    """Python's edits reach the page as frames, and not as traits besides."""
    loop["snare"].set(4)
    loop.tempo = 91
    assert page.replica.revision == loop.document.revision
    assert page.states() == set()


def test_python_follows_the_page_and_undoes_a_drag_as_one_step(loop, page):
    """A gesture of the page is one step of the kernel's undo."""
    for cell in (1, 2, 3):
        page.edit("g1", lambda edit, cell=cell: edit.set_step(loop.id, "clap", cell, Step()))
    assert sorted(loop["clap"].steps) == [1, 2, 3]
    loop.undo()
    assert "clap" not in loop
    assert "kick" in loop


def test_what_the_page_took_back_is_passed_over_by_the_kernels_undo(loop, page):
    """[DOC-11] Undone there, a gesture is no step here: the cell before it is the next."""
    loop["snare"].set(4)
    page.edit("g1", lambda edit: edit.set_step(loop.id, "clap", 1, Step()))
    page.edit("undo", lambda edit: edit.set_step(loop.id, "clap", 1, None))
    assert "snare" in loop
    loop.undo()
    assert "snare" not in loop
    assert "kick" in loop


def test_what_the_page_did_again_can_be_taken_back_here(loop, page):
    """[DOC-11] Undo and redo in the page leave the gesture as it was to the kernel."""
    for name, step in (("g1", Step()), ("undo", None), ("undo", Step())):
        page.edit(name, lambda edit, step=step: edit.set_step(loop.id, "clap", 1, step))
    assert "clap" in loop
    loop.undo()
    assert "clap" not in loop


def test_an_edit_of_the_page_is_observed_at_the_widget(loop, page):
    """A click in the page changes the traits before the next cell runs."""
    page.edit("g1", lambda edit: edit.set_loop_field(loop.id, "tempo", 150))
    assert loop.widget.tempo == 150


def test_a_page_that_asks_is_told_what_it_lacks_and_asked_in_turn(loop, page):
    """The sync protocol's two questions."""
    late = Document(update=page.replica.encode())
    loop["snare"].set(4)
    with late.edit() as edit:
        edit.set_step(loop.id, "clap", 1, Step())
    page.sent.clear()
    page.replica = late
    question = memoryview(frames.question(late))
    loop.widget._handle_custom_msg({"kind": "frame"}, [question])
    assert "snare" in {row for row, _ in late.revision.loops[loop.id].steps}
    assert len(page.sent) == 2


def test_the_bundle_is_given_to_a_page_that_asks(loop, page):
    """Where no server has it, the kernel gives it."""
    received = []
    loop.widget.comm.send = lambda data=None, metadata=None, buffers=None: received.append(buffers)
    loop.widget._handle_custom_msg({"kind": "bundle"}, [])
    assert b"connect" in bytes(received[0][0])


def test_a_loop_that_moves_into_a_song_takes_its_widget_along(loop, page):
    """[DOC-12] The page is told the new document in one message."""
    song = cm.Song("S", tempo=70)
    loop.tempo = None
    song.pads[0] = loop
    assert loop.widget.tempo == 70
    assert {"_document_id", "_state"} <= page.states()
    song.tempo = 71
    assert loop.widget.tempo == 71


def test_a_malformed_frame_is_refused_and_changes_nothing(loop, page):
    """What is no frame is named."""
    before = loop.model
    with pytest.raises(cm.CellissimoError, match="frame"):
        loop.widget._receive_frame(b"\x07\x01\x02", None)
    assert loop.model == before


def test_the_swing_of_a_loop_with_another_groove_is_none():
    """An amount is of the groove that is on: only swing is swing."""
    loop = cm.Loop("Beat")
    loop.update({"master.groove.type": "drag", "master.groove.amount": 0.7})
    assert (0, 0) == (loop.widget.swing, loop.swing)
    loop.set("master.groove.type", "swing")
    assert (0.7, 0.7) == (loop.widget.swing, loop.swing)
    loop.set("master.groove.amount", None)
    assert (0.5, 0.5) == (loop.widget.swing, loop.swing)
