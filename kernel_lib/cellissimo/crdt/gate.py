"""What stands between a replica's update and a document [GATE-1 … GATE-14].

An update passes when a strict parser reads it, when it is a plain continuation of what is there,
and when a twin of the document shows that it changes only what it may. A refusal leaves the
document as it was.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping, Sequence

from cellissimo.crdt import gate_shape, layout
from cellissimo.crdt.document import Document
from cellissimo.crdt.mirror import Change
from cellissimo.crdt.twin import Twin
from cellissimo.crdt.update_parser import (
    Struct,
    Update,
    UpdateError,
    parse_update,
    state_of,
    value_of,
)

MOST_DOCUMENT = 50_000_000
"""Bytes of a document and of all updates since it was opened."""

MayUse = Callable[[int], bool]
"""Whether who sends an update may write as a replica that the document knows already."""

Permit = Callable[[Sequence[Change]], None]
"""Raises where the changes are not allowed to who sends them."""


class GateError(UpdateError):
    """An update that a document refuses; ``reason`` is one word for programs.

    "gap" (operations are missing), "unknown" (it builds on what nobody has), "future" (it deletes
    what is not there yet), "foreign" (another replica's id), "history" (another content under a
    number that is taken), "shape" (not as the layout is), "limit" (more than a document holds).
    """

    def __init__(self, reason: str, message: str) -> None:
        """Keep the reason apart."""
        super().__init__(message)
        self.reason = reason


class Gate:
    """Lets updates into one document, or refuses them as a whole."""

    def __init__(self, document: Document) -> None:
        """Stand before ``document``; other ways into it stay open for who holds it."""
        self._document = document
        self._twin: Twin | None = None
        self._size = 0
        self._seen: dict[int, int] | None = None
        self._is_passing = False
        self.newcomers: frozenset[int] = frozenset()
        """The replicas that wrote for the first time with the update that was let in last."""
        document.observe(_weakly(self._follow))

    @property
    def seen(self) -> Mapping[int, int]:
        """How many operations of each replica the document has.

        *Cost*: O(1); where the document was changed in other ways since, O(replicas).
        """
        if self._seen is None:
            self._seen = state_of(self._document.state)
        return self._seen

    def admit(
        self,
        data: bytes,
        *,
        origin: str,
        may_use: MayUse,
        permit: Permit,
        parsed: Update | None = None,
    ) -> list[Change]:
        """Let an update in; gives what it changed, nothing where all of it was known.

        ``parsed`` is what ``parse_update`` has given for it, where that was asked before.

        *Cost*: O(bytes + touched entities); the first one, and the one after a refusal on the
        twin, O(document).

        Raises:
            UpdateError: the bytes are no update of ours; nothing was tried.
            GateError: it is refused, with a reason. Whatever ``permit`` raises.
        """
        update = parse_update(data) if parsed is None else parsed
        if update.is_empty:
            return []
        after = self._continued(update, may_use)
        changes = self._tried(data, after, permit)
        self._is_passing, self._seen = True, None
        try:
            self._document.apply(data, origin=origin)
        finally:
            self._is_passing = False
        self._seen = after
        self._size += len(data)
        return changes

    # -- the update by itself --------------------------------------------------------------------

    def _continued(self, update: Update, may_use: MayUse) -> dict[int, int]:
        """The state after the update, where it is a plain continuation of what is there."""
        state = self.seen
        self.newcomers = frozenset(update.structs).difference(state)
        after = dict(state)
        known: list[Struct] = []
        for client, structs in update.structs.items():
            have = state.get(client, 0)
            _check_clocks(client, structs, have, may_use)
            known += [one for one in structs if one.clock < have]
            after[client] = max(have, structs[-1].end)
        _check_dependencies(update, after)
        _check_meta(update, state)
        _check_deletes(update, after)
        if known:
            self._check_known(known, state)
        return after

    def _check_known(self, known: Sequence[Struct], state: Mapping[int, int]) -> None:
        """What is sent once more is what was sent before [GATE-9]."""
        first = {one.client: one.clock for one in reversed(known)}
        held = parse_own(self._document.encode(_vector({**state, **first})))
        there = {(one.client, at): one for one in held for at in range(one.clock, one.end)}
        for one in known:
            for at in range(one.clock, min(one.end, state[one.client])):
                if not _is_same(one, there.get((one.client, at)), at):
                    raise GateError(
                        "history",
                        f"replica {one.client} has written something else as number {at} before; "
                        f"load the document anew and make the change again",
                    )

    # -- on the twin -----------------------------------------------------------------------------

    def _tried(self, data: bytes, after: dict[int, int], permit: Permit) -> list[Change]:
        if self._twin is None:
            content = self._document.encode()
            self._twin, self._size = Twin(content), len(content)
        if self._size + len(data) > MOST_DOCUMENT:
            raise GateError("limit", f"the document would have more than {MOST_DOCUMENT} bytes")
        twin, self._twin = self._twin, None  # until it has proved itself
        try:
            tried = twin.try_out(data, self._document.stored)
        except BaseException as error:
            if not is_refusal(error):
                raise
            raise GateError("unknown", "the update does not fit onto what there is") from error
        is_whole = tried.taken == data or state_of(twin.state) == after
        if tried.strange or not is_whole:
            raise GateError("unknown", "the update does not fit onto what the document has")
        self._check_shape(tried.changes)
        permit(tried.changes)
        self._twin = twin
        return tried.changes

    def _check_shape(self, changes: Sequence[Change]) -> None:
        try:
            gate_shape.check(changes, self._document.stored)
        except gate_shape.ShapeError as error:
            raise GateError("shape", str(error)) from None

    def _follow(self, update: bytes) -> None:
        if self._is_passing:
            return
        self._seen = None
        if self._twin is not None:
            self._twin.follow(update)
            self._size += len(update)


def _weakly(method: Callable[[bytes], None]) -> Callable[[bytes], None]:
    """What calls a method while its object lives: a document does not keep its gate, which has it.

    In a circle both would wait for the garbage collector, which may run in another thread; what
    the library holds can be freed in the document's own thread alone.
    """
    held = weakref.WeakMethod(method)

    def call(update: bytes) -> None:
        found = held()
        if found is not None:
            found(update)

    return call


def is_refusal(error: BaseException) -> bool:
    """Whether the library refused an update: an error of its own, or a panic inside it."""
    is_panic = type(error).__name__ == "PanicException"
    return is_panic or isinstance(error, ValueError | RuntimeError)


def _check_clocks(client: int, structs: Sequence[Struct], have: int, may_use: MayUse) -> None:
    """No gap, and no other replica's id [GATE-7] [GATE-8]."""
    start, end = structs[0].clock, structs[-1].end
    if start > have:
        raise GateError(
            "gap",
            f"replica {client} goes on at number {start}, and the document has it up to {have}; "
            f"send what is missing as well",
        )
    if end > have > 0 and not may_use(client):
        raise GateError(
            "foreign",
            f"replica {client} belongs to somebody else, or to a session that is long over; "
            f"load the document anew and write as a fresh replica",
        )


def _check_dependencies(update: Update, after: dict[int, int]) -> None:
    """Nothing waits for what nobody has written [GATE-10]."""
    for client, structs in update.structs.items():
        for one in structs:
            needed = one.parent if one.origin is None else one.origin
            if not isinstance(needed, tuple):
                continue
            most = one.clock if needed[0] == client else after.get(needed[0], 0)
            if needed[1] >= most:
                raise GateError(
                    "unknown",
                    f"number {one.clock} of replica {client} builds on number {needed[1]} of "
                    f"replica {needed[0]}, which is not there",
                )


def _check_meta(update: Update, state: Mapping[int, int]) -> None:
    """Nobody founds a document anew inside of it [GATE-12]."""
    for client, structs in update.structs.items():
        if any(one.parent == layout.META and one.end > state.get(client, 0) for one in structs):
            raise GateError(
                "shape",
                "the update founds the document anew; load it from the server and edit that",
            )


def _check_deletes(update: Update, after: dict[int, int]) -> None:
    """Nothing is deleted before it is there [GATE-11]."""
    for client, clock, length in update.deletes:
        if clock + length > after.get(client, 0):
            raise GateError(
                "future",
                f"the update deletes up to number {clock + length} of replica {client}, and there "
                f"are {after.get(client, 0)}",
            )


def parse_own(data: bytes) -> list[Struct]:
    """The operations of an update that we wrote ourselves."""
    return [one for structs in parse_update(data, most=None).structs.values() for one in structs]


def _is_same(sent: Struct, held: Struct | None, at: int) -> bool:
    if held is None:
        return False
    if "gc" in (sent.kind, held.kind) or "deleted" in (sent.kind, held.kind):
        return True  # what was deleted since cannot be compared, and does nothing
    return _told(sent, at) == _told(held, at)


def _told(one: Struct, at: int) -> tuple[object, ...]:
    """What an operation of a run says; all but the first follow the one before."""
    value = value_of(one.values[at - one.clock]) if one.values else None
    if at == one.clock:
        return one.kind, value, one.origin, one.parent, one.key
    return one.kind, value, (one.client, at - 1), None, None


def _vector(state: dict[int, int]) -> bytes:
    """A state vector as it travels."""
    found = _number(len(state))
    for client, clock in state.items():
        found += _number(client) + _number(clock)
    return found


def _number(value: int) -> bytes:
    parts = bytearray()
    while value >= 0x80:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])
