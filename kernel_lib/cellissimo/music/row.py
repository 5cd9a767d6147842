"""A row of a loop: one sound with its steps and its settings, ``loop["drum-kick"]``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from cellissimo.domain.errors import CellissimoError
from cellissimo.domain.ticks import parse_meter
from cellissimo.music import step as face
from cellissimo.notation.pattern_line import Word
from cellissimo.notation.pattern_problem import LineFault, PatternError
from cellissimo.notation.pattern_steps import LETTERS, letters_text, read_letters
from cellissimo.notation.rows import SOUND_KEY, row_sound
from cellissimo.schema import checks, models
from cellissimo.schema.parameters import BY_KEY
from cellissimo.schema.sounds import known_sound

if TYPE_CHECKING:
    from cellissimo.music.loop import Loop

Setting = float | str | bool


class CellError(CellissimoError, IndexError):
    """A cell outside the loop."""


def checked_cell(cell: object, cells: int) -> int:
    """``cell`` as a plain whole number of a grid of ``cells``.

    Raises: CellError for anything else.
    """
    try:
        return checks.whole(cell, 0, cells - 1, "cell")
    except checks.LimitError:
        message = f"cell {cell!r} is outside the loop; its cells are 0 to {cells - 1}"
        raise CellError(message) from None


class Row:
    """A live view of one row. Writing to a row that is not there yet makes it."""

    __slots__ = ("_loop", "_name")

    def __init__(self, loop: Loop, name: str) -> None:
        """The row of ``loop`` called ``name``."""
        self._loop = loop
        self._name = name

    @property
    def name(self) -> str:
        """The row's name in its loop."""
        return self._name

    # -- steps ---------------------------------------------------------------------------------

    def set(
        self,
        cell: int,
        velocity: float = LETTERS["x"] / 127,
        note: float | str | None = None,
        duration: int | str | None = None,
        probability: float = 1.0,
        offset: int = 0,
    ) -> Row:
        """Put a step on a cell; gives the row, so that calls can be chained.

        ``velocity`` and ``probability`` 0.0 … 1.0. ``note`` a MIDI number, "E4" or "440hz";
        without one the step follows the chord. ``duration`` ticks, "8n" or bars as "1m".
        ``offset`` ticks.

        Raises:
            CellError: the cell is outside the loop.
            CellissimoError: another value is out of range.
        """
        step = face.stored(velocity, note, duration, probability, offset, self._loop.meter)
        self._write(cell, step)
        return self

    def remove(self, cell: int) -> Row:
        """Take the step off a cell, where there is one."""
        self._write(cell, None)
        return self

    def toggle(self, cell: int) -> Row:
        """Put a step on an empty cell, take it off a full one."""
        cell = checked_cell(cell, self._loop.model.cells)
        return self.remove(cell) if cell in self._stored() else self.set(cell)

    def clear(self) -> Row:
        """Take all steps off; the row's settings stay."""
        self._write_all({})
        return self

    def legato(self) -> Row:
        """Let each step sound until the next one, the last until the loop ends."""
        steps = self._stored()
        ends = [*list(steps)[1:], self._loop.model.cells]
        ticks = parse_meter(self._loop.meter).ticks_per_bar // self._loop.steps_per_bar
        self._write_all(
            {
                cell: replace(step, duration=(end - cell) * ticks)
                for (cell, step), end in zip(steps.items(), ends, strict=True)
            }
        )
        return self

    @property
    def steps(self) -> Mapping[int, face.Step]:
        """The steps by cell, in order."""
        return {cell: face.shown(step) for cell, step in self._stored().items()}

    @property
    def pattern(self) -> str:
        """The row as letters, bars apart: "x...x... | x...x..."."""
        return letters_text(self._loop.model, self._name)

    @pattern.setter
    def pattern(self, text: str) -> None:
        cells = self._loop.model.cells
        letters = _letters(text)
        if len(letters) > cells:
            message = (
                f"the pattern has {len(letters)} cells and the loop {cells} "
                f"({self._loop.bars} bars of {self._loop.steps_per_bar}); shorten it, or set "
                "loop.bars first"
            )
            raise CellError(message)
        looped = (letters[cell % len(letters)] for cell in range(cells))
        self._write_all({c: models.Step(LETTERS[x]) for c, x in enumerate(looped) if x in LETTERS})

    def _stored(self) -> dict[int, models.Step]:
        steps = self._loop.model.steps
        return {cell: step for (row, cell), step in steps.items() if row == self._name}

    def _write(self, cell: int, step: models.Step | None) -> None:
        place = checked_cell(cell, self._loop.model.cells)
        name = self.checked_name()
        with self._loop.edit() as edit:
            edit.set_step(self._loop.id, name, place, step)

    def _write_all(self, steps: Mapping[int, models.Step]) -> None:
        name = self.checked_name()
        with self._loop.edit() as edit:
            edit.set_row(self._loop.id, name, steps, self._loop.model.cells)

    def checked_name(self) -> str:
        """The name, once it is sure that something sounds on the row.

        Raises: CellissimoError where the name is no row's, or means no sound.
        """
        checks.row_name(self._name)
        if row_sound(self._loop.model, self._name) is None:
            known_sound(self._name)
        return self._name

    # -- settings ------------------------------------------------------------------------------

    def get(self, key: str) -> Setting:
        """The value of ``section.parameter``: its setting, else the patch's, else the default."""
        setting = self._loop.model.settings.get(f"{self._name}.{key}")
        if setting is not None:
            return setting
        sound = row_sound(self._loop.model, self._name)
        patch = sound.patch if sound else {}
        return patch.get(key, BY_KEY[checks.known_setting(key)].default)

    def settings(self, section: str, **values: Setting | None) -> Row:
        """Set parameters of a section at once; None goes back to the sound's own value."""
        self._loop.update({f"{self._name}.{section}.{key}": v for key, v in values.items()})
        return self

    def filter(self, **values: Setting | None) -> Row:
        """Set the filter: ``type`` off, lowpass, highpass, bandpass, notch; ``freq``; ``q``."""
        return self.settings("filter", **values)

    def env(self, **values: Setting | None) -> Row:
        """Set the envelope: ``attack``, ``decay``, ``release`` in seconds, ``sustain`` 0 … 1."""
        return self.settings("env", **values)

    def delay(self, **values: Setting | None) -> Row:
        """Set the echo: ``time`` in seconds or as "8n.", ``feedback`` 0 … 0.95, ``mix`` 0 … 1."""
        return self.settings("delay", **values)

    def reverb(self, **values: Setting | None) -> Row:
        """Set the room: ``size``, ``damp``, ``mix`` 0 … 1, ``decay`` in seconds."""
        return self.settings("reverb", **values)

    @property
    def sound(self) -> str:
        """The id of the sound that the row plays."""
        return known_sound(str(self.get(SOUND_KEY) or self._name)).id

    @sound.setter
    def sound(self, name: str) -> None:
        checks.row_name(self._name)
        self._loop.set(f"{self._name}.{SOUND_KEY}", known_sound(name).id)

    @property
    def level(self) -> float:
        """Linear level 0 … 1; 0 is silence."""
        return float(self.get("amp.level"))

    @level.setter
    def level(self, value: float) -> None:
        self.settings("amp", level=value)

    @property
    def pan(self) -> float:
        """-1 left … 1 right."""
        return float(self.get("pan.pan"))

    @pan.setter
    def pan(self, value: float) -> None:
        self.settings("pan", pan=value)

    @property
    def mute(self) -> bool:
        """Whether the row is silent, its steps kept."""
        return bool(self.get("amp.mute"))

    @mute.setter
    def mute(self, value: bool) -> None:
        self.settings("amp", mute=value or None)

    @property
    def solo(self) -> bool:
        """Whether only this row, and other soloed ones, is heard."""
        return bool(self.get("amp.solo"))

    @solo.setter
    def solo(self, value: bool) -> None:
        self.settings("amp", solo=value or None)

    @property
    def note(self) -> float | None:
        """The pitch of every step that has none of its own; None: the chord's, or the sound's."""
        value = float(self.get("note.pitch"))
        return None if value < 0 else value

    @note.setter
    def note(self, value: float | str | None) -> None:
        self.settings("note", pitch=face.pitch(value))

    def __repr__(self) -> str:
        """The row's name, sound and letters."""
        return f"Row {self._name} ({self.sound}): {self.pattern}"


def _letters(text: object) -> str:
    """The letters of a pattern, one a cell.

    Raises: PatternError at the first character that is no step.
    """
    written = checks.text(text, "the pattern", "x...x...x...x...")
    try:
        return read_letters(Word(written, 1, 1))
    except LineFault as fault:
        raise PatternError(written, [fault.problem]) from None
