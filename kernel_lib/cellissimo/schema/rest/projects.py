"""Projects: what is shared, and who may do what with it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from cellissimo.schema.rest.lists import Page, PageQuery
from cellissimo.schema.rest.people import Name, Person
from cellissimo.schema.rest.shape import Request, Shape, Time

Visibility = Literal["private", "unlisted", "public"]
Color = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]
Tag = Annotated[str, Field(min_length=1, max_length=40)]
Tags = Annotated[list[Tag], Field(max_length=20)]
Tempo = Annotated[float, Field(ge=20, le=400)]
Meter = Annotated[str, Field(pattern=r"^([1-9]|[12][0-9]|3[0-2])/(1|2|4|8|16|32)$")]


class Flags(Shape):
    """What a member may do."""

    can_edit: bool = False
    can_add_stems: bool = False
    can_delete_stems: bool = False
    can_invite_others: bool = False
    can_export: bool = False


class Card(Shape):
    """What lists show of any piece."""

    id: str
    kind: Literal["project", "loop"]
    name: str
    description: str
    owner_id: str
    owner: Person
    role: str | None
    flags: Flags
    visibility: Visibility
    is_public: bool
    is_active: bool
    licence: str
    color: str
    tags: list[str]
    tempo: float
    time_signature: str
    key: str
    bars: int
    length_ms: int
    stem_count: int
    chords: list[str]
    digest: str
    seq: int
    forked_from: str | None
    view_count: int
    fork_count: int
    embed_origins: list[str]
    rev: int
    created_at: Time
    updated_at: Time
    last_accessed_at: Time
    trashed_at: Time | None


class Project(Card):
    """A project; what ``include`` asked for comes with it."""

    members: list[dict[str, Any]] | None = None
    stems: list[dict[str, Any]] | None = None
    shares: list[dict[str, Any]] | None = None
    versions: list[dict[str, Any]] | None = None


class ProjectList(Page):
    """One page of projects."""

    projects: list[Project]


class ProjectsQuery(PageQuery):
    """Which projects: mine, shared with me, or both; by name, active or archived."""

    role: Literal["owner", "member"] | None = None
    q: Annotated[str, Field(max_length=200)] | None = None
    archived: bool = False
    sort: Literal["updated", "name", "new"] = "updated"


class NewProject(Request):
    """A project to be made: empty, or with the song of a canonical song text."""

    name: Name
    description: Annotated[str, Field(max_length=2000)] = ""
    tempo: Tempo | None = None
    time_signature: Meter | None = None
    key: str | None = None
    visibility: Visibility | None = None
    is_public: bool | None = None
    licence: Annotated[str, Field(max_length=100)] = ""
    color: Color | None = None
    tags: Tags = Field(default_factory=list)
    song: Annotated[str, Field(max_length=20_000_000)] | None = None


class ProjectChange(Request):
    """What of a project is to change; what is not sent stays."""

    name: Name | None = None
    description: Annotated[str, Field(max_length=2000)] | None = None
    tempo: Tempo | None = None
    time_signature: Meter | None = None
    key: str | None = None
    visibility: Visibility | None = None
    is_public: bool | None = None
    is_active: bool | None = None
    licence: Annotated[str, Field(max_length=100)] | None = None
    color: Color | None = None
    tags: Tags | None = None
    embed_origins: (
        Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=20)] | None
    ) = None
