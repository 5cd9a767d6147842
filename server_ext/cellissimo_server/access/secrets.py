"""Tokens: 256 random bits, kept only as their hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets

_BYTES = 32


def fresh_token(prefix: str = "") -> str:
    """A token that nobody can guess, in letters that survive an address."""
    return prefix + secrets.token_urlsafe(_BYTES)


def hash_of(token: str) -> str:
    """What is kept of a token: its sha256. 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_same(left: str, right: str) -> bool:
    """Whether two texts are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())
