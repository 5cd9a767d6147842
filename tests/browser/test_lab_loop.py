"""A loop in a real JupyterLab: played with the mouse, changed by hand and by code, reopened."""

import base64
import json
import re
import subprocess
import sys

import numpy as np
import pytest

from tests.browser.lab import ROOT, code_cell, notebook

pytestmark = pytest.mark.browser
expect = pytest.importorskip("playwright.sync_api").expect

BEAT = """import cellissimo as cm

loop = cm.Loop("Beat", bars=1, key="C major", tempo=120)
loop.chords = "I"
loop["drum-kick"] = "x......."
loop["synth-pluck"] = "..x....."
loop"""

PASS_FRAMES = 2 * 48_000

# What a page can tell of its own sound: the samples as they leave the engine.
LISTEN = """() => {
  const { output } = globalThis[Symbol.for("cellissimo.page")];
  const heard = globalThis.heard = { blocks: [], changes: [], end: new AbortController() };
  output.tap((message) => {
    if (message.kind === "tap") heard.blocks.push(message);
    else heard.changes.push(message.frame);
  }, heard.end.signal);
}"""
FRAMES_HEARD = "() => heard.blocks.reduce((most, b) => Math.max(most, b.frame + b.left.length), 0)"
HEARD = """() => {
  heard.end.abort();
  const bytes = (samples) => Array.from(new Uint8Array(samples.buffer), (b) =>
    String.fromCharCode(b)).join("");
  return heard.blocks.map((b) => [b.frame, btoa(bytes(b.left)), btoa(bytes(b.right))]);
}"""


@pytest.fixture
def desk(sit_down, lab_server):
    """Sit before a beat that is live, with an empty cell under it."""
    lab_server.write("beat.ipynb", notebook(code_cell(BEAT), code_cell("")))
    desk = sit_down(lab_server)
    desk.open("beat.ipynb")
    desk.run(0)
    expect(loop_of(desk)).to_be_visible()
    return desk


def loop_of(desk, index=0):
    """Find the live loop under a cell."""
    return desk.output(index).get_by_role("region", name="Loop ")


def step(desk, row, beat, state=""):
    """Find a step of bar 1, at the start of a beat."""
    name = re.compile(rf"^{row}, bar 1, beat {beat}, (?!step){state}")
    return loop_of(desk).get_by_role("button", name=name)


def heard_samples(page):
    """Gather what the engine has made since the last start, as `(2, frames)` float32."""
    blocks = page.evaluate(HEARD)
    end = max(frame + len(base64.b64decode(left)) // 4 for frame, left, _ in blocks)
    samples = np.zeros((2, end), np.float32)
    for frame, *sides in blocks:
        for side, encoded in enumerate(sides):
            values = np.frombuffer(base64.b64decode(encoded), np.float32)
            samples[side, frame : frame + values.size] = values
    return samples


def made_by(code, name):
    """Make here what a cell makes, for its Python render."""
    made = {}
    exec(code.removesuffix(f"\n{name}"), made)
    return made[name]


def test_play_by_mouse_sounds_as_python_renders_it(desk):
    """A real click starts it, the playhead moves, and the first pass is Python's, bit by bit."""
    desk.page.evaluate(LISTEN)
    loop_of(desk).get_by_role("button", name="Play").click()
    expect(loop_of(desk).get_by_role("button", name="Stop")).to_be_visible()
    head = loop_of(desk).locator(".cm-playhead")
    expect(head).not_to_have_attribute("hidden", "")
    places = set()
    while len(places) < 4:
        places.add(head.evaluate("e => Math.floor(e.style.getPropertyValue('--cm-at'))"))
    desk.page.wait_for_function(f"({FRAMES_HEARD})() >= {PASS_FRAMES}")
    loop_of(desk).get_by_role("button", name="Stop").click()
    expect(loop_of(desk).get_by_role("button", name="Play")).to_be_visible()
    heard = heard_samples(desk.page)[:, :PASS_FRAMES]
    assert np.abs(heard).max() > 0.05
    np.testing.assert_array_equal(made_by(BEAT, "loop").render()[:, :PASS_FRAMES], heard)


def test_a_toggled_step_is_heard_on_the_next_pass_and_seen_by_python(desk):
    """A click while it plays sounds where there was silence, and is in Python's loop."""
    desk.page.evaluate(LISTEN)
    loop_of(desk).get_by_role("button", name="Play").click()
    desk.page.wait_for_function(f"({FRAMES_HEARD})() > {PASS_FRAMES}")
    step(desk, "drum-snare", 4, "off").click()
    expect(step(desk, "drum-snare", 4)).not_to_have_accessible_name(re.compile("off$"))
    desk.page.wait_for_function("heard.changes.length > 0")
    changed = desk.page.evaluate("heard.changes[0]")
    last = (changed // PASS_FRAMES + 2) * PASS_FRAMES
    desk.page.wait_for_function(f"({FRAMES_HEARD})() >= {last}")
    heard = heard_samples(desk.page)
    fourth_beat = slice(3 * 24_000, 3 * 24_000 + 4_800)
    before = np.abs(heard[:, fourth_beat]).max()
    after = np.abs(heard[:, last - PASS_FRAMES : last][:, fourth_beat]).max()
    assert after > 4 * before + 0.02
    assert desk.write_and_run(1, 'print(loop["drum-snare"])').endswith("............x...")


def test_a_change_from_python_is_seen_at_once(desk):
    """A cell that sets a row changes the picture of the loop that is already there."""
    expect(step(desk, "drum-clap", 2)).to_have_accessible_name(re.compile("off$"))
    desk.write_and_run(1, 'loop["drum-clap"] = "....X..........."')
    expect(step(desk, "drum-clap", 2)).not_to_have_accessible_name(re.compile("off$"))


EMPTY = """import cellissimo as cm

loop = cm.Loop("Keys", bars=1)
loop"""


def test_a_loop_is_made_by_keyboard_alone(sit_down, lab_server):
    """No mouse: run the cell, walk in with Tab, put a chord and steps, play, read it in Python."""
    lab_server.write("keys.ipynb", notebook(code_cell(EMPTY), code_cell("")))
    desk = sit_down(lab_server)
    desk.open("keys.ipynb")
    press = desk.page.keyboard.press
    press("Shift+Enter")
    loop = loop_of(desk)
    expect(loop).to_be_visible(timeout=30_000)
    walk_to(desk, "Tab", loop.get_by_role("button", name=re.compile(r"^vi\b")))
    press("Enter")
    press("Enter")
    expect(loop.get_by_role("button", name=re.compile(r"^chord .*\bvi\b"))).to_be_visible()
    walk_to(desk, "Tab", loop.locator(".cm-grid *:focus"))
    walk_to(desk, "ArrowDown", step(desk, "drum-kick", 1))
    for _ in range(4):
        press("Space")
        for _ in range(4):
            press("ArrowRight")
    press("p")
    expect(loop.get_by_role("button", name="Stop")).to_be_visible()
    press("p")
    expect(loop.get_by_role("button", name="Play")).to_be_visible()
    walk_to(desk, "Tab", desk.cell(0))
    press("ArrowDown")
    press("Enter")
    desk.page.keyboard.insert_text("print(loop.text())")
    press("Shift+Enter")
    printed = desk.cell(1).locator(".jp-OutputArea-output pre")
    expect(printed).to_contain_text("chords: vi")
    expect(printed).to_contain_text("seq drum-kick: x...x...x...x...")


def walk_to(desk, key, target):
    """Press a key until the focus is on the target; fail where it never comes there."""
    for _ in range(90):
        desk.page.keyboard.press(key)
        if target.and_(desk.page.locator("*:focus")).count():
            return
    pytest.fail(f"{key} does not lead to {target}")


def test_closed_and_reopened_it_still_shows_and_sounds(desk, sit_down, reading_server):
    """Saved and opened where there is no kernel, untrusted: the picture and a playable sound."""
    desk.save()
    reading_server.write("beat.ipynb", desk.server.read("beat.ipynb"))
    reader = sit_down(reading_server)
    reader.open_without_kernel("beat.ipynb")
    expect_playable(reader.output(0))
    reading_server.trust("beat.ipynb")
    reader.open_without_kernel("beat.ipynb")
    expect_playable(reader.output(0))
    reader.shot("still")


def expect_playable(output):
    """Expect a picture that has loaded, and a player that plays about as long as the loop."""
    picture = output.get_by_role("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("e => e.decode().then(() => e.naturalWidth)") > 300
    player = output.locator("audio")
    expect(player).to_be_visible()
    player.evaluate("e => e.play()")
    assert player.evaluate(
        """e => new Promise((done) => e.addEventListener("timeupdate", () => {
          if (e.currentTime > 0.2) done(e.duration);
        }))"""
    ) == pytest.approx(2, abs=2)
    player.evaluate("e => e.pause()")


def test_exported_to_html_it_shows_and_sounds_offline(desk, locked_chromium):
    """`jupyter nbconvert --to html` makes a page that needs no network for picture and sound."""
    desk.save()
    path = desk.server.root / "beat.ipynb"
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", str(path)]
    subprocess.run(command, env=desk.server.env, check=True, capture_output=True)
    context = locked_chromium.new_context(offline=True)
    page = context.new_page()
    page.goto(path.with_suffix(".html").as_uri(), wait_until="domcontentloaded")
    expect_playable(page.locator(".jp-OutputArea-output").first)
    context.close()


def test_the_launcher_begins_a_song(sit_down, lab_server):
    """The card opens a notebook whose first cell needs only Shift+Enter; a second gets a name."""
    desk = sit_down(lab_server)
    desk.open_lab()
    desk.shot("launcher")
    desk.page.locator(".jp-LauncherCard", has_text="New song notebook").click()
    desk.name = "Song.ipynb"
    desk.wait_for_cells()
    desk.wait_for_kernel()
    desk.page.keyboard.press("Shift+Enter")
    expect(loop_of(desk, 1)).to_be_visible(timeout=30_000)
    desk.menu("File", "New", "New song notebook")
    expect(desk.page.get_by_role("tab", name="Song 2.ipynb")).to_be_visible()


def test_notebook_7_shows_it_live(sit_down, lab_server):
    """The same notebook in Notebook 7: the loop is live there and can be clicked."""
    lab_server.write("seven.ipynb", notebook(code_cell(BEAT), code_cell("")))
    desk = sit_down(lab_server)
    desk.open_in_notebook_7("seven.ipynb")
    desk.run(0)
    expect(loop_of(desk)).to_be_visible()
    step(desk, "drum-snare", 2).click()
    assert "snare" in desk.write_and_run(1, "print(loop.text())")
    desk.shot("notebook-7")


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
@pytest.mark.parametrize("width", [1280, 700])
def test_it_fits_every_theme_and_width(desk, theme, width):
    """Light or dark, wide or narrow, the loop lies within its cell."""
    desk.theme(theme)
    desk.page.get_by_role("tab", name="File Browser").click()
    desk.width(width)
    loop = loop_of(desk)
    box, cell = loop.bounding_box(), desk.cell(0).bounding_box()
    assert cell["x"] <= box["x"]
    assert box["x"] + box["width"] <= cell["x"] + cell["width"]
    desk.shot(f"loop-{theme.split()[-1].lower()}-{width}")


FIRST = ROOT / "notebooks" / "01_first_beat.ipynb"
BEATS = (1, 3, 5)


def test_the_first_notebook_from_opening_to_reopening(sit_down, lab_server, reading_server):
    """Still as it comes, live when run, played by mouse as Python renders it, still again."""
    first = json.loads(FIRST.read_text())
    lab_server.write("first.ipynb", first)
    desk = sit_down(lab_server)
    desk.open("first.ipynb")
    expect(desk.output(BEATS[0]).get_by_role("img")).to_be_visible()
    desk.shot("first-as-it-comes")
    desk.run(BEATS[0])
    expect(loop_of(desk, BEATS[0])).to_be_visible()
    desk.page.evaluate(LISTEN)
    loop_of(desk, BEATS[0]).get_by_role("button", name="Play").click()
    desk.page.wait_for_function(f"({FRAMES_HEARD})() >= {PASS_FRAMES}")
    loop_of(desk, BEATS[0]).get_by_role("button", name="Stop").click()
    expect(loop_of(desk, BEATS[0]).get_by_role("button", name="Play")).to_be_visible()
    rendered = made_by("".join(first["cells"][BEATS[0]]["source"]), "beat").render()
    heard = heard_samples(desk.page)[:, :PASS_FRAMES]
    np.testing.assert_array_equal(rendered[:, :PASS_FRAMES], heard)
    desk.run_all()
    for cell in BEATS:
        expect(loop_of(desk, cell)).to_be_visible()
    desk.shot("first-run", of=desk.output(BEATS[-1]))
    desk.save()
    reading_server.write("first.ipynb", lab_server.read("first.ipynb"))
    reader = sit_down(reading_server)
    reader.open_without_kernel("first.ipynb")
    for cell in BEATS:
        expect(reader.output(cell).get_by_role("img")).to_be_visible()
    assert (lab_server.root / "first.ipynb").stat().st_size < 2_000_000
