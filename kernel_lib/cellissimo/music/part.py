"""What the parts of a song share: each is a live view of one entity of the song's document."""

from __future__ import annotations

import dataclasses
import uuid
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from cellissimo.crdt.layout import ROOTS, Entity
from cellissimo.crdt.write import RemovedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cellissimo.music.song import Song

Model = TypeVar("Model", bound=Entity)


def fresh_id() -> str:
    """An id that nothing else has."""
    return str(uuid.uuid4())


class Part(ABC, Generic[Model]):
    """A live view of a stem, a segment, a block or the like: it changes when anybody changes it.

    Two views of one entity are equal.
    """

    __slots__ = ("_id", "_song")

    _kind: ClassVar[type[Any]]

    def __init__(self, song: Song, part_id: str) -> None:
        """Look at what ``song`` holds under an id."""
        self._song = song
        self._id = part_id

    @staticmethod
    @abstractmethod
    def checked(value: Any) -> Any:  # noqa: ANN401 - the model of each kind of part
        """The value as it may be stored. Raises: LimitError naming value, range and cure."""

    @property
    def id(self) -> str:
        """The id in the song's document."""
        return self._id

    @property
    def song(self) -> Song:
        """The song that it is part of."""
        return self._song

    @property
    def is_there(self) -> bool:
        """Whether the song still has it: somebody may have removed or undone it."""
        return self._id in self._held()

    @property
    def model(self) -> Model:
        """What the document says of it now, as an immutable value.

        Raises:
            RemovedError: it was removed from the song.
        """
        found = self._held().get(self._id)
        if found is None:
            what = self._kind.__name__.lower()
            message = f"this {what} was removed from its song; song.undo() may bring it back"
            raise RemovedError(message)
        return found

    def _held(self) -> Mapping[str, Model]:
        held: Mapping[str, Model] = getattr(self._song.model, ROOTS[self._kind])
        return held

    def _set(self, **fields: Any) -> None:  # noqa: ANN401 - fields of any kind, checked
        """Set plain fields, all of them or, where one is refused, none."""
        wanted = type(self).checked(dataclasses.replace(self.model, **fields))
        with self._song.edit() as edit:
            for field in fields:
                edit.set_field(self._kind, self._id, field, getattr(wanted, field))

    def delete(self) -> None:
        """Remove it from the song; ``song.undo()`` brings it back.

        Raises:
            RemovedError: it was removed already.
        """
        _ = self.model
        with self._song.edit() as edit:
            edit.remove(ROOTS[self._kind], self._id)

    def __eq__(self, other: object) -> bool:
        """Whether both look at the same entity of the same song."""
        if not isinstance(other, Part):
            return NotImplemented
        return (self._id, self._song.document) == (other.id, other.song.document)

    def __hash__(self) -> int:
        """By its id."""
        return hash(self._id)


class NamedPart(Part[Model]):
    """A part with a name and a colour."""

    __slots__ = ()

    @property
    def _shown(self) -> Any:  # noqa: ANN401 - a model with name and color
        return self.model

    @property
    def name(self) -> str:
        """Its name."""
        return str(self._shown.name)

    @name.setter
    def name(self, name: str) -> None:
        self._set(name=name)

    @property
    def color(self) -> str:
        """Its colour, "#rrggbb"."""
        return str(self._shown.color)

    @color.setter
    def color(self, color: str) -> None:
        self._set(color=color)
