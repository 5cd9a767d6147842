"""Every kind of store, and rows to keep in it."""

import asyncio
import itertools
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cellissimo_server.store import migrations
from cellissimo_server.store.journal import DatabaseJournal, Entry
from cellissimo_server.store.members import Member
from cellissimo_server.store.opening import open_database
from cellissimo_server.store.pieces import Piece
from cellissimo_server.store.users import User
from tests.contracts.postgres_server import fresh_database

KINDS = ["memory", "duckdb", "postgres"]
NOW = 1_790_000_000_000
_NUMBERS = itertools.count(1)


@dataclass
class Kept:
    """A store that is open, as a test uses it: one work after the other."""

    kind: str
    where: str
    database: migrations.Migratable

    def read(self, work):
        """What ``work`` reads."""
        return asyncio.run(self.database.read(work))

    def write(self, work):
        """What ``work`` gives, once it is kept."""
        return asyncio.run(self.database.write(work))

    def journal(self):
        """A journal of its own in this store, as one server has it."""
        return DatabaseJournal(self.database, lambda: NOW)

    def reopen(self):
        """Close the store and open it again; what is in memory is lost with it."""
        asyncio.run(self.database.close())
        self.database = open_database(self.where)


class Shelf:
    """Makes stores of every kind, and takes them down at the end."""

    def __init__(self, server):
        """``server`` gives the address of a PostgreSQL server when one is wanted."""
        self._server = server
        self._stack = ExitStack()
        self._template = None

    @contextmanager
    def store(self, kind, folder, *, is_empty=False):
        """Give an open store whose tables are made; ``is_empty``: without them."""
        with self.place(kind, folder, is_empty=is_empty) as where:
            kept = Kept(kind, where, open_database(where))
            if kind != "postgres" and not is_empty:
                asyncio.run(migrations.upgrade(kept.database, NOW))
            try:
                yield kept
            finally:
                asyncio.run(kept.database.close())

    @contextmanager
    def place(self, kind, folder, *, is_empty=False):
        """Give where a store may be, which is closed: a file that is not there, or a database."""
        if kind != "postgres":
            yield "memory:" if kind == "memory" else str(Path(folder) / "kept.duckdb")
            return
        template = "template0" if is_empty else self._migrated()
        name = f"kept{next(_NUMBERS)}"
        with fresh_database(self._server(), name, template=template) as where:
            yield where

    def _migrated(self):
        """The name of a database whose tables are made; copies of it are quick."""
        if self._template is None:
            self._template = f"kept{next(_NUMBERS)}"
            where = self._stack.enter_context(fresh_database(self._server(), self._template))
            asyncio.run(_lay_out(where))
        return self._template

    def close(self):
        """Take everything down."""
        self._stack.close()


async def _lay_out(where):
    database = open_database(where)
    await migrations.upgrade(database, NOW)
    await database.close()


def user(word, **other):
    """A row of somebody."""
    usual = {
        "id": f"id-{word}", "username": word, "kind": "person", "display_name": word.title(),
        "avatar_url": None, "bio": "", "email": None, "site_role": "member", "preferences": "{}",
        "rev": 1, "created_at": NOW, "seen_at": NOW, "deleted_at": None,
    }  # fmt: skip
    return User(**usual | other)


def piece(word, **other):
    """A row of a project of Anna's."""
    usual = {
        "id": f"id-{word}", "kind": "project", "owner_id": "id-anna", "name": word,
        "description": "", "visibility": "private", "licence": "", "color": "#112233",
        "tags": "[]", "embed_origins": "[]", "archived": False, "tempo": 120.0, "meter": "4/4",
        "key": "C major", "bars": 4, "length_ms": 8000, "stems": 1, "chords": "[]", "digest": "",
        "seq": 1, "forked_from": None, "forked_seq": None, "views": 0, "forks": 0, "rev": 1,
        "created_at": NOW, "updated_at": NOW, "accessed_at": NOW, "trashed_at": None,
    }  # fmt: skip
    return Piece(**usual | other)


def member(piece_id, user_id, **other):
    """A row of a member who may do what contributors may."""
    usual = {
        "piece_id": piece_id, "user_id": user_id, "role": "contributor", "can_edit": True,
        "can_add_stems": True, "can_delete_stems": False, "can_invite_others": False,
        "can_export": True, "rev": 1, "joined_at": NOW, "active_at": NOW,
    }  # fmt: skip
    return Member(**usual | other)


def entry(seq, content=None, **other):
    """An entry of a journal."""
    usual = {"author": "id-anna", "session": "s1", "at": NOW + seq}
    return Entry(seq=seq, bytes=b"update %d" % seq if content is None else content, **usual | other)
