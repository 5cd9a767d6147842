"""The errors of the package: each names what was wrong, what is accepted, and the cure."""

from __future__ import annotations


class CellissimoError(ValueError):
    """Every error that a wrong value causes in this package; catch this one to catch them all."""


class NotationError(CellissimoError):
    """A text that does not read. `text` is what was given, `column` counts from 1 within it."""

    def __init__(self, problem: str, text: str, column: int, cure: str) -> None:
        """Keep the parts apart, so that an editor can underline the column and show the cure."""
        super().__init__(f"{problem} (in {text!r}, column {column}). {cure}")
        self.problem = problem
        self.text = text
        self.column = column
        self.cure = cure


class ChordError(NotationError):
    """A chord symbol or roman numeral that does not read."""


class ProgressionError(NotationError):
    """A chord progression that does not read or does not fit its loop."""


class PitchError(CellissimoError):
    """A pitch that does not read or lies outside MIDI 0 … 127."""


class KeyNameError(CellissimoError):
    """A key or mode that is not known."""


class TimeValueError(CellissimoError):
    """A note value, meter or position that is not known or out of range."""
