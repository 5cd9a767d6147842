"""A song file that follows a song, and is followed: an export that takes in outside changes.

What is written is what the song says. What somebody else writes there (an editor, ``git pull``)
is compared with what was written last, and enters the song as one edit.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import threading
import time
import warnings
import weakref
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cellissimo.crdt.differences import differences
from cellissimo.crdt.document import Document
from cellissimo.domain.errors import CellissimoError
from cellissimo.media.whole_file import whole_file
from cellissimo.music.connection import server_of
from cellissimo.music.files import blobs_beside, document_of, save_blobs
from cellissimo.music.room_drafts import RoomWarning
from cellissimo.music.session import SESSION
from cellissimo.notation.diff import diff_songs
from cellissimo.notation.song_file import print_song
from cellissimo.notation.song_file_parser import parse_song

if TYPE_CHECKING:
    from collections.abc import Callable

    from cellissimo.crdt.mirror import Change
    from cellissimo.music.stored import Stored
    from cellissimo.schema.models import Song

LOOK_S = 1.0
"""How often a file is looked at."""

CALM_S = 0.3
"""So long after an edit the file follows it, where no cell ends before."""


_BOUND: weakref.WeakSet[BoundFile] = weakref.WeakSet()


class BoundFileError(CellissimoError):
    """A file that says something else than the song, and nobody has said which is right."""


class _OvertakenError(Exception):
    """Somebody wrote the file while it was being written."""


class BoundFile:
    """The file of a song: ``file.words`` is what came in last, ``file.kept`` what was not taken.

    The song is edited in its own thread only: between the cells of a notebook, whenever it is
    read, and by ``look()``.
    """

    def __init__(self, thing: Stored, path: Path) -> None:
        """Follow from now on; use ``song.bind(path)``."""
        self.path = path.absolute()
        self._thing = thing
        self._document = thing.document
        self._lock = threading.RLock()
        self._model = self._base = document_of(thing)
        self._seen = ""
        self._odd = ""
        self._stamp: object = None
        self._edited_at: float | None = None
        self._is_posted = self._is_looking = False
        self.words = ""
        """What came in last, in words."""
        self.kept = ""
        """What the file said otherwise, and the song kept as it was, since both had changed it."""
        self._ends = [
            self._document.observe(lambda _: self._edited()),
            self._document.on_reopened(self._edited),
            self._document.before_reading(self._before_reading),
        ]
        self._is_over = threading.Event()
        SESSION.followers.add(self)
        _BOUND.add(self)

    # -- the song's side -------------------------------------------------------------------------

    def begin(self, base: Song | None) -> None:
        """Start with a file that says ``base``; None: with none, so that it is written."""
        if base is not None:
            self._seen, self._base = _hash(self.path.read_bytes()), base
        self._stamp = _stamp(self.path)
        self.write()
        me = weakref.ref(self)
        threading.Thread(
            target=_watch, args=(me, self._is_over), name="cellissimo file", daemon=True
        ).start()

    def _edited(self) -> None:
        model = document_of(self._thing)
        with self._lock:
            self._edited_at, self._model = time.monotonic(), model

    def write(self) -> bool:
        """Let the file say what the song says; False where an outside change has to come in first.

        Raises:
            OSError: nothing can be written there.
        """
        with self._lock:
            return self._written(self._model)

    def _written(self, model: Song) -> bool:
        content = print_song(model).encode()
        name = _hash(content)
        if self._is_strange():
            return False
        if name != self._seen or not self.path.exists():
            save_blobs(model, blobs_beside(self.path))
            try:
                with whole_file(self.path) as unfinished:
                    unfinished.write_bytes(content)
                    self._refuse_strange()  # the last moment before it is replaced
            except _OvertakenError:
                return False
        self._seen, self._base, self._edited_at = name, model, None
        self._stamp = _stamp(self.path)
        return True

    # -- the file's side -------------------------------------------------------------------------

    def _is_strange(self) -> bool:
        """Whether the file says what this has neither written nor taken in."""
        try:
            return _hash(self.path.read_bytes()) != self._seen
        except FileNotFoundError:
            return False

    def _refuse_strange(self) -> None:
        if self._is_strange():
            raise _OvertakenError

    def look(self) -> str:
        """Take in what was changed in the file, and let it follow; gives what came in, in words."""
        if self._is_looking:
            return ""
        self._is_looking = True
        try:
            words = self._taken() if self._is_strange() else ""
            self.write()
        finally:
            self._is_looking = False
        return words

    def _taken(self) -> str:
        content = self.path.read_bytes()
        name = _hash(content)
        try:
            theirs = parse_song(content.decode("utf-8-sig"))
        except (CellissimoError, UnicodeDecodeError) as error:
            if name != self._odd:
                self._odd = name
                _warn(f"{self.path.name} does not read, and the song stays as it is: {error}")
            return ""
        before = document_of(self._thing)
        left = self._merge(differences(self._base, _alike(theirs, self._base)))
        after = document_of(self._thing)
        with self._lock:
            self._seen, self._stamp, self._model = name, _stamp(self.path), after
        self.words = "" if after is before else repr(diff_songs(before, after))
        self.kept = _other(after, left)
        self._show()
        return self.words

    def _merge(self, changes: list[Change]) -> list[Change]:
        """Make the changes one edit, one undo step; gives those that the song has other now."""
        with SESSION.gestures.one():
            left = self._document.merge(changes)
        return [change for change in left if not self._document.holds(change)]

    def _show(self) -> None:
        name = self.path.name
        if self.words and SESSION.show is not None:
            print(f"{name} came in: {'; '.join(self.words.splitlines())}")  # noqa: T201 - the line
        if self.kept:
            kept = "; ".join(self.kept.splitlines())
            _warn(f"{name} and the song changed the same; the song keeps its own, not: {kept}")

    # -- when ------------------------------------------------------------------------------------

    def glance(self) -> None:
        """In the thread of the file: see whether there is anything to do, and have it done."""
        edited = self._edited_at
        if _stamp(self.path) != self._stamp:
            self._post()
        elif edited is not None and time.monotonic() - edited > CALM_S:
            with contextlib.suppress(OSError):  # the next look, in the song's thread, tells of it
                self.write()

    def _post(self) -> None:
        if SESSION.post is not None and not self._is_posted:
            self._is_posted = True
            SESSION.post(self._posted)

    def _posted(self) -> None:
        self._is_posted = False
        if not self._is_over.is_set():
            self.look()

    def _before_reading(self) -> None:
        if SESSION.gestures.is_open or self._is_looking:
            return  # what comes out of a file is a step of its own
        if _stamp(self.path) != self._stamp:
            self.look()

    def begin_cell(self, _number: int) -> None:
        """A cell begins to run."""
        self.look()

    def end_cell(self) -> None:
        """A cell has run."""
        self.look()

    def unbind(self) -> None:
        """Follow no more; the file stays as it is."""
        self.look()
        self._is_over.set()
        for end in self._ends:
            end()
        SESSION.followers.discard(self)
        _BOUND.discard(self)

    def __repr__(self) -> str:
        """One line."""
        odd = " (the file does not read)" if self._odd and self._is_strange() else ""
        return f"{self.path.name} follows {self._thing.name!r}{odd}"


@atexit.register
def write_all() -> None:
    """Let all files say what their songs say, at the end of the process."""
    for file in list(_BOUND):
        with contextlib.suppress(OSError):
            file.write()


def bind(thing: Stored, path: str | Path, keep: str | None = None) -> BoundFile:
    """Bind a file to a song or loop.

    ``keep`` says which is right where both are there and differ: "song" or "file".

    Raises:
        BoundFileError: they differ, and nobody said which is right.
    """
    file = Path(path)
    mine, base = document_of(thing), None
    if file.exists():
        there = _alike(parse_song(file.read_text("utf-8-sig")), mine)
        if print_song(there) != print_song(mine) and keep is None and not _is_past(thing, there):
            raise BoundFileError(
                f"{file.name} says something else than {thing.name!r} ever did; "
                'keep="song" writes over it, keep="file" takes in what is other there'
            )
        base = there
    bound = BoundFile(thing, file)
    if base is not None and keep == "file":
        base = _taken_whole(thing, base)
    bound.begin(base)
    return bound


def _taken_whole(thing: Stored, there: Song) -> Song:
    with SESSION.gestures.one():
        thing.document.merge(differences(document_of(thing), there))
    return there


def _is_past(thing: Stored, there: Song) -> bool:
    """Whether a song says what this one said once: then the file is only older."""
    from cellissimo.client.errors import ServerError  # noqa: PLC0415 - beside pydantic
    from cellissimo.client.links import link_of  # noqa: PLC0415

    link = link_of(thing.document)
    if link is None:
        return False
    text, client = print_song(there), server_of(thing.document)
    try:
        seqs = range(link.seq, max(0, link.seq - _MOST_PAST), -1)
        return any(client.text_at(link.piece_id, seq) == text for seq in seqs)
    except ServerError:
        return False


_MOST_PAST = 30
"""Revisions that are looked through for what a file says."""


def _alike(song: Song, other: Song) -> Song:
    """A file's song as one of the same piece: under its id."""
    return replace(song, id=other.id)


def _other(song: Song, changes: list[Change]) -> str:
    """What the changes would make other, in words."""
    if not changes:
        return ""
    document = Document(song)
    document.force(changes)
    return repr(diff_songs(song, document.revision))


def _warn(message: str) -> None:
    warnings.warn(message, RoomWarning, stacklevel=4)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _stamp(path: Path) -> object:
    """What tells that a file was written, without reading it."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _watch(bound: Callable[[], BoundFile | None], is_over: threading.Event) -> None:
    while not is_over.wait(LOOK_S):
        file = bound()
        if file is None:
            return
        file.glance()
