"""Attaches cellissimo to the IPython that runs: rich display, magics, undo steps by cell."""

from __future__ import annotations

import sys
from typing import Any

from cellissimo.music.session import SESSION

_DISPLAYED = {
    ("cellissimo.music.audio", "Audio"): "audio_bundle",
    ("cellissimo.music.chord", "Chord"): "chord_bundle",
    ("cellissimo.music.excerpt", "Excerpt"): "excerpt_bundle",
    ("cellissimo.music.loop", "Loop"): "loop_bundle",
    ("cellissimo.music.player", "Player"): "player_bundle",
    ("cellissimo.music.segment", "Segment"): "segment_bundle",
    ("cellissimo.music.song", "Song"): "song_bundle",
    ("cellissimo.music.stem", "Stem"): "stem_bundle",
}


def attach() -> None:
    """Attach to the running IPython; nothing where there is none, nothing a second time."""
    from IPython import get_ipython  # noqa: PLC0415 - only here when IPython is loaded

    shell = get_ipython()
    if shell is None or getattr(shell, "cellissimo_attached", False):
        return
    shell.cellissimo_attached = True
    SESSION.show = _show
    _attach_display(shell)
    kernel = getattr(shell, "kernel", None)
    if kernel is not None:
        SESSION.post = kernel.io_loop.add_callback
    SESSION.gestures.begin()  # the cell that imports us runs already
    shell.events.register("pre_run_cell", lambda _: _begin_cell(shell.execution_count))
    shell.events.register("post_run_cell", _end_cell)
    from cellissimo.notebook.elsewhere import ElsewhereMagics  # noqa: PLC0415 - needs a shell
    from cellissimo.notebook.magics import PatternMagics  # noqa: PLC0415

    shell.register_magics(PatternMagics, ElsewhereMagics)


def _attach_display(shell: Any) -> None:  # noqa: ANN401 - IPython is untyped
    formatter = shell.display_formatter.mimebundle_formatter
    for (module, name), function in _DISPLAYED.items():
        formatter.for_type_by_name(module, name, _lazily(formatter, module, name, function))


def _lazily(formatter: Any, module: str, name: str, function: str) -> Any:  # noqa: ANN401
    """The display function of that name, imported when something is first shown."""

    def show(thing: Any, include: object = None, exclude: object = None) -> Any:  # noqa: ANN401, ARG001
        from cellissimo.notebook import display  # noqa: PLC0415 - heavy

        # Each widget is of a class of its own, under the same name: from now on the one they share.
        formatter.for_type(getattr(sys.modules[module], name), show)
        return getattr(display, function)(thing)

    return show


def _begin_cell(number: int) -> None:
    for follower in list(SESSION.followers):
        follower.begin_cell(number)
    SESSION.gestures.begin()


def _end_cell(_result: object) -> None:
    SESSION.gestures.end()
    for follower in list(SESSION.followers):
        follower.end_cell()


def _show(thing: object) -> None:
    from IPython.display import display  # noqa: PLC0415 - needs a shell

    display(thing)
