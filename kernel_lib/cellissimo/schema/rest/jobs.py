"""Jobs: work that takes longer than a request."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from cellissimo.schema.rest.lists import Page
from cellissimo.schema.rest.shape import Request, Shape, Time

State = Literal["waiting", "running", "done", "failed", "cancelled"]
Format = Literal["wav", "flac", "mp3", "ogg"]
Bar = Annotated[int, Field(ge=1, le=1_000_000)]


class Problem(Shape):
    """Why a job failed, and what to do."""

    code: str
    message: str
    cure: str


class Job(Shape):
    """A job. ``progress`` is 0 … 1; ``result`` is there when it is done, ``error`` when it failed.

    A result with a ``blob`` has a file: GET /jobs/{id}/file.
    """

    id: str
    kind: str
    state: State
    progress: float
    piece_id: str | None
    result: dict[str, Any] | None
    error: Problem | None
    attempts: int
    rev: int
    created_at: Time
    started_at: Time | None
    finished_at: Time | None


class JobList(Page):
    """One page of one's jobs, newest first."""

    jobs: list[Job]


class NewRender(Request):
    """A song or loop to be rendered: all of it or some bars, as one file or each stem in its own.

    ``bars`` are the first and the last, counted from 1. Stems come in one zip.
    """

    format: Format = "wav"
    stems: bool = False
    bars: Annotated[list[Bar], Field(min_length=2, max_length=2)] | None = None

    @model_validator(mode="after")
    def _in_order(self) -> NewRender:
        """The first bar does not come after the last."""
        if self.bars is not None and self.bars[0] > self.bars[1]:
            raise ValueError(f"bars {self.bars[0]} to {self.bars[1]}; name the first bar first")
        return self
