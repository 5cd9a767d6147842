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


def listen(source: Source, method: Callable[..., None], *given: object) -> Callable[[], object]:
    """Call ``method`` with what is ``given`` and each event, for as long as its object lives.

    Gives what ends that earlier. The events are those of a document's transactions, or changes of a
    map and of the maps within it.
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
    return end


def _stop(source: Source, subscription: pycrdt.Subscription, thread: int) -> None:
    if threading.get_ident() == thread:  # the library's objects bear no other
        source.unobserve(subscription)
