"""A kernel may hear of clicks in a thread of its own, while a cell runs in another [DOC-19]."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import cellissimo as cm
from cellissimo.crdt import frames
from cellissimo.crdt.document import Document
from cellissimo.music.session import SESSION
from cellissimo.schema import models

PATIENCE_S = 60


@pytest.fixture
def loop():
    """A loop of four bars that a page shows."""
    loop = cm.Loop("Beat", bars=4, tempo=120)
    assert loop.widget is not None
    return loop


@pytest.fixture
def elsewhere():
    """Another thread of the kernel: `submit` has it do something."""
    with ThreadPoolExecutor(1) as threads:
        yield threads


def clicks(loop, number):
    """The frames of so many clicks on steps of a row, as a page sends them, each a gesture."""
    replica, made = Document(update=loop.document.encode()), []
    for cell in range(number):
        before = replica.state
        with replica.edit() as write:
            write.set_step(loop.id, "clap", cell, models.Step())
        made.append(frames.news(replica.encode(before)))
    return made


def come(loop, arriving):
    """Let frames of a page come."""
    for number, frame in enumerate(arriving):
        message = {"kind": "frame", "gesture": f"1.{number}"}
        loop.widget._handle_custom_msg(message, [memoryview(frame)])


def cells_of(loop, row):
    """The cells of a row that sound."""
    return sorted(cell for name, cell in loop.model.steps if name == row)


def test_a_click_during_an_edit_waits_for_its_end(loop, elsewhere):
    """[DOC-19] It is not lost, and no part of what the edit is to undo."""
    arriving = clicks(loop, 1)
    with loop.edit() as write:
        write.set_step(loop.id, "kick", 0, models.Step())
        coming = elsewhere.submit(come, loop, arriving)
        with pytest.raises(TimeoutError):
            coming.result(0.2)
        write.set_step(loop.id, "kick", 4, models.Step())
    coming.result(PATIENCE_S)
    assert ([0, 4], [0]) == (cells_of(loop, "kick"), cells_of(loop, "clap"))
    loop.undo()
    assert ([0, 4], []) == (cells_of(loop, "kick"), cells_of(loop, "clap"))


def test_clicks_and_edits_of_two_threads_are_all_there(loop, elsewhere):
    """[DOC-19] As fast as they come, none stands in another's way."""
    coming = elsewhere.submit(come, loop, clicks(loop, 64))
    for cell in range(64):
        with loop.edit() as write:
            write.set_step(loop.id, "kick", cell, models.Step())
        assert cell in cells_of(loop, "kick")
    coming.result(PATIENCE_S)
    assert list(range(64)) == cells_of(loop, "kick") == cells_of(loop, "clap")


def test_a_step_of_several_edits_is_not_divided_by_a_click(loop, elsewhere):
    """[DOC-19] One undo takes back the whole step, and the click stays."""
    song = cm.Song("Evening")
    song.pads[0] = loop
    arriving = clicks(loop, 1)
    with song.step():
        song.tempo = 90
        coming = elsewhere.submit(come, loop, arriving)
        with pytest.raises(TimeoutError):
            coming.result(0.2)
        song.key = "D"
    coming.result(PATIENCE_S)
    song.undo()
    assert ([], 90, "D major") == (cells_of(loop, "clap"), song.tempo, song.key)
    song.undo()
    assert (120, "C major") == (song.tempo, song.key)


def test_a_trait_that_is_set_while_a_click_is_told_is_written(loop, elsewhere):
    """[DOC-19] What a slow listener to the click holds up is done after it."""
    told, go_on = threading.Event(), threading.Event()

    def hear(_):
        told.set()
        go_on.wait(PATIENCE_S)

    replica = Document(update=loop.document.encode())
    before = replica.state
    with replica.edit() as write:
        write.set_loop_field(loop.id, "name", "Night")
    frame = frames.news(replica.encode(before))
    widget = loop.widget
    widget.observe(hear, "name")
    coming = elsewhere.submit(come, loop, [frame])
    assert told.wait(PATIENCE_S)
    threading.Timer(0.2, go_on.set).start()
    widget.tempo = 90
    coming.result(PATIENCE_S)
    assert ("Night", 90, 90) == (loop.name, loop.tempo, widget.tempo)


def test_a_cell_that_begins_during_an_edit_is_a_step_of_its_own(loop, elsewhere):
    """[DOC-19] [DOC-11] It begins behind the edit; neither undo takes the other along."""
    begun, go_on = threading.Event(), threading.Event()

    def press():
        with loop.edit() as write:
            write.set_step(loop.id, "clap", 0, models.Step())
            begun.set()
            go_on.wait(PATIENCE_S)

    pressing = elsewhere.submit(press)
    assert begun.wait(PATIENCE_S)
    threading.Timer(0.2, go_on.set).start()
    SESSION.gestures.begin()
    loop.tempo = 90
    SESSION.gestures.end()
    pressing.result(PATIENCE_S)
    loop.undo()
    assert (120, [0]) == (loop.tempo, cells_of(loop, "clap"))
