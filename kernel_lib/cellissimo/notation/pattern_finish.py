"""The last part of reading a pattern: its length, the sounds of its rows, steps and chords."""

from __future__ import annotations

from collections.abc import Iterator

from cellissimo.domain.ticks import Meter, cells_per_bar, parse_meter
from cellissimo.notation.pattern_chords import chord_bars, read_chords
from cellissimo.notation.pattern_draft import Draft
from cellissimo.notation.pattern_line import Word
from cellissimo.notation.pattern_problem import did_you_mean, quoted
from cellissimo.notation.pattern_settings import usual_values
from cellissimo.notation.pattern_steps import changed_step, letter_steps
from cellissimo.notation.pattern_value import sound_names
from cellissimo.notation.rows import SOUND_KEY, row_place
from cellissimo.schema.limits import (
    BAR_COUNTS,
    ROWS_PER_LOOP,
    STEPS_PER_BAR,
    STEPS_PER_LOOP,
)
from cellissimo.schema.models import Loop, Step, Value
from cellissimo.schema.sounds import find_sound

USUAL_BARS = 4
"""The length of a text that says nothing about length."""

USUAL_KEY = "C major"


def usual_grid(meter: str | None) -> int:
    """Cells of a bar without a GRID line: sixteenths, so 16 in 4/4 and 12 in 3/4 and 6/8.

    One a beat where a bar has more sixteenths than a loop may have cells.
    """
    signature = parse_meter(meter) if meter else Meter()
    cells = cells_per_bar(signature)
    return cells if cells <= STEPS_PER_BAR[1] else signature.beats


def needed_bars(cells: int, grid: int) -> int | None:
    """The smallest length of a loop that holds so many cells; None when none does."""
    return next((bars for bars in BAR_COUNTS if bars * grid >= cells), None)


def finished_loop(draft: Draft, loop_id: str, name: str) -> Loop:
    """The loop that a draft describes; what does not fit together becomes its problems."""
    grid = _grid(draft)
    _drop_rows_without_sound(draft)
    _drop_rows_past_the_limit(draft)
    shell = Loop(
        loop_id,
        name,
        bars=_bars(draft, grid),
        steps_per_bar=grid,
        key=draft.key or USUAL_KEY,
        tempo=draft.tempo,
        meter=draft.meter,
        settings=_settings(draft),
    )
    steps = _steps(draft, shell)
    order = {row: row_place(shell, row) for row in draft.rows}
    ordered = sorted(steps, key=lambda key: (order[key[0]], key[1]))
    return Loop(
        loop_id,
        name,
        bars=shell.bars,
        steps_per_bar=grid,
        key=shell.key,
        tempo=draft.tempo,
        meter=draft.meter,
        chords=_chords(draft, shell),
        settings=shell.settings,
        steps={key: steps[key] for key in ordered},
    )


def _grid(draft: Draft) -> int:
    usual = usual_grid(draft.meter)
    grid = draft.grid or usual
    if draft.meter is None or parse_meter(draft.meter).ticks_per_bar % grid == 0:
        return grid
    line = draft.said.get("GRID", draft.said["METER"])
    message = f"{grid} cells do not divide a bar of {draft.meter}"
    draft.blame(Word("", line, 1).fault(message, f"Write GRID {_dividing_grid(draft.meter)}."))
    return _dividing_grid(draft.meter)


def _dividing_grid(meter: str) -> int:
    ticks = parse_meter(meter).ticks_per_bar
    return next(n for n in range(usual_grid(meter), 0, -1) if ticks % n == 0)


def _drop_rows_without_sound(draft: Draft) -> None:
    for row, word in list(draft.rows.items()):
        if draft.settings.get(f"{row}.{SOUND_KEY}") is None and find_sound(row) is None:
            message = f"no sound is called {quoted(row)}, so its row is left out"
            draft.blame(word.fault(message, _sound_cure(draft, row)))
            _drop_row(draft, row)


def _sound_cure(draft: Draft, row: str) -> str:
    add = f"dd the line sample {row}: SOUND, such as sample {row}: kick."
    cure = did_you_mean(row, (*sound_names(), *_sounding_rows(draft)), "")
    return f"{cure} Or a{add}" if cure else f"A{add}"


def _sounding_rows(draft: Draft) -> Iterator[str]:
    return (row for row in draft.rows if draft.settings.get(f"{row}.{SOUND_KEY}") is not None)


def _drop_rows_past_the_limit(draft: Draft) -> None:
    for row, word in list(draft.rows.items())[ROWS_PER_LOOP:]:
        message = f"{quoted(row)} is one row more than the {ROWS_PER_LOOP} of a loop"
        draft.blame(word.fault(message, "Take a row out, or make a second loop."))
        _drop_row(draft, row)


def _drop_row(draft: Draft, row: str) -> None:
    del draft.rows[row]
    draft.letters.pop(row, None)
    draft.step_lines[:] = [line for line in draft.step_lines if line.row != row]
    for key in [key for key in draft.settings if key.partition(".")[0] == row]:
        del draft.settings[key]


def _bars(draft: Draft, grid: int) -> int:
    if draft.bars is not None:
        return draft.bars
    needs = [needed_bars(len(letters), grid) for _, letters in draft.letters.values()]
    needs += [needed_bars(int(line.cell.text) + 1, grid) for line in draft.step_lines]
    if draft.chords is not None:
        needs.append(needed_bars(chord_bars(draft.chords) * grid, grid))
    return max((need for need in needs if need is not None), default=USUAL_BARS)


def _settings(draft: Draft) -> dict[str, Value]:
    settings: dict[str, Value] = {
        key: value for key, value in draft.settings.items() if value is not None
    }
    settings.update(usual_values(draft.settings))
    return dict(sorted(settings.items()))


def _steps(draft: Draft, loop: Loop) -> dict[tuple[str, int], Step]:
    steps: dict[tuple[str, int], Step] = {}
    meter = parse_meter(loop.meter) if loop.meter else Meter()
    for row, (word, letters) in draft.letters.items():
        with draft.collecting():
            _check_length(word, len(letters), loop)
            found = {(row, cell): step for cell, step in letter_steps(letters, loop.cells)}
            _check_room(word, len(steps) + len(found))
            steps.update(found)
    for line in draft.step_lines:
        with draft.collecting():
            cell = int(line.cell.text)
            _check_cell(line.cell, cell, loop)
            step = steps.get((line.row, cell), Step())
            steps[line.row, cell] = changed_step(step, line.words, meter)
    return steps


def _chords(draft: Draft, loop: Loop) -> dict[int, str]:
    if draft.chords is not None:
        with draft.collecting():
            return read_chords(draft.chords, loop)
    return {}


def _check_length(word: Word, cells: int, loop: Loop) -> None:
    if cells > loop.cells:
        bars = needed_bars(cells, loop.steps_per_bar)
        cure = f"Write BARS {bars}, or take letters out." if bars else "Take letters out."
        raise word.fault(f"the row has {cells} steps, more than the {loop.cells} of the loop", cure)


def _check_cell(word: Word, cell: int, loop: Loop) -> None:
    if cell >= loop.cells:
        raise word.fault(
            f"cell {cell} is past the end of the loop, 0 … {loop.cells - 1}",
            "Name a cell of the loop, or make it longer with BARS.",
        )


def _check_room(word: Word, steps: int) -> None:
    if steps > STEPS_PER_LOOP:
        raise word.fault(
            f"with this row the loop has {steps} steps, more than {STEPS_PER_LOOP}",
            "Take a row out, or make a second loop.",
        )
