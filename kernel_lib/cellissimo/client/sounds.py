"""Plans about audio: samples, the recordings of a piece, renders and bundles."""

from __future__ import annotations

from cellissimo.client.call import (
    Call,
    Plan,
    as_bytes,
    as_model,
    as_nothing,
    ask,
    at,
    given,
    if_match,
    query_of,
)
from cellissimo.client.errors import NotThereError
from cellissimo.client.pieces import Kind, nouns
from cellissimo.schema.rest.jobs import Format, Job
from cellissimo.schema.rest.samples import Sample, SampleClass, SampleList

_WAV = {"Content-Type": "audio/wav"}
_UPLOAD_S = 600.0
"""How long a recording may take to be sent."""


def samples(q: str | None = None, *, page: int = 1, limit: int = 20) -> Plan[SampleList]:
    """A page of my samples; ``q`` is part of a name or a tag."""
    query = query_of(q=q, page=page, limit=limit)
    return ask(Call("GET", "samples", as_model(SampleList), query=query))


def upload_sample(
    name: str,
    content: bytes,
    sample_class: SampleClass = "sample",
    *,
    project_id: str | None = None,
    licence: str | None = None,
) -> Plan[Sample]:
    """An audio file as a sample; it comes back measured."""
    form = given(name=name, projectId=project_id, licence=licence) | {"class": sample_class}
    call = Call(
        "POST",
        "samples/upload",
        as_model(Sample),
        query={"class": sample_class},
        files={"file": (name, content)},
        form=form,
        timeout_s=_UPLOAD_S,
    )
    return ask(call)


def change_sample(sample_id: str, *, rev: int | None = None, **fields: object) -> Plan[Sample]:
    """A sample with its ``name``, ``licence`` or ``tags`` changed."""
    path = at("samples", sample_id)
    return ask(Call("PATCH", path, as_model(Sample), body=fields, headers=if_match(rev)))


def delete_sample(sample_id: str, *, force: bool = False) -> Plan[None]:
    """Delete a sample; ``force``: also where songs use it."""
    query = query_of(force=force or None)
    return ask(Call("DELETE", at("samples", sample_id), as_nothing, query=query))


def sample_file(sample_id: str) -> Plan[bytes]:
    """The file of a sample as it came."""
    return ask(Call("GET", at("samples", sample_id, "file"), as_bytes, timeout_s=_UPLOAD_S))


def has_blob(piece_id: str, blob: str, kind: Kind = "project") -> Plan[bool]:
    """Whether the server has a recording that a piece names."""
    try:
        yield Call("HEAD", at(nouns(kind), piece_id, "blobs", blob), as_nothing)
    except NotThereError:
        return False
    return True


def blob(piece_id: str, blob: str, kind: Kind = "project") -> Plan[bytes]:
    """A recording that a piece names, as a canonical WAV file."""
    path = at(nouns(kind), piece_id, "blobs", blob)
    return ask(Call("GET", path, as_bytes, timeout_s=_UPLOAD_S))


def put_blob(piece_id: str, blob: str, content: bytes, kind: Kind = "project") -> Plan[None]:
    """Send a recording that a piece names, a canonical WAV file."""
    path = at(nouns(kind), piece_id, "blobs", blob)
    call = Call("PUT", path, as_nothing, content=content, headers=_WAV, timeout_s=_UPLOAD_S)
    return ask(call)


def render(
    piece_id: str,
    form: Format = "wav",
    *,
    stems: bool = False,
    bars: tuple[int, int] | None = None,
) -> Plan[Job]:
    """A job that renders a piece on the server."""
    body = given(format=form, stems=stems, bars=None if bars is None else list(bars))
    return ask(Call("POST", at("projects", piece_id, "renders"), as_model(Job), body=body))


def bundle(piece_id: str) -> Plan[Job]:
    """A job that makes a bundle of a piece on the server."""
    return ask(Call("POST", at("projects", piece_id, "bundle"), as_model(Job), body={}))
