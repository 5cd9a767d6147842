"""What is said in a room: its chat, and comments on places of its song."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from cellissimo.domain.tempo_map import MeterMap
from cellissimo.music.form import Section
from cellissimo.music.loop import Loop
from cellissimo.music.segment import Segment
from cellissimo.music.stem import Stem
from cellissimo.music.table_text import html_table
from cellissimo.music.timeline import Block
from cellissimo.schema import checks

if TYPE_CHECKING:
    from cellissimo.music.room import Room
    from cellissimo.schema.rest.said import ChatLine, Comment, Reply

Commented = Stem | Segment | Loop | Block | Section

Said = TypeVar("Said")

_KINDS: Mapping[type[object], str] = {
    Stem: "stem",
    Segment: "segment",
    Loop: "loop",
    Block: "block",
    Section: "section",
}
_PAGE = 100


class Talk(Sequence[Said], Generic[Said]):
    """A list that is read from the server once, and follows the room from then on."""

    def __init__(self, room: Room) -> None:
        """That of a room."""
        self._room = room
        self._held: dict[str, Said] = {}
        self._session: int | None = -1

    def _all(self) -> list[Said]:
        """The oldest first; read anew after every cut, when something may have been missed."""
        session = self._room.view.session
        if self._session != session:
            self._held = {self._id(one): one for one in reversed(self._read())}
            self._session = session
        self._room.sync(lambda: True)
        return list(self._held.values())

    def heard(self, news: Mapping[str, Any]) -> None:
        """Take in what was said, changed or taken back."""
        told = news.get(self._key) or {}
        if news.get("what") == "removed":
            self._held.pop(str(told.get("id")), None)
        else:
            said = self._model(told)
            self._held[self._id(said)] = said

    _key = ""

    @abstractmethod
    def _read(self) -> Sequence[Said]:
        """The newest first, as the server lists them."""

    @abstractmethod
    def _model(self, told: object) -> Said:
        """One out of JSON."""

    @staticmethod
    def _id(said: Any) -> str:  # noqa: ANN401 - a model with an id
        return str(said.id)

    @overload
    def __getitem__(self, place: int) -> Said: ...
    @overload
    def __getitem__(self, place: slice) -> list[Said]: ...
    def __getitem__(self, place: int | slice) -> Said | list[Said]:
        """One, the oldest at 0; or several."""
        return self._all()[place]

    def __len__(self) -> int:
        """How many."""
        return len(self._all())

    def __iter__(self) -> Iterator[Said]:
        """The oldest first."""
        return iter(self._all())

    def _bar(self, tick: int | None) -> str:
        if tick is None:
            return ""
        return f"bar {MeterMap(self._room.model.meters).bar_at(tick)[0]}"


class Chat(Talk["ChatLine"]):
    """The chat of a room: ``room.chat.send("faster?", bar=3)``."""

    _key = "line"

    def send(self, text: str, bar: float | None = None) -> ChatLine:
        """Say something, about a bar of the song where one is given.

        Raises:
            ServerError: you may not, or the room does not answer.
        """
        at = None if bar is None else {"tick": _tick(self._room, bar)}
        body = {"text": text} if at is None else {"text": text, "position": at}
        line = self._model(self._room.command("chat.send", **body))
        self._held[line.id] = line
        return line

    def remove(self, line: ChatLine) -> None:
        """Take a line of yours back.

        Raises:
            ServerError: it is not yours, or the room does not answer.
        """
        self._room.command("chat.remove", lineId=line.id)
        self._held.pop(line.id, None)

    def _read(self) -> Sequence[ChatLine]:
        return self._room.client.messages(self._room.piece_id, limit=_PAGE).messages

    def _model(self, told: object) -> ChatLine:
        from cellissimo.schema.rest.said import ChatLine  # noqa: PLC0415 - needs pydantic

        return ChatLine.model_validate(told)

    def _rows(self) -> list[tuple[str, str, str]]:
        return [
            (line.author.name, self._bar(line.position.tick if line.position else None), line.text)
            for line in self
        ]

    def __repr__(self) -> str:
        """One line each; without times, which would differ in every run."""
        return "\n".join(_said(*row) for row in self._rows()) or "nobody has said anything yet"

    def _repr_html_(self) -> str:
        """The same as a table."""
        return html_table(("who", "about", "says"), self._rows())


class Comments(Talk["Comment"]):
    """The comments on a song: ``room.comments.add("too loud", on=song.stems["Bass"])``."""

    _key = "comment"

    def add(self, text: str, on: Commented | None = None, bar: float | None = None) -> Comment:
        """Write one on a thing of the song, on a bar, or on the song as a whole.

        Raises:
            ServerError: you may not, or the room does not answer.
        """
        return self._taken("comment.add", text=text, target=_target(self._room, on, bar))

    def reply(self, comment: Comment, text: str) -> Comment:
        """Answer one; gives it with its answers."""
        return self._taken("comment.reply", text=text, commentId=comment.id)

    def resolve(self, comment: Comment, *, resolved: bool = True) -> Comment:
        """Say that it is done with, or that it is not."""
        name = "comment.resolve" if resolved else "comment.reopen"
        return self._taken(name, commentId=comment.id)

    def change(self, comment: Comment | Reply, text: str) -> Comment:
        """Other words of one of yours."""
        return self._taken("comment.change", commentId=comment.id, text=text)

    def remove(self, comment: Comment | Reply) -> None:
        """Take one of yours back; answers to it stay."""
        self._room.command("comment.remove", commentId=comment.id)
        self._held.pop(comment.id, None)

    def _taken(self, name: str, **body: Any) -> Comment:  # noqa: ANN401 - any JSON
        made = self._model(self._room.command(name, **body))
        self._held[made.id] = made
        return made

    def _read(self) -> Sequence[Comment]:
        return self._room.client.comments(self._room.piece_id, limit=_PAGE).comments

    def _model(self, told: object) -> Comment:
        from cellissimo.schema.rest.said import Comment  # noqa: PLC0415 - needs pydantic

        return Comment.model_validate(told)

    def _rows(self) -> list[tuple[str, str, str]]:
        return [
            row
            for one in self
            for row in (
                (one.author.name, one.place.words, _text(one)),
                *((answer.author.name, "", f"↳ {answer.text}") for answer in one.replies),
            )
        ]

    def __repr__(self) -> str:
        """One line each; without times, which would differ in every run."""
        return "\n".join(_said(*row) for row in self._rows()) or "there are no comments yet"

    def _repr_html_(self) -> str:
        """The same as a table."""
        return html_table(("who", "about", "says"), self._rows())


def _said(who: str, about: str, text: str) -> str:
    return f"{who}{f' ({about})' if about else ''}: {text}"


def _text(comment: Comment) -> str:
    if comment.is_removed:
        return "(taken back)"
    return f"✓ {comment.text}" if comment.resolved_at else comment.text


def _tick(room: Room, bar: float) -> int:
    number = checks.number(bar, 1, 1_000_000, "bar")
    meters = MeterMap(room.model.meters)
    start, end = meters.tick_of(int(number)), meters.tick_of(int(number) + 1)
    return start + round((number - int(number)) * (end - start))


def _target(room: Room, on: object, bar: float | None) -> dict[str, Any]:
    at = {} if bar is None else {"tick": _tick(room, bar)}
    if on is None:
        return {"kind": "bar", **at} if at else {"kind": "song"}
    kind = next((word for made, word in _KINDS.items() if isinstance(on, made)), None)
    if kind is None:
        message = f"{on!r} is nothing to comment on; give a stem, segment, loop, block or section"
        raise checks.LimitError(message)
    return {"kind": kind, "id": getattr(on, "id", "")} | (at if kind == "stem" else {})
