"""Pieces for the tests of documents: made over HTTP, and replicas of them."""

from __future__ import annotations

import base64
from typing import Any

from cellissimo.crdt.document import Document
from cellissimo.notation.song_file import print_song
from cellissimo.schema import models

NOTES = {"n1": models.Note(0, 480, 36), "n2": models.Note(3840, 480, 38)}
LOOP = models.Loop("a", "Beat", bars=1, chords={0: "Am7"}, steps={("kick", 0): models.Step()})
SONG = models.Song(
    "s",
    "Song",
    loops={"a": LOOP},
    pads={0: "a"},
    blocks={"b": models.Block("b", "a", 0, 7680)},
    stems={"t": models.Stem("t", "Bass"), "u": models.Stem("u", "Lead", order="W")},
    segments={
        "g": models.Segment("g", "t", "midi", 0, 7680, notes=NOTES),
        "h": models.Segment("h", "u", "midi", 3840, 3840),
    },
)


def made(client: Any, song: models.Song = SONG, **fields: Any) -> str:
    """The id of a new project of somebody, which says what ``song`` says."""
    body = {"name": song.name, "song": print_song(song), **fields}
    answer = client.post("projects", json=body)
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


class Replica:
    """A copy of a piece's document at somebody's place."""

    def __init__(self, client: Any, piece: str) -> None:
        """Load the document as it is."""
        self.client, self.piece = client, piece
        answer = client.get(f"projects/{piece}/document")
        assert answer.status_code == 200, answer.text
        self.seq = int(answer.headers["X-Cellissimo-Seq"])
        self.epoch = answer.headers["X-Cellissimo-Epoch"]
        self.document = Document(update=answer.content)
        self.made: list[bytes] = []
        self.document.observe(self.made.append)

    def edit(self, change: Any) -> bytes:
        """Change the copy; gives the update."""
        with self.document.edit() as write:
            change(write)
        return self.made[-1]

    def send(self, update: bytes, **headers: str) -> Any:
        """Send an update."""
        kind = {"Content-Type": "application/octet-stream"}
        path = f"projects/{self.piece}/updates"
        return self.client.post(path, content=update, headers=kind | headers)

    def missing(self) -> bytes:
        """What the server has and this copy has not."""
        state = base64.urlsafe_b64encode(self.document.state).decode()
        answer = self.client.get(f"projects/{self.piece}/document", params={"state": state})
        assert answer.status_code == 200, answer.text
        found: bytes = answer.content
        return found
