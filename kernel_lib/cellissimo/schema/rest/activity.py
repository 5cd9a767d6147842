"""What was done to a piece: events, who did what while one was away, and whose what there is."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from cellissimo.schema.rest.history import Revision, Seq
from cellissimo.schema.rest.said import RoomPerson
from cellissimo.schema.rest.shape import Request, Shape, Time


class ActivityEvent(Shape):
    """Something that was done: ``type`` is a thing and what happened to it, "stem.update".

    Things: project, stem, segment, loop, block, section, marker, return; and note, step and chord,
    whose ``id`` and ``name`` are those of the segment or loop that they are in, and of which there
    are ``count``. ``fields`` are what an update set.
    """

    type: str
    id: str
    name: str
    fields: list[str]
    count: int


class Happening(Shape):
    """What somebody did in one go: the revisions ``from_seq`` … ``seq``; ``by``: null for ours."""

    id: str
    from_seq: int
    seq: int
    at: Time
    by: RoomPerson | None
    words: str
    events: list[ActivityEvent]


class ActivityQuery(Request):
    """Which stretch: what came before revision ``before``, newest first."""

    before: Seq | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class ActivityList(Shape):
    """A stretch of what was done, newest first; ``before``: what to ask with for older, or null."""

    activity: list[Happening]
    before: int | None


class EventsQuery(Request):
    """From which revision on; from now on where none is said. Without ``wait``: what there is."""

    after: Seq | None = None
    wait: bool = True


class AwayQuery(Request):
    """The revision that one has seen last."""

    since: Seq


class Away(Shape):
    """What others did since a revision: how many edits, lines and comments, and in words.

    ``since`` is when that revision was made; null where it is no longer known, and then lines and
    comments are not counted. ``has_more``: there is more than ``revisions`` tell.
    """

    from_seq: int
    seq: int
    since: Time | None
    edits: int
    messages: int
    comments: int
    people: list[RoomPerson]
    revisions: list[Revision]
    has_more: bool


class Theirs(Shape):
    """What one person has done, and what of the present song is theirs by its last change.

    ``share`` is their part of all that is there (0 … 1): notes, steps, chords and stems.
    """

    person: RoomPerson
    edits: int
    notes: int
    steps: int
    chords: int
    stems: int
    share: float


class Contributions(Shape):
    """Whose the present song is; shares sum to 1. ``unknown``: things older than the history."""

    seq: int
    contributions: list[Theirs]
    unknown: int
