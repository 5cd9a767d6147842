"""Names of files as people send them: for people to read, never to become a path."""

from __future__ import annotations

import re
import unicodedata

from cellissimo.schema.limits import NAME_LENGTH

_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Kinds of signs that show nothing, or turn around what stands beside them."""

_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}$")


def shown_name(sent: str, otherwise: str = "Sample") -> str:
    """The name of a file without folders, ending and unseen signs, 1 … 100 characters."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", sent).replace("\0", ""))[-1]
    seen = "".join(sign for sign in last if unicodedata.category(sign) not in _UNSEEN)
    return _ENDING.sub("", seen.strip(" .")).strip(" .")[:NAME_LENGTH] or otherwise


def plain_name(shown: str, ending: str) -> str:
    """A file name of letters, digits, spaces and dashes alone, for every system and header."""
    plain = unicodedata.normalize("NFKD", shown).encode("ascii", "ignore").decode()
    return (re.sub(r"[^A-Za-z0-9 _-]+", "", plain).strip()[:60] or "sound") + ending
