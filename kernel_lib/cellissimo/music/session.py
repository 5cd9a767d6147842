"""What all documents of one kernel share: the gestures that divide their undo steps."""

from __future__ import annotations

from cellissimo.crdt.gestures import Gestures

GESTURES = Gestures()
"""Open for the length of a notebook cell, so that one cell is one undo step."""
