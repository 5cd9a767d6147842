"""Samples of the playground: each is taken in like an upload, once."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cellissimo.schema.rest.migrate import LocalSample
from cellissimo.schema.rest.samples import UploadFields
from cellissimo_server.access.person import Person
from cellissimo_server.commands import outcomes, quotas, samples
from cellissimo_server.commands.announce_upload import upload_at_once
from cellissimo_server.commands.make_piece import fresh_id
from cellissimo_server.errors import InvalidError, RefusalError, UnavailableError
from cellissimo_server.store import imported
from cellissimo_server.store import samples as rows
from cellissimo_server.store.database import Connection
from cellissimo_server.store.errors import ExistsError
from cellissimo_server.store.imported import Imported
from cellissimo_server.store.samples import Sample

if TYPE_CHECKING:
    from cellissimo_server.services import Services

_KIND = "sample"
_DATA_URL = re.compile(r"data:[^,]{0,200};base64,")


@dataclass(slots=True)
class MovedSamples:
    """What became of the samples: how many moved, how many were here, and their ids."""

    moved: int = 0
    skipped: int = 0
    ids: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SampleItem:
    """One sample that came, decoded."""

    local: LocalSample
    content: bytes
    content_hash: str

    @property
    def source_id(self) -> str:
        """Its kind and local id."""
        return f"{_KIND}:{self.local.id}"


def decoded(sent: Sequence[LocalSample], most: int) -> list[SampleItem]:
    """The samples of a request with their bytes, each at most ``most``.

    Raises:
        InvalidError: the bytes of one do not read, or two have one id.
        TooLargeError: one is too large.
    """
    found: dict[str, SampleItem] = {}
    for number, one in enumerate(sent):
        place = f"samples[{number}]"
        if one.id in found:
            raise InvalidError(
                f"{place} has no id of its own.",
                field=f"{place}.id",
                value=one.id,
                accepted="each id once",
                cure="Send every sample once.",
            )
        content = _bytes(one, place)
        if len(content) > most:
            raise quotas.too_large(_KIND, most, len(content))
        found[one.id] = SampleItem(one, content, hashlib.sha256(content).hexdigest())
    return list(found.values())


def _bytes(one: LocalSample, place: str) -> bytes:
    prefix = _DATA_URL.match(one.data)
    try:
        return base64.b64decode(one.data[prefix.end() if prefix else 0 :], validate=True)
    except (binascii.Error, ValueError):
        raise InvalidError(
            f"The data of {place} does not read.",
            field=f"{place}.data",
            accepted="bytes as base64, or a data: address of them",
            cure="Send the file's bytes as base64.",
        ) from None


async def move_samples(
    services: Services, person: Person, items: Sequence[SampleItem], *, dry_run: bool
) -> MovedSamples:
    """Take in the samples that are not here yet; one that cannot be taken in is said.

    Raises:
        UnavailableError: the server cannot take in anything now; sent again, it goes on.
    """
    done = MovedSamples()
    known = await services.database.read(lambda db: _known(db, person, items))
    for item in items:
        if item.source_id in known:
            done.skipped += 1
            done.ids[item.local.id] = known[item.source_id].piece_id
            if known[item.source_id].content_hash != item.content_hash:
                done.warnings.append(f"The sample {item.local.name!r} is here with other content.")
        elif dry_run:
            done.moved += 1
        else:
            await _move(services, person, item, done)
    return done


def _known(db: Connection, person: Person, items: Sequence[SampleItem]) -> dict[str, Imported]:
    found = imported.of_user(db, person.id, [item.source_id for item in items])
    return {
        source: row
        for source, row in found.items()
        if (sample := rows.by_id(db, row.piece_id)) and sample.owner_id == person.id
    }


async def _move(services: Services, person: Person, item: SampleItem, done: MovedSamples) -> None:
    try:
        sample = await _taken_in(services, person, item)
    except UnavailableError:
        raise
    except RefusalError as error:
        done.warnings.append(f"The sample {item.local.name!r} was not taken: {error.message}")
        return
    row = Imported(person.id, item.source_id, sample.id, item.content_hash)
    try:
        await services.database.write(lambda db: _remembered(db, row))
    except ExistsError:  # it was being moved twice at once: the other one stays
        await services.database.write(lambda db: samples.forget(db, sample.id))
        done.skipped += 1
        return
    done.moved += 1
    done.ids[item.local.id] = sample.id


def _remembered(db: Connection, row: Imported) -> None:
    """Keep where a sample came from; one that was deleted since may come again."""
    held = imported.of_user(db, row.user_id, [row.source_id]).get(row.source_id)
    if held is not None and rows.by_id(db, held.piece_id) is None:
        imported.delete(db, row.user_id, row.source_id)
    imported.insert_all(db, [row])


async def _taken_in(services: Services, person: Person, item: SampleItem) -> Sample:
    most = quotas.largest(services.settings, _KIND)
    error = quotas.too_large(_KIND, most)
    receiver = await services.upload_files.receive(fresh_id(), 0, most, error)
    fields = UploadFields.model_validate({"name": item.local.name, "class": _KIND})
    try:
        await receiver.write(item.content)
        await receiver.finish()
        job = await upload_at_once(services, person, receiver, fields)
    except BaseException:
        receiver.abandon()
        raise
    return await outcomes.sample_of(services, person, job)
