"""Measures every sound and writes docs/sounds.md: ``python -m tests.bench.sounds``."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from cellissimo.engine.image import score_image
from cellissimo.engine.render import render
from cellissimo.schema.models import Loop, Song, Step, Tempo
from cellissimo.schema.sounds import SOUNDS, Sound
from tests.bench import measure

PAGE = Path(__file__).parents[2] / "docs" / "sounds.md"

SONG = Song("song", "measured", tempos={0: Tempo(120.0)})

PHRASES = {
    "drum-kick": "x...x...x...x...",
    "drum-kick808": "x...x...x...x...",
    "drum-snare": "....x.......x...",
    "drum-clap": "....x.......x...",
    "drum-rim": "..x..x....x..x..",
    "drum-hihat": "x.x.x.x.x.x.x.x.",
    "drum-openhat": "..x...x...x...x.",
    "drum-shaker": "xxxxxxxxxxxxxxxx",
    "drum-tom": "x...x...x...x...",
    "drum-cowbell": "x...x...x...x...",
    "drum-crash": "x...............",
    "drum-perc": "x..x..x...x.x...",
    "synth-lead": "x...x...x...x...",
    "synth-pad": "x...............",
    "synth-pluck": "x.x.x.x.x.x.x.x.",
    "synth-arp": "x.x.x.x.x.x.x.x.",
    "synth-keys": "x.....x...x.....",
    "synth-bell": "x.......x.......",
    "bass-sub": "x...x...x...x...",
    "bass-wobble": "x.......x.......",
    "bass-fm": "x...x...x...x...",
    "fx-glitch": "x...x...x...x...",
    "fx-vocal": "x...x...x...x...",
}
"""What a sound typically plays in a bar; the rest play one long step."""

LEVELS = {"drum": -21.0, "synth": -21.0, "bass": -21.0, "fx": -21.0}
"""Loudness of a typical phrase in LUFS by category, with the row's level at `FADER`.

Matched sounds are not a mix: a patch also says where its row's fader rests (`amp.level`)."""

FADER = 0.8

Range = tuple[float, float]


@dataclass(frozen=True)
class Reference:
    """What a sound is held against: ranges for pitch, decay, brightness and crest."""

    pitch_hz: Range | None
    decay_s: Range
    centroid_hz: Range
    crest_db: Range


@dataclass(frozen=True)
class Measured:
    """What was measured of a sound."""

    pitch_hz: float
    decay_s: float
    centroid_hz: float
    crest_db: float
    loudness: float


REFERENCES = {
    "synth-lead": Reference((259, 264), (0.1, 1.2), (250, 1100), (6, 16)),
    "synth-pad": Reference((190, 400), (1.0, 4.5), (150, 700), (8, 18)),
    "synth-pluck": Reference((259, 264), (0.15, 0.9), (250, 1300), (10, 22)),
    "synth-arp": Reference((259, 264), (0.1, 1.2), (250, 1400), (8, 20)),
    "synth-keys": Reference((190, 400), (0.5, 4.0), (250, 1100), (9, 18)),
    "synth-bell": Reference((515, 530), (1.5, 4.0), (700, 2600), (9, 20)),
    "drum-kick": Reference((45, 58), (0.25, 0.6), (40, 160), (8, 18)),
    "drum-snare": Reference((160, 240), (0.12, 0.4), (900, 4500), (12, 24)),
    "drum-hihat": Reference(None, (0.03, 0.12), (7000, 12500), (10, 22)),
    "drum-clap": Reference(None, (0.1, 0.5), (900, 2600), (11, 24)),
    "drum-openhat": Reference(None, (0.3, 0.9), (7000, 12500), (10, 24)),
    "drum-kick808": Reference((45, 58), (0.8, 2.0), (40, 110), (6, 16)),
    "drum-rim": Reference((420, 900), (0.02, 0.12), (500, 2200), (10, 24)),
    "drum-tom": Reference((85, 160), (0.3, 0.8), (80, 320), (8, 20)),
    "drum-cowbell": Reference((520, 830), (0.1, 0.6), (700, 2000), (8, 22)),
    "drum-shaker": Reference(None, (0.03, 0.15), (5500, 10500), (9, 22)),
    "drum-crash": Reference(None, (1.2, 3.0), (6000, 12500), (9, 26)),
    "drum-perc": Reference((300, 400), (0.1, 0.35), (300, 900), (9, 22)),
    "bass-sub": Reference((63, 68), (0.05, 0.6), (60, 160), (2.5, 9)),
    "bass-wobble": Reference((60, 135), (0.05, 2.5), (70, 500), (3, 16)),
    "bass-fm": Reference((63, 68), (0.05, 1.4), (80, 400), (4, 14)),
    "fx-riser": Reference(None, (0.1, 2.5), (600, 6000), (8, 20)),
    "fx-impact": Reference(None, (0.7, 4.0), (40, 500), (10, 24)),
    "fx-sweep": Reference(None, (0.2, 3.0), (500, 4500), (9, 22)),
    "fx-glitch": Reference(None, (0.02, 1.2), (500, 5000), (6, 20)),
    "fx-vocal": Reference((215, 540), (0.1, 1.8), (450, 1500), (8, 22)),
    "fx-noise": Reference(None, (0.05, 1.5), (2000, 7500), (9, 18)),
}
"""Figures of the instrument that each sound's `reference` names, with room for taste."""


def phrase(sound: Sound) -> Loop:
    """Two bars of what the sound typically plays, over C."""
    steps = PHRASES.get(sound.id)
    if steps is None or len(set(steps)) == 1 == steps.count("x"):
        return _loop(sound, {0: 3840}, 1)
    places = [cell for cell, letter in enumerate(steps) if letter == "x"]
    gap = 240 * (min(np.diff([*places, 16 + places[0]])) if len(places) > 1 else 16)
    return _loop(sound, dict.fromkeys(places, int(gap)), 1)


def single(sound: Sound) -> Loop:
    """One step: as long as it needs where its length matters, else a quarter."""
    return _loop(sound, {0: 3840 if sound.id in LONG else 960}, 1)


LONG = {"synth-pad", "fx-riser", "fx-sweep", "fx-noise", "bass-wobble"}
DRY = {"reverb.mix": 0.0, "delay.mix": 0.0}


def _loop(sound: Sound, durations: dict[int, int], bars: int) -> Loop:
    steps = {(sound.id, cell): Step(duration=ticks) for cell, ticks in durations.items()}
    return Loop(
        "loop",
        sound.id,
        bars=bars,
        chords={0: "C"},
        steps=steps,
        settings={f"{sound.id}.amp.level": FADER},
    )


def _dry(loop: Loop, sound: Sound) -> Loop:
    dry = {f"{sound.id}.{key}": value for key, value in DRY.items()}
    return replace(loop, settings={**loop.settings, **dry})


def measured(sound: Sound) -> Measured:
    """The sound in numbers: one dry step, and the loudness of its phrase as it comes."""
    one = render(score_image(_dry(single(sound), sound), SONG))
    start, length = (0.06, 0.25) if sound.category == "drum" else (0.1, 0.4)
    return Measured(
        measure.pitch(one, start, length),
        measure.decay(one),
        measure.centroid(one),
        measure.crest(one),
        measure.loudness(render(score_image(phrase(sound), SONG), seamless=True)),
    )


def faults(sound: Sound, found: Measured) -> list[str]:
    """Where the sound leaves its reference's ranges or its category's loudness."""
    reference = REFERENCES[sound.id]
    wrong = [
        f"{name} {value:.4g} not in {limits}"
        for name, value, limits in (
            ("pitch", found.pitch_hz, reference.pitch_hz),
            ("decay", found.decay_s, reference.decay_s),
            ("centroid", found.centroid_hz, reference.centroid_hz),
            ("crest", found.crest_db, reference.crest_db),
        )
        if limits is not None and not limits[0] <= value <= limits[1]
    ]
    away = found.loudness - LEVELS[sound.category]
    if not math.isfinite(away) or abs(away) > 0.5:
        wrong.append(f"loudness {found.loudness:.2f}, {away:+.2f} LU from its category's")
    return wrong


COLUMNS = (
    "sound",
    "pitch, Hz",
    "decay, s",
    "centroid, Hz",
    "crest, dB",
    "loudness, LUFS",
    "fader",
    "reference",
)


INTRODUCTION = f"""# The sounds, measured

Written by `python -m tests.bench.sounds`; a test holds every sound to it. Pitch, decay (to
-60 dB), brightness (centre of the spectrum) and crest are of one dry step at velocity 100, with
the range that the named reference allows behind each. Loudness is of a typical phrase with the
sound's own echoes and room, by ITU-R BS.1770, with the row's level at {FADER}; within a category
all sounds lie within 1 LU. The fader is the level at which a new row of the sound begins, its
place in a mix.
"""


def page(table: dict[str, Measured]) -> str:
    """The page: one row a sound, measured value and reference range in each cell."""
    rows = [_row(SOUNDS[sound_id], found) for sound_id, found in table.items()]
    rule = "|---" * len(COLUMNS) + "|"
    return "\n".join((INTRODUCTION, f"| {' | '.join(COLUMNS)} |", rule, *rows, ""))


def _row(sound: Sound, found: Measured) -> str:
    reference = REFERENCES[sound.id]
    cells = [
        "none" if reference.pitch_hz is None else _cell(found.pitch_hz, reference.pitch_hz, 0),
        _cell(found.decay_s, reference.decay_s, 2),
        _cell(found.centroid_hz, reference.centroid_hz, 0),
        _cell(found.crest_db, reference.crest_db, 1),
        f"{found.loudness:.1f}",
        f"{sound.patch.get('amp.level', FADER):g}",
    ]
    return f"| {sound.id} | {' | '.join(cells)} | {sound.reference} |"


def _cell(value: float, limits: Range, digits: int) -> str:
    return f"{value:.{digits}f} ({limits[0]:g} … {limits[1]:g})"


def main() -> None:
    """Measure all sounds and write the page."""
    table = {sound.id: measured(sound) for sound in SOUNDS.values()}
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(table), "utf-8")


if __name__ == "__main__":
    main()
