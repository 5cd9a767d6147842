"""An executor that is made anew when it breaks or hangs."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


class Pool:
    """Executors that ``make`` gives, one at a time."""

    def __init__(self, make: Callable[[], Executor]) -> None:
        """Nothing is made before the first work comes."""
        self._make = make
        self._executor: Executor | None = None

    def submit(self, work: Callable[..., T], *given: object) -> Future[T]:
        """The future of ``work``; an executor that is broken is replaced first."""
        with _without_main():
            try:
                return self._current().submit(work, *given)
            except RuntimeError:  # broken or shut down; BrokenExecutor is one too
                self.renew()
                return self._current().submit(work, *given)

    def renew(self) -> None:
        """Give up the executor with all that it does: its processes are ended."""
        given_up, self._executor = self._executor, None
        if given_up is not None:
            for process in _processes_of(given_up):
                process.kill()
            given_up.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """Wait for what runs, then let go."""
        if self._executor is not None:
            self._executor.shutdown(cancel_futures=True)
            self._executor = None

    def _current(self) -> Executor:
        if self._executor is None:
            self._executor = self._make()
        return self._executor


def process_pool(workers: int) -> Executor:
    """Processes that only watch over workers: each takes a few MB, and a moment to start."""
    return ProcessPoolExecutor(
        workers, mp_context=multiprocessing.get_context("spawn"), initializer=_settle
    )


def _settle() -> None:
    """In a process of the pool: leave Ctrl-C to the server, and end when the server does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _without_main() -> Iterator[None]:
    """Start processes that do not import the main module again.

    That of JupyterLab takes a second and 60 MB, and no work of ours is in it.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _processes_of(executor: Executor) -> list[multiprocessing.process.BaseProcess]:
    """The processes of an executor that has some (Python 3.14 has ``kill_workers``)."""
    return list((getattr(executor, "_processes", None) or {}).values())
