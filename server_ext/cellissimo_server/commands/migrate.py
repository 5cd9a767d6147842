"""Moving the playground's things to the server: all loops and songs that are new, or nothing.

They are kept in one transaction; samples, which have to be decoded, are taken in after it.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from cellissimo.notation.playground import loop_of_playground, song_of_playground
from cellissimo.schema.models import Loop
from cellissimo.schema.rest.migrate import Counts, Migrated, Migration
from cellissimo_server.access.person import Person
from cellissimo_server.commands.accepting import refusing
from cellissimo_server.commands.make_loop import loop_of, song_of_loop
from cellissimo_server.commands.make_piece import (
    About,
    Founded,
    check_quota,
    founded,
    fresh_id,
    keep_all,
)
from cellissimo_server.commands.migrate_samples import MovedSamples, decoded, move_samples
from cellissimo_server.errors import ConflictError, InvalidError
from cellissimo_server.store import imported, pieces
from cellissimo_server.store.database import Connection
from cellissimo_server.store.imported import Imported

if TYPE_CHECKING:
    from cellissimo_server.services import Services

_MOST_TRIES = 3
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that came: its kind, its place in the request, its JSON and its hash."""

    kind: str
    place: str
    json: Json
    content_hash: str

    @property
    def local_id(self) -> str:
        """The id that it had where it comes from."""
        return str(self.json["id"])

    @property
    def source_id(self) -> str:
        """Its kind and local id."""
        return f"{self.kind}:{self.local_id}"


@dataclass(frozen=True, slots=True)
class Known:
    """What was here already, and whether it is in the trash."""

    row: Imported
    is_trashed: bool


class _OvertakenError(Exception):
    """Somebody brought the same things in at the same time."""


async def migrate(services: Services, person: Person, wanted: Migration) -> Migrated:
    """What moved and what was here already; doing it again changes nothing.

    What is here with other content is left as it is, and said.

    Raises:
        InvalidError: something does not read; the error says where, and nothing is moved.
        QuotaError: there is no room for all of it, and nothing is moved.
        ConflictError: the same things are being moved by somebody else.
    """
    items = [*_items("loop", wanted.loops), *_items("song", wanted.songs)]
    samples = decoded(wanted.samples, services.settings.sample_bytes)
    for _ in range(_MOST_TRIES):
        known = await services.database.read(lambda db: _known(db, person, items))
        new = [item for item in items if item.source_id not in known]
        names = {item.source_id: fresh_id() for item in new}
        names |= {source: one.row.piece_id for source, one in known.items()}
        made = await _founded(services, person, items, new, names)
        try:
            await _keep(services, person, items, known, made, dry_run=wanted.dry_run)
        except _OvertakenError:
            continue
        services.caches.piece_changed()
        moved = await move_samples(services, person, samples, dry_run=wanted.dry_run)
        return _answer(items, known, names, moved, dry_run=wanted.dry_run)
    raise ConflictError("The same is being moved twice at once.", cure="Send it again.")


def _items(kind: str, sent: Sequence[Json]) -> Iterator[Item]:
    """The things of one kind, each with an id of its own.

    Raises:
        InvalidError: one has no id, or two have the same.
    """
    seen: set[str] = set()
    for number, given in enumerate(sent):
        place = f"{kind}s[{number}]"
        local_id = given.get("id")
        if not isinstance(local_id, str) or not 1 <= len(local_id) <= 100 or local_id in seen:
            raise InvalidError(
                f"{place} has no id of its own.",
                field=f"{place}.id",
                accepted="a text of 1 to 100 characters, each once",
                cure="Send every thing once, with the id that it has in the browser.",
            )
        seen.add(local_id)
        text = json.dumps(given, sort_keys=True, ensure_ascii=True)
        yield Item(kind, place, given, hashlib.sha256(text.encode()).hexdigest())


def _known(db: Connection, person: Person, items: Sequence[Item]) -> dict[str, Known]:
    """What of it is here already; what was deleted for good is not."""
    rows = imported.of_user(db, person.id, [item.source_id for item in items])
    there = pieces.by_ids(db, [row.piece_id for row in rows.values()])
    return {
        source: Known(row, there[row.piece_id].trashed_at is not None)
        for source, row in rows.items()
        if row.piece_id in there
    }


async def _founded(
    services: Services,
    person: Person,
    items: Sequence[Item],
    new: Sequence[Item],
    names: Mapping[str, str],
) -> dict[str, Founded]:
    """The new pieces, by source id. Others get a turn between them."""
    loops = {item.local_id: _loop(item, names) for item in items if item.kind == "loop"}
    elsewhere = await _loops_of_before(services, person, new, loops)
    made: dict[str, Founded] = {}
    for item in new:
        now = services.clock()
        if item.kind == "loop":
            loop = loops[item.local_id]
            about = About(color=loop.color)
            made[item.source_id] = founded(song_of_loop(loop), person, about, now)
        else:
            made[item.source_id] = _song(item, names, {**elsewhere, **loops}, person, now)
        await asyncio.sleep(0)
    return made


def _loop(item: Item, names: Mapping[str, str]) -> Loop:
    with refusing(item.place, within=item.place):
        return loop_of_playground(item.json, names[item.source_id])


async def _loops_of_before(
    services: Services, person: Person, new: Sequence[Item], loops: Mapping[str, Loop]
) -> dict[str, Loop]:
    """The loops that songs name and that came in earlier, by their local ids."""
    named = {
        block["loopId"]
        for item in new
        if item.kind == "song"
        for block in _blocks(item.json)
        if isinstance(block.get("loopId"), str) and block["loopId"] not in loops
    }

    def look(db: Connection) -> dict[str, str]:
        rows = imported.of_user(db, person.id, [f"loop:{local_id}" for local_id in named])
        there = pieces.by_ids(db, [row.piece_id for row in rows.values()])
        return {
            local_id: rows[f"loop:{local_id}"].piece_id
            for local_id in named
            if f"loop:{local_id}" in rows and rows[f"loop:{local_id}"].piece_id in there
        }

    found: dict[str, Loop] = {}
    for local_id, piece_id in (await services.database.read(look) if named else {}).items():
        loop = loop_of((await services.documents.revision(piece_id)).value)
        found[local_id] = replace(loop, id=piece_id)
    return found


def _blocks(song: Json) -> Iterator[Json]:
    timeline = song.get("timeline")
    if isinstance(timeline, list):
        yield from (block for block in timeline if isinstance(block, Mapping))


def _song(
    item: Item, names: Mapping[str, str], loops: Mapping[str, Loop], person: Person, now: int
) -> Founded:
    """A song whose blocks name the loops by their new ids."""
    renamed = dict(item.json)
    if isinstance(item.json.get("timeline"), list):
        renamed["timeline"] = [_renamed(block, loops) for block in item.json["timeline"]]
    by_id = {loop.id: loop for loop in loops.values()}
    with refusing(item.place, within=item.place):
        song = song_of_playground(renamed, names[item.source_id], by_id)
    return founded(song, person, About(), now)


def _renamed(block: Any, loops: Mapping[str, Loop]) -> Any:  # noqa: ANN401 - not checked yet
    if not isinstance(block, Mapping) or not isinstance(block.get("loopId"), str):
        return block
    loop = loops.get(block["loopId"])
    return block if loop is None else {**block, "loopId": loop.id}


async def _keep(
    services: Services,
    person: Person,
    items: Sequence[Item],
    known: Mapping[str, Known],
    made: Mapping[str, Founded],
    *,
    dry_run: bool,
) -> None:
    """Keep all that is new; where the run is dry, only see whether there is room."""
    rows = [
        Imported(person.id, item.source_id, made[item.source_id].piece.id, item.content_hash)
        for item in items
        if item.source_id in made
    ]

    def work(db: Connection) -> None:
        if _known(db, person, items).keys() != known.keys():
            raise _OvertakenError
        if dry_run:
            for kind, what in (("loop", "loop"), ("song", "project")):
                more = sum(source.startswith(f"{kind}:") for source in made)
                check_quota(db, person.id, what, more, services.settings)
        elif made:
            keep_all(db, person.id, list(made.values()), services.settings)
            imported.insert_all(db, rows)

    if dry_run:
        await services.database.read(work)
    else:
        await services.database.write(work)


def _answer(
    items: Sequence[Item],
    known: Mapping[str, Known],
    names: Mapping[str, str],
    samples: MovedSamples,
    *,
    dry_run: bool,
) -> Migrated:
    told = [item for item in items if item.source_id in known or not dry_run]
    return Migrated(
        migrated=_counts([i for i in items if i.source_id not in known], samples.moved),
        skipped=_counts([i for i in items if i.source_id in known], samples.skipped),
        id_mapping={item.local_id: names[item.source_id] for item in told} | samples.ids,
        warnings=[*_warnings(items, known), *samples.warnings],
        dry_run=dry_run,
    )


def _counts(items: Sequence[Item], samples: int) -> Counts:
    kinds = [item.kind for item in items]
    return Counts(loops=kinds.count("loop"), songs=kinds.count("song"), samples=samples)


def _warnings(items: Sequence[Item], known: Mapping[str, Known]) -> Iterator[str]:
    for item in items:
        one = known.get(item.source_id)
        if one is None:
            continue
        name = item.json.get("name")
        if one.row.content_hash != item.content_hash:
            yield f"The {item.kind} {name!r} is here with other content; it was left as it is."
        if one.is_trashed:
            yield f"The {item.kind} {name!r} is in the trash here; it stays there."
