"""Samples and uploads: audio that somebody brings along."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cellissimo.schema.rest.lists import Page, PageQuery
from cellissimo.schema.rest.people import Name
from cellissimo.schema.rest.projects import Tags
from cellissimo.schema.rest.shape import Request, Shape, Time

SampleClass = Literal["sample", "recording", "original"]
"""Short sounds, takes and stems, and whole files as they came; each has limits of its own."""

FileName = Annotated[str, Field(min_length=1, max_length=255)]
Licence = Annotated[str, Field(max_length=100)]


class Sample(Shape):
    """Audio that somebody has uploaded.

    ``blob`` is what a document names; ``fileUrl`` gives the file as it came, with ``fileSize``
    bytes. ``duration`` in seconds, ``loudness`` in LUFS and ``truePeak`` in dBTP; the two are null
    for silence. ``sampleRate`` is that of the file as it came.
    """

    id: str
    name: str
    sample_class: Annotated[SampleClass, Field(alias="class")]
    file_url: str
    file_size: int
    mime_type: str
    duration: float
    channels: int
    sample_rate: int
    blob: str
    peaks_url: str
    loudness: float | None
    true_peak: float | None
    licence: str
    tags: list[str]
    project_id: str | None
    rev: int
    created_at: Time


class SampleList(Page):
    """One page of one's samples; ``totalSize`` of ``quota`` bytes are taken, by samples."""

    samples: list[Sample]
    total_size: int
    quota: int


class SampleQuery(PageQuery):
    """Which page of one's samples; ``q`` stands in the name or the tags."""

    q: Annotated[str, Field(max_length=200)] = ""


class SampleChange(Request):
    """What of a sample is to change; ``projectId`` adds it to a project."""

    name: Name | None = None
    licence: Licence | None = None
    tags: Tags | None = None
    project_id: str | None = None


class DeleteQuery(Request):
    """``force``: also where songs use it."""

    force: bool = False


class UploadQuery(Request):
    """What a form may say in the address too, before the file begins."""

    sample_class: Annotated[SampleClass, Field(alias="class")] = "sample"


class UploadFields(Request):
    """What a form says beside its file."""

    name: FileName | None = None
    sample_class: Annotated[SampleClass, Field(alias="class")] = "sample"
    project_id: str | None = None
    licence: Licence = ""
    tags: Tags = []  # noqa: RUF012 - pydantic copies it


class NewUpload(Request):
    """An upload that will come in pieces: its name, its bytes in all, its class."""

    name: FileName
    size: Annotated[int, Field(ge=1, le=1 << 40)]
    sample_class: Annotated[SampleClass, Field(alias="class")] = "sample"
    project_id: str | None = None


class CompleteUpload(Request):
    """What is said of an upload when all of it is here."""

    licence: Licence = ""
    tags: Tags = []  # noqa: RUF012 - pydantic copies it


class Upload(Shape):
    """An upload: ``received`` of ``size`` bytes are here; send at most ``chunkSize`` at once."""

    id: str
    name: str
    size: int
    chunk_size: int
    received: int
    sample_class: Annotated[SampleClass, Field(alias="class")]
    project_id: str | None
    expires_at: Time


class Received(Shape):
    """How many bytes of an upload are here."""

    received: int


class Outline(Shape):
    """The outline of a sound: its lowest and highest points, -1 … 1, ``perSecond`` of each."""

    per_second: float
    low: list[float]
    high: list[float]
