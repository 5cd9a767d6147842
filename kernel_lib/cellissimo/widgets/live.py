"""A widget that shows part of a document: its page's replica follows over the comm."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

import anywidget
import traitlets
from traitlets.utils.bunch import Bunch

from cellissimo.crdt import frames
from cellissimo.crdt.document import UNDO, Document
from cellissimo.crdt.undo import WIDGET
from cellissimo.domain.errors import CellissimoError
from cellissimo.widgets import bundle
from cellissimo.widgets.seats import seat_of, watch_seat


class LiveWidget(anywidget.AnyWidget):
    """A document as an ipywidget: some of its traits are the document's values, both ways.

    ``playing`` starts and stops the sound in the page. ``gesture`` is the line of Python that does
    what the last gesture in the page did; who observes it hears of each. ``views`` is how many
    views a page has open.
    """

    playing = traitlets.Bool(default_value=False).tag(sync=True)
    gesture = traitlets.Unicode().tag(sync=True)

    _document_id = traitlets.Unicode().tag(sync=True)
    _room = traitlets.Unicode().tag(sync=True)
    _bundle = traitlets.Unicode().tag(sync=True)
    _state = traitlets.Bytes(b"").tag(sync=True, to_json=lambda _, widget: widget.encoded())

    WRITERS: ClassVar[Mapping[str, Callable[[Any, Any], None]]] = {}
    """What writes each trait that is the document's into the document."""

    def __init__(self, document: Document, **traits: object) -> None:
        """Show ``document``."""
        self._esm = bundle.loader()
        self._document = document
        self._ends: list[Callable[[], None]] = []
        self._following = False
        self._linked = False
        self._reopened = 0
        # Complete from the start: a page that has the bundle already connects at once.
        super().__init__(_bundle=bundle.bundle_name(), _document_id=document.revision.id, **traits)
        self.views = 0
        self.on_msg(self._received)
        self.observe(self._trait_changed, list(self.WRITERS))
        self.follow(document)

    def follow(self, document: Document, **traits: object) -> None:
        """Show another document from now on."""
        for end in self._ends:
            end()
        self._document = document
        self._ends = [
            document.observe(self._document_changed),
            document.on_reopened(self._document_reopened),
            watch_seat(document, self._seat_changed),
        ]
        with self.hold_sync():
            for name, value in traits.items():
                setattr(self, name, value)
            self._document_id = document.revision.id
            self._state = b"-" if self._state == b"" else b""
            self._seat_changed()
            self._say()

    def _document_reopened(self) -> None:
        """The document is another replica: so has the page's to be, under another name."""
        self._reopened += 1
        with self.hold_sync():
            self._document_id = f"{self._document.revision.id}#{self._reopened}"
            self._state = b"-" if self._state == b"" else b""
            self._say()

    def _seat_changed(self) -> None:
        seat = seat_of(self._document)
        self._room = "" if seat is None else seat.told

    def encoded(self) -> bytes:
        """The whole document as it is when a page asks for it."""
        return self._document.encode()

    def trait_values_now(self) -> dict[str, Any] | None:
        """What the document says of each trait that is its own; None where it is gone."""
        return {}

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take in what the page says of the traits.

        Its edits come by frames, or from the room: the same value by a second way, and later, as
        after a long cell, would take back what was done meanwhile. Only a page whose replica is
        not there yet, as when a link sets a trait at once, is believed.
        """
        if self._linked or self._room:
            sync_data = {name: sync_data[name] for name in sync_data if name not in self.WRITERS}
        super().set_state(sync_data)

    def _should_send_property(self, key: str, value: object) -> bool:
        """Never what the page reads from its own replica: an echo could undo a newer gesture."""
        return key not in self.WRITERS and super()._should_send_property(key, value)

    # -- document to page ----------------------------------------------------------------------

    def _document_changed(self, update: bytes) -> None:
        self.send({"kind": "frame"}, [frames.news(update)])
        self._say()

    def _say(self) -> None:
        """Make the traits say what the document says."""
        values = self.trait_values_now()
        if values is None:
            return
        with self._as_follower():
            for trait, value in values.items():
                setattr(self, trait, value)

    @contextmanager
    def _as_follower(self) -> Iterator[None]:
        """While it lasts, a changed trait is an echo of the document and is not written to it."""
        before, self._following = self._following, True
        try:
            yield
        finally:
            self._following = before

    # -- page and traits to document -----------------------------------------------------------

    def _received(self, _: object, content: Mapping[str, Any], buffers: list[memoryview]) -> None:
        match content.get("kind"):
            case "frame":
                self._receive_frame(bytes(buffers[0]), content.get("gesture"))
            case "bundle":
                self.send({"kind": "bundle"}, [bundle.bundle()])
            case "ticket":
                self._send_ticket()
            case "claim":
                self._claim(str(content.get("gesture")), content.get("keys"))
            case "gesture":
                self._hear_gesture(str(content["line"]))
            case "views":
                self.views = int(content["count"])
            case _:
                self.receive(content)

    def _send_ticket(self) -> None:
        """Answer a page that could not ask for a ticket by itself."""
        seat = seat_of(self._document)
        if seat is None:
            self.send({"kind": "ticket", "error": "the kernel is not in the room; song.join()"})
            return
        try:
            ticket, url = seat.ticket()
        except CellissimoError as error:
            self.send({"kind": "ticket", "error": str(error)})
        else:
            self.send({"kind": "ticket", "ticket": ticket, "url": url})

    def _claim(self, gesture: str, keys: object) -> None:
        """A gesture in the page has come by way of the room: it is one's own all the same."""
        seat = seat_of(self._document)
        if seat is None or not isinstance(keys, list):
            return
        texts = [[str(part) for part in key] for key in keys if isinstance(key, list) and key]
        seat.claim(gesture, texts)

    def _hear_gesture(self, line: str) -> None:
        """Tell who observes ``gesture`` of each one, also of one that says what the last did."""
        if line == self.gesture:
            self.notify_change(Bunch(name="gesture", old=line, new=line, owner=self, type="change"))
        self.gesture = line

    def receive(self, content: Mapping[str, Any]) -> None:
        """Answer what only one kind of widget is asked."""

    def _receive_frame(self, frame: bytes, gesture: object) -> None:
        self._linked = True
        origin = UNDO if gesture == UNDO else WIDGET
        answer = frames.receive(self._document, frame, origin=origin, gesture=gesture)
        if answer is not None:
            self.send({"kind": "frame"}, [answer])
            self.send({"kind": "frame"}, [frames.question(self._document)])

    def _trait_changed(self, change: Mapping[str, Any]) -> None:
        """Write a trait that a user, a link or another widget has set into the document."""
        with self._document.lock:
            values = self.trait_values_now()
            if self._following or values is None or values[change["name"]] == change["new"]:
                return
            try:
                self.WRITERS[change["name"]](self, change["new"])
            except CellissimoError:
                self._say()
                raise
