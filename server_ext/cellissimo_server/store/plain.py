"""Values that every database can keep."""

from __future__ import annotations

from collections.abc import Iterable

from cellissimo_server.errors import InvalidError


def storable(values: Iterable[object]) -> None:
    """Pass where every text is one that all databases keep as it is; lists are looked into.

    Raises:
        InvalidError: a text has the sign U+0000, which PostgreSQL does not keep, or half a sign.
    """
    for value in values:
        if type(value) is str:
            _check(value)
        elif type(value) is list:
            storable(value)


def _check(text: str) -> None:
    if text.isascii():
        whole = "\0" not in text
    else:
        whole = "\0" not in text and text == text.encode("utf-8", "replace").decode("utf-8")
    if not whole:
        raise InvalidError(
            "A text has a sign that cannot be kept.",
            value=text[:100].encode("utf-8", "backslashreplace").decode().replace("\0", "\\0"),
            accepted="Unicode without U+0000 and without halves of signs",
            cure="Leave that sign out.",
        )
