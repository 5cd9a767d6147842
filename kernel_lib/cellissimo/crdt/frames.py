"""The frames of the y-protocols sync protocol: what two replicas say to each other.

A frame is the message type (0: sync), the step (0: a state vector, 1: the answer to one, 2: an
update) and the payload behind its length. Source: y-protocols, PROTOCOL.md.
"""

from __future__ import annotations

import pycrdt

from cellissimo.crdt.document import Document, DocumentError

SYNC = 0
STATE, ANSWER, UPDATE = 0, 1, 2
EMPTY = b"\x00\x00"


def question(document: Document) -> bytes:
    """A frame that asks a replica for what ``document`` lacks."""
    return bytes([SYNC, STATE]) + pycrdt.write_message(document.state)


def news(update: bytes) -> bytes:
    """A frame that carries one update."""
    return bytes([SYNC, UPDATE]) + pycrdt.write_message(update)


def receive(document: Document, frame: bytes, *, origin: str, gesture: object) -> bytes | None:
    """Take in a frame; gives the frame to answer with, where one is asked for.

    Raises:
        DocumentError: the bytes are no frame of the protocol.
    """
    kind, payload = _parts(frame)
    if kind == STATE:
        return bytes([SYNC, ANSWER]) + pycrdt.write_message(document.encode(payload))
    if payload != EMPTY:
        document.apply(payload, origin=origin, gesture=gesture)
    return None


def _parts(frame: bytes) -> tuple[int, bytes]:
    if len(frame) < 3 or frame[0] != SYNC or frame[1] not in (STATE, ANSWER, UPDATE):
        begin = frame[:2].hex(" ")
        message = f"a frame begins {begin!r}; a sync frame begins 00 00, 00 01 or 00 02"
        raise DocumentError(message)
    try:
        return frame[1], pycrdt.read_message(frame[2:])
    except (IndexError, AssertionError) as error:
        message = f"a frame of {len(frame)} bytes is cut off"
        raise DocumentError(message) from error
