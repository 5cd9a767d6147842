"""Stems and segments over HTTP."""

from __future__ import annotations

from typing import TypeVar

from cellissimo.schema.policy import Action
from cellissimo.schema.rest.shape import Done
from cellissimo.schema.rest.stems import (
    NewSegment,
    NewStem,
    Segment,
    SegmentChange,
    Stem,
    StemChange,
    StemList,
)
from cellissimo_server.commands.change_segments import add_segment, change_segment, delete_segment
from cellissimo_server.commands.change_stems import add_stem, change_stem, delete_stem
from cellissimo_server.commands.show_stems import PartId, list_stems, show_segment, show_stem
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import Route

T = TypeVar("T", Stem, Segment)


class StemsHandler(Handler):
    """The stems of a piece."""

    @operation(
        "The stems of a piece, in their order",
        answer=StemList,
        access="anyone",
        action=Action.READ,
    )
    async def get(self, piece_id: str) -> StemList:
        """All of them, with their segments."""
        return StemList(stems=await list_stems(self.services, self.person, piece_id))

    @operation(
        "Add a stem",
        body=NewStem,
        answer=Stem,
        status=201,
        access="guest",
        action=Action.ADD_STEM,
    )
    async def post(self, piece_id: str, body: NewStem) -> Stem:
        """Behind the others, unless it says where."""
        return tagged(self, await add_stem(self.services, self.person, piece_id, body))


class StemHandler(Handler):
    """One stem."""

    @operation("A stem", answer=Stem, access="anyone", action=Action.READ)
    async def get(self, stem_id: str, piece_id: str | None = None) -> Stem:
        """With its segments."""
        return tagged(
            self, await show_stem(self.services, self.person, PartId(stem_id, "stem", piece_id))
        )

    @operation(
        "Change a stem",
        body=StemChange,
        answer=Stem,
        access="guest",
        action=Action.EDIT_MUSIC,
        errors=(412,),
    )
    async def patch(self, stem_id: str, body: StemChange, piece_id: str | None = None) -> Stem:
        """Change what was sent."""
        return await self._change(stem_id, body, piece_id)

    @operation(
        "Change a stem",
        body=StemChange,
        answer=Stem,
        access="guest",
        action=Action.EDIT_MUSIC,
        errors=(412,),
    )
    async def put(self, stem_id: str, body: StemChange, piece_id: str | None = None) -> Stem:
        """Change what was sent, like PATCH."""
        return await self._change(stem_id, body, piece_id)

    @operation(
        "Delete a stem with its segments",
        answer=Done,
        access="guest",
        action=Action.DELETE_STEM,
        errors=(412,),
    )
    async def delete(self, stem_id: str, piece_id: str | None = None) -> Done:
        """The history brings it back."""
        await delete_stem(
            self.services, self.person, PartId(stem_id, "stem", piece_id), self.if_match
        )
        return Done()

    async def _change(self, stem_id: str, body: StemChange, piece_id: str | None) -> Stem:
        return tagged(
            self,
            await change_stem(
                self.services, self.person, PartId(stem_id, "stem", piece_id), body, self.if_match
            ),
        )


class SegmentsHandler(Handler):
    """The segments of a stem."""

    @operation(
        "Add a segment to a stem",
        body=NewSegment,
        answer=Segment,
        status=201,
        access="guest",
        action=Action.EDIT_MUSIC,
    )
    async def post(self, stem_id: str, body: NewSegment, piece_id: str | None = None) -> Segment:
        """Notes, audio, a loop of the song, or a pattern."""
        return tagged(
            self,
            await add_segment(self.services, self.person, PartId(stem_id, "stem", piece_id), body),
        )


class SegmentHandler(Handler):
    """One segment."""

    @operation("A segment", answer=Segment, access="anyone", action=Action.READ)
    async def get(self, segment_id: str, piece_id: str | None = None) -> Segment:
        """With what it plays."""
        return tagged(
            self,
            await show_segment(self.services, self.person, PartId(segment_id, "segment", piece_id)),
        )

    @operation(
        "Change a segment",
        body=SegmentChange,
        answer=Segment,
        access="guest",
        action=Action.EDIT_MUSIC,
        errors=(412,),
    )
    async def patch(
        self, segment_id: str, body: SegmentChange, piece_id: str | None = None
    ) -> Segment:
        """Change what was sent."""
        return await self._change(segment_id, body, piece_id)

    @operation(
        "Change a segment",
        body=SegmentChange,
        answer=Segment,
        access="guest",
        action=Action.EDIT_MUSIC,
        errors=(412,),
    )
    async def put(
        self, segment_id: str, body: SegmentChange, piece_id: str | None = None
    ) -> Segment:
        """Change what was sent, like PATCH."""
        return await self._change(segment_id, body, piece_id)

    @operation(
        "Delete a segment",
        answer=Done,
        access="guest",
        action=Action.EDIT_MUSIC,
        errors=(412,),
    )
    async def delete(self, segment_id: str, piece_id: str | None = None) -> Done:
        """The history brings it back."""
        await delete_segment(
            self.services, self.person, PartId(segment_id, "segment", piece_id), self.if_match
        )
        return Done()

    async def _change(self, segment_id: str, body: SegmentChange, piece_id: str | None) -> Segment:
        return tagged(
            self,
            await change_segment(
                self.services,
                self.person,
                PartId(segment_id, "segment", piece_id),
                body,
                self.if_match,
            ),
        )


def tagged(handler: Handler, found: T) -> T:
    """The same, with its version as ETag."""
    handler.set_header("ETag", f'"{found.version}"')
    return found


def of_songs(path: str, handler: type[Handler]) -> list[Route]:
    """The same below every noun of a song; a loop of a library has no stems."""
    return [Route(f"{noun}/{{piece_id}}/{path}", handler) for noun in ("projects", "songs")]


ROUTES = [
    *of_songs("stems", StemsHandler),
    *of_songs("stems/{stem_id}", StemHandler),
    *of_songs("stems/{stem_id}/segments", SegmentsHandler),
    *of_songs("segments/{segment_id}", SegmentHandler),
    Route("stems/{stem_id}", StemHandler, aliases=("tracks/{stem_id}",)),
    Route("stems/{stem_id}/segments", SegmentsHandler, aliases=("tracks/{stem_id}/segments",)),
    Route("segments/{segment_id}", SegmentHandler),
]
