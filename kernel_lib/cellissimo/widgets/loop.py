"""The Loop widget: traits, and the comm over which its page's replica follows the document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import anywidget
import traitlets

from cellissimo.crdt import frames
from cellissimo.crdt.document import UNDO, Document
from cellissimo.crdt.undo import WIDGET
from cellissimo.domain.errors import CellissimoError
from cellissimo.schema import checks, models
from cellissimo.schema.parameters import BY_KEY
from cellissimo.widgets import bundle

SWING_TYPE, SWING, LEVEL = "master.groove.type", "master.groove.amount", "master.amp.level"


class LoopWidget(anywidget.AnyWidget):
    """A loop as an ipywidget: its traits are the document's values, both ways.

    ``tempo`` quarter notes a minute, 20 … 400. ``swing`` 0 … 1. ``level`` 0 … 1, of the whole
    loop. ``bars`` 1, 2, 4 or 8. ``key`` such as "C major". ``name`` of the loop. ``playing``
    starts and stops the sound in the page. ``gesture`` is the line of Python that does what the
    last gesture in the page did.
    """

    name = traitlets.Unicode().tag(sync=True, echo_update=False)
    tempo = traitlets.Float(120.0).tag(sync=True, echo_update=False)
    swing = traitlets.Float(0.0).tag(sync=True, echo_update=False)
    level = traitlets.Float(0.8).tag(sync=True, echo_update=False)
    bars = traitlets.Int(4).tag(sync=True, echo_update=False)
    key = traitlets.Unicode("C major").tag(sync=True, echo_update=False)
    playing = traitlets.Bool(default_value=False).tag(sync=True)
    gesture = traitlets.Unicode().tag(sync=True)

    _document_id = traitlets.Unicode().tag(sync=True)
    _loop_id = traitlets.Unicode().tag(sync=True)
    _bundle = traitlets.Unicode().tag(sync=True)
    _state = traitlets.Bytes(b"").tag(sync=True, to_json=lambda _, widget: widget.encoded())

    def __init__(self, document: Document, loop_id: str) -> None:
        """Show the loop ``loop_id`` of ``document``."""
        self._esm = bundle.loader()
        self._document = document
        self._forget: Callable[[], None] = lambda: None
        self._following = False
        # Complete from the start: a page that has the bundle already connects at once.
        where = {"_loop_id": loop_id, "_document_id": document.revision.id}
        super().__init__(_bundle=bundle.bundle_name(), **where)
        self.views = 0
        self.on_msg(self._received)
        self.observe(self._trait_changed, list(_WRITERS))
        self.attach(document, loop_id)

    def attach(self, document: Document, loop_id: str) -> None:
        """Show a loop of another document from now on."""
        self._forget()
        self._document = document
        self._forget = document.observe(self._document_changed)
        with self.hold_sync():
            self._loop_id = loop_id
            self._document_id = document.revision.id
            self._state = b"-" if self._state == b"" else b""
            self._follow()

    def encoded(self) -> bytes:
        """The whole document as it is when a page asks for it."""
        return self._document.encode()

    def _should_send_property(self, key: str, value: object) -> bool:
        """Never what the page reads from its own replica: an echo could undo a newer gesture."""
        return key not in _WRITERS and super()._should_send_property(key, value)

    # -- document to page ----------------------------------------------------------------------

    def _document_changed(self, update: bytes) -> None:
        self.send({"kind": "frame"}, [frames.news(update)])
        self._follow()

    def _follow(self) -> None:
        """Make the traits say what the document says."""
        song = self._document.revision
        loop = song.loops.get(self._loop_id)
        if loop is None:
            return
        with self._as_follower():
            for trait, value in _trait_values(song, loop).items():
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
            case "views":
                self.views = int(content["count"])

    def _receive_frame(self, frame: bytes, gesture: object) -> None:
        origin = UNDO if gesture == UNDO else WIDGET
        answer = frames.receive(self._document, frame, origin=origin, gesture=gesture)
        if answer is not None:
            self.send({"kind": "frame"}, [answer])
            self.send({"kind": "frame"}, [frames.question(self._document)])

    def _trait_changed(self, change: Mapping[str, Any]) -> None:
        """Write a trait that a user, a link or another widget has set into the document."""
        song = self._document.revision
        loop = song.loops.get(self._loop_id)
        held = loop and _trait_values(song, loop)[change["name"]]
        if self._following or loop is None or held == change["new"]:
            return
        try:
            _WRITERS[change["name"]](self._document, self._loop_id, change["new"])
        except CellissimoError:
            self._follow()
            raise


def _trait_values(song: models.Song, loop: models.Loop) -> dict[str, Any]:
    return {
        "name": loop.name,
        "tempo": float(loop.tempo or song.tempo),
        "swing": float(loop.settings.get(SWING, 0.0)),
        "level": float(loop.settings.get(LEVEL, BY_KEY["amp.level"].default)),
        "bars": loop.bars,
        "key": loop.key,
    }


Writer = Callable[[Document, str, Any], None]


def _field(field: str, check: Callable[[Any], Any]) -> Writer:
    def write(document: Document, loop_id: str, value: object) -> None:
        checked = check(value)
        with document.edit() as edit:
            edit.set_loop_field(loop_id, field, checked)

    return write


def _write_swing(document: Document, loop_id: str, value: float) -> None:
    amount = checks.setting("master", "groove.amount", value)
    with document.edit() as edit:
        edit.set_setting(loop_id, SWING_TYPE, "swing" if amount else None)
        edit.set_setting(loop_id, SWING, amount or None)


def _write_level(document: Document, loop_id: str, value: float) -> None:
    level = checks.setting("master", "amp.level", value)
    with document.edit() as edit:
        edit.set_setting(loop_id, LEVEL, level)


_WRITERS: dict[str, Writer] = {
    "name": _field("name", checks.name),
    "tempo": _field("tempo", checks.tempo),
    "bars": _field("bars", checks.bars),
    "key": _field("key", checks.key),
    "swing": _write_swing,
    "level": _write_level,
}
