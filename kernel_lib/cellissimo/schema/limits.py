"""The limits of a document, each with its reason. Reading clamps or drops; writing refuses."""

from __future__ import annotations

BAR_COUNTS = (1, 2, 4, 8)
"""Lengths a loop may have, in bars."""

TEMPO_RANGE = (20.0, 400.0)
"""Quarter notes a minute."""

VELOCITY_RANGE = (0, 127)
"""As in MIDI; 0 is a step that is kept but silent."""

PITCH_RANGE = (0.0, 127.0)
"""MIDI note numbers, fractional where a frequency was given."""

NAME_LENGTH = 100
"""Characters of a name of a song or a loop, at least 1."""

SYMBOL_LENGTH = 64
"""Characters of a chord symbol."""

METER_PATTERN = r"([1-9]|[12][0-9]|3[0-2])/(1|2|4|8|16|32)"
"""Beats 1 … 32 of a note value."""

COLOR_PATTERN = r"#[0-9a-f]{6}"
"""A colour, in lower case."""

ROW_NAME_PATTERN = r"[A-Za-z][A-Za-z0-9_-]{0,31}"
"""A row's name: no dot, slash or space, because keys of the document are made of it."""

MASTER = "master"
"""The target that is no row."""

ROWS_PER_LOOP = 32
"""The engine has as many strips beside the master."""

STEPS_PER_BAR = (1, 48)
"""Cells in a bar, both inclusive."""

STEPS_PER_LOOP = 8192
"""Steps the engine accepts in one loop."""

MOST_TICKS = 1_000_000
"""Ticks of a step's duration or offset; the longest loop has 983 040."""

PADS = 16
"""Pads of a song."""

LOOPS_PER_SONG = 1000
"""Loops one song may hold."""
