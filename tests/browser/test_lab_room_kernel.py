"""A song in a cell and its kernel, in one room: what is done in either is one musician's work."""

import pytest

from tests.browser.lab import code_cell, notebook

pytestmark = pytest.mark.browser
expect = pytest.importorskip("playwright.sync_api").expect

SHOWN = """import cellissimo as cm
song = cm.Song("Together", tempo=100)
song.stems.add("Bass", sound="bass-sub")
song"""

SEATED = """() => [...(globalThis[Symbol.for("cellissimo.rooms")]?.held.values() ?? [])]
  .some(({ room }) => room.state === "live")"""

PATIENCE_MS = 30_000


def test_a_song_that_is_shown_comes_into_a_room(keeping_server, sit_down):
    """Its page goes along to the document that the server keeps, and sits in the room itself.

    What is done there the kernel hears, and can take back; a kernel that has left stops nobody.
    """
    keeping_server.write("room.ipynb", notebook(code_cell(SHOWN), *[code_cell("")] * 5))
    desk = sit_down(keeping_server)
    desk.open("room.ipynb")
    desk.run(0)
    tempo = desk.output(0).locator(".cm-song").get_by_label("Tempo").first
    expect(tempo).to_have_value("100")
    assert "1 is here" in desk.write_and_run(1, "room = song.join(); room")
    desk.page.wait_for_function(SEATED, timeout=PATIENCE_MS)
    tempo.fill("140")
    tempo.press("Enter")
    said = desk.write_and_run(2, "room.sync(lambda: song.tempo == 140), len(room.members)")
    assert "(True, 2)" in said
    assert "True" in desk.write_and_run(3, "song.undo()")
    expect(tempo).to_have_value("100", timeout=PATIENCE_MS)
    said = desk.write_and_run(4, "song.tempo = 90; song.flush(); song.undo(); song.tempo")
    assert "100" in said
    expect(tempo).to_have_value("100", timeout=PATIENCE_MS)
    desk.write_and_run(5, "room.leave()")
    tempo.fill("120")
    tempo.press("Enter")
    expect(tempo).to_have_value("120")
