"""The history of a piece: its revisions, versions, and who wrote what."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from cellissimo.schema.rest.people import Name, Person
from cellissimo.schema.rest.shape import Request, Shape, Time

Seq = Annotated[int, Field(ge=0, le=1 << 53)]
Bar = Annotated[int, Field(ge=1, le=1_000_000)]


class HistoryQuery(Request):
    """Which stretch of the history: what came before revision ``before``, newest first."""

    before: Seq | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class VersionName(Shape):
    """What a revision is called."""

    id: str
    name: str


class Revision(Shape):
    """What somebody did in one go: the revisions ``from_seq`` … ``seq``, in words."""

    seq: int
    from_seq: int
    at: Time
    author: Person | None
    words: str
    version: VersionName | None


class History(Shape):
    """A stretch of the history, newest first."""

    revisions: list[Revision]
    has_more: bool


class CompareQuery(Request):
    """Two revisions; ``to`` is the present where it is left out."""

    from_: Annotated[int, Field(ge=1, le=1 << 53, alias="from")]
    to: Seq | None = None


class ChangeShape(Shape):
    """One difference, in words, and the bars that sound other."""

    kind: str
    where: str
    text: str
    bars: list[int]


class Comparison(Shape):
    """How two revisions differ; ``bars`` are runs of bars that sound other."""

    words: str
    changes: list[ChangeShape]
    bars: list[list[int]]


class Restore(Request):
    """What of a revision is to come back: all of it, one stem, or bars ``[first, last]``."""

    stem: Annotated[str, Field(max_length=100)] | None = None
    bars: Annotated[list[Bar], Field(min_length=2, max_length=2)] | None = None


class NewVersion(Request):
    """A name for a revision, the present one where none is said."""

    name: Name
    seq: Seq | None = None


class VersionChange(Request):
    """Another name for a version."""

    name: Name


class Version(Shape):
    """A revision that is kept. ``kind`` is named or automatic."""

    id: str
    seq: int
    name: str
    kind: str
    author: Person | None
    created_at: Time


class VersionList(Shape):
    """The versions of a piece, newest first."""

    versions: list[Version]


class Wrote(Shape):
    """Who changed a thing last; ``author`` is null where the history does not reach back."""

    kind: str
    name: str
    author: Person | None
    at: Time | None
    seq: int


class Contribution(Shape):
    """How many of the edits that are kept somebody made, and which share of all (0 … 1)."""

    user: Person
    edits: int
    share: float


class Authors(Shape):
    """Who wrote what of a piece; ``entities`` by id, notes among them."""

    entities: dict[str, Wrote]
    shares: list[Contribution]


class DeletedStem(Shape):
    """A stem that was deleted, by whom, and until when it can come back."""

    id: str
    name: str
    color: str
    deleted_by: Person | None
    deleted_at: Time
    seq: int
    until: Time


class DeletedStems(Shape):
    """The stems of a piece that can come back, the last deleted first."""

    stems: list[DeletedStem]
