"""A notebook that makes a piece again: its code in one cell, ready to be run and changed."""

from __future__ import annotations

import hashlib
from typing import Any

from cellissimo_server.publish.exhibit import Exhibit


def notebook_of(exhibit: Exhibit) -> dict[str, Any]:
    """The notebook as JSON (nbformat 4.5). Whoever opens it runs nothing before they ask."""
    words = (
        f"# {_literal(exhibit.title)}\n\n{exhibit.kind.title()} by {_literal(exhibit.owner.name)}."
    )
    return {
        "cells": [
            _cell("markdown", words),
            _cell("code", f"{exhibit.code.rstrip()}\n{exhibit.kind}"),
        ],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _cell(kind: str, source: str) -> dict[str, Any]:
    name = hashlib.sha256(f"{kind}\n{source}".encode()).hexdigest()[:8]
    cell: dict[str, Any] = {"cell_type": kind, "id": name, "metadata": {}, "source": source}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def _literal(text: str) -> str:
    """Text that Markdown shows as it is: every ASCII sign but letters and digits escaped."""
    return "".join(
        f"\\{sign}" if sign.isascii() and not sign.isalnum() and not sign.isspace() else sign
        for sign in " ".join(text.split())
    )
