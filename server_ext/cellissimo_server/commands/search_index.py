"""The words of a piece: what it can be found by, folded so that case and accents do not matter."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence

from cellissimo_server.store import pieces, search_words, users
from cellissimo_server.store.database import Connection
from cellissimo_server.store.pieces import Piece

MOST_WORDS = 200
"""Words of one piece."""

_LONGEST = 40
_WORD = re.compile(r"[\w♯♭#]+")
_NAME, _TAG, _MUSIC, _OWNER, _TEXT = 8, 6, 4, 3, 1


def folded(text: str) -> str:
    """A text in which case, accents and widths make no difference.

    >>> folded("Größe ÉTÉ")
    'grosse ete'
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def words_of(text: str) -> list[str]:
    """The folded words of a text, in their order."""
    return [word[:_LONGEST] for word in _WORD.findall(folded(text)) if word.strip("_#")]


def index_words(db: Connection, piece: Piece) -> None:
    """Keep the words of a piece as its row is now; to be called wherever the row changes."""
    search_words.replace(db, piece.id, _weights(piece, _names(db, piece.owner_id)))


def index_new(db: Connection, new: Sequence[Piece]) -> None:
    """Keep the words of pieces that one owner has just made."""
    names = _names(db, new[0].owner_id) if new else ()
    search_words.insert_all(
        db,
        [
            (piece.id, word, weight)
            for piece in new
            for word, weight in _weights(piece, names).items()
        ],
    )


def _names(db: Connection, owner_id: str) -> tuple[str, ...]:
    owner = users.by_id(db, owner_id)
    return (owner.username, owner.display_name) if owner else ()


def _weights(piece: Piece, owner: tuple[str, ...]) -> dict[str, int]:
    """The words of a piece, and what each weighs."""
    weights: dict[str, int] = {}
    for weight, text in _texts(piece, owner):
        for word in words_of(text):
            if word in weights or len(weights) < MOST_WORDS:
                weights[word] = max(weight, weights.get(word, 0))
    return weights


def reindex_words(db: Connection, piece_id: str) -> None:
    """The same for the piece of an id."""
    piece = pieces.by_id(db, piece_id)
    if piece is not None:
        index_words(db, piece)


def index_owner(db: Connection, owner_id: str) -> None:
    """The same for everything that somebody owns: to be called where their name changes."""
    for piece in pieces.owned(db, owner_id):
        index_words(db, piece)


def _texts(piece: Piece, owner: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    yield _NAME, piece.name
    for tag in json.loads(piece.tags):
        yield _TAG, tag
    yield _MUSIC, piece.key
    yield _MUSIC, f"{piece.tempo:g}"
    for chord in json.loads(piece.chords):
        yield _MUSIC, chord
    for name in owner:
        yield _OWNER, name
    yield _TEXT, piece.description
