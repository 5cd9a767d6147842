"""Songs that together use every kind of stem, segment, bus, curve and point."""

from __future__ import annotations

import dataclasses

import numpy as np

from cellissimo.engine.song_image import fingerprint, song_image
from cellissimo.schema.models import (
    Block,
    Frozen,
    Loop,
    Marker,
    Note,
    Point,
    Return,
    Section,
    Segment,
    Song,
    Stem,
    Step,
    Tempo,
    Value,
)
from tests.parity.loops import LOOPS, band

BAR = 3840
BLOB = "a1" * 32
OTHER_BLOB = "b2" * 32

BEAT = band("beat", {"kick": "X...x...X...x...", "snare": "....X.......X..o"}, bars=1)
WALTZ = dataclasses.replace(band("waltz", {"hihat": "xoo"}, bars=2), meter="3/4", steps_per_bar=3)
CHORDS = band("chords", {"pad": "x", "arp": "x.x.x.x."}, bars=2, chords={0: "I", 16: "vi"})


def notes(*rows: tuple[int, int, float, int]) -> dict[str, Note]:
    """Notes by ids that are not in the order of their starts."""
    return {f"n{len(rows) - place}": Note(*row) for place, row in enumerate(rows)}


def by_id(*entities: object) -> dict[str, object]:
    """Entities as a map by their ids."""
    return {entity.id: entity for entity in entities}  # type: ignore[attr-defined]


def song(name: str, **content: object) -> Song:
    """A song of loops, stems and whatever else by field; lists of entities become maps."""
    fields = {
        key: by_id(*value) if isinstance(value, tuple) else value for key, value in content.items()
    }
    return Song(name, name, **fields)  # type: ignore[arg-type]


MELODY = notes((0, 480, 60, 100), (480, 480, 63.5, 80), (480, 200, 67, 127), (5000, 900, 72, 1))

EVERY_SETTING: dict[str, Value] = {
    "sample.sound": "bass-sub",
    "amp.level": 0.6,
    "pan.pan": -0.25,
    "chain.order": "reverb>eq",
    "delay.bypass": True,
    "delay.mix": 0.5,
    "delay.time": "8t",
    "comp.ratio": 4,
    "distort.amount": 0.3,
    "groove.type": "template",
    "groove.template": "dilla-feel",
    "lfo-pan.depth": 0.5,
    "lfo-pan.wave": "square",
}

LANES = {
    "filter.freq": {0: Point(200.0), 3840: Point(8000.0, "exponential"), 960: Point(300, "hold")},
    "amp.level": {480: Point(0.5)},
    "chain.order": {0: Point(1.0)},
}

FULL = song(
    "full",
    seed=7,
    tempos={0: Tempo(96.5), 7680: Tempo(96.5, ramp=True), 11520: Tempo(140)},
    meters={0: "4/4", 7680: "3/4", 10560: "7/8"},
    loops=(BEAT, WALTZ, CHORDS, dataclasses.replace(BEAT, id="own", name="own")),
    pads={3: "chords", 5: "beat", 0: "gone"},
    blocks=(
        Block("later", "beat", 2 * BAR, 3 * BAR + 100),
        Block("first", "beat", 0, BAR),
        Block("above", "waltz", 0, 2 * BAR, lane=2),
        Block("lost", "no such loop", 0, BAR),
    ),
    stems=(
        Stem("s2", "Bass", order="k", settings=EVERY_SETTING, sends={"hall": 0.5, "gone": 1}),
        Stem("s1", "Keys", order="V", sends={"room": 0.25, "hall": 1.0}, lanes=LANES),
        Stem("s0", "Tape", order="k"),
        Stem("s3", "Unknown", order="z", settings={"sample.sound": "no such sound"}),
    ),
    returns=(
        Return("room", "Room", order="b", settings={"reverb.mix": 1.0}, lanes=LANES),
        Return("hall", "Hall", order="a", settings={"reverb.mix": 1, "reverb.size": 0.9}),
    ),
    segments=(
        Segment("m1", "s1", "midi", 0, 2 * BAR, gain=-3.5, notes=MELODY),
        Segment("m2", "s1", "midi", 2 * BAR, BAR, offset=480, fade_in=250, notes=MELODY),
        Segment("l1", "s1", "loop", 4 * BAR, 5 * BAR, offset=BAR + 7, loop="chords"),
        Segment("l2", "s1", "loop", 10 * BAR, BAR, loop="waltz"),
        Segment("own", "s1", "pattern", 9 * BAR, BAR, fade_out=10, fade_out_curve="s-curve"),
        Segment("a2", "s0", "audio", BAR, BAR, blob=OTHER_BLOB, frames=90_000, offset=1234),
        Segment("a1", "s0", "audio", 0, BAR, blob=BLOB, frames=48_000, fade_in_curve="equal-power"),
        Segment("a3", "s0", "audio", 2 * BAR, BAR, blob=BLOB, frames=48_000),
        Segment("none", "s0", "audio", 3 * BAR, BAR),
        Segment("lost", "nobody", "midi", 0, 20 * BAR, notes=MELODY),
    ),
    sections=(Section("v", "Verse", 0, 4 * BAR),),
    markers=(Marker("d", "Drop", 960),),
    master={"amp.level": 0.5, "eq.bypass": True, "limiter.ceiling": -2},
    lanes=LANES,
)

MANY = song(
    "many",
    loops=tuple(
        Loop(
            f"loop{i}", f"Loop {99 - i}", bars=1, steps={(f"r{row}", 0): Step() for row in range(9)}
        )
        for i in range(20)
    ),
    blocks=tuple(Block(f"b{i}", f"loop{i % 20}", i * BAR, BAR, lane=i % 3) for i in range(40)),
)
"""More strips than the engine has."""


def frozen(found: Song, stem: str, fingerprint_now: str) -> Song:
    """The song with a stem that plays as samples while its fingerprint is the one given."""
    kept = Frozen("c3" * 32, 480_000, fingerprint_now)
    stems = found.stems | {stem: dataclasses.replace(found.stems[stem], frozen=kept)}
    return dataclasses.replace(found, stems=stems)


SOUNDING = song(
    "sounding",
    seed=11,
    tempos={0: Tempo(110), BAR: Tempo(110, ramp=True), 3 * BAR: Tempo(150)},
    meters={0: "4/4", 4 * BAR: "3/4"},
    loops=(
        dataclasses.replace(BEAT, settings={"master.groove.type": "humanize", "snare.pan.pan": 1}),
        CHORDS,
        band("own", {"sub": "X..x..x."}, bars=1, steps_per_bar=8, chords={0: "vi"}),
    ),
    pads={0: "beat"},
    blocks=(
        Block("b1", "beat", 0, 2 * BAR),
        Block("b2", "beat", 3 * BAR, BAR),
        Block("c1", "chords", 2 * BAR, BAR + 960, lane=1),
    ),
    stems=(
        Stem(
            "keys",
            "Keys",
            order="A",
            settings={
                "sample.sound": "synth-pluck",
                "chain.order": "delay>filter",
                "filter.type": "lowpass",
                "chorus.mix": 0.4,
                "phaser.mix": 0.5,
                "delay.mix": 0.3,
                "lfo-pan.depth": 0.7,
            },
            sends={"room": 0.4},
            lanes={"filter.freq": {0: Point(300, "exponential"), 4 * BAR: Point(9000)}},
        ),
        Stem(
            "bass",
            "Bass",
            order="B",
            settings={
                "amp.level": 0.7,
                "distort.amount": 0.4,
                "comp.ratio": 6,
                "comp.makeup": 5,
                "eq.low": 2,
                "width.width": 0.5,
            },
            lanes={"amp.level": {2 * BAR: Point(0.7), 3 * BAR: Point(0.2, "hold")}},
        ),
        Stem(
            "tape",
            "Tape",
            order="C",
            settings={"band2.type": "peak", "band2.gain": -9, "pan.pan": -0.4},
            sends={"room": 1.0},
        ),
    ),
    returns=(Return("room", "Room", settings={"reverb.mix": 1, "reverb.decay": 1.2}),),
    segments=(
        Segment("m", "keys", "midi", 480, 4 * BAR, gain=-2, notes=MELODY),
        Segment("own", "bass", "pattern", 0, 4 * BAR, fade_out=900, fade_out_curve="s-curve"),
        Segment(
            "a",
            "tape",
            "audio",
            BAR,
            2 * BAR,
            blob=BLOB,
            frames=150_000,
            offset=20_000,
            fade_in=120,
            fade_out=400,
            fade_in_curve="equal-power",
        ),
        Segment("a2", "tape", "audio", 4 * BAR, 2880, blob=OTHER_BLOB, frames=65_536, gain=-6),
    ),
    master={"reverb.mix": 0.05, "limiter.ceiling": -3},
    lanes={"amp.level": {0: Point(0.8), 4 * BAR: Point(0.5)}},
)
"""A song whose sound is compared between hosts."""


SONGS: tuple[Song, ...] = (
    Song("empty", "empty"),
    song("one-block", loops=(BEAT,), blocks=(Block("b", "beat", 0, 4 * BAR),), pads={0: "beat"}),
    FULL,
    MANY,
    SOUNDING,
    dataclasses.replace(frozen(FULL, "s1", fingerprint(FULL, "s1")), name="frozen"),
    dataclasses.replace(frozen(FULL, "s1", "0" * 16), name="frozen-before-an-edit"),
    song(
        "every-loop",
        loops=LOOPS[1:6],
        blocks=tuple(
            Block(loop.name, loop.id, place * BAR, 2 * BAR) for place, loop in enumerate(LOOPS[1:6])
        ),
    ),
)
"""Small things first."""


def page(blob: str, number: int) -> np.ndarray:
    """A page of a recording that there is none of: noise that swells, other for each page."""
    rng = np.random.default_rng([int(blob[:8], 16), number])
    swell = np.linspace(0.05, 0.4, 65_536, dtype=np.float32)
    return (rng.uniform(-1, 1, (2, 65_536)).astype(np.float32) * swell).astype(np.float32)


def pages_of(found: Song) -> list[list[np.ndarray]]:
    """All pages that a song plays, by the number of the audio in its image."""
    lengths = {s.blob: s.offset + s.frames for s in found.segments.values() if s.blob}
    return [
        [page(blob, number) for number in range(-(-lengths[blob] // 65_536))]
        for blob in song_image(found).audio
    ]
