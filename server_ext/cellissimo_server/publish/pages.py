"""The HTML of public pages: templates that escape everything, filled with an exhibit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cellissimo_server.publish.assets import assets
from cellissimo_server.publish.exhibit import Exhibit

Theme = Literal["light", "dark", "auto"]


@dataclass(frozen=True, slots=True)
class Places:
    """The addresses of one page: ``origin`` is "https://host", all others are paths.

    ``api`` and ``root`` end in a slash; ``here`` is the page, and what it plays lies below it;
    ``music`` is the same piece in the interface. ``notebooks``: this person has a JupyterLab here.
    ``jam`` is where whoever has the same link plays along; None where no link was given.
    """

    origin: str
    home: str
    root: str
    api: str
    here: str
    music: str
    subject: tuple[str, str]
    notebooks: bool = False
    jam: str | None = None

    @property
    def address(self) -> str:
        """The page as others link it."""
        return self.origin + self.here


def shown(exhibit: Exhibit, places: Places) -> str:
    """The page of a piece: everything that can be read is in it before any script runs."""
    return _page("show.html", exhibit, places)


def embedded(
    exhibit: Exhibit, places: Places, theme: Theme = "auto", accent: str | None = None
) -> str:
    """The small page for somebody else's: player, picture and names."""
    return _page("embed.html", exhibit, places, theme=theme, accent=accent, is_embedded=True)


def gone(home: str, root: str) -> str:
    """The page for every link that leads nowhere: it does not tell why."""
    title = "There is nothing to hear here"
    words = (
        "Either the link has a slip of the pen in it, or it has ended. "
        "Whoever gave it to you can give you a new one."
    )
    return _refused(home, root, title, words)


def refused(home: str, root: str, words: str) -> str:
    """The page for what cannot be shown now, with what to do about it."""
    return _refused(home, root, "Not now", words)


def _refused(home: str, root: str, title: str, words: str) -> str:
    template = _templates().get_template("gone.html")
    return template.render(
        home=home, static=f"{root}static/", assets=assets(), theme="auto", title=title, words=words
    )


def _page(
    template: str,
    exhibit: Exhibit,
    places: Places,
    *,
    theme: Theme = "auto",
    accent: str | None = None,
    is_embedded: bool = False,
) -> str:
    return (
        _templates()
        .get_template(template)
        .render(
            exhibit=exhibit,
            theme=theme,
            assets=assets(),
            static=f"{places.root}static/",
            home=places.home,
            here=places.here,
            jam=places.jam,
            address=places.address,
            oembed=f"{places.origin}{places.root}oembed?url={quote(places.address, safe='')}",
            facts=_facts(exhibit, places, accent, is_embedded=is_embedded),
        )
    )


def _facts(
    exhibit: Exhibit, places: Places, accent: str | None, *, is_embedded: bool
) -> dict[str, Any]:
    """What the page's script needs to know; extension/src/pages/facts.ts reads it."""
    name, value = places.subject
    lab = {"contents": f"{places.home}api/contents/", "open": f"{places.home}lab/tree/"}
    return {
        "kind": exhibit.kind,
        "title": exhibit.title,
        "embedded": is_embedded,
        "accent": accent,
        "document": f"{places.here}/document",
        "blobs": f"{places.here}/blobs/",
        "outlines": f"{places.here}/outlines/",
        "fork": f"{places.music}/fork" if "fork" in exhibit.rights else None,
        "guests": f"{places.api}guests",
        "pieces": f"{places.root}p/",
        "reports": f"{places.api}reports",
        "subject": {name: value},
        "notebooks": lab if places.notebooks else None,
        "notebook": f"{places.here}/notebook.ipynb",
    }


def rendered(template: str, **filled: Any) -> str:  # noqa: ANN401 - what templates are given
    """A template with everything in it escaped."""
    return _templates().get_template(template).render(**filled)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
