"""``%%pattern``: a cell of the pattern language that makes or changes a loop."""

from __future__ import annotations

import sys
from keyword import iskeyword

from IPython.core.magic import Magics, cell_magic, magics_class
from IPython.display import display

from cellissimo.music.loop import Loop
from cellissimo.notation.pattern_parser import parse_pattern
from cellissimo.notation.pattern_problem import PatternError
from cellissimo.schema import checks


@magics_class
class PatternMagics(Magics):
    """The magics of the pattern language."""

    @cell_magic
    def pattern(self, line: str, cell: str) -> None:
        """Make a loop from the cell's text, or change the one of that variable.

        ``%%pattern beat`` binds the loop to ``beat`` and shows it. Run again, it changes the
        loop that ``beat`` is, in place: what plays, plays on. Where lines do not read they are
        shown with column and cure, and a loop that was there stays as it was.
        """
        name = line.strip() or "pattern"
        if not name.isidentifier() or iskeyword(name):
            message = f"%%pattern {line.strip()}: name one variable, such as `%%pattern beat`"
            raise checks.LimitError(message)
        variables = self.shell.user_ns if self.shell else {}
        held = variables.get(name)
        if not isinstance(held, Loop | None):
            message = f"{name!r} is a {type(held).__name__} already; take another name for the loop"
            raise checks.LimitError(message)
        variables[name] = _written(cell, name, held)
        display(variables[name])


def _written(text: str, name: str, held: Loop | None) -> Loop:
    reading = parse_pattern(text, loop_id="pattern", name=name)
    if reading.errors:
        print(PatternError(text, reading.errors), file=sys.stderr)  # noqa: T201 - it is the output
    if held is None:
        return Loop.of_model(reading.loop)
    if not reading.errors:
        held.write(reading.loop)
    return held
