"""Some bars of a loop: heard and rendered alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellissimo.domain.ticks import parse_meter
from cellissimo.music.sounding import Sounding
from cellissimo.schema import checks

if TYPE_CHECKING:
    from cellissimo.crdt.document import Document
    from cellissimo.engine.score import ScoreImage
    from cellissimo.music.loop import Loop
    from cellissimo.widgets.loop import LoopWidget


class LoopExcerpt(Sounding):
    """A live view of the bars of a loop from ``first`` to ``last``."""

    __slots__ = ("_bars", "_loop")

    def __init__(self, loop: Loop, first: int, last: int) -> None:
        """Those bars of ``loop``.

        Raises:
            LimitError: the loop has no such bars.
        """
        if not 1 <= first <= last <= loop.bars:
            message = f"bars {first}-{last} are not in this loop; it has bars 1-{loop.bars}"
            raise checks.LimitError(message)
        self._loop, self._bars = loop, (first, last)

    @property
    def name(self) -> str:
        """The loop's name."""
        return self._loop.name

    @property
    def tempo(self) -> float:
        """The loop's tempo."""
        return self._loop.tempo

    @property
    def span(self) -> tuple[int, int]:
        """The ticks from and to which it plays."""
        ticks = parse_meter(self._loop.meter).ticks_per_bar
        return (self._bars[0] - 1) * ticks, self._bars[1] * ticks

    @property
    def score(self) -> ScoreImage:
        """What the engine plays of the whole loop."""
        return self._loop.score

    @property
    def document(self) -> Document:
        """The loop's document."""
        return self._loop.document

    @property
    def widget(self) -> LoopWidget:
        """The loop's widget."""
        return self._loop.widget

    def names_of(self, strip: str) -> dict[str, str]:
        """The sound of a row."""
        return self._loop.names_of(strip)

    def __repr__(self) -> str:
        """The loop and the bars."""
        return f"bars {self._bars[0]}-{self._bars[1]} of {self._loop.name}"
