"""The rules of the sequencer once more, written plainly: what the engine's events must equal."""

from __future__ import annotations

import math
import struct
from fractions import Fraction
from itertools import groupby

from cellissimo.schema.parameters import ENGINE
from tests.unit.native.score import INDEX, Chord, Score, Step

MASK = 0xFFFFFFFF


def events_of(score: Score, pass_number: int) -> list[tuple]:
    """(frame, tick, strip, pitch, velocity, duration, frames) of each event, in order."""
    found = []
    for strip in range(1, len(score.strips)):
        if is_silent(score, strip):
            continue
        steps = sorted((s for s in score.steps if s.strip == strip), key=_place)
        for _, group in groupby(steps, key=lambda step: chord_at(score, step.cell)):
            followers = 0
            for step in group:
                if step.velocity and is_chosen(score, step, pass_number):
                    found += step_events(score, step, followers)
                followers += step.pitch < 0
    return sorted(found, key=lambda e: (e[0], e[2], e[3], e[4], e[5]))


def _place(step: Step) -> tuple:
    return (step.cell, step.pitch, step.velocity, step.duration, step.offset, step.probability)


def step_events(score: Score, step: Step, nth: int) -> list[tuple]:
    """The events of one step: as many as it has pitches."""
    tick = max(0, min(swung(score, step) + step.offset, score.bars * score.bar_ticks - 1))
    cell = cell_tick(score, step.cell)
    duration = step.duration or cell_tick(score, step.cell + 1) - cell
    first, last = frame(score, tick), frame(score, tick + duration)
    velocity = struct.unpack("<f", struct.pack("<f", step.velocity / 127))[0]
    return [
        (first, tick, step.strip, pitch, velocity, duration, max(last - first, 1))
        for pitch in pitches(score, step, nth)
    ]


def frame(score: Score, tick: int) -> int:
    """[ENG-3] The frame of a tick."""
    tempo = struct.unpack("<f", struct.pack("<f", score.tempo))[0]
    return half_up(Fraction(tick * 60 * 48000) / (960 * Fraction(tempo)))


def half_up(x: Fraction) -> int:
    """Rounded to nearest, halves up."""
    return math.floor(x + Fraction(1, 2))


def cell_tick(score: Score, cell: int) -> int:
    """The tick at which a cell begins."""
    bar, place = divmod(cell, score.bar_cells)
    return bar * score.bar_ticks + place * score.bar_ticks // score.bar_cells


def swung(score: Score, step: Step) -> int:
    """[ENG-10] The tick of a step, swing included."""
    tick = cell_tick(score, step.cell)
    kinds = ENGINE[INDEX["groove.type"]].choices
    own = step.strip if score.value(step.strip, "groove.type") else 0
    if kinds[int(score.value(own, "groove.type"))] != "swing":
        return tick
    half = (960, 480, 240)[int(score.value(own, "groove.subdivision"))]
    bar = tick // score.bar_ticks * score.bar_ticks
    pair = bar + (tick - bar) // (2 * half) * 2 * half
    if pair + 2 * half > bar + score.bar_ticks:
        return tick
    late = Fraction(score.value(own, "groove.amount")) * half / 3
    place = tick - pair
    if place <= half:
        return half_up(pair + Fraction(place) * (half + late) / half)
    return half_up(pair + half + late + Fraction(place - half) * (half - late) / half)


def is_chosen(score: Score, step: Step, pass_number: int) -> bool:
    """[ENG-8] Whether chance lets the step sound in this pass."""
    tick = cell_tick(score, step.cell)
    chance = mixed(
        score.seed
        + 0x9E3779B9
        + mixed(step.strip + 0x7F4A7C15 + mixed(tick + mixed(pass_number + 1)))
    )
    probability = struct.unpack("<f", struct.pack("<f", step.probability))[0]
    return chance >> 8 < probability * (1 << 24)


def mixed(h: int) -> int:
    """The finaliser of MurmurHash3."""
    h &= MASK
    h ^= h >> 16
    h = h * 0x85EBCA6B & MASK
    h ^= h >> 13
    h = h * 0xC2B2AE35 & MASK
    return h ^ h >> 16


def is_silent(score: Score, strip: int) -> bool:
    """[DOC-25] Muted, or not soloed while others are."""
    soloed = {i for i in range(1, len(score.strips)) if score.value(i, "amp.solo")}
    return bool(score.value(strip, "amp.mute")) or bool(soloed and strip not in soloed)


def chord_at(score: Score, cell: int) -> int:
    """The place of the chord that is valid on a cell among the chords in order; -1 for none."""
    return sum(chord.cell <= cell for chord in in_order(score)) - 1


def in_order(score: Score) -> list[Chord]:
    """The chords by cell."""
    return sorted(score.chords, key=lambda c: (c.cell, c.root, c.bass, c.intervals))


def pitches(score: Score, step: Step, nth: int) -> list[float]:
    """[DOC-23] What a step plays."""
    if step.pitch >= 0:
        return [struct.unpack("<f", struct.pack("<f", step.pitch))[0]]
    if score.value(step.strip, "note.pitch") >= 0:
        return [score.value(step.strip, "note.pitch")]
    follow = ENGINE[INDEX["play.follow"]].choices[int(score.value(step.strip, "play.follow"))]
    if follow == "fixed":
        return [score.value(step.strip, "play.pitch")]
    index = chord_at(score, step.cell)
    if index < 0 or in_order(score)[index].root < 0:
        return []
    low = int(score.value(step.strip, "play.low"))
    voices = int(score.value(step.strip, "play.voices"))
    chord = in_order(score)[index]
    if follow == "voicing":
        found = voicing(in_order(score)[: index + 1], low, voices)
    elif follow == "arp":
        found = [climb(chord, low, voices, nth)] if chord.intervals else []
    else:
        found = [above(chord.root if follow == "root" else chord.bass, low)]
    return [float(min(pitch, 127)) for pitch in found]


def above(pitch_class: int, low: int) -> int:
    """The lowest pitch of a class from ``low`` up."""
    return next(p for p in range(low, low + 12) if p % 12 == pitch_class % 12)


def tones(chord: Chord) -> list[int]:
    """The intervals of a chord, rising."""
    return [i for i in range(24) if chord.intervals >> i & 1]


def climb(chord: Chord, low: int, voices: int, nth: int) -> int:
    """The nth tone of an arpeggio."""
    rising = tones(chord)
    place = nth % max(len(rising), voices)
    octave, tone = divmod(place, len(rising))
    return above(chord.root, low) + rising[tone] + 12 * octave


def voicing(chords: list[Chord], low: int, voices: int) -> list[int]:
    """Each chord in the close position that is nearest to the one before."""
    held: list[int] = []
    for chord in chords:
        if chord.root < 0:
            continue
        chosen = essential(chord, voices)
        positions = [stacked(chord.root, chosen[i:] + chosen[:i], low) for i in range(len(chosen))]
        before = held
        held = min(positions, key=lambda p: (movement(p, before), p[0]), default=[])
    return held


def essential(chord: Chord, voices: int) -> list[int]:
    """The tones that name the chord: third, seventh, sixth, tensions, root, fifth."""
    folded = sorted({i % 12 for i in tones(chord)})
    has_third = 3 in folded or 4 in folded
    rank = {3: 0, 4: 0, 10: 1, 11: 1, 9: 2, 0: 4, 7: 5}
    tension = 3 if has_third else 1
    return sorted(sorted(folded, key=lambda i: (rank.get(i, tension), i))[:voices])


def stacked(root: int, intervals: list[int], low: int) -> list[int]:
    """The tones in this order, each as low as it can be above the last."""
    out: list[int] = []
    for interval in intervals:
        out.append(above(root + interval, out[-1] + 1 if out else low))
    return out


def movement(now: list[int], before: list[int]) -> int:
    """How far voices move, both ways; the bottom where there was nothing before."""
    if not before:
        return now[0]
    forth = sum(min(abs(p - q) for q in before) for p in now)
    return forth + sum(min(abs(p - q) for p in now) for q in before)
