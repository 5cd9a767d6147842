"""Plans about pieces: projects and loops, their lists, forks, search and trash."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeVar

from cellissimo.client.call import (
    Answer,
    Call,
    Plan,
    as_model,
    as_nothing,
    ask,
    at,
    given,
    if_match,
    query_of,
)
from cellissimo.schema.rest.lists import Page
from cellissimo.schema.rest.loops import Loop, LoopList
from cellissimo.schema.rest.migrate import Migrated
from cellissimo.schema.rest.projects import Card, Project, ProjectList
from cellissimo.schema.rest.search import CardList
from cellissimo.schema.rest.trash import Restored, Trash

Listed = TypeVar("Listed", bound=Page)
Sort = Literal["updated", "name", "new"]
Kind = Literal["project", "loop"]

MOST_PAGES = 100
"""Pages that ``all_…`` reads: ten thousand pieces."""


def nouns(kind: str) -> str:
    """Under which word the pieces of a kind are."""
    return "loops" if kind == "loop" else "projects"


def projects(
    q: str | None = None,
    *,
    role: Literal["owner", "member"] | None = None,
    archived: bool = False,
    sort: Sort = "updated",
    page: int = 1,
    limit: int = 20,
    after: str | None = None,
) -> Plan[ProjectList]:
    """A page of my projects and of those shared with me; ``q`` is part of a name."""
    query = query_of(
        q=q, role=role, archived=archived or None, sort=sort, page=page, limit=limit, after=after
    )
    return ask(Call("GET", "projects", as_model(ProjectList), query=query))


def loops(
    q: str | None = None,
    *,
    public: bool = False,
    tag: str | None = None,
    page: int = 1,
    limit: int = 20,
    after: str | None = None,
) -> Plan[LoopList]:
    """A page of the loops of my library, or of everybody's public ones."""
    query = query_of(q=q, public=public or None, tag=tag, page=page, limit=limit, after=after)
    return ask(Call("GET", "loops", as_model(LoopList), query=query))


def all_projects(q: str | None = None, *, archived: bool = False) -> Plan[list[Project]]:
    """All my projects and those shared with me, the last changed first."""
    query = query_of(q=q, archived=archived or None)
    return _pages("projects", as_model(ProjectList), lambda page: page.projects, query)


def all_loops(q: str | None = None) -> Plan[list[Loop]]:
    """All loops of my library, the last changed first."""
    return _pages("loops", as_model(LoopList), lambda page: page.loops, query_of(q=q))


def _pages(
    path: str,
    read: Callable[[Answer], Listed],
    items: Callable[[Listed], Sequence[Any]],
    query: Mapping[str, str],
) -> Plan[list[Any]]:
    found: list[Any] = []
    after: str | None = None
    for _ in range(MOST_PAGES):
        paged = {**query, **query_of(limit=100, after=after)}
        page: Listed = yield Call("GET", path, read, query=paged)
        found += items(page)
        after = page.next
        if not page.has_more or after is None:
            break
    return found


def project(project_id: str, *, include: str | None = None) -> Plan[Project]:
    """A project; ``include`` adds "members", "stems", "shares" or "versions"."""
    query = query_of(include=include)
    return ask(Call("GET", at("projects", project_id), as_model(Project), query=query))


def loop(loop_id: str) -> Plan[Loop]:
    """A loop of a library."""
    return ask(Call("GET", at("loops", loop_id), as_model(Loop)))


def make_project(name: str, *, song: str | None = None, **fields: object) -> Plan[Project]:
    """A new project: empty, or with the song of a canonical song text.

    ``fields`` are further ones as they travel: ``description``, ``tempo``, ``timeSignature`` …
    """
    body = given(name=name, song=song, **fields)
    return ask(Call("POST", "projects", as_model(Project), body=body))


def make_loop(name: str, *, song: str | None = None, **fields: object) -> Plan[Loop]:
    """A new loop in my library: of chords and steps, or of the text of a loop alone."""
    body = given(name=name, song=song, **fields)
    return ask(Call("POST", "loops", as_model(Loop), body=body))


def change_project(project_id: str, *, rev: int | None = None, **fields: object) -> Plan[Project]:
    """A project with fields changed; with ``rev``, only where nobody was quicker."""
    path = at("projects", project_id)
    return ask(Call("PATCH", path, as_model(Project), body=fields, headers=if_match(rev)))


def change_loop(loop_id: str, *, rev: int | None = None, **fields: object) -> Plan[Loop]:
    """A loop with fields changed; with ``rev``, only where nobody was quicker."""
    path = at("loops", loop_id)
    return ask(Call("PATCH", path, as_model(Loop), body=fields, headers=if_match(rev)))


def trash(piece_id: str, kind: Kind = "project") -> Plan[None]:
    """Put a piece into the trash, from which it can be brought back for 30 days."""
    return ask(Call("DELETE", at(nouns(kind), piece_id), as_nothing))


def trashed() -> Plan[Trash]:
    """What is in the trash, and when each goes for good."""
    return ask(Call("GET", "trash", as_model(Trash)))


def bring_back(trashed_id: str) -> Plan[Restored]:
    """Something that came back from the trash."""
    path = at("trash", trashed_id, "restore")
    return ask(Call("POST", path, as_model(Restored), body={}))


def fork(piece_id: str, kind: Kind = "project") -> Plan[Card]:
    """A piece of one's own with the same music, which knows where it came from."""
    noun = "loops" if kind == "loop" else "songs"
    return ask(Call("POST", at(noun, piece_id, "fork"), as_model(Card), body={}))


def search(
    q: str | None = None, *, page: int = 1, limit: int = 20, **filters: str | None
) -> Plan[CardList]:
    """Public pieces by words, and by ``kind``, ``tag``, ``chord``, ``tempo`` ("90-120"), ``key``.

    ``sort`` is "new", "views", "forks" or "updated"; ``mine="true"`` adds one's own.
    """
    query = query_of(q=q, page=page, limit=limit, **filters)
    return ask(Call("GET", "search", as_model(CardList), query=query))


def migrate(
    loops: Sequence[Mapping[str, Any]] = (),
    songs: Sequence[Mapping[str, Any]] = (),
    samples: Sequence[Mapping[str, Any]] = (),
    *,
    dry_run: bool = False,
) -> Plan[Migrated]:
    """The playground's own JSON, taken in as a whole; a second time nothing is doubled."""
    body = {
        "loops": list(loops),
        "songs": list(songs),
        "samples": list(samples),
        "dryRun": dry_run,
    }
    return ask(Call("POST", "migrate", as_model(Migrated), body=body))
