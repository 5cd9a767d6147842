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
"""Rows of a loop that sound."""

STRIPS = 128
"""Strips of the engine, the master's included; what a song needs beyond is not heard."""

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

STEMS_PER_SONG = 64
"""Stems of a song."""

RETURNS_PER_SONG = 8
"""Return buses of a song."""

SEGMENTS_PER_SONG = 2000
"""Segments of all stems."""

NOTES_PER_SEGMENT = 20_000
"""Notes of one midi segment."""

BLOCKS_PER_SONG = 2000
"""Blocks on the timeline."""

LANES = 16
"""Lanes of the timeline: how many blocks can stand above each other."""

SECTIONS_PER_SONG = 200
"""Sections, and as many markers."""

LOCKS_PER_SONG = 500
"""Locks of stems, loops and bars."""

LOCK_PATTERN = r"(stem|loop)/[^\x00-\x1f\x7f]{1,100}|bars/(0|[1-9][0-9]{0,9})/[1-9][0-9]{0,9}"
"""The key of a lock: what it closes."""

POINTS_PER_LANE = 2000
"""Points of one automation lane."""

MAP_POINTS = 1000
"""Changes of tempo, and as many of meter."""

LAST_TICK = 4 * 60 * 60 * 400 * 16
"""Where a song ends at the latest: four hours at the fastest tempo."""

GAIN_RANGE = (-60.0, 24.0)
"""Gain of a segment in dB."""

FADE_RANGE = (0.0, 600_000.0)
"""Fades in milliseconds."""

MOST_FRAMES = 4 * 60 * 60 * 48_000
"""Frames of one blob of audio: four hours."""

SEED_RANGE = (0, 2_147_483_647)
"""Seeds of chance."""

CURVES = ("hold", "linear", "exponential")
"""The way from one automation point to the next."""

FADE_CURVES = ("linear", "equal-power", "s-curve")
"""The shape of a fade."""

SEGMENT_KINDS = ("midi", "audio", "loop", "pattern")
"""What a segment may hold."""

BLOB_PATTERN = r"[0-9a-f]{64}"
"""A blob's name: the sha256 of its bytes."""

ORDER_PATTERN = r"[0-9A-Za-z]{1,64}"
"""A fractional key of the order of stems and returns."""

FROZEN_GAIN = 18.0617997398388
"""How much louder, in dB, a frozen stem is played than its blob holds it: eight times."""
