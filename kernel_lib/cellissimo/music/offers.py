"""Forks that are offered back to what they were made from: heard, read, taken or declined."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Literal, overload

from cellissimo.crdt.document import Document
from cellissimo.music.comparing import in_step, run_name
from cellissimo.music.connection import serve_offered, server
from cellissimo.music.loop import Loop
from cellissimo.music.session import SESSION
from cellissimo.music.song import Song
from cellissimo.music.storing import open_stored
from cellissimo.music.table_text import html_table, text_table
from cellissimo.notation.diff_words import Change, Changes
from cellissimo.notation.song_file_parser import parse_song
from cellissimo.schema import checks

if TYPE_CHECKING:
    from cellissimo.client.http import Client
    from cellissimo.music.comparing import Run
    from cellissimo.music.player import Player
    from cellissimo.schema.rest import offers as rest
    from cellissimo.schema.rest.people import Person

Bars = tuple[int, int] | Sequence[tuple[int, int]]
"""First and last of some bars, or several such pairs."""

_HEAD = ("offered to", "by", "says", "state")
_MOST_PAGES = 50


class Offer:
    """A fork that is offered to a piece of yours, or one of yours that you offered.

    >>> offer = cm.offers()["Harbour"]
    >>> offer.player()
    >>> offer.accept(bars=(3, 4))
    """

    def __init__(self, client: Client, told: rest.Offer) -> None:
        """What ``client`` was told."""
        self._client = client
        self._told = told
        self._look: rest.OfferLook | None = None
        self._song: Loop | Song | None = None
        self._ours: Loop | Song | None = None

    @property
    def id(self) -> str:
        """Its id."""
        return self._told.id

    @property
    def name(self) -> str:
        """The name of what it is offered to."""
        return self._told.to_name

    @property
    def author(self) -> str:
        """Who offers."""
        return _called(self._told.author)

    @property
    def message(self) -> str:
        """What they say to it."""
        return self._told.message

    @property
    def state(self) -> str:
        """One of "open", "accepted", "partly" (some bars of it), "declined" and "withdrawn"."""
        return self._told.state

    @property
    def song(self) -> Loop | Song:
        """Theirs, as it was offered: to be heard and read; what is changed in it goes nowhere.

        Raises:
            ServerError: it was declined or withdrawn, or the server does not answer.
        """
        if self._song is None:
            ours = self.ours  # opened first: what both have comes from there
            model = parse_song(self._client.offered_song(self.id))
            document = Document(model, gestures=SESSION.gestures)
            serve_offered(document, lambda blob: self._client.offered_blob(self.id, blob))
            is_loop = isinstance(ours, Loop)
            loop_id = next(iter(model.loops), "")
            self._song = Loop.of(document, loop_id) if is_loop else Song.of(document)
        return self._song

    @property
    def ours(self) -> Loop | Song:
        """What it is offered to, opened as ``cm.open`` does: ``pull`` takes in what is new.

        Raises:
            ServerError: it is not yours to see, or the server does not answer.
        """
        if self._ours is None:
            self._ours = open_stored(self._told.to_piece, on=self._client)
        return self._ours

    @property
    def words(self) -> str:
        """What it would change, in words."""
        return self._looked().words

    @property
    def bars(self) -> list[Run]:
        """The bars that it would let sound other: first and last of each run."""
        return list(self._looked().bars)

    @property
    def changes(self) -> Changes:
        """What it would change, one after the other, each with its bars."""
        rows = self._looked().changes
        return Changes(
            Change(row["kind"], row["where"], row["text"], tuple(row["bars"])) for row in rows
        )

    def player(self, bars: Bars | None = None) -> Player:
        """A player that changes from ours to theirs and back, in step and equally loud.

        It has the changed bars one run behind the other, each with a marker, or those of ``bars``.

        Raises:
            LimitError: nothing in it sounds other, or these are no bars.
        """
        from cellissimo.music.player import Player  # noqa: PLC0415 - needs NumPy and ipywidgets

        self.ours.pull(on=self._client)
        self._look = None  # ours may be other by now
        runs = self.bars if bars is None else _runs(bars)
        if not runs:
            message = f"no bar of {self.name!r} would sound other; offer.changes tells what would"
            raise checks.LimitError(message)
        names = [run_name(run) for run in runs]
        ours, theirs, starts = in_step(self.ours, self.song, runs)
        return Player(
            {"ours": ours, "theirs": theirs},
            title=f"{self.name}, {', '.join(names)}",
            matched=False,  # each run is already
            markers=list(zip(starts, names, strict=True)),
        )

    def accept(self, bars: Bars | None = None) -> Offer:
        """Take it, whole or ``bars`` of it, as an ordinary edit of yours; ``ours`` has it then.

        ``bars`` is one pair of first and last, or several. What is in no bar, as the mixer, comes
        only with the whole.

        Raises:
            ServerError: it is not yours to answer, was answered already, or has no such bars.
        """
        runs = None if bars is None else _runs(bars)
        self._answered(self._client.accept_offer(self.id, runs))
        if self._ours is not None:
            self._ours.pull(on=self._client)
        return self

    def decline(self, message: str = "") -> Offer:
        """Do not take it; ``message`` says why to whoever made it.

        Raises:
            ServerError: it is not yours to answer, or was answered already.
        """
        return self._answered(self._client.decline_offer(self.id, message))

    def withdraw(self) -> Offer:
        """Take your own offer back.

        Raises:
            ServerError: somebody else made it, or it was answered already.
        """
        return self._answered(self._client.withdraw_offer(self.id))

    def _answered(self, told: rest.Offer) -> Offer:
        self._told, self._look = told, None
        return self

    def _looked(self) -> rest.OfferLook:
        if self._look is None:
            self._look = self._client.look_at_offer(self.id)
        return self._look

    def _title(self) -> str:
        return f"Offer to {self.name!r} by {self.author}, {_state(self._told)}"

    def __repr__(self) -> str:
        """Whose it is, what they say and, while it is open, what it would change."""
        lines = [self._title(), *([f"“{self.message}”"] if self.message else [])]
        if self.state == "open":
            lines += [f"- {change}{_where(change)}" for change in self.changes] or ["no difference"]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """The same with a table of the changes; whatever people wrote stays text."""
        said = f"<blockquote>{escape(self.message)}</blockquote>" if self.message else ""
        head = f"<p>{escape(self._title())}</p>{said}"
        if self.state != "open":
            return head
        rows = [(change.text, _where(change).strip(" ()")) for change in self.changes]
        return head + html_table(("change", "where"), rows)


class Offers(Sequence[Offer]):
    """A list of offers, newest first: ``cm.offers()``, by place, by id or by name.

    >>> cm.offers()["Harbour"]
    """

    def __init__(self, offers: Sequence[Offer]) -> None:
        """These."""
        self._offers = list(offers)

    @overload
    def __getitem__(self, place: int | str) -> Offer: ...
    @overload
    def __getitem__(self, place: slice) -> list[Offer]: ...
    def __getitem__(self, place: int | str | slice) -> Offer | list[Offer]:
        """One by place, by id, or by the name of what it is offered to; or several.

        Of one name the open one is meant, and where none is, the newest.

        Raises:
            KeyError: there is none, or several are open; the message tells their ids.
        """
        return self._named(place) if isinstance(place, str) else self._offers[place]

    def _named(self, name: str) -> Offer:
        for offer in self._offers:
            if offer.id == name:
                return offer
        found = [offer for offer in self._offers if offer.name == name]
        still = [offer for offer in found if offer.state == "open"]
        if len(still) > 1:
            listed = "; ".join(f"{offer.id} by {offer.author}" for offer in still)
            raise KeyError(f"{len(still)} open offers to {name!r}; give an id: {listed}")
        if not found:
            names = [offer.name for offer in self._offers]
            raise KeyError(f"no offer has the name or id {name!r}{checks.nearest(name, names)}")
        return (still or found)[0]

    def __len__(self) -> int:
        """How many."""
        return len(self._offers)

    def _rows(self) -> list[tuple[str, ...]]:
        return [
            (offer.name, offer.author, " ".join(offer.message.split()), offer.state)
            for offer in self._offers
        ]

    def __repr__(self) -> str:
        """One a line; without ids and times, which would differ in every run."""
        return text_table(_HEAD, self._rows()) if self._offers else "no offers yet"

    def _repr_html_(self) -> str:
        """The same as a table."""
        return html_table(_HEAD, self._rows())


def offers(direction: Literal["in", "out"] = "in", *, on: Client | None = None) -> Offers:
    """The offers to pieces of yours, or with "out" those that you made; newest first.

    Raises:
        ServerError: the server refused, or does not answer.
    """
    client = server(on)
    found: list[Offer] = []
    for page in range(1, _MOST_PAGES + 1):
        listed = client.offers(direction, page=page)
        found += [Offer(client, told) for told in listed.offers]
        if not listed.has_more:
            break
    return Offers(found)


def _called(person: Person) -> str:
    return person.display_name or person.username


def _state(told: rest.Offer) -> str:
    """The state with the answer's words: bars that were taken, or why none was."""
    return f"{told.state}: {told.answer}" if told.answer else told.state


def _where(change: Change) -> str:
    return f" ({', '.join(map(run_name, Changes([change]).bars))})" if change.bars else ""


def _runs(bars: Bars) -> list[Run]:
    pairs = [bars] if bars and isinstance(bars[0], int) else list(bars)
    return [_run(pair) for pair in pairs]


def _run(pair: object) -> Run:
    match pair:
        case (int(first), int(last)) if 1 <= first <= last:
            return first, last
    message = f"{pair!r} are no bars; give first and last, as (3, 4), or several such pairs"
    raise checks.LimitError(message)
