"""The words by which pieces are found: an index of their rows, made anew when they change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cellissimo_server.store.database import Connection

_COLUMNS = ("piece_id", "word", "weight")


def replace(db: Connection, piece_id: str, words: Mapping[str, int]) -> None:
    """Make the words of a piece, and what each weighs, what ``words`` says."""
    sql = "SELECT word, weight FROM search_words WHERE piece_id = ?"
    there = dict(db.rows(_pair, sql, piece_id))
    if there == dict(words):
        return
    for word in there.keys() - {key for key in words if there.get(key) == words[key]}:
        db.run("DELETE FROM search_words WHERE piece_id = ? AND word = ?", piece_id, word)
    new = [
        (piece_id, word, words[word]) for word in sorted(words) if there.get(word) != words[word]
    ]
    db.insert_many("search_words", _COLUMNS, new)


def insert_all(db: Connection, rows: Sequence[tuple[str, str, int]]) -> None:
    """Add the words of new pieces: their ids, the words, and what each weighs."""
    db.insert_many("search_words", _COLUMNS, rows)


def _pair(word: str, weight: int) -> tuple[str, int]:
    return word, int(weight)
