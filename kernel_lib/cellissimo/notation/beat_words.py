"""Where in a bar something sounds, in a musician's words: "on 1 and 3", "on every eighth"."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from cellissimo.domain.ticks import Meter

_PLACES = {
    Fraction(1, 2): "the and of {}",
    Fraction(1, 4): "the e of {}",
    Fraction(3, 4): "the a of {}",
    Fraction(1, 3): "the second triplet of {}",
    Fraction(2, 3): "the third triplet of {}",
}
_PULSES = {
    480: "eighth",
    320: "eighth triplet",
    240: "sixteenth",
    160: "sixteenth triplet",
    120: "thirty-second",
    960: "quarter",
}
_MOST_EXCEPTIONS = 2
"""More places than these beside a pulse, or missing in it, and it is no pulse."""


def beat_word(tick: int, meter: Meter) -> str:
    """The name of a place in a bar: "2", "the and of 2", "5/12 after 2"."""
    beat, rest = divmod(tick, meter.ticks_per_beat)
    if not rest:
        return str(beat + 1)
    part = Fraction(rest, meter.ticks_per_beat)
    return _PLACES[part].format(beat + 1) if part in _PLACES else f"{part} after {beat + 1}"


def beat_words(ticks: Sequence[int], meter: Meter) -> str:
    """All of some places in a bar, from "on" on; no two sets of places have the same words.

    A steady pulse is named as one: "on every eighth", "on every beat but 4", "on every
    eighth and the a of 4", "on the off-beats".
    """
    places = sorted(set(ticks))
    return _pulse(places, meter) or f"on {joined([beat_word(tick, meter) for tick in places])}"


def joined(words: Sequence[str]) -> str:
    """Words as a list that is read aloud: "1, 2 and 3"."""
    *before, last = words or [""]
    return f"{', '.join(before)} and {last}" if before else last


def _pulse(places: list[int], meter: Meter) -> str:
    """The words of a steady pulse, "" where there is none."""
    beat = meter.ticks_per_beat
    if len(places) > 1 and places == list(range(beat // 2, meter.ticks_per_bar, beat)):
        return "on the off-beats"
    names = {beat: "beat"} | {pulse: name for pulse, name in _PULSES.items() if pulse < beat}
    for pulse, name in names.items():
        exceptions = _exceptions(places, pulse, meter)
        if exceptions is not None:
            but = f" but {joined([beat_word(tick, meter) for tick in exceptions])}"
            return f"on every {name}{but if exceptions else ''}"
    for pulse, name in names.items():
        additions = _additions(places, pulse, meter)
        if additions:
            words = joined([f"every {name}", *(beat_word(tick, meter) for tick in additions)])
            return f"on {words}"
    return ""


def _exceptions(places: list[int], pulse: int, meter: Meter) -> list[int] | None:
    """The places of a pulse that are left out; None where it is no such pulse, or hardly."""
    if meter.ticks_per_bar % pulse or any(tick % pulse for tick in places):
        return None
    missing = [tick for tick in range(0, meter.ticks_per_bar, pulse) if tick not in places]
    is_clear = len(places) >= 2 * len(missing) + 3 and len(missing) <= _MOST_EXCEPTIONS
    return missing if is_clear else None


def _additions(places: list[int], pulse: int, meter: Meter) -> list[int]:
    """The places beside a whole pulse; none where there is no such pulse, or hardly."""
    if meter.ticks_per_bar % pulse:
        return []
    steady = range(0, meter.ticks_per_bar, pulse)
    beside = [tick for tick in places if tick not in steady]
    is_clear = len(steady) >= len(beside) + 2 and len(beside) <= _MOST_EXCEPTIONS
    return beside if is_clear and len(places) - len(beside) == len(steady) else []
