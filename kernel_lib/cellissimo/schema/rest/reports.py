"""Reports of abuse and what moderators decide."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cellissimo.schema.rest.lists import Page, PageQuery
from cellissimo.schema.rest.people import Person
from cellissimo.schema.rest.shape import Request, Shape, Time

Message = Annotated[str, Field(max_length=2000)]


class NewReport(Request):
    """Something that should not be here: by its id, or by the token of its link."""

    piece_id: Annotated[str, Field(max_length=100)] | None = None
    share_token: Annotated[str, Field(max_length=200)] | None = None
    reason: Literal["spam", "abuse", "copyright", "other"]
    message: Message = ""


class ReportMade(Shape):
    """The report is in the queue."""

    id: str
    state: str


class Report(Shape):
    """A report as a moderator sees it."""

    id: str
    piece_id: str
    piece_name: str | None
    owner: Person | None
    reporter: Person | None
    reason: str
    message: str
    state: str
    decision: str | None
    decided_by: Person | None
    decided_at: Time | None
    created_at: Time


class ReportList(Page):
    """One page of reports, oldest first."""

    reports: list[Report]


class ReportsQuery(PageQuery):
    """Which reports."""

    state: Literal["open", "dismissed", "upheld"] = "open"


class Decision(Request):
    """What a moderator decides; upheld: the piece is hidden and its owner told."""

    decision: Literal["dismiss", "uphold"]
    message: Message = ""
