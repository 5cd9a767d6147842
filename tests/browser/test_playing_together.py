"""Browsers of their own follow one transport of a real server, and sound as one."""

from __future__ import annotations

import base64
import os
import sys
from dataclasses import dataclass, field

import numpy as np
import pytest

import cellissimo as cm
from cellissimo.notation.song_file import print_song
from tests.server.running import running

pytestmark = pytest.mark.browser

LONG = os.environ.get("CELLISSIMO_LONG") == "1"
RATE = 48_000
WINDOW = RATE // 2
MOST = RATE // 50
"""Frames within which two are looked for in each other."""

REGION = [0, 4 * 3840]
PART_S = 200 if LONG else 3
COLLECT_MS = 10_000 if LONG else 1_500


def sharp_song():
    """Make four bars in which no half second is like another."""
    loop = cm.Loop("Beat", bars=4, tempo=120)
    loop["drum-kick"] = "X...x...X..x....X.x.x...X.....x.X...x..xX...x...X...xx..X..xx..x"
    loop["drum-snare"] = "....x.......x.......x..x....x.......x.......x..x....x..x....x.x."
    loop["drum-hihat"] = "x.o.x.o.xxo.x.o.x.oxx.o.x.o.x.oox.o.xxo.x.o.x.o.x.o.xooox.o.x.ox"
    song = cm.Song("Together", tempo=120)
    song.timeline.append(loop, times=1)
    return song


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Hold a server that keeps a piece for several people."""
    limits = {"writes_per_hour": 10**6, "reads_per_hour": 10**6}
    with running(tmp_path_factory.mktemp("jam"), frozen=False, **limits) as found:
        yield found


@pytest.fixture
def piece(server):
    """Give the id of a fresh piece of Alice's."""
    text = print_song(sharp_song().document.revision)
    answer = server.as_("alice").post("projects", json={"name": "Together", "song": text})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


@dataclass
class Musician:
    """A page in a room, and what was heard of it."""

    page: object
    blocks: list = field(default_factory=list)
    times: list = field(default_factory=list)
    drifts: list = field(default_factory=list)

    def do(self, what, *given):
        """Call something of the page."""
        return self.page.evaluate(f"given => jam.{what}(...given)", list(given))

    def stands(self):
        """Give how the transport stands on the page."""
        return self.do("stands")

    def wait(self, true):
        """Wait until an expression of `s`, how it stands, is true."""
        self.page.wait_for_function(f"(s => s !== null && ({true}))(jam.stands())", timeout=30_000)

    def collect(self):
        """Take what was heard since the last time."""
        taken = self.do("take")
        for at, text in taken["blocks"]:
            self.blocks.append((at, np.frombuffer(base64.b64decode(text), "<i2")))
        self.times += taken["times"]
        self.drifts += taken["drifts"]

    def heard(self):
        """Give the samples by frame of the context, from the first block's on."""
        first = self.blocks[0][0]
        at, last = self.blocks[-1]
        samples = np.zeros(at + last.size - first, np.float32)
        for at, block in self.blocks:
            samples[at - first : at - first + block.size] = block
        return first, samples

    def frame_at(self, times):
        """Give the frames of the context that are heard at times of the machine, in ms.

        By the browser's own output times, the middle one of those within a second: what the page
        itself made of them is not asked.
        """
        contexts, machine = np.array(self.times).reshape(-1, 2).T
        zeros = machine - contexts * 1000
        found = [np.median(zeros[np.abs(machine - time) < 1000]) for time in times]
        return (times - np.array(found)) * RATE / 1000


@pytest.fixture
def sit(launch, bundled, server, piece):
    """Give a function that opens a page in the room, in a browser process of its own."""
    folder = bundled("jam")
    errors = []

    def serve(route):
        route.fulfill(path=folder / route.request.url.rsplit("/", 1)[1])

    def sit_down(name="alice"):
        # What a test puts in the place of a page counts as no page of this machine.
        page = launch("--disable-features=LocalNetworkAccessChecks").new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.route("**/jam/*", serve)
        page.goto(f"{server.url}jam/index.html")
        page.wait_for_function("globalThis.jam !== undefined")
        musician = Musician(page)
        musician.do("sit", server.url, f"{name}-token", piece)
        musician.wait("s.room === 'live'")
        return musician

    yield sit_down
    assert not errors


def lag(one, other):
    """Give by how many frames `other` is later than `one`; none where it is quiet."""
    if min(np.abs(one).max(), np.abs(other).max()) < 300:
        return None
    size = 2 * WINDOW
    product = np.fft.irfft(np.fft.rfft(other, size) * np.conj(np.fft.rfft(one, size)), size)
    near = np.concatenate([product[-MOST:], product[: MOST + 1]])
    best = int(np.argmax(near))
    if 0 < best < near.size - 1:
        before, top, after = near[best - 1 : best + 2]
        return best - MOST + 0.5 * (before - after) / (before - 2 * top + after)
    return float(best - MOST)


def apart(one, other):
    """Give how far two are apart, in ms, half second by half second of the machine's time."""
    (first, mine), (second, theirs) = one.heard(), other.heard()
    starts = [max(m.times[1] for m in (one, other)), min(m.times[-1] for m in (one, other))]
    times = np.arange(starts[0] + 1000, starts[1] - 1500, 500.0)
    found = []
    for a, b in zip(one.frame_at(times) - first, other.frame_at(times) - second, strict=True):
        at, to = round(a), round(b)
        if min(at, to) < 0 or at + WINDOW > mine.size or to + WINDOW > theirs.size:
            continue
        late = lag(mine[at : at + WINDOW], theirs[to : to + WINDOW])
        if late is not None:
            found.append(abs(late - (b - to) + (a - at)) * 1000 / RATE)
    return np.array(found)


def play_for(seconds, *musicians):
    """Let it play, and take what is heard from time to time."""
    for _ in range(max(1, round(seconds * 1000 / COLLECT_MS))):
        musicians[0].page.wait_for_timeout(COLLECT_MS)
        for musician in musicians:
            musician.collect()


def test_two_browsers_follow_one_transport(sit, record_property, capsys):
    """[WIRE-14] [WIRE-15] Through a change of tempo, and after the leader's tab was closed.

    `CELLISSIMO_LONG=1` plays for ten minutes.
    """
    leader, one, other = sit(), sit(), sit()
    for musician in (one, other):
        musician.do("record")
        musician.do("join")
    one.wait("s.isReady")
    other.wait("s.isReady")
    leader.wait("s.isLeader")
    clocks = one.stands()["offset"] - other.stands()["offset"]
    leader.do("play", REGION)
    for musician in (one, other):
        musician.wait("s.isPlaying === 'playing' && s.drift !== null")
    play_for(PART_S, one, other)
    one.do("setTempo", 133)
    play_for(PART_S, one, other)
    leader.page.close()
    one.wait("s.isLeader && s.playing")
    play_for(PART_S, one, other)
    found = apart(one, other)
    p50, p95, most = np.percentile(found, [50, 95, 100])
    ahead = np.abs(np.array(one.drifts + other.drifts))
    figures = (
        f"{found.size} half seconds: p50 {p50:.2f} ms, p95 {p95:.2f}, most {most:.2f}; "
        f"as the pages measure it p95 {np.percentile(ahead, 95):.2f}; clocks {clocks:+.2f} apart"
    )
    record_property("alignment", figures)
    with capsys.disabled():
        sys.stdout.write(f"\n{figures}\n")
    assert found.size > 10
    assert p95 < 5
    assert abs(clocks) < 5
    assert other.stands()["tick"] > 0, "the leader has told where the new tempo began"
    other.times[1::2] = [time + 7 for time in other.times[1::2]]
    assert np.median(apart(one, other)) == pytest.approx(7, abs=1), "the measure sees 7 ms"
    one.do("stop")
    other.wait("s.isPlaying === 'idle'")
