"""The settings in force as one readable page."""

from __future__ import annotations

import dataclasses
import html
from urllib.parse import urlsplit

from cellissimo_server.commands.about import SECRET
from cellissimo_server.settings import Settings, documented
from cellissimo_server.version import VERSION

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
th, td { border-bottom: 1px solid #8884; padding: .4rem .6rem; text-align: left }
th { vertical-align: top }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere }
:root { color-scheme: light dark }
"""


def page(settings: Settings, *, is_admin: bool) -> str:
    """The page; what is nobody else's business is shown to administrators, without passwords."""
    values = dataclasses.asdict(settings)
    rows = "".join(
        _row(name, _shown(name, values[name], is_admin=is_admin), words)
        for name, words in documented().items()
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>Settings of cellissimo</title><style>{_STYLE}</style>"
        f"<h1>Settings of cellissimo {html.escape(VERSION)}</h1>"
        "<p>What is in force. Each is a trait, <code>CellissimoApp.name</code>, and a variable of "
        "the environment, <code>CELLISSIMO_NAME</code>.</p>"
        "<table><thead><tr><th>Setting<th>Value<th>What it does</thead>"
        f"<tbody>{rows}</tbody></table></html>"
    )


def _row(name: str, value: str, words: str) -> str:
    said = html.escape(words.replace("``", ""))
    return f"<tr><th><code>{name}</code><td><code>{html.escape(value)}</code><td>{said}"


def _shown(name: str, value: object, *, is_admin: bool) -> str:
    if name in SECRET and not is_admin:
        return "known to administrators" if str(value) else "not set"
    if name.endswith("_url"):
        return _without_password(str(value))
    return str(value)


def _without_password(address: str) -> str:
    parts = urlsplit(address)
    secret = parts.password
    hidden = address.replace(f":{secret}@", ":…@") if secret else address
    return hidden.partition("?")[0] + ("?…" if parts.query else "")
