"""The buses that stems send to, and the master that everything goes through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cellissimo.domain.order import key_between
from cellissimo.music.form import Named
from cellissimo.music.part import NamedPart, fresh_id
from cellissimo.music.strip import Strip, checked_setting
from cellissimo.schema import limits, models, song_checks

if TYPE_CHECKING:
    from cellissimo.crdt.write import Channel
    from cellissimo.music.song import Song


COLORS = ("#8a9a5b", "#e06292", "#3fb0c9", "#e0a72e", "#b678e0", "#48b07f", "#e8734a", "#5b8def")
"""The colours that returns get one after the other."""


class Return(NamedPart[models.Return], Strip):
    """A bus that stems send to, such as a room they share."""

    __slots__ = ()

    _kind = models.Return
    checked = staticmethod(song_checks.send_return)

    @property
    def channel_id(self) -> Channel:
        """What the document calls its strip."""
        return ("returns", self.id)

    def stored_settings(self) -> Mapping[str, models.Value]:
        """What the document says of it by ``section.parameter``."""
        return self.model.settings

    def stored_lanes(self) -> models.Lanes:
        """Its automation by ``section.parameter`` and tick."""
        return self.model.lanes

    def __repr__(self) -> str:
        """A short stable description: what a screen reader says."""
        if not self.is_there:
            return "Return · removed"
        return "\n".join((f"Return {self.name}, level {self.volume:g}", repr(self.effects)))


class Returns(Named[Return]):
    """The returns of a song by name: ``song.returns.add("Room", **{"reverb.mix": 1})``."""

    _root = "returns"
    _view = Return

    def add(self, name: str, color: str | None = None, **settings: models.Value | None) -> Return:
        """Add a return behind the others, with settings by ``section.parameter``.

        Raises:
            LimitError: the song has a return of that name, or no room; or a value is out of range.
        """
        self.refuse_taken(name)
        held = self._song.model.returns
        song_checks.room_for(len(held), limits.RETURNS_PER_SONG, "returns")
        last = max((bus.order for bus in held.values()), default=None)
        shade = COLORS[len(held) % len(COLORS)] if color is None else color
        found = ((key, checked_setting(key, value)) for key, value in settings.items())
        checked = {key: value for key, value in found if value is not None}
        wanted = models.Return(fresh_id(), name, shade, key_between(last, None), checked)
        made = song_checks.send_return(wanted)
        with self._song.edit() as edit:
            edit.put(made)
        return Return(self._song, made.id)


class Master(Strip):
    """The master of a song: what everything goes through."""

    __slots__ = ("_song",)

    def __init__(self, song: Song) -> None:
        """That of ``song``."""
        self._song = song

    @property
    def song(self) -> Song:
        """The song it is the master of."""
        return self._song

    @property
    def channel_id(self) -> Channel:
        """The master has no id."""
        return None

    def stored_settings(self) -> Mapping[str, models.Value]:
        """What the document says of it by ``section.parameter``."""
        return self._song.model.master

    def stored_lanes(self) -> models.Lanes:
        """Its automation by ``section.parameter`` and tick."""
        return self._song.model.lanes

    def __repr__(self) -> str:
        """A short stable description: what a screen reader says."""
        return "\n".join((f"Master, level {self.volume:g}", repr(self.effects)))
