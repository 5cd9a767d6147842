"""What a real browser plays is, sample by sample, what Python renders."""

from __future__ import annotations

import base64
import dataclasses
import json
import re

import numpy as np
import pytest

from cellissimo.engine.render import hash_of, render
from cellissimo.native.host import Engine
from cellissimo.notation.rows import row_sound
from cellissimo.schema.models import Loop, Step
from cellissimo.schema.sounds import SOUNDS
from tests.parity.generate_images import SONG, image_of, revision_json
from tests.parity.loops import LOOPS, band

pytestmark = pytest.mark.browser

BY_NAME = {loop.name: loop for loop in LOOPS}
RENDERED = ("synths", "drums", "basses", "effects", "bus", "long-tail", "own-names", "forms")
STEADY = band(
    "steady",
    {"pad": "X", "kick": "X...X...X...X..."},
    bars=1,
    tempo=240.0,
    chords={0: "Am7"},
    settings={"pad.reverb.mix": 0.3, "kick.amp.level": 0.1},
)
HELD = Loop(
    "held",
    "held",
    bars=1,
    tempo=120.0,
    steps={("sub", 0): Step(127, pitch=36, duration=3840)},
)
PASS = 48_000
"""Frames of one pass of `STEADY`, and half a pass of `HELD`."""


@pytest.fixture
def sounding(page, bundled, serve):
    """Hold a page with the sound engine and nothing playing."""
    page.goto(serve(bundled("sound")))
    page.wait_for_function("globalThis.sound !== undefined")
    return page


def played(*changes, frames):
    """Give what the engine plays, when each change `(frame, loop)` is loaded at its frame."""
    engine = Engine()
    parts = []
    (_, first), *later = changes
    engine.load(image_of(first))
    engine.play()
    at = 0
    for frame, loop in later:
        parts.append(engine.render(frame - at))
        engine.load(image_of(loop), live=True)
        at = frame
    parts.append(engine.render(frames - at))
    return np.concatenate(parts, axis=1)


def start(page, loop, name="loop"):
    """Play a loop with the tap on."""
    page.evaluate("sound.record()")
    page.evaluate("([id, json]) => sound.play(id, json)", [name, revision_json(loop)])


def change(page, loop):
    """Give the playing engine a newer loop; give the frame at which it took it."""
    page.evaluate("json => sound.update('loop', json)", revision_json(loop))
    wait_until(page, "sound.marks().length > 0")
    return page.evaluate("sound.marks().at(-1)")


def wait_until(page, true):
    """Wait for an expression of the page; unlike Playwright's own way, under any policy."""
    look = f"const look = () => {true} ? done() : setTimeout(look, 20); look();"
    page.evaluate(f"new Promise((done) => {{ {look} }})")


def heard(page, frames):
    """Wait until the engine has given so many frames; give them as `(2, frames)`."""
    wait_until(page, f"sound.recorded() >= {frames}")
    sides = page.evaluate("sound.samples()")
    whole = np.stack([np.frombuffer(base64.b64decode(side), "<f4") for side in sides])
    return whole[:, :frames]


def biggest_jump(samples):
    """Give the largest step between one sample and the next."""
    return float(np.abs(np.diff(samples, axis=1)).max())


@pytest.mark.parametrize("name", RENDERED)
def test_an_offline_worklet_renders_the_same_sha256_as_python(sounding, name):
    """[ENG-1] Every sound, every effect and a long silent tail hash alike in both hosts."""
    samples = render(BY_NAME[name], SONG)
    image = base64.b64encode(image_of(BY_NAME[name])).decode()
    got = sounding.evaluate(
        "([image, frames]) => sound.offline(image, frames, false)", [image, samples.shape[1]]
    )
    assert np.abs(samples).max() > 0.01
    assert hash_of(samples) == got


def test_the_sounds_and_effects_that_are_compared_are_all_there_are():
    """The rendered loops use each sound of the library and each section of effects."""
    loops = [BY_NAME[name] for name in RENDERED]
    used = {row_sound(loop, row).id for loop in loops for row, _ in loop.steps}
    assert set(SOUNDS) <= used
    sections = {key.split(".")[1] for loop in loops for key in loop.settings}
    assert {"filter", "delay", "reverb", "pan", "amp", "env", "limiter", "groove"} <= sections


def test_live_sound_equals_python_sample_by_sample(sounding):
    """[ENG-1] The tap of a playing context holds the first two passes as Python plays them."""
    start(sounding, STEADY)
    frames = 2 * PASS + 1000
    np.testing.assert_array_equal(played((0, STEADY), frames=frames), heard(sounding, frames))


def test_a_toggled_step_is_heard_in_the_next_pass_at_its_frame(sounding):
    """[ENG-5] Nothing changes before the step's frame; from there it sounds as if always there."""
    start(sounding, STEADY)
    wait_until(sounding, "sound.recorded() > 4096")
    more = dataclasses.replace(STEADY, steps={**STEADY.steps, ("clap", 14): Step(127)})
    at = change(sounding, more)
    expected = 14 * PASS // 16
    while expected < at:
        expected += PASS
    frames = expected + PASS // 4
    got = heard(sounding, frames)
    without = played((0, STEADY), frames=frames)
    np.testing.assert_array_equal(played((0, STEADY), (at, more), frames=frames), got)
    first = int(np.flatnonzero((got != without).any(axis=0))[0])
    # The limiter looks ahead, so that the very first trace may come a few frames early.
    assert expected - 256 <= first <= expected + 64


@pytest.mark.parametrize(
    ("newer", "bound"),
    [
        pytest.param({"settings": {"sub.amp.level": 0.1}}, 1.5, id="level"),
        pytest.param({"settings": {"sub.amp.mute": True}}, 1.5, id="mute"),
        pytest.param({"settings": {"sub.pan.pan": 1.0}}, 1.5, id="pan"),
        pytest.param({"settings": {"sub.reverb.mix": 1.0}}, 1.5, id="reverb"),
        pytest.param({"settings": {"sub.filter.type": "lowpass"}}, 5.0, id="filter"),
        pytest.param({"tempo": 173.0}, 1.5, id="tempo"),
        pytest.param({"steps": {("clap", 12): Step()}}, 1.5, id="row gone"),
    ],
)
def test_a_live_change_makes_no_click_and_is_the_same_in_python(sounding, newer, bound):
    """[ENG-5] A held low tone, changed as it sounds, goes on smoothly for 50 ms.

    No step from sample to sample is over `bound` times the tone's own; cutting its level at once
    would make steps of 7 to 60 times. Switching a filter on is the roughest change there is.
    """
    start(sounding, HELD)
    wait_until(sounding, "sound.recorded() > 12000")
    other = dataclasses.replace(HELD, **newer)
    at = change(sounding, other)
    frames = at + PASS // 2
    got = heard(sounding, frames)
    np.testing.assert_array_equal(played((0, HELD), (at, other), frames=frames), got)
    unchanged = played((0, HELD), frames=at + 2400)
    usual = biggest_jump(unchanged[:, at - 1 :])
    assert biggest_jump(got[:, at - 1 : at + 2400]) <= bound * usual


def test_five_players_share_one_context_and_one_plays_at_a_time(page, bundled, serve):
    """Starting a loop stops the one before; the page never has a second AudioContext."""
    page.add_init_script(
        "globalThis.made = 0; const Real = AudioContext;"
        "globalThis.AudioContext = class extends Real { constructor(o) { super(o); made += 1; } };"
    )
    page.goto(serve(bundled("sound")))
    names = [f"loop {i}" for i in range(5)]
    for name in names:
        page.evaluate("([id, json]) => sound.play(id, json)", [name, revision_json(STEADY)])
    states = page.evaluate("names => names.map((name) => sound.state(name))", names)
    assert states == ["idle"] * 4 + ["playing"]
    assert page.evaluate("made") == 1


def test_the_playhead_and_the_meters_follow_what_is_heard(sounding):
    """The position moves with the clock, and the rows that sound have levels."""
    start(sounding, STEADY)
    wait_until(sounding, "sound.meters('loop')?.tick > 500")
    first, later = sounding.evaluate(
        "new Promise((done) => { const first = [performance.now(), sound.meters('loop')];"
        "setTimeout(() => done([first, [performance.now(), sound.meters('loop')]]), 400); })"
    )
    ticks = [meters["pass"] * 3840 + meters["tick"] for _, meters in (first, later)]
    expected = (later[0] - first[0]) * 3.84
    assert abs(ticks[1] - ticks[0] - expected) < 150
    assert later[1]["peaks"]["master"] > 0.01
    assert set(later[1]["peaks"]) == {"master", "pad", "kick"}
    sounding.evaluate("sound.stop()")
    assert sounding.evaluate("sound.meters('loop')") is None


def test_a_step_can_be_heard_while_nothing_plays(sounding):
    """Trying out a step sounds it once, and the player stays idle."""
    sounding.evaluate("sound.record()")
    sounding.evaluate("json => sound.audition(json, 'kick', 4)", revision_json(STEADY))
    assert np.abs(heard(sounding, 4096)).max() > 0.01
    assert sounding.evaluate("sound.state('audition')") == "idle"


def test_a_locked_page_says_so_and_a_real_click_lets_the_sound_out(launch, bundled, serve):
    """Without a gesture the state is `locked`; one mouse click later the loop plays from its start.

    The page is only watched until the click: asking it anything would count as a gesture.
    """
    folder = bundled("sound")
    (folder / "steady.json").write_text(json.dumps(revision_json(STEADY)))
    page = launch(locked=True).new_page()
    with page.expect_console_message(lambda message: message.text.startswith("locked")) as said:
        page.goto(f"{serve(folder)}/#steady.json")
    assert re.search("waits for a click", said.value.text)
    with page.expect_console_message(lambda message: message.text.startswith("playing")):
        page.mouse.click(20, 15)
    page.wait_for_function("sound.meters('alone')?.tick > 0")


@pytest.mark.parametrize(
    ("policy", "why"),
    [
        ("script-src 'self'", "AbortError"),
        ("script-src 'self' blob:", "CompileError"),
    ],
)
def test_a_server_that_forbids_the_engine_is_named_with_the_cure(page, bundled, serve, policy, why):
    """A strict Content-Security-Policy gives `failed` and the words its administrator needs."""
    page.goto(serve(bundled("sound"), {"Content-Security-Policy": policy}))
    page.evaluate("json => sound.play('loop', json)", revision_json(STEADY))
    assert page.evaluate("sound.state('loop')") == "failed"
    reason = page.evaluate("sound.reason()")
    assert why in reason
    assert "blob: and 'wasm-unsafe-eval' to script-src" in reason


def test_under_the_policy_that_the_cure_asks_for_there_is_sound(page, bundled, serve):
    """The words of the error message are enough."""
    policy = "script-src 'self' blob: 'wasm-unsafe-eval'"
    page.goto(serve(bundled("sound"), {"Content-Security-Policy": policy}))
    start(page, STEADY)
    assert np.abs(heard(page, 8192)).max() > 0.01
