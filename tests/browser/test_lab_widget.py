"""The seam between page and kernel in a real JupyterLab: links, views, fallback, a busy kernel."""

import re

import pytest

from tests.browser.lab import code_cell, notebook

pytestmark = pytest.mark.browser
expect = pytest.importorskip("playwright.sync_api").expect

LOOP = """import cellissimo as cm
import ipywidgets
loop = cm.Loop("Beat", bars=1, tempo=120)
loop["drum-kick"] = "x...x..."
loop"""

BESIDE = """slider = ipywidgets.FloatSlider(100, min=40, max=200, description="tempo")
ipywidgets.jslink((slider, "value"), (loop.widget, "tempo"))
ipywidgets.VBox([slider, loop.widget])"""

LONG_EDIT = """import time
with loop.edit() as edit:
    edit.set_loop_field(loop.id, "tempo", 99)
    time.sleep(3)"""

WHAT_WAS_CLICKED = """until = time.monotonic() + 10
while "drum-clap" not in loop and time.monotonic() < until:
    time.sleep(0.05)
print(loop.tempo, list(loop))"""

SLOW_LISTENER = """import time
before, lines = loop.copy(loop.name), []
def hear(change):
    time.sleep(0.4)
    lines.append(change["new"])
loop.widget.observe(hear, "gesture")"""

WHAT_WAS_HEARD = """until = time.monotonic() + 20
while len(lines) < 5 and time.monotonic() < until:
    time.sleep(0.05)
for line in lines:
    exec(line, {"loop": before})
print(len(lines), before == loop, lines)"""


@pytest.fixture
def desk(sit_down, lab_server):
    """Sit before a live loop, with three empty cells under it."""
    lab_server.write("widget.ipynb", notebook(code_cell(LOOP), *[code_cell("")] * 3))
    desk = sit_down(lab_server)
    desk.open("widget.ipynb")
    desk.run(0)
    expect(view(desk, 0)).to_be_visible()
    return desk


def view(desk, index):
    """Find the live loop under a cell."""
    return desk.output(index).get_by_role("region", name="Loop Beat")


def step(desk, index, row, beat):
    """Find a step at the start of a beat."""
    name = re.compile(rf"^{row}, bar 1, beat {beat}, (on|off)")
    return view(desk, index).get_by_role("button", name=name)


def test_a_browser_link_and_a_box_work_as_with_any_widget(desk):
    """`jslink` moves the tempo without the kernel's help; the loop in the `VBox` is live."""
    desk.write_and_run(1, BESIDE)
    expect(view(desk, 1)).to_be_visible()
    desk.output(1).locator(".noUi-handle").focus()
    for _ in range(10):
        desk.page.keyboard.press("ArrowRight")
    tempo = view(desk, 1).get_by_label("Tempo")
    expect(tempo).to_have_value("101")
    assert desk.write_and_run(2, "print(loop.tempo, loop.widget.tempo)") == "101.0 101.0"
    desk.write_and_run(2, "loop.tempo = 77")
    expect(tempo).to_have_value("77")
    expect(desk.output(1).locator(".widget-readout")).to_have_text(re.compile(r"^77"))


def test_interact_drives_the_loop(desk):
    """A control of `interact` changes what the page shows."""
    code = (
        "ipywidgets.interact(lambda swing: setattr(loop, 'swing', swing), swing=(0.0, 1.0, 0.25));"
    )
    desk.write_and_run(1, code)
    desk.output(1).locator(".noUi-handle").focus()
    desk.page.keyboard.press("ArrowRight")
    expect(view(desk, 0).get_by_label("Swing").first).to_have_value("0.75")


def test_two_views_of_one_loop_are_one_loop(desk):
    """A click in one view is seen in the other, and is one change."""
    desk.write_and_run(1, "loop")
    step(desk, 1, "drum-clap", 2).click()
    expect(step(desk, 0, "drum-clap", 2)).to_have_accessible_name(re.compile("on, "))
    step(desk, 0, "drum-clap", 2).click()
    expect(step(desk, 1, "drum-clap", 2)).to_have_accessible_name(re.compile("off$"))
    assert desk.write_and_run(
        2, 'print(len(loop["drum-clap"].steps), loop.document.undo_depth)'
    ) == ("0 (3, 0)")


def test_a_busy_kernel_stops_neither_an_edit_nor_the_sound(desk):
    """While a cell runs, clicks count and the playhead moves; Python sees them afterwards."""
    view(desk, 0).get_by_role("button", name="Play").click()
    desk.cell(1).locator(".cm-content").click()
    desk.page.keyboard.insert_text("import time; time.sleep(3); print('slept')")
    desk.page.keyboard.press("Shift+Enter")
    expect(desk.cell(1).locator(".jp-InputArea-prompt")).to_have_text("[*]:")
    step(desk, 0, "drum-clap", 3).click()
    expect(step(desk, 0, "drum-clap", 3)).to_have_accessible_name(re.compile("on, "))
    head = view(desk, 0).locator(".cm-playhead")
    places = set()
    while len(places) < 4:
        places.add(head.evaluate("e => Math.floor(e.style.getPropertyValue('--cm-at'))"))
    expect(desk.cell(1).locator(".jp-InputArea-prompt")).to_have_text("[*]:")
    assert desk.write_and_run(2, 'print(list(loop["drum-clap"].steps), loop.widget.playing)') == (
        "[8] True"
    )


def test_a_click_while_a_cell_edits_is_not_lost(desk):
    """[DOC-19] The kernel hears of it in another thread, and takes it in behind the edit."""
    desk.cell(1).locator(".cm-content").click()
    desk.page.keyboard.insert_text(LONG_EDIT)
    desk.page.keyboard.press("Shift+Enter")
    expect(desk.cell(1).locator(".jp-InputArea-prompt")).to_have_text("[*]:")
    step(desk, 0, "drum-clap", 3).click()
    expect(step(desk, 0, "drum-clap", 3)).to_have_accessible_name(re.compile("on, "))
    expect(view(desk, 0).get_by_label("Tempo")).to_have_value("99")
    assert desk.write_and_run(2, WHAT_WAS_CLICKED) == "99.0 ['drum-kick', 'drum-clap']"


def test_the_line_of_python_does_what_the_gesture_did(desk):
    """Each line that the view shows, run on a copy taken before, makes the same loop.

    Who listens is slower than the hand: every line is heard all the same.
    """
    desk.write_and_run(1, SLOW_LISTENER)
    step(desk, 0, "drum-snare", 2).click()
    step(desk, 0, "drum-kick", 1).click()
    view(desk, 0).get_by_label("Tempo").fill("93")
    view(desk, 0).get_by_label("Tempo").press("Enter")
    view(desk, 0).get_by_role("button", name="Sad").click()
    view(desk, 0).get_by_role("button", name=re.compile("^Mute drum-kick|^Mute")).first.click()
    assert desk.write_and_run(2, WHAT_WAS_HEARD).startswith("5 True")


def test_undo_in_the_page_and_in_python_go_together(desk):
    """[DOC-11] What the page took back is done with: Python takes back the cell before it."""
    desk.write_and_run(1, 'loop["drum-clap"] = "....x..........."')
    step(desk, 0, "drum-snare", 2).click()
    view(desk, 0).get_by_role("button", name="Undo").click()
    expect(step(desk, 0, "drum-snare", 2)).to_have_accessible_name(re.compile("off$"))
    assert desk.write_and_run(2, "loop.undo(); print(list(loop))") == "['drum-kick']"
    expect(step(desk, 0, "drum-clap", 2)).to_have_accessible_name(re.compile("off$"))


def test_a_loop_that_moves_into_a_song_stays_live(desk):
    """[DOC-12] The view follows it there, and goes on both ways."""
    desk.write_and_run(1, "song = cm.Song('S', tempo=66); loop.tempo = None; song.pads[0] = loop")
    expect(view(desk, 0).get_by_label("Tempo")).to_have_value("66")
    step(desk, 0, "drum-snare", 2).click()
    assert desk.write_and_run(2, 'print(list(song.pads[0]["drum-snare"].steps))') == "[4]"
    desk.write_and_run(3, 'song.pads[0]["drum-snare"].clear()')
    expect(step(desk, 0, "drum-snare", 2)).to_have_accessible_name(re.compile("off$"))


def test_without_a_server_that_has_it_the_bundle_comes_from_the_kernel(sit_down, lab_server):
    """In another front end the widget is live all the same."""
    lab_server.write("alone.ipynb", notebook(code_cell(LOOP), code_cell("")))
    desk = sit_down(lab_server)
    refused = []
    desk.page.route("**/bundle.*.js", lambda route: (refused.append(route), route.abort()))
    desk.open("alone.ipynb")
    desk.run(0)
    step(desk, 0, "drum-snare", 2).click()
    assert desk.write_and_run(1, 'print(list(loop["drum-snare"].steps))') == "[4]"
    assert refused
    desk.errors.clear()  # the browser tells of the request that was refused on purpose


def test_a_reloaded_page_is_live_again(desk):
    """The kernel lives on: the view comes back with what the document says now."""
    step(desk, 0, "drum-snare", 2).click()
    expect(step(desk, 0, "drum-snare", 2)).to_have_accessible_name(re.compile("on, "))
    desk.save()
    desk.reload()
    desk.wait_for_kernel()
    expect(step(desk, 0, "drum-snare", 2)).to_have_accessible_name(re.compile("on, "))
    step(desk, 0, "drum-snare", 3).click()
    assert desk.write_and_run(1, 'print(list(loop["drum-snare"].steps))') == "[4, 8]"


def test_a_notebook_closed_while_it_shows_a_loop_leaves_no_error(desk):
    """The view ends with its kernel's connection, and nothing is said to who is not there."""
    desk.page.locator(".jp-mod-current .lm-TabBar-tabCloseIcon").first.click()
    desk.page.get_by_role("button", name=re.compile("^Discard")).click()
    expect(desk.page.locator(".jp-NotebookPanel")).to_have_count(0)
    desk.page.wait_for_timeout(300)
    assert desk.errors == []
