"""A live document: one Y document with its revisions, edits, undo and observers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import pycrdt

from cellissimo.crdt import layout
from cellissimo.crdt.gestures import Gestures
from cellissimo.crdt.listening import listen
from cellissimo.crdt.mirror import Change, Mirror, same
from cellissimo.crdt.read import Reader
from cellissimo.crdt.undo import KERNEL, TRACKED, UndoStack
from cellissimo.crdt.write import Writer
from cellissimo.domain.errors import CellissimoError
from cellissimo.schema import migrations
from cellissimo.schema.models import SCHEMA_VERSION, Song

Update = Callable[[bytes], None]
"""Called with each update of the document, whoever made it."""

Watcher = Callable[[list[Change]], None]
"""Called with what each transaction changed, whoever made it."""

UNDO = "undo"
"""The origin of what undo and redo write, here or in a page: no step of its own."""


class DocumentError(CellissimoError):
    """Bytes that are no document of ours."""


class Document:
    """A song's shared document: read it as ``revision``, change it inside ``edit()``."""

    def __init__(
        self,
        song: Song | None = None,
        *,
        update: bytes | None = None,
        gestures: Gestures | None = None,
        epoch: str | None = None,
    ) -> None:
        """Found a document that says what ``song`` says, or open the one in ``update``.

        ``epoch`` names a founding, so that another history of the same song is told apart
        [DOC-16].

        Raises:
            DocumentError: ``update`` is no update of a document of ours.
            NewerSchemaError: it was written by a newer cellissimo.
        """
        self._doc: pycrdt.Doc[Any] = pycrdt.Doc()
        self._gestures = gestures or Gestures()
        self._observers: dict[int, Update] = {}
        self._watchers: dict[int, Watcher] = {}
        self._reopened: dict[int, Callable[[], None]] = {}
        self._updates: list[bytes] = []
        self._written: list[Change] = []
        """What was written key by key: the mirror has it already."""
        self._depth = 0
        self._thread = threading.get_ident()
        self._is_telling = False
        self._arrivals: dict[int, Callable[[], None]] = {}
        self.origin = "founding"
        """The origin of the last transaction: observers and watchers may ask for it."""
        self.migration: bytes | None = None
        """What brought an older document to this schema, where it was one."""
        if update is not None:
            self._open(update)
        if song is not None:
            with self._doc.transaction(origin="founding"):
                Writer(self._doc).found(song, epoch)
        self._mirror = Mirror(self._doc)
        self._reader = Reader(self._mirror.content)
        self._undo = UndoStack(self._mirror)
        self._deafen = listen(self._doc, self._changed)

    def _open(self, update: bytes) -> None:
        try:
            self._doc.apply_update(update)
        except (ValueError, RuntimeError) as error:
            message = f"these {len(update)} bytes are no document; open a file with cm.load(path)"
            raise DocumentError(message) from error
        stored = {
            name: self._doc.get(name, type=pycrdt.Map).to_py() or {}
            for name in (layout.META, *layout.MUSIC)
        }
        schema = stored[layout.META].get("schema")
        if isinstance(schema, bool) or not isinstance(schema, int | float) or not 1 <= schema < 1e9:
            message = f"these {len(update)} bytes hold no cellissimo document"
            raise DocumentError(message)
        older = schema < SCHEMA_VERSION
        current = migrations.migrated(stored)
        if older:
            before = self._doc.get_state()
            with self._doc.transaction(origin="migration"):
                Writer(self._doc).rewrite(current)
            self.migration = self._doc.get_update(before)

    @property
    def revision(self) -> Song:
        """What the document says now; the same object until it changes. Cost: O(changed)."""
        with self.lock:
            if self._arrivals and self.is_free and threading.get_ident() == self._thread:
                for take_in in list(self._arrivals.values()):
                    take_in()
            return self._reader.song()

    @property
    def lock(self) -> AbstractContextManager[object]:
        """Held by the thread that changes or reads a document of this kernel [DOC-19]."""
        return self._gestures.lock

    @property
    def is_free(self) -> bool:
        """Whether this thread can take something else in: it has no change under way."""
        with self.lock:
            return self._depth == 0 and not self._is_telling

    def before_reading(self, take_in: Callable[[], None]) -> Callable[[], None]:
        """Call ``take_in``, which takes in what waits, before each reading in this thread.

        It has to be quick where nothing waits. Returns what ends that.
        """
        key = max(self._arrivals, default=0) + 1
        self._arrivals[key] = take_in
        return lambda: self._arrivals.pop(key, None) and None

    @property
    def stored(self) -> dict[str, Any]:
        """The maps as plain values, as they are stored; not to be changed."""
        return self._mirror.content

    @property
    def epoch(self) -> str:
        """The name of this document's founding; empty where it was given none [DOC-16]."""
        found = self._mirror.content[layout.META].get("epoch")
        return found if isinstance(found, str) else ""

    @property
    def gesture(self) -> int:
        """The number of the present gesture or cell: what it changes is one undo step."""
        return self._gestures.now

    @contextmanager
    def edit(self, origin: str = KERNEL) -> Iterator[Writer]:
        """One transaction, this kernel's unless said; nested ones belong to the outermost."""
        with self._change(origin, None):
            yield Writer(self._doc)

    @contextmanager
    def _change(self, origin: str, gesture: object) -> Iterator[None]:
        """A transaction; observers hear of it when it is closed and the document can be read."""
        with self.lock:
            self._depth += 1
            try:
                with self._gesture_of(origin, gesture), self._doc.transaction(origin=origin):
                    yield
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self._settle(origin)

    def _gesture_of(self, origin: str, gesture: object) -> AbstractContextManager[None]:
        """What others do is no gesture of this session, and interrupts none."""
        is_own = origin in TRACKED or origin == UNDO
        return self._gestures.one(gesture) if is_own else nullcontext()

    def _settle(self, origin: str) -> None:
        """After the outermost transaction: follow it, remember it, tell of it."""
        self._reader.forget(self._mirror.touched)
        changes = [*self._written, *self._mirror.catch_up()]
        self._written = []
        if origin in TRACKED:
            self._undo.record(changes, self._gestures.now)
        updates, self._updates = self._updates, []
        was_telling, self._is_telling = self._is_telling, True
        try:
            for watcher in list(self._watchers.values()):
                self.origin = origin
                watcher(changes)
            for update in updates:
                for observer in list(self._observers.values()):
                    self.origin = origin  # who heard before may have edited
                    observer(update)
        finally:
            self._is_telling = was_telling

    def apply(self, update: bytes, *, origin: str, gesture: object = None) -> None:
        """Take in another replica's update.

        Updates of the same ``gesture`` are one undo step, where ``origin`` is one of ours.

        Raises:
            DocumentError: the bytes are no update.
        """
        with self._change(origin, gesture):
            try:
                self._doc.apply_update(update)
            except (ValueError, RuntimeError) as error:
                message = f"these {len(update)} bytes are no update of a document"
                raise DocumentError(message) from error

    def apply_all(self, updates: Iterable[bytes], *, origin: str) -> None:
        """Take in many updates, and follow them once.

        Raises:
            DocumentError: one of them is no update.
        """
        with self._change(origin, None):
            for update in updates:
                self.apply(update, origin=origin)

    def merge(self, changes: Iterable[Change], *, origin: str = KERNEL) -> list[Change]:
        """Write changes that were made to an older revision; gives those that do not fit any more.

        A change fits where the document still holds what it began with.
        """
        with self._change(origin, None):
            left: list[Change] = []
            for change in changes:
                (self._written if self._mirror.adopt(change) else left).append(change)
            return left

    def record(self, changes: list[Change], gesture: object) -> None:
        """Let changes that came from elsewhere be this session's: a step that undo takes back.

        Those of the same ``gesture`` are one step.
        """
        with self._gestures.one(gesture):
            self._undo.record(changes, self._gestures.now)

    def holds(self, change: Change) -> bool:
        """Whether the document says what a change leads to."""
        return same(self._mirror.value(change.path, change.key), change.after)

    def force(self, changes: Iterable[Change]) -> None:
        """Write what changes lead to, whatever stands there; where its map is gone, nothing."""
        with self._change(KERNEL, None):
            for change in changes:
                self._mirror.write(change.path, change.key, change.after)

    def reopen(self, update: bytes) -> None:
        """Be another replica from now on, of what ``update`` says: nothing else is kept.

        Whoever holds the document goes on with it; its undo takes back what still stands there.

        Raises:
            DocumentError: ``update`` is no update of a document of ours.
        """
        with self.lock:
            before = self._doc
            self._doc = pycrdt.Doc()
            try:
                self._open(update)
            except CellissimoError:
                self._doc = before
                raise
            self._deafen()
            self._deafen = listen(self._doc, self._changed)
            self._mirror = Mirror(self._doc)
            self._reader = Reader(self._mirror.content)
            self._undo.follow(self._mirror)
            for told in list(self._reopened.values()):
                told()

    def on_reopened(self, told: Callable[[], None]) -> Callable[[], None]:
        """Call ``told`` when this has become another replica; returns what ends that."""
        key = max(self._reopened, default=0) + 1
        self._reopened[key] = told
        return lambda: self._reopened.pop(key, None) and None

    def encode(self, state: bytes | None = None) -> bytes:
        """The whole document as one update, or what is missing from a replica's ``state``."""
        with self.lock:
            return self._doc.get_update(state)

    @property
    def state(self) -> bytes:
        """The state vector: what this replica has seen."""
        with self.lock:
            return self._doc.get_state()

    @property
    def replica(self) -> int:
        """The number under which this replica writes."""
        return self._doc.client_id

    def observe(self, update: Update) -> Callable[[], None]:
        """Call ``update`` with the bytes of each change from now on; returns what ends that."""
        key = max(self._observers, default=0) + 1
        self._observers[key] = update
        return lambda: self._observers.pop(key, None) and None

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Call ``watcher`` with what each transaction changed; returns what ends that."""
        key = max(self._watchers, default=0) + 1
        self._watchers[key] = watcher
        return lambda: self._watchers.pop(key, None) and None

    def undo(self) -> bool:
        """Take back the last gesture or cell of this session; False where there is none."""
        with self._change(UNDO, None):
            return self._wrote(self._undo.take_back())

    def redo(self) -> bool:
        """Do again what was last taken back; False where there is nothing."""
        with self._change(UNDO, None):
            return self._wrote(self._undo.do_again())

    def _wrote(self, changes: list[Change]) -> bool:
        self._written += changes
        return bool(changes)

    @property
    def undo_depth(self) -> tuple[int, int]:
        """How many steps can be undone, and how many redone."""
        return self._undo.depth

    def _changed(self, event: pycrdt.TransactionEvent) -> None:
        self._updates.append(event.update)
