"""Writes what is generated from the server: its OpenAPI document and the table of its settings.

`make gen` runs it.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

from cellissimo_server.settings import Settings, documented
from cellissimo_server.web import openapi
from cellissimo_server.web.routes import all_routes

DOCS = Path(__file__).parents[2] / "docs"
BEGIN = "<!-- settings: generated, do not edit -->"
END = "<!-- end of settings -->"


def settings_table() -> str:
    """The settings as a table of Markdown: name, default, what it does."""
    words = documented()
    rows = [f"| `{one.name}` | {_default(one)} | {_words(words[one.name])} |" for one in _FIELDS]
    return "\n".join(["| setting | default | what it does |", "|---|---|---|", *rows])


_FIELDS = dataclasses.fields(Settings)


def _default(one: dataclasses.Field[object]) -> str:
    if one.name == "data":
        return "`cellissimo` in Jupyter's data folder"
    return "empty" if one.default == "" else f"`{one.default}`"


def _words(words: str) -> str:
    return words.replace("``", "`").replace("|", "\\|")


def documentation(before: str) -> str:
    """The page for administrators with the table as it is now."""
    head, _, rest = before.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n{settings_table()}\n{END}{tail}"


def main() -> None:
    """Write both."""
    (DOCS / "openapi.json").write_text(openapi.text(all_routes()), "utf-8")
    page = DOCS / "server.md"
    page.write_text(documentation(page.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
