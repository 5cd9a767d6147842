"""What administrators of a site see and set."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from cellissimo.schema.rest.lists import Page, PageQuery
from cellissimo.schema.rest.people import Person
from cellissimo.schema.rest.shape import Request, Shape, Time


class Act(Shape):
    """What somebody did to access or to the site: ids, roles and counts, no names or texts."""

    id: str
    at: Time
    actor_id: str
    actor: Person | None
    action: str
    subject: str
    detail: dict[str, Any]


class Audit(Page):
    """One page of the audit log, newest first."""

    acts: list[Act]


class AuditQuery(PageQuery):
    """Which acts: of one action, about one subject, or all."""

    action: Annotated[str, Field(max_length=100)] | None = None
    subject: Annotated[str, Field(max_length=100)] | None = None


class PersonUsage(Shape):
    """What one person keeps."""

    username: str
    kind: str
    loops: int
    songs: int
    sample_bytes: int


class SiteUsage(Shape):
    """What the site keeps in all, and the people who keep the most."""

    people: int
    guests: int
    active_people: int
    loops: int
    songs: int
    shares: int
    sample_bytes: int
    blob_bytes: int
    journal_bytes: int
    largest: list[PersonUsage]


class RoleChange(Request):
    """Somebody's role on the site."""

    site_role: Literal["member", "moderator", "admin"]
