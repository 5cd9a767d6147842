"""Callbacks from the shared document that do not keep alive whom they call.

The document's library holds callbacks where Python's garbage collector cannot look, so that a
document and whoever listens to it would never be freed.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from typing import Any

import pycrdt

Source = pycrdt.Doc[Any] | pycrdt.Map[Any]


def listen(source: Source, method: Callable[..., None], *given: object) -> None:
    """Call ``method`` with what is ``given`` and each event, for as long as its object lives.

    The events are a document's transactions, or a map's changes with those of the maps within.
    """
    heard = weakref.WeakMethod(method)

    def call(event: Any) -> None:  # noqa: ANN401 - events of several kinds
        found = heard()
        if found is not None:
            found(*given, event)

    if isinstance(source, pycrdt.Map):
        subscription = source.observe_deep(call)
    else:
        subscription = source.observe(call)
    owner: object = getattr(method, "__self__", None)
    end = weakref.finalize(owner, _stop, source, subscription, threading.get_ident())
    end.atexit = False


def _stop(source: Source, subscription: pycrdt.Subscription, thread: int) -> None:
    if threading.get_ident() == thread:  # the library's objects bear no other
        source.unobserve(subscription)
