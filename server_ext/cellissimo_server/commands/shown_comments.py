"""Comments as an answer shows them: in their threads, each at the place where it is now."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from typing import Any

from cellissimo.notation.anchor_words import anchor_words
from cellissimo.notation.anchors import Anchor, Witness, place_of
from cellissimo.schema.models import Song
from cellissimo.schema.rest.said import Anchor as AnchorShape
from cellissimo.schema.rest.said import Comment as CommentShape
from cellissimo.schema.rest.said import CommentPlace, Reply, RoomPerson
from cellissimo.schema.rest.shape import Time, to_time
from cellissimo_server.commands.room_people import room_people
from cellissimo_server.store import comments
from cellissimo_server.store.comments import Comment
from cellissimo_server.store.database import Connection

People = Mapping[str, RoomPerson]


def thread_shown(db: Connection, song: Song, one: Comment) -> CommentShape:
    """The thread that a comment or an answer is in."""
    first = one if one.begins_thread else comments.by_id(db, one.thread_id)
    now = comments.by_id(db, (first or one).id)
    return threads_shown(db, song, [now or one])[0]


def threads_shown(db: Connection, song: Song, found: Sequence[Comment]) -> list[CommentShape]:
    """Threads with their answers, with two statements for all of them."""
    replies = comments.answers(db, (one.id for one in found))
    everybody = [*found, *replies]
    ids = {one.author_id for one in everybody} | {one.resolved_by for one in found}
    people = room_people(db, ids)
    return [
        _shown(song, one, [answer for answer in replies if answer.thread_id == one.id], people)
        for one in found
    ]


def moved(song: Song, found: Sequence[Comment]) -> list[tuple[str, str, str]]:
    """Id, anchor and words of the comments that were seen elsewhere last, or under another name.

    What is kept of them is where they are once what they stand on is gone.
    """
    fresh = []
    for one in found:
        anchor = read_anchor(one.anchor)
        place = place_of(song, anchor)
        words = anchor_words(song, anchor, place)
        if not place.is_gone and (place.tick, words) != (anchor.tick, one.words):
            seen = dataclasses.replace(anchor, tick=place.tick)
            fresh.append((one.id, anchor_json(seen), words))
    return fresh


def _shown(song: Song, one: Comment, replies: Sequence[Comment], people: People) -> CommentShape:
    anchor = read_anchor(one.anchor)
    place = place_of(song, anchor)
    words = one.words if place.is_gone else anchor_words(song, anchor, place)
    return CommentShape(
        **_reply(one, people),
        seq=one.made_seq,
        place=CommentPlace(
            kind=anchor.kind, of=anchor.id, tick=place.tick, words=words, is_gone=place.is_gone
        ),
        anchor=AnchorShape.model_validate(dataclasses.asdict(anchor)),
        is_removed=one.removed_at is not None,
        resolved_at=_time(one.resolved_at),
        resolved_by=people.get(one.resolved_by or ""),
        replies=[Reply(**_reply(answer, people)) for answer in replies],
    )


def _reply(one: Comment, people: People) -> dict[str, Any]:
    return {
        "id": one.id,
        "number": one.number,
        "author": people[one.author_id],
        "at": to_time(one.made_at),
        "edited_at": _time(one.edited_at),
        "text": one.text,
        "rev": one.rev,
    }


def _time(ms: int | None) -> Time | None:
    return None if ms is None else to_time(ms)


def anchor_json(anchor: Anchor) -> str:
    """An anchor as it is kept."""
    return json.dumps(dataclasses.asdict(anchor), ensure_ascii=False)


def read_anchor(text: str | None) -> Anchor:
    """An anchor out of its row."""
    found = json.loads(text or '{"kind": "song"}')
    witnesses = tuple(Witness(**one) for one in found.pop("witnesses", ()))
    return Anchor(**found, witnesses=witnesses)
