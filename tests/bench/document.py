"""What an edit costs, from the musician's object to the frame that a page receives."""

from __future__ import annotations

import cellissimo as cm
from cellissimo.crdt.document import Document
from cellissimo.notebook.display import loop_bundle
from tests.bench.engine import busy_loop, seconds_of

EDITS = 200


def edits(loop: cm.Loop) -> None:
    """Toggle a step many times, and read the loop after each."""
    for at in range(EDITS):
        loop["clap"].toggle(at % 16)
        loop.model  # noqa: B018 - reading is what is measured


def many_steps() -> cm.Loop:
    """Eight bars with about 1500 steps."""
    loop = cm.Loop("many", bars=8)
    for row in ("kick", "snare", "hat", "clap", "lead", "pluck", "arp", "bass", "tom", "rim"):
        loop[row] = "Xoxx.xoxXoxx.xoX"
    return loop


def results() -> dict[str, str]:
    """What was measured, by its name."""
    small, large = cm.Loop.of_model(busy_loop()), many_steps()
    large.widget  # noqa: B018 - from here on a page is told of each edit
    per_edit = {
        "an edit of 150 steps, read back": seconds_of(lambda: edits(small)) / EDITS,
        "an edit of 1300 steps, read back, with a widget": seconds_of(lambda: edits(large)) / EDITS,
    }
    whole = {
        "opening a document of 1300 steps": lambda: Document(update=large.document.encode()),
        "showing a loop whose sound is known": lambda: loop_bundle(small),
    }
    return {name: f"{1000 * seconds:.2f} ms" for name, seconds in per_edit.items()} | {
        name: f"{1000 * seconds_of(work):.1f} ms" for name, work in whole.items()
    }
