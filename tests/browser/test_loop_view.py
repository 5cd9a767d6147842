"""The loop's view in a real browser: by mouse, by touch, and by keyboard alone."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def view(page, bundled, serve):
    """Hold a page with a loop of four bars: kick, snare and I V vi IV."""
    page.set_viewport_size({"width": 1200, "height": 800})
    page.goto(serve(bundled("loop_view")))
    page.wait_for_selector(".cm-loop")
    return page


def cell(page, row, number):
    """Give the button of a cell."""
    return page.locator(f'[data-row="{row}"] .cm-cell[data-cell="{number}"]')


def chip(page, number):
    """Give the chord that begins on a cell."""
    return page.locator(f'.cm-chip[data-cell="{number}"]')


def velocity(page, row, number):
    """Give the velocity of a step, None where there is none."""
    key = f"{row}/{number}"
    return page.evaluate("key => store.revision.loop.steps.get(key)?.velocity ?? null", key)


def chords(page):
    """Give the chords by cell, in order."""
    found = page.evaluate("[...store.revision.loop.chords].sort((a, b) => a[0] - b[0])")
    return dict(found)


def codes(page):
    """Give the lines of Python of the gestures so far."""
    return page.evaluate("store.codes")


def middle(locator):
    """Give the middle of an element."""
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page, start, end, steps=6):
    """Press at one point, move to another, let go."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=steps)
    page.mouse.up()


def swipe(page, start, way):
    """Put a finger down, move it, lift it."""
    touch = page.context.new_cdp_session(page)
    for step in range(11):
        point = {"x": start[0] + way[0] * step / 10, "y": start[1] + way[1] * step / 10}
        kind = "touchMove" if step else "touchStart"
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def focused(page):
    """Give the cell of the element that has the focus."""
    return page.evaluate("document.activeElement.dataset.cell")


def test_a_click_toggles_a_step_and_says_it_in_python(view):
    """A click is one gesture, one line of Python and one sound; undo takes it back."""
    cell(view, "drum-kick", 1).click()
    assert velocity(view, "drum-kick", 1) == 100
    assert codes(view) == ['loop["drum-kick"].set(1, velocity=0.79)']
    assert "audition drum-kick/1" in view.evaluate("player.notes")
    assert cell(view, "drum-kick", 1).get_attribute("aria-pressed") == "true"
    view.keyboard.press("Control+z")
    assert velocity(view, "drum-kick", 1) is None
    view.keyboard.press("Control+Shift+Z")
    assert velocity(view, "drum-kick", 1) == 100


def test_a_drag_paints_without_gaps_and_erases(view):
    """A fast drag fills every cell on its way; begun on a step it erases; each is one undo."""
    first, last = cell(view, "synth-pluck", 0), cell(view, "synth-pluck", 5)
    drag(view, middle(first), middle(last), steps=2)
    assert [velocity(view, "synth-pluck", at) for at in range(7)] == [100] * 6 + [None]
    assert len(codes(view)) == 1
    assert re.fullmatch(r'loop\["synth-pluck"\] = "xxxxxx\.+"', codes(view)[0])
    drag(view, middle(cell(view, "synth-pluck", 1)), middle(cell(view, "synth-pluck", 3)))
    assert [velocity(view, "synth-pluck", at) for at in range(5)] == [100, None, None, None, 100]


def test_dragging_a_step_down_makes_it_softer(view):
    """Sixty pixels down halve a full step, and the number stands beside it meanwhile."""
    x, y = middle(cell(view, "drum-kick", 0))
    view.mouse.move(x, y)
    view.mouse.down()
    view.mouse.move(x, y + 60, steps=5)
    assert view.locator(".cm-bubble").inner_text() == "0.50"
    view.mouse.up()
    assert codes(view) == ['loop["drum-kick"].set(0, velocity=0.5)']


def test_a_loop_is_made_by_keyboard_alone(view):
    """Arrows, Enter, plus and minus, M, S and P do all that the mouse does in the grid."""
    cell(view, "drum-kick", 0).focus()
    for key in ("ArrowRight", "Enter", "ArrowLeft", "-", "Shift+ArrowDown", "m", "s"):
        view.keyboard.press(key)
    assert velocity(view, "drum-kick", 1) == 100
    assert velocity(view, "drum-kick", 0) == round(0.9 * 127)
    assert codes(view)[-2:] == ['loop["drum-kick"].mute = True', 'loop["drum-kick"].solo = True']
    view.keyboard.press("PageDown")
    assert focused(view) == "16"
    view.keyboard.press("End")
    assert focused(view) == "63"
    view.keyboard.press("p")
    assert view.get_attribute(".cm-loop", "data-state") == "playing"
    view.keyboard.press("p")
    assert view.get_attribute(".cm-loop", "data-state") == "idle"
    assert view.locator(".cm-grid [tabindex='0']").count() == 1


def test_chords_come_from_the_palette_by_mouse_and_by_keys(view):
    """A chord is dragged, tapped and carried by arrows onto the lane; +7 changes what is there."""
    tiles, lane = view.locator(".cm-palette-chord"), view.locator(".cm-lane-track")
    box = lane.bounding_box()
    point = lambda at: (box["x"] + box["width"] * at / 64, box["y"] + 20)  # noqa: E731
    drag(view, middle(tiles.nth(1)), point(40.5))
    drag(view, middle(tiles.nth(9)), point(20))
    tiles.nth(6).click()
    view.mouse.click(*point(57))
    tiles.nth(1).focus()
    for key in ("Enter", "ArrowRight", "ArrowRight", "Enter"):
        view.keyboard.press(key)
    placed = {0: "I", 8: "ii", 16: "V7", 32: "vi", 40: "ii", 48: "IV", 56: "bVII"}
    assert chords(view) == placed
    assert "audition synth-pad/40" in view.evaluate("player.notes")
    assert view.locator(".cm-chord-editor:popover-open").count() == 0


def test_chords_move_stretch_and_go(view):
    """A chord's body moves it, its edge its end; arrows with Shift move it, Delete removes it."""
    box = chip(view, 16).bounding_box()
    drag(view, (box["x"] + 40, box["y"] + 20), (box["x"] + 40 + box["width"] / 4, box["y"] + 20))
    assert codes(view)[-1] == 'del loop.chords[16]; loop.chords[20] = "V"'
    box = chip(view, 0).bounding_box()
    edge = box["x"] + box["width"] - 3, box["y"] + 20
    drag(view, edge, (edge[0] - box["width"] / 5, edge[1]))
    assert list(chords(view)) == [0, 16, 32, 48]
    chip(view, 48).focus()
    view.keyboard.press("Shift+ArrowLeft")
    assert focused(view) == "44"
    view.keyboard.press("Delete")
    assert list(chords(view)) == [0, 16, 32]
    assert focused(view) == "32"


def test_a_chord_is_typed_chosen_and_refused_with_its_cure(view):
    """Typed symbols are read at once; what cannot be read stays in the panel with the cure."""
    chip(view, 32).click()
    view.fill(".cm-chord-text", "F#m7b5/A")
    view.keyboard.press("Enter")
    assert chords(view)[32] == "F#m7b5/A"
    chip(view, 0).click()
    view.click(".cm-qualities >> text=maj7")
    view.click(".cm-check")
    assert chords(view)[0] == "Imaj7"
    view.fill(".cm-chord-text", "H7")
    view.keyboard.press("Enter")
    assert "Write" in view.inner_text(".cm-chord-reads")
    view.keyboard.press("Escape")
    assert chords(view)[0] == "Imaj7"
    assert focused(view) == "0"


def test_fields_write_what_python_would(view):
    """Tempo is held in its range; length, key, swing and name are one line each."""
    view.fill('[aria-label^="Tempo"]', "999")
    view.keyboard.press("Enter")
    view.click(".cm-segment >> text=8")
    view.select_option('[aria-label="Mode of the key"]', "minor")
    view.fill(".cm-name", "Night bus")
    view.keyboard.press("Enter")
    view.click("text=Sad")
    assert codes(view) == [
        "loop.tempo = 400",
        "loop.bars = 8",
        'loop.key = "C minor"',
        'loop.name = "Night bus"',
        'loop.chords = "vi IV I V"',
    ]
    assert view.locator('[data-row="drum-kick"] .cm-cell').count() == 128


def test_the_drawer_sets_the_sound_of_a_row(view):
    """A key on a slider is one gesture; Escape closes the drawer and gives the focus back."""
    view.click('[data-row="drum-kick"] .cm-open')
    view.locator('[aria-label="drum-kick filter frequency"]').focus()
    view.keyboard.press("ArrowRight")
    assert re.fullmatch(r'loop\.set\("drum-kick\.filter\.freq", \d+\)', codes(view)[-1])
    view.click("text=Clear the steps")
    assert codes(view)[-1] == 'loop["drum-kick"].clear()'
    view.keyboard.press("Escape")
    assert view.locator(".cm-drawer").count() == 0
    assert "cm-open" in view.evaluate("document.activeElement.className")


def test_a_step_has_a_note_a_length_and_a_chance_of_its_own(view):
    """E, or the other mouse button, opens the fields of a step; an empty one is the usual again."""
    cell(view, "drum-kick", 0).focus()
    view.keyboard.press("e")
    view.fill(".cm-step-panel [aria-label=Note]", "40")
    view.fill(".cm-step-panel [aria-label=Length]", "2.5")
    view.fill(".cm-step-panel [aria-label=Chance]", "50")
    view.keyboard.press("Enter")
    assert codes(view)[-1] == (
        'loop["drum-kick"].set(0, velocity=1, note=40, duration=600, probability=0.5)'
    )
    view.fill(".cm-step-panel [aria-label=Note]", "")
    view.keyboard.press("Escape")
    assert focused(view) == "0"
    assert view.evaluate("store.revision.loop.steps.get('drum-kick/0').pitch") is None
    cell(view, "drum-kick", 1).click(button="right")
    assert view.locator(".cm-step-panel:popover-open").count() == 0


def test_many_pages_are_turned_one_by_one(page, bundled, serve):
    """Sixteen half bars have a way back and on, and say where they stand."""
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(serve(bundled("loop_view")))
    page.wait_for_selector('.cm-loop[data-narrow=""]')
    page.click(".cm-segment >> text=8")
    page.click(".cm-pager [aria-label=On]")
    page.wait_for_function("document.querySelector('.cm-page-now').textContent === '1.3 of 8'")
    assert page.locator(".cm-pager .cm-page").count() == 2


def test_an_edit_from_elsewhere_touches_one_cell_and_no_focus(view):
    """A step set by somebody else changes its own button and nothing else of the grid."""
    cell(view, "drum-snare", 4).focus()
    touched = view.evaluate(
        """async () => {
          const found = new Set();
          const note = (all) => all.forEach(({ target }) => found.add(target));
          const everything = { subtree: true, attributes: true, childList: true };
          new MutationObserver(note).observe(document.querySelector(".cm-grid"), everything);
          const plain = { velocity: 100, pitch: null, duration: null, probability: 1, offset: 0 };
          store.gesture().edit.setStep("drum-snare", 5, plain);
          await new Promise((done) => setTimeout(done));
          return [...found].map((element) => element.dataset.cell);
        }"""
    )
    assert touched == ["5"]
    assert focused(view) == "4"


def test_no_key_leaves_the_view(view):
    """The notebook's shortcuts (a, b, d, x, Enter, Escape) hear nothing of keys pressed here."""
    view.evaluate(
        """globalThis.leaked = [];
        for (const type of ["keydown", "keyup"])
          document.addEventListener(type, (event) => leaked.push(event.key));"""
    )
    cell(view, "drum-kick", 0).focus()
    for key in ("a", "b", "d", "x", "Enter", "ArrowDown", "Escape", "0"):
        view.keyboard.press(key)
    assert view.evaluate("leaked") == []
    assert view.get_attribute(".cm-loop", "data-lm-suppress-shortcuts") == "true"


def test_a_chord_with_control_reaches_the_notebook_but_for_undo(view):
    """Saving works while the focus is in the grid; undo is the view's own."""
    view.evaluate(
        """globalThis.heard = [];
        document.addEventListener("keydown", (event) => heard.push(event.key));"""
    )
    cell(view, "drum-kick", 0).focus()
    view.keyboard.press("Control+s")
    assert view.get_attribute(".cm-loop", "data-lm-suppress-shortcuts") is None
    view.keyboard.press("Control+z")
    assert view.get_attribute(".cm-loop", "data-lm-suppress-shortcuts") == "true"
    heard = view.evaluate("heard")
    assert "s" in heard
    assert "z" not in heard


def test_the_playhead_moves_and_the_view_ends_with_its_signal(view):
    """While playing the playhead and the sounding chord move; an ended view leaves nothing."""
    view.click(".cm-play")
    view.wait_for_function(
        "Number(document.querySelector('.cm-playhead').style.getPropertyValue('--cm-at')) > 1"
    )
    assert view.locator(".cm-chip.cm-sounding").get_attribute("data-cell") == "0"
    view.evaluate("ending.abort()")
    assert view.locator(".cm-loop").count() == 0
    assert view.evaluate("store.listenerCount") == 0


def test_silence_is_never_without_a_word(view):
    """A browser that waits for a click shows the button that opens it; a failure its reason."""
    view.evaluate("player.become('locked')")
    view.click("text=Enable sound")
    assert "unlock" in view.evaluate("player.notes")
    view.evaluate("player.become('failed', 'No sound card. Plug one in.')")
    assert view.inner_text("[role=alert]") == "No sound card. Plug one in."


def test_thumbs_reach_everything_on_a_phone(chromium, bundled, serve):
    """At 360 pixels each control of the grid and the palette is at least 32 pixels in size."""
    phone = {"viewport": {"width": 360, "height": 800}, "has_touch": True}
    context = chromium.new_context(**phone)
    page = context.new_page()
    page.goto(serve(bundled("loop_view")))
    page.wait_for_selector('.cm-loop[data-narrow=""]')
    small = page.evaluate(
        """[...document.querySelectorAll("button, select")].filter((each) => each.offsetParent)
          .map((each) => [each.className, each.getBoundingClientRect()])
          .filter(([, box]) => box.width < 32 || box.height < 32).map(([name]) => name)"""
    )
    assert small == []
    cell(page, "drum-kick", 1).tap()
    assert velocity(page, "drum-kick", 1) == 100
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    context.close()


def test_a_finger_scrolls_upward_and_paints_sideways(chromium, bundled, serve):
    """A finger that scrolls the page sets no step on its way; one that goes across paints."""
    phone = {"viewport": {"width": 360, "height": 500}, "has_touch": True}
    context = chromium.new_context(**phone)
    page = context.new_page()
    page.goto(serve(bundled("loop_view")))
    page.wait_for_selector('.cm-loop[data-narrow=""]')
    cell(page, "synth-pluck", 1).scroll_into_view_if_needed()
    start = page.evaluate("scrollY")
    swipe(page, middle(cell(page, "synth-pluck", 1)), (0, -120))
    assert page.evaluate("scrollY") > start
    assert codes(page) == []
    swipe(page, middle(cell(page, "synth-pluck", 1)), (70, 0))
    assert [velocity(page, "synth-pluck", at) for at in range(5)] == [None, 100, 100, 100, None]
    assert len(codes(page)) == 1
    context.close()


def test_a_saved_view_changes_nothing_and_says_so(page, bundled, serve):
    """Without a kernel the loop is seen and played, and the view says what would let it change."""
    page.goto(serve(bundled("loop_view")) + "?saved")
    cell(page, "drum-kick", 1).click()
    assert velocity(page, "drum-kick", 1) is None
    assert "run the cell" in page.inner_text(".cm-python")
