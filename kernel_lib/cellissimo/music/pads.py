"""The 16 pads of a song: loops at hand."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING

from cellissimo.domain.errors import CellissimoError
from cellissimo.schema import limits

if TYPE_CHECKING:
    from cellissimo.music.loop import Loop
    from cellissimo.music.song import Song


class PadError(CellissimoError, IndexError):
    """A pad that a song does not have."""


class Pads(MutableMapping[int, "Loop"]):
    """The pads of a song, 0 … 15, by the loops they hold.

    >>> song.pads[0] = loop
    >>> song.pads.trigger(0)
    """

    def __init__(self, song: Song) -> None:
        """The pads of ``song``."""
        self._song = song

    def __getitem__(self, pad: int) -> Loop:
        """The loop on a pad.

        Raises:
            PadError: there is no such pad.
            KeyError: the pad is empty.
        """
        held = self._song.model.pads
        if _checked(pad) not in held:
            full = ", ".join(map(str, held)) or "none"
            raise KeyError(f"pad {pad} is empty; pads with a loop: {full}")
        return self._song.loop_of(held[pad])

    def __contains__(self, pad: object) -> bool:
        """Whether a pad holds a loop."""
        return pad in tuple(self)

    def __setitem__(self, pad: int, loop: Loop) -> None:
        """Put a loop on a pad; the song takes it in, where it is not in it yet."""
        place = _checked(pad)
        with self._song.step():
            held = self._song.add(loop)
            with self._song.edit() as edit:
                edit.set_pad(place, held.id)

    def __delitem__(self, pad: int) -> None:
        """Clear a pad; its loop stays in the song."""
        if _checked(pad) not in self._song.model.pads:
            raise KeyError(f"pad {pad} is empty already")
        with self._song.edit() as edit:
            edit.set_pad(int(pad), None)

    def clear(self) -> None:
        """Clear all pads, as one undo step; their loops stay in the song."""
        with self._song.step():
            super().clear()

    def __iter__(self) -> Iterator[int]:
        """The pads that hold a loop, in order."""
        return iter(self._song.model.pads)

    def __len__(self) -> int:
        """How many pads hold a loop."""
        return len(self._song.model.pads)

    def save(self, loop: Loop, pad: int | None = None) -> int:
        """Put a loop on a pad, the first empty one where none is named; gives the pad.

        Raises:
            PadError: all pads are full.
        """
        place = self._first_empty() if pad is None else _checked(pad)
        self[place] = loop
        return place

    def _first_empty(self) -> int:
        held = self._song.model.pads
        for pad in range(limits.PADS):
            if pad not in held:
                return pad
        message = f"all {limits.PADS} pads are full; name one to replace: song.pads.save(loop, 3)"
        raise PadError(message)

    def trigger(self, pad: int) -> None:
        """Play the loop of a pad in the page, over and over; what played before stops.

        Raises:
            NoPageError: this is no notebook.
        """
        self[pad].play()

    def rename(self, pad: int, name: str) -> None:
        """Rename the loop of a pad."""
        self[pad].name = name

    def duplicate(self, pad: int, to: int | None = None) -> int:
        """Put a copy of a pad's loop on another pad, the first empty one unless named; gives it."""
        place = self._first_empty() if to is None else _checked(to)
        with self._song.step():
            self[place] = self._song.duplicate(self[pad])
        return place

    def delete(self, pad: int) -> None:
        """Clear a pad, and remove its loop from the song where nothing else plays it."""
        loop = self[pad]
        with self._song.step():
            del self[pad]
            if not self._song.plays(loop):
                self._song.remove(loop)

    def __repr__(self) -> str:
        """The full pads and their loops' names."""
        return "\n".join(f"pad {pad}: {loop.name}" for pad, loop in self.items()) or "empty pads"


def _checked(pad: int) -> int:
    if pad in range(limits.PADS) and not isinstance(pad, bool):
        return int(pad)
    message = f"there is no pad {pad!r}; a song has pads 0 to {limits.PADS - 1}"
    raise PadError(message)
