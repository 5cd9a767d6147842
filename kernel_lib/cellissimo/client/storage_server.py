"""A server as a storage: its projects and loops, as any other storage has them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cellissimo.client.errors import NotThereError
from cellissimo.client.served_blobs import ServedBlobs
from cellissimo.client.storage import LOCAL, Entry, blobs_of, not_kept
from cellissimo.notation.song_file import print_song
from cellissimo.notation.song_file_parser import parse_song
from cellissimo.schema.models import Song
from cellissimo.schema.rest.projects import Card

if TYPE_CHECKING:
    from cellissimo.client.http import Client
    from cellissimo.media.blobs import Blobs


class ServerStorage:
    """The projects and loops of whoever a client speaks for; ``folder`` keeps what was fetched."""

    place = "on the server"

    def __init__(self, client: Client, folder: Path) -> None:
        """Those that ``client`` reaches."""
        self._client = client
        self._places: dict[str, str] = {}
        self._names: set[str] = set()
        self._blobs = ServedBlobs(folder, self._names, self._fetch)

    @property
    def blobs(self) -> Blobs:
        """The recordings of the pieces that were got or saved."""
        return self._blobs

    def _fetch(self, name: str) -> bytes:
        return self._client.blob(self._places[name], name)

    def _note(self, song: Song) -> None:
        for name in blobs_of(song):
            self._places[name] = song.id
            self._names.add(name)

    def entries(self) -> list[Entry]:
        """All pieces, by name."""
        cards = [*self._client.all_projects(), *self._client.all_loops()]
        return sorted(map(entry_of_card, cards), key=lambda one: (one.name.casefold(), one.id))

    def get(self, piece_id: str) -> Song:
        """What a piece says."""
        try:
            song = parse_song(self._client.song_text(piece_id))
        except NotThereError:
            raise not_kept(piece_id, self._client.url) from None
        self._note(song)
        return song

    def save(self, song: Song) -> str:
        """Keep what a song says, as a minimal difference to what is kept; gives its id."""
        piece_id = self._local(song) if song.id.startswith(LOCAL) else song.id
        try:
            self._client.write_song_text(piece_id, print_song(song))
        except NotThereError:
            piece_id = self._made(song)
        return piece_id

    def _local(self, song: Song) -> str:
        """The id that the server gave, or gives, to a local one."""
        name = song.name
        if song.kind == "loop":
            loop = {"id": song.id, "name": name, "length": 4}
            return self._client.migrate(loops=[loop]).id_mapping[song.id]
        return self._client.migrate(songs=[{"id": song.id, "name": name}]).id_mapping[song.id]

    def _made(self, song: Song) -> str:
        text = print_song(song)
        if song.kind == "loop":
            loop = next(iter(song.loops.values()), None)
            return self._client.make_loop(loop.name if loop else song.name, song=text).id
        return self._client.make_project(song.name, song=text).id

    def delete(self, piece_id: str) -> None:
        """Put a piece into the server's trash."""
        try:
            self._client.trash(piece_id)
        except NotThereError:
            try:
                self._client.trash(piece_id, "loop")
            except NotThereError:
                raise not_kept(piece_id, self._client.url) from None


def entry_of_card(card: Card) -> Entry:
    """What a list shows of a piece of a server."""
    return Entry(
        card.id,
        card.name,
        card.kind,
        card.tempo,
        card.time_signature,
        card.key,
        card.owner.display_name,
        card.role or "",
        card.digest,
    )
