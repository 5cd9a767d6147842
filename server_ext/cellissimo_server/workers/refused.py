"""A worker's no: what is wrong with what it got, said to whoever sent it."""

from __future__ import annotations


class RefusedError(Exception):
    """Something that cannot be done, however often it is tried.

    ``code`` is that of the error that the sender gets: "unsupported-type", "too-large", "invalid".
    """

    def __init__(self, message: str, *, cure: str, code: str = "invalid") -> None:
        """A sentence about what is wrong, and one about what to do."""
        super().__init__(message)
        self.message = message
        self.cure = cure
        self.code = code
