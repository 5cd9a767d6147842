"""The steps of a loop in words, bar by bar: "bars 1-3: kick on 1 and 3 · snare on 2 and 4"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from cellissimo.domain.errors import CellissimoError
from cellissimo.domain.ticks import Meter, parse_meter
from cellissimo.notation.beat_words import beat_words
from cellissimo.notation.pattern_steps import nearest_letter
from cellissimo.notation.pattern_value import pitch_text, plain
from cellissimo.notation.rows import SOUND_KEY, row_sound, rows_of
from cellissimo.schema.models import Loop, Step

Bar = Mapping[str, str]
"""What each sounding row of a bar does, in words, by the row's name in words."""


def bar_lines(loop: Loop, meter: str) -> Iterator[str]:
    """The steps of a loop, one line for each bar or run of bars that are alike."""
    bars = _bars(loop, _meter(meter))
    if not any(bars):
        yield "no steps yet"
        return
    runs = list(_runs(bars))
    for place, (first, last) in enumerate(runs):
        yield f"{_range(first, last, len(bars))}: {_said(bars, first, runs[:place])}"


def _meter(text: str) -> Meter:
    try:
        return parse_meter(text)
    except CellissimoError:
        return Meter()


def _runs(bars: list[Bar]) -> Iterator[tuple[int, int]]:
    """First and last of each run of bars that are alike."""
    first = 0
    for bar in range(1, len(bars) + 1):
        if bar == len(bars) or bars[bar] != bars[first]:
            yield first, bar - 1
            first = bar


def _range(first: int, last: int, count: int) -> str:
    if first == last:
        return f"bar {first + 1}"
    if last - first + 1 == count:
        return "every bar"
    return f"bars {first + 1}-{last + 1}"


def _said(bars: list[Bar], bar: int, earlier: list[tuple[int, int]]) -> str:
    for first, _ in earlier:
        if bars[first] == bars[bar]:
            return "silent" if not bars[bar] else f"like bar {first + 1}"
    for first, _ in earlier:
        if difference := _difference(bars[first], bars[bar]):
            return f"like bar {first + 1}, but {difference}"
    return _whole(bars[bar]) or "silent"


def _difference(before: Bar, now: Bar) -> str:
    """What is other than in an earlier bar; "" where that would not be the shorter way."""
    rows = dict.fromkeys((*before, *now))
    other = [row for row in rows if before.get(row) != now.get(row)]
    if 2 * len(other) >= len(now):
        return ""
    return " · ".join(f"{row} {now[row]}" if row in now else f"no {row}" for row in other)


def _whole(bar: Bar) -> str:
    return " · ".join(f"{row} {words}" for row, words in bar.items())


def _bars(loop: Loop, meter: Meter) -> list[Bar]:
    names = row_words(loop)
    cell_ticks = Fraction(meter.ticks_per_bar, loop.steps_per_bar)
    found: list[dict[str, str]] = [{} for _ in range(loop.bars)]
    for row in rows_of(loop):
        for bar in range(loop.bars):
            cells = range(bar * loop.steps_per_bar, (bar + 1) * loop.steps_per_bar)
            steps = {
                int((cell - cells.start) * cell_ticks): loop.steps[row, cell]
                for cell in cells
                if (row, cell) in loop.steps
            }
            if steps:
                found[bar][names[row]] = _row_said(steps, meter, int(cell_ticks))
    return list(found)


def row_words(loop: Loop) -> dict[str, str]:
    """What each row is called in words: its sound's name where its own name means that sound."""
    words: dict[str, str] = {}
    for row in rows_of(loop):
        sound = row_sound(loop, row)
        is_own = f"{row}.{SOUND_KEY}" not in loop.settings
        name = sound.name[0].lower() + sound.name[1:] if sound and is_own else row
        words[row] = row if name in words.values() else name
    return words


def _row_said(steps: Mapping[int, Step], meter: Meter, cell_ticks: int) -> str:
    """The places of a row's steps in a bar, then what sets some of them apart."""
    words = [f"{_loudness(steps)}{beat_words(list(steps), meter)}{_pitches(steps)}"]
    words += _apart(steps, meter, cell_ticks)
    return ", ".join(words)


def _loudness(steps: Mapping[int, Step]) -> str:
    """What is said of all steps when they are all accents or all ghosts."""
    letters = {nearest_letter(step) for step in steps.values()}
    return {"X": "accented ", "o": "ghosted "}.get("".join(letters), "")


def _pitches(steps: Mapping[int, Step]) -> str:
    """The melody in order, "" where no step has a pitch of its own; a dash follows the chord."""
    names = [
        "-" if step.pitch is None else pitch_text(step.pitch) for _, step in sorted(steps.items())
    ]
    if set(names) == {"-"}:
        return ""
    return f" ({' '.join(names[:1] if len(set(names)) == 1 else names)})"


def _apart(steps: Mapping[int, Step], meter: Meter, cell_ticks: int) -> Iterator[str]:
    """What sets some steps apart, each with its places."""
    tests: dict[str, Callable[[Step], bool]] = {
        "silent": lambda step: step.velocity == 0,
        "held": lambda step: step.duration is not None and step.duration > cell_ticks,
        "short": lambda step: step.duration is not None and step.duration < cell_ticks,
        "early": lambda step: step.offset < 0,
        "late": lambda step: step.offset > 0,
    }
    if len({nearest_letter(step) for step in steps.values()}) > 1:
        tests = {
            "accents": lambda step: nearest_letter(step) == "X",
            "ghosts": lambda step: nearest_letter(step) == "o",
            **tests,
        }
    for word, is_so in tests.items():
        places = [tick for tick, step in steps.items() if is_so(step)]
        if places:
            yield f"{word} {beat_words(places, meter)}"
    for chance in sorted({step.probability for step in steps.values()} - {1}):
        places = [tick for tick, step in steps.items() if step.probability == chance]
        yield f"{plain(round(chance * 100, 1))} % chance {beat_words(places, meter)}"
