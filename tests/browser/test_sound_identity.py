"""What a real browser plays is, sample by sample, what Python renders."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import re

import numpy as np
import pytest

from cellissimo.domain.tempo_map import TempoMap
from cellissimo.engine.image import score_image
from cellissimo.engine.render import hash_of, render
from cellissimo.engine.song_image import song_image
from cellissimo.native.host import Engine
from cellissimo.notation.rows import row_sound
from cellissimo.schema.models import Loop, Step
from cellissimo.schema.parameters import EFFECTS
from cellissimo.schema.sounds import SOUNDS
from tests.parity.generate_images import SONG, image_of, revision_json, song_json
from tests.parity.loops import LOOPS, band
from tests.parity.songs import SOUNDING, page, pages_of

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
    samples = render(score_image(BY_NAME[name], SONG))
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


@pytest.fixture
def with_recordings(sounding):
    """Hold the page with the recordings of the song that is compared."""
    blobs = song_image(SOUNDING).audio
    for blob, pages in zip(blobs, pages_of(SOUNDING), strict=True):
        texts = [base64.b64encode(samples.tobytes()).decode() for samples in pages]
        sounding.evaluate("([blob, pages]) => sound.give(blob, pages)", [blob, texts])
    return sounding


DRY = dataclasses.replace(SOUNDING, master={"amp.level": 0.25}, lanes={})
"""The same song with nothing on its master that would remember a click."""


def play_song(page, options=None, song=SOUNDING):
    """Play the song with the tap on."""
    page.evaluate("sound.record()")
    page.evaluate(
        "([json, options]) => sound.play('song', json, options)", [song_json(song), options or {}]
    )


def song_played(frames, tick=0, song=SOUNDING):
    """Give what Python plays of the song from a tick on."""
    made = song_image(song)
    engine = Engine(lambda number, place: page(made.audio[number], place))
    engine.load(made.words)
    engine.seek(tick)
    engine.play(0)
    return engine.render(frames)


def test_the_song_that_is_compared_has_everything_a_song_can_have():
    """Stems, blocks, returns, every kind of segment, ramps, automation, and most effects."""
    kinds = {segment.kind for segment in SOUNDING.segments.values()}
    assert kinds >= {"midi", "audio", "pattern"}
    assert SOUNDING.blocks
    assert SOUNDING.returns
    assert any(tempo.ramp for tempo in SOUNDING.tempos.values())
    assert all(stem.lanes for stem in SOUNDING.stems.values() if stem.id != "tape")
    channels = [*SOUNDING.stems.values(), *SOUNDING.returns.values()]
    sections = {key.split(".")[0] for channel in channels for key in channel.settings}
    assert len(set(EFFECTS) & {section.rstrip("1234") for section in sections}) == len(EFFECTS)


def test_an_offline_worklet_renders_a_whole_song_to_the_same_sha256(with_recordings):
    """[ENG-1] The image is Python's word for word, and so is every sample, recordings too."""
    made = song_image(SOUNDING)
    samples = render(made, page)
    words = base64.b64encode(made.words).decode()
    got = with_recordings.evaluate(
        "([image, frames, blobs]) => sound.offline(image, frames, false, blobs)",
        [words, samples.shape[1], list(made.audio)],
    )
    assert hashlib.sha256(made.words).hexdigest() == with_recordings.evaluate(
        "json => sound.songImage(json)", song_json(SOUNDING)
    )
    assert np.abs(samples).max() > 0.1
    assert hash_of(samples) == got


def test_a_live_song_equals_python_sample_by_sample(with_recordings):
    """[ENG-1] From its first frame through ramp, automation and recordings; no page came late."""
    play_song(with_recordings)
    frames = 5 * 48_000
    np.testing.assert_array_equal(song_played(frames), heard(with_recordings, frames))
    assert with_recordings.evaluate("sound.reason()") == ""


def test_a_live_song_begins_at_any_tick(with_recordings):
    """In the middle of a ramp and a recording too, with its page there in time."""
    play_song(with_recordings, {"from": 7000})
    frames = 48_000
    np.testing.assert_array_equal(song_played(frames, 7000), heard(with_recordings, frames))


def test_a_metronome_that_was_on_leaves_the_song_as_it_is(with_recordings):
    """[ENG-5] The clicks are heard, and a second after they are off nothing is left of them."""
    play_song(with_recordings, song=DRY)
    wait_until(with_recordings, "sound.recorded() > 24000")
    with_recordings.evaluate("sound.setOptions({metronome: true})")
    wait_until(with_recordings, "sound.marks().length > 0")
    on = with_recordings.evaluate("sound.marks()[0]")
    wait_until(with_recordings, f"sound.recorded() > {on + 72_000}")
    with_recordings.evaluate("sound.setOptions({metronome: false})")
    wait_until(with_recordings, "sound.marks().length > 1")
    off = with_recordings.evaluate("sound.marks()[1]")
    frames = off + 96_000
    got, expected = heard(with_recordings, frames), song_played(frames, song=DRY)
    np.testing.assert_array_equal(expected[:, :on], got[:, :on])
    assert np.abs(got - expected)[:, on:off].max() > 0.01
    np.testing.assert_array_equal(expected[:, off + 48_000 :], got[:, off + 48_000 :])


def test_bars_are_counted_in_before_the_song_begins_on_its_first_frame(with_recordings):
    """One bar of clicks at the song's tempo; then the song, sample by sample as without it."""
    play_song(with_recordings, {"countIn": 1})
    bar = round(4 * 60 * 48_000 / 110)
    frames = 2 * 48_000
    got = heard(with_recordings, bar + frames)
    assert with_recordings.evaluate("sound.marks()") == [bar]
    np.testing.assert_array_equal(song_played(frames), got[:, bar:])
    for beat in range(4):
        at = round(beat * 60 * 48_000 / 110)
        assert np.abs(got[:, at : at + 2400]).max() > 0.01


def test_the_place_in_a_song_follows_its_tempos_and_its_meters_their_strips(with_recordings):
    """Ticks through a ramp, and levels by stem, return and loop."""
    play_song(with_recordings, {"from": 3840})
    wait_until(with_recordings, "sound.meters('song')?.tick > 5000")
    meters = with_recordings.evaluate("sound.meters('song')")
    assert {"master", "stem:keys", "stem:tape", "return:room", "loop:beat"} <= set(meters["peaks"])
    assert "stem:bass/own/sub" in meters["peaks"]
    assert meters["peaks"]["stem:tape"] > 0.001
    first, later = with_recordings.evaluate(
        "new Promise((done) => { const first = [performance.now(), sound.meters('song')];"
        "setTimeout(() => done([first, [performance.now(), sound.meters('song')]]), 500); })"
    )
    tempos = TempoMap({t: (tempo.bpm, tempo.ramp) for t, tempo in SOUNDING.tempos.items()})
    seconds = [tempos.seconds_at(meters["tick"]) for _, meters in (first, later)]
    assert abs(seconds[1] - seconds[0] - (later[0] - first[0]) / 1000) < 0.06


def test_a_song_that_is_over_leaves_the_player_idle_and_then_asleep(with_recordings):
    """The state is told at its end; some seconds after the last tail the context costs nothing."""
    play_song(with_recordings, {"from": 4 * 3840 + 2000})
    wait_until(with_recordings, "sound.state('song') === 'playing'")
    wait_until(with_recordings, "sound.state('song') === 'idle'")
    assert with_recordings.evaluate("sound.context()") == "running"
    wait_until(with_recordings, "sound.context() === 'suspended'")
    play_song(with_recordings)
    wait_until(with_recordings, "sound.meters('song')?.tick > 100")


def test_a_recording_that_is_not_there_is_said_while_the_song_plays_on(sounding):
    """Without its recordings the song plays, and the page says what is missing."""
    play_song(sounding, {"from": 3840})
    wait_until(sounding, "sound.reason() !== ''")
    assert "cannot be played" in sounding.evaluate("sound.reason()")
    wait_until(sounding, "sound.meters('song')?.tick > 4000")
