"""Updates of replicas that are taken together: each as a whole or not at all, in their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cellissimo.crdt import layout
from cellissimo.crdt.mirror import Change
from cellissimo.crdt.update_parser import Update, parse_update
from cellissimo_server.errors import RefusalError
from cellissimo_server.rooms.opened import REPLICA, Opened
from cellissimo_server.rooms.refusals import check_size, read_only, refusing_update, somebody_elses
from cellissimo_server.store.journal import Entry

Permit = Callable[[Sequence[Change], Opened], None]
"""Raises a RefusalError where the changes of an open document are not theirs to make."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An update that somebody sends; ``key`` is whatever tells the sender where it came from.

    ``may_add``: False where it may hold nothing but what is there already. ``is_anothers``:
    whether somebody else is here with a replica of that id, who may not have written yet.
    """

    author: str
    update: bytes
    permit: Permit
    key: object = None
    may_add: bool = True
    is_anothers: Callable[[int], bool] = lambda _: False


@dataclass(frozen=True, slots=True)
class Made:
    """One entry of a document's journal that is durable, and what it changed.

    ``changes`` is empty where a document was loaded behind it. ``key`` is that of its offer, None
    for all other edits; ``sent`` the update as it was offered.
    """

    entry: Entry
    changes: Sequence[Change] = ()
    key: object = None
    sent: Update | None = None


@dataclass(slots=True)
class Outcome:
    """What has become of an offer: what it made, nothing where all was known, or its refusal.

    ``is_dropped``: it came behind a refused one of the same key, and was not looked at.
    ``newcomers``: the replicas that nobody had written as before.
    """

    offer: Offer
    update: Update | None = None
    made: list[Made] = field(default_factory=list)
    error: RefusalError | None = None
    is_dropped: bool = False
    newcomers: frozenset[int] = frozenset()

    @property
    def replicas(self) -> frozenset[int]:
        """The replicas that the update writes as."""
        return frozenset(self.update.structs if self.update else ())


@dataclass(frozen=True, slots=True)
class _Turn:
    """Where the next one begins, when, and who wrote as which replica for the first time here."""

    seq: int
    at: int
    fresh: dict[int, str]

    def may_use(self, held: Opened, client: int, author: str) -> bool:
        """Whether a replica that has written before is this author's."""
        return held.is_author(client, author) or self.fresh.get(client) == author


def read_all(offers: Sequence[Offer]) -> list[Outcome]:
    """The offers as they are read before the document is asked. *Cost*: O(bytes)."""
    return [_read(offer) for offer in offers]


def _read(offer: Offer) -> Outcome:
    found = Outcome(offer)
    try:
        check_size(offer.update)
        with refusing_update(offer.update):
            found.update = parse_update(offer.update)
    except RefusalError as error:
        found.error = error
    return found


def admit_all(held: Opened, outcomes: Sequence[Outcome], at: int) -> None:
    """Let them in one by one; those that are refused change nothing. Nothing is durable yet."""
    seq, lost, fresh = held.seq, set[object](), dict[int, str]()
    for outcome in outcomes:
        key = outcome.offer.key
        outcome.is_dropped = key in lost
        if outcome.error is None and not outcome.is_dropped:
            seq = _admit(held, outcome, _Turn(seq, at, fresh))
        if outcome.error is not None and key is not None:
            lost.add(key)


def _admit(held: Opened, outcome: Outcome, turn: _Turn) -> int:
    """Let one in; gives the revision it leads to."""
    offer, seq = outcome.offer, turn.seq
    if not offer.may_add and _adds(held, outcome):
        outcome.error = read_only()
        return seq
    taken = _squatted(held, outcome)
    if taken is not None:
        outcome.error = somebody_elses(taken)
        return seq

    def enter() -> list[Change]:
        return held.admission().admit(
            offer.update,
            origin=REPLICA,
            may_use=lambda client: turn.may_use(held, client, offer.author),
            permit=lambda changes: offer.permit(changes, held),
            parsed=outcome.update,
        )

    try:
        with refusing_update(offer.update):
            changes, found = held.recorded(enter)
    except RefusalError as error:
        outcome.error = error
        return seq
    entries = [
        Entry(seq + number, offer.author, REPLICA, turn.at, update)
        for number, update in enumerate(found.updates, 1)
    ]
    held.own_stems.note(changes, offer.author, held.document.stored)  # what follows asks for it
    outcome.newcomers = held.admission().newcomers
    turn.fresh.update(dict.fromkeys(outcome.newcomers, offer.author))
    outcome.made = made_of(entries, changes, offer.key, outcome.update)
    return seq + len(entries)


def _squatted(held: Opened, outcome: Outcome) -> int | None:
    """A replica of somebody else's who is here and has not written yet [ROOM-20].

    Whose the others are the gate asks [GATE-8].
    """
    new = outcome.replicas.difference(held.admission().seen)
    return next(filter(outcome.offer.is_anothers, new), None)


def _adds(held: Opened, outcome: Outcome) -> bool:
    """Whether an update holds operations that the document has not."""
    seen = held.admission().seen
    structs = outcome.update.structs if outcome.update else {}
    return any(runs[-1].end > seen.get(client, 0) for client, runs in structs.items())


def made_of(
    entries: Sequence[Entry],
    changes: Sequence[Change],
    key: object = None,
    sent: Update | None = None,
) -> list[Made]:
    """The entries of one edit; the last one tells what they changed."""
    last = len(entries) - 1
    return [
        Made(entry, changes if at == last else (), key, sent) for at, entry in enumerate(entries)
    ]


def entries_of(outcomes: Sequence[Outcome]) -> list[Entry]:
    """What is to be kept of them, in its order."""
    return [made.entry for outcome in outcomes for made in outcome.made]


def renumber(outcomes: Sequence[Outcome], seq: int) -> None:
    """Let them stand behind revision ``seq``."""
    for outcome in outcomes:
        for at, made in enumerate(outcome.made):
            seq += 1
            outcome.made[at] = replace(made, entry=replace(made.entry, seq=seq))


def meets(outcomes: Sequence[Outcome], others: Sequence[Made]) -> bool:
    """Whether others wrote as a replica that these write as."""
    ours = {client for outcome in outcomes for client in outcome.replicas}
    theirs = (parse_update(made.entry.bytes, most=None).structs for made in others)
    return any(not ours.isdisjoint(structs) for structs in theirs)


def blobs_in(outcomes: Sequence[Outcome]) -> Mapping[str, set[str]]:
    """The blobs that edits have begun to name, by author. *Cost*: O(changes)."""
    found: dict[str, set[str]] = {}
    for outcome in outcomes:
        for made in outcome.made:
            for change in made.changes:
                blobs = _blobs_of(change)
                if blobs:
                    found.setdefault(outcome.offer.author, set()).update(blobs)
    return found


def _blobs_of(change: Change) -> set[str]:
    """What a segment plays, and what a frozen stem is played from."""
    root, *within = change.path
    field_name = {layout.SEGMENTS: "blob", layout.STEMS: "frozen"}.get(root)
    if field_name is None or len(within) > 1:
        return set()
    if within:
        value = change.after if change.key == field_name else None
    else:
        value = change.after.get(field_name) if isinstance(change.after, dict) else None
    name = value[0] if isinstance(value, list) and value else value
    return {name} if isinstance(name, str) else set()
