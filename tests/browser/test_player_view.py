"""The player in a real browser, with a real widget behind it: by mouse, by touch, by keyboard."""

from __future__ import annotations

import base64
from itertools import pairwise

import numpy as np
import pytest

from cellissimo.media.recording import ArrayRecording
from cellissimo.widgets.player import PlayerWidget

pytestmark = pytest.mark.browser
expect = pytest.importorskip("playwright.sync_api").expect

RATE = 48_000
SECONDS = 30

# What leaves for the loudspeaker goes by here too.
LISTEN = """() => {
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to === this.context.destination) {
      globalThis.ear ??= new AnalyserNode(
        this.context, { fftSize: 16384, smoothingTimeConstant: 0 });
      connect.call(this, globalThis.ear);
    }
    return connect.call(this, to, ...rest);
  };
}"""
LEVELS = """([low, high]) => {
  const bins = new Float32Array(ear.frequencyBinCount);
  ear.getFloatFrequencyData(bins);
  const at = (hz) => Math.max(...bins.slice(Math.round(hz / 48000 * 16384) - 3).slice(0, 7));
  return [at(low), at(high)];
}"""


def tone(frequency, seconds=SECONDS, level=0.3):
    """A sine on two channels."""
    time = np.arange(seconds * RATE) / RATE
    sound = level * np.sin(2 * np.pi * frequency * time)
    return ArrayRecording(np.stack([sound, sound]).astype(np.float32))


class Kernel:
    """The widget's far end: answers what the page asks, as the comm would."""

    def __init__(self, widget):
        self.widget = widget
        self.asked = []

    def ask(self, message):
        """Let the widget answer; give what it sends."""
        self.asked.append(message)
        sent = []
        self.widget.send = lambda content, buffers=(): sent.append(
            [content, [base64.b64encode(bytes(part)).decode() for part in buffers]]
        )
        self.widget._received(None, message, [])
        return sent

    @property
    def traits(self):
        """What a page is given when it opens."""
        names = [name for name in self.widget.keys if name[0] != "_" or name == "_outline"]
        values = {name: getattr(self.widget, name) for name in names if name != "layout"}
        return {
            name: base64.b64encode(value).decode() if isinstance(value, bytes) else value
            for name, value in values.items()
        }


@pytest.fixture
def show(page, bundled, serve):
    """Give a function that shows a widget and gives its kernel's side."""

    def shown(widget, width=1000):
        page.set_viewport_size({"width": width, "height": 500})
        page.goto(serve(bundled("player_view")))
        page.evaluate(LISTEN)
        kernel = Kernel(widget)
        page.expose_function("ask", kernel.ask)
        page.evaluate("traits => show(traits)", kernel.traits)
        expect(page.locator(".cm-player")).to_be_visible()
        return kernel

    return shown


@pytest.fixture
def one(show):
    """Show one recording of 30 s with bars of 2 s and two markers."""
    bars = [2.0 * bar for bar in range(15)]
    marks = [(0.0, "Verse"), (16.0, "Chorus")]
    return show(PlayerWidget({"Tone": tone(440)}, [1.0], title="Tone", bars=bars, markers=marks))


def position(page):
    """Where it plays, in seconds."""
    return page.evaluate("deck.position")


def wave(page):
    """The waveform, which is a slider."""
    return page.get_by_role("slider", name="Position")


def until(page, condition):
    """Wait until a condition on `deck` holds."""
    page.wait_for_function(f"() => {condition}")


def clock(page):
    """How much sound has gone out of a comparison, and where its player is, in seconds."""
    return page.evaluate("[page().output.context.currentTime, deck.position]")


def listen(page, seconds):
    """Wait until so much more sound has gone out, however long the machine takes for it."""
    began, _ = clock(page)
    until(page, f"page().output.context.currentTime > {began + seconds}")


def comes(page, true):
    """Wait until something holds on the kernel's side."""
    for _ in range(300):
        if true():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it has not come")


def test_a_click_plays_and_a_click_pauses(page, one):
    """Play runs in real time from the first piece on; pause stays where it is."""
    page.get_by_role("button", name="Play").click()
    until(page, "deck.state === 'playing' && deck.position > 0.2")
    began, there = page.evaluate("[performance.now(), deck.position]")
    page.wait_for_timeout(1000)
    ended, here = page.evaluate("[performance.now(), deck.position]")
    assert here - there == pytest.approx((ended - began) / 1000, abs=0.15)
    page.get_by_role("button", name="Pause").click()
    stayed = position(page)
    page.wait_for_timeout(200)
    assert stayed == position(page)
    assert page.evaluate("model.get('playing')") is False


def test_before_it_plays_only_the_first_piece_is_fetched(page, one):
    """Ten players in a notebook do not fetch ten recordings; Play then fetches what follows."""

    def pieces():
        return sorted(asked["number"] for asked in one.asked if asked["kind"] == "piece")

    comes(page, pieces)
    page.wait_for_timeout(600)
    assert pieces() == [0]
    page.evaluate("deck.play()")
    until(page, "deck.state === 'playing' && deck.position > 0.5")
    comes(page, lambda: pieces() == list(range(6)))


def test_a_click_on_the_wave_goes_there_and_a_drag_scrubs(page, one):
    """The place under the pointer is the place that is heard, within a pixel."""
    box = wave(page).bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 40)
    until(page, "Math.abs(deck.position - 15) < 0.05")
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 40, steps=5)
    page.mouse.up()
    until(page, "Math.abs(deck.position - 27) < 0.05")
    assert wave(page).get_attribute("aria-valuetext") == "27 seconds, bar 14, Chorus"


def test_the_region_goes_round(page, one):
    """From B it jumps to A, and plays on there; the piece at A need not be fetched anew."""
    page.evaluate("deck.change({ region: [20, 20.6], repeat: true })")
    page.evaluate("deck.seek(20.1)")
    page.evaluate("deck.play()")
    until(page, "deck.state === 'playing'")
    places = []

    def has_jumped_twice():
        places.append(position(page))
        return sum(after < before for before, after in pairwise(places)) == 2

    comes(page, has_jumped_twice)
    assert min(places) >= 20
    assert max(places) < 20.7


def test_speed_changes_time_and_keeps_the_pitch(page, show):
    """At 1.5 the place moves half as fast again, and 440 Hz stays 440 Hz."""
    show(PlayerWidget({"A": tone(440), "B": tone(880)}, [1.0, 1.0], title="Two"))
    page.get_by_role("button", name="Play").click()
    until(page, "deck.state === 'playing'")
    page.evaluate("deck.change({ speed: 1.5 })")
    listen(page, 0.5)
    began, there = clock(page)
    listen(page, 1.2)
    ended, here = clock(page)
    assert (here - there) / (ended - began) == pytest.approx(1.5, abs=0.12)
    at_440, at_660 = page.evaluate(LEVELS, [440, 660])
    assert at_440 > at_660 + 30


def test_a_key_changes_from_one_version_to_the_other_in_step(page, show):
    """V is heard within a tenth of a second, at the same place, and as loud as it was told."""
    show(PlayerWidget({"A": tone(440), "B": tone(880)}, [1.0, 0.5], title="Two"))
    page.get_by_role("button", name="Play").click()
    until(page, "deck.state === 'playing' && deck.position > 1")
    listen(page, 0.6)
    first = page.evaluate(LEVELS, [440, 880])
    began, there = clock(page)
    page.keyboard.press("v")
    assert page.evaluate("deck.settings.version") == "B"
    listen(page, 0.7)
    second = page.evaluate(LEVELS, [440, 880])
    assert first[0] > first[1] + 40
    assert second[1] > second[0] + 30
    assert first[0] - second[1] == pytest.approx(6.02, abs=1)
    ended, here = clock(page)
    assert here - there == pytest.approx(ended - began, abs=0.15)
    expect(page.get_by_role("radio", name="B")).to_be_checked()
    expect(page.locator(".cm-clock-place")).to_contain_text("−6.0 dB")


def test_versions_heed_volume_and_outlast_the_engines_sleep(page, show):
    """The page's audio sleeps when no engine plays; a comparison keeps it awake."""
    show(PlayerWidget({"A": tone(440), "B": tone(880)}, [1.0, 1.0], title="Two"))
    page.get_by_role("button", name="Play").click()
    until(page, "deck.state === 'playing' && deck.position > 0.7")
    loud, _ = page.evaluate(LEVELS, [440, 880])
    page.keyboard.press("m")
    listen(page, 0.6)
    silent, _ = page.evaluate(LEVELS, [440, 880])
    assert silent < loud - 60
    page.keyboard.press("m")
    until(page, "deck.position > 6.5")
    assert page.evaluate("page().output.context.state") == "running"
    assert page.evaluate(LEVELS, [440, 880])[0] == pytest.approx(loud, abs=1)
    page.get_by_role("button", name="Pause").click()
    page.wait_for_function("() => page().output.context.state === 'suspended'", timeout=10_000)
    page.get_by_role("button", name="Play").click()
    until(page, "deck.state === 'playing' && page().output.context.state === 'running'")


@pytest.mark.parametrize(
    ("keys", "condition"),
    [
        (["ArrowRight"], "Math.abs(deck.position - 5) < 0.01"),
        (["ArrowRight", "ArrowRight", "ArrowLeft"], "Math.abs(deck.position - 5) < 0.01"),
        ([".", "."], "Math.abs(deck.position - 0.1) < 0.01"),
        (["End"], "deck.position === 30"),
        (["End", "Home"], "deck.position === 0"),
        (["Shift+ArrowRight"], "Math.abs(deck.position - 16) < 0.01"),
        (["ArrowDown", "ArrowDown"], "Math.abs(deck.settings.volume - 0.9) < 0.001"),
        (["m"], "deck.settings.muted"),
        (["<"], "deck.settings.speed === 0.9"),
        ([">"], "deck.settings.speed === 1.1"),
        (["ArrowRight", "a", "ArrowRight", "b"], "deck.settings.region.join() === '5,10'"),
        (["a", "l"], "deck.settings.region !== null && !deck.settings.repeat"),
        (["a", "Escape"], "deck.settings.region === null"),
        (["k"], "deck.state === 'playing'"),
        (["Space"], "deck.state === 'playing'"),
    ],
)
def test_the_keys_do_what_they_say(page, one, keys, condition):
    """Each key, with the focus on the waveform."""
    wave(page).focus()
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(60)
    until(page, condition)


def test_zooming_keeps_the_place_and_shows_the_whole_in_small(page, one):
    """Plus comes closer about the playhead; 0 shows all of it again."""
    wave(page).focus()
    for key in ("ArrowRight", "ArrowRight", "+", "+", "+"):
        page.keyboard.press(key)
    expect(page.locator(".cm-overview")).to_be_visible()
    until(page, "document.querySelectorAll('.cm-ruler-label').length >= 1")
    share = page.locator(".cm-wave-head").evaluate("e => e.style.getPropertyValue('--cm-at')")
    assert 0 <= float(share.removesuffix("%")) <= 100
    page.keyboard.press("0")
    expect(page.locator(".cm-overview")).to_be_hidden()


def test_the_ends_of_a_region_are_dragged_and_snap_to_bars(page, one):
    """A drag on the ruler draws the region; its ends jump to the bars beside them."""
    ruler = page.locator(".cm-ruler").bounding_box()
    at = lambda seconds: ruler["x"] + ruler["width"] * seconds / SECONDS  # noqa: E731
    page.mouse.move(at(4.1), ruler["y"] + 8)
    page.mouse.down()
    page.mouse.move(at(9.9), ruler["y"] + 8, steps=6)
    page.mouse.up()
    assert page.evaluate("deck.settings.region") == [4, 10]
    end = page.get_by_role("slider", name="Region end")
    end.focus()
    page.keyboard.press("Shift+ArrowRight")
    assert page.evaluate("deck.settings.region") == [4, 12]
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("deck.settings.region[1]") == pytest.approx(11.9)


def test_python_and_links_move_it_through_the_traits(page, one):
    """What a trait says is done, and what is done is said by the traits."""
    page.evaluate("model.set('position', 12)")
    until(page, "deck.position === 12")
    page.evaluate("model.set('speed', 0.75)")
    until(page, "deck.settings.speed === 0.75")
    page.evaluate("model.set('playing', true)")
    until(page, "deck.state === 'playing' && model.get('position') > 12.2")
    page.evaluate("model.set('playing', false)")
    until(page, "deck.state === 'idle'")


def test_what_begins_to_sound_silences_the_rest(page, one):
    """A second player stops the first."""
    page.evaluate("deck.play()")
    until(page, "deck.state === 'playing'")
    page.evaluate("globalThis.first = deck")
    other = Kernel(PlayerWidget({"Other": tone(220)}, [1.0], title="Other"))
    page.evaluate("traits => show(traits)", other.traits)
    page.evaluate("deck.play()")
    until(page, "deck !== first && first.state === 'idle'")


def test_at_the_end_it_stops_and_plays_again_from_the_start(page, one):
    """The end is an end, not a wait for more; Play begins anew."""
    page.evaluate("deck.seek(29.4)")
    page.evaluate("deck.play()")
    until(page, "deck.state === 'idle' && deck.position > 29.9")
    page.evaluate("deck.play()")
    until(page, "deck.state === 'playing' && deck.position < 5")


@pytest.mark.parametrize("width", [1400, 820, 560, 360])
def test_nothing_is_cut_off_at_any_width(page, show, width):
    """No control lies outside of the card, none over another."""
    show(PlayerWidget({"before": tone(440), "after": tone(880)}, [1, 0.5], title="Mix"), width)
    page.evaluate("deck.change({ region: [4, 10], repeat: true })")
    card = page.locator(".cm-player").bounding_box()
    boxes = [
        found.bounding_box()
        for found in page.locator(".cm-player :is(button, .cm-segment, .cm-volume)").all()
        if found.is_visible()
    ]
    assert len(boxes) > 8
    for box in boxes:
        assert card["x"] <= box["x"]
        assert box["x"] + box["width"] <= card["x"] + card["width"]
    for at, one_box in enumerate(boxes):
        for other in boxes[at + 1 :]:
            apart_x = one_box["x"] + one_box["width"] <= other["x"] + 1 or (
                other["x"] + other["width"] <= one_box["x"] + 1
            )
            apart_y = one_box["y"] + one_box["height"] <= other["y"] + 1 or (
                other["y"] + other["height"] <= one_box["y"] + 1
            )
            assert apart_x or apart_y
