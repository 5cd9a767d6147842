"""One thread that writes: what waits together is committed together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from cellissimo_server.store.database import Connection
from cellissimo_server.store.duck_file import DuckFile
from cellissimo_server.store.duck_session import RetryError, transaction
from cellissimo_server.store.errors import ClosedError, StoreError, UnsureError

T = TypeVar("T")

_MOST_TOGETHER = 256
_MOST_TRIES = 8


@dataclass(frozen=True, slots=True)
class _Order:
    work: Callable[[Connection], Any]
    done: Future[Any]


class Writer:
    """Runs pieces of work in the order they come; each is done when it is on disk."""

    def __init__(self, file: DuckFile) -> None:
        """Start the thread."""
        self._file = file
        self._orders: SimpleQueue[_Order | None] = SimpleQueue()
        self._is_closed = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._serve, name="cellissimo-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Connection], T]) -> Future[T]:
        """What ``work`` will have given, once it is on disk.

        Raises:
            ClosedError: the writer was closed.
        """
        done: Future[T] = Future()
        with self._lock:
            if self._is_closed:
                raise ClosedError
            self._orders.put(_Order(work, done))
        return done

    def close(self) -> None:
        """Finish what was submitted, then stop."""
        with self._lock:
            if not self._is_closed:
                self._is_closed = True
                self._orders.put(None)
        self._thread.join()

    def _serve(self) -> None:
        while (first := self._orders.get()) is not None:
            batch, is_last = self._drain(first)
            self._write([order for order in batch if order.done.set_running_or_notify_cancel()])
            if is_last:
                return

    def _drain(self, first: _Order) -> tuple[list[_Order], bool]:
        batch = [first]
        try:
            while len(batch) < _MOST_TOGETHER:
                order = self._orders.get_nowait()
                if order is None:
                    return batch, True
                batch.append(order)
        except Empty:
            pass
        return batch, False

    def _write(self, batch: list[_Order]) -> None:
        if len(batch) == 1 or not self._together(batch):
            for order in batch:
                self._alone(order)

    def _together(self, batch: list[_Order]) -> bool:
        """Commit all as one; False where a piece failed, and all of it was taken back."""
        try:
            results = self._run([order.work for order in batch])
        except UnsureError as error:
            for order in batch:  # to run them again might do them twice
                order.done.set_exception(error)
            return True
        except BaseException:  # noqa: BLE001 - whose it was is found out by running each alone
            return False
        for order, result in zip(batch, results, strict=True):
            order.done.set_result(result)
        return True

    def _alone(self, order: _Order) -> None:
        try:
            order.done.set_result(self._retried(order.work))
        except BaseException as error:  # noqa: BLE001 - whoever waits is told
            order.done.set_exception(error)

    def _retried(self, work: Callable[[Connection], T]) -> T:
        for _ in range(_MOST_TRIES - 1):
            try:
                return self._run([work])[0]
            except RetryError:
                continue
        try:
            return self._run([work])[0]
        except RetryError as error:
            raise StoreError(
                f"The database was too busy: {error}.", cure="Try again in a moment."
            ) from error

    def _run(self, works: list[Callable[[Connection], T]]) -> list[T]:
        with self._file.cursor() as cursor, transaction(cursor) as session:
            return [work(session) for work in works]
