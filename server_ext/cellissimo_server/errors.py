"""The errors that a client sees: a code, what was wrong, what is accepted, and the cure."""

from __future__ import annotations

from typing import Any


class RefusalError(Exception):
    """A request that cannot be granted; ``status`` is its HTTP status."""

    status = 400
    code = "bad-request"

    def __init__(
        self,
        message: str,
        *,
        cure: str,
        field: str | None = None,
        value: Any = None,  # noqa: ANN401 - whatever was sent
        accepted: str | None = None,
    ) -> None:
        """Keep the parts apart, so that a form can show them beside its field."""
        super().__init__(message)
        self.message = message
        self.cure = cure
        self.field = field
        self.value = value
        self.accepted = accepted

    @property
    def detail(self) -> dict[str, Any]:
        """What the answer says."""
        return {
            "code": self.code,
            "message": self.message,
            "field": self.field,
            "value": self.value,
            "accepted": self.accepted,
            "cure": self.cure,
        }


class InvalidError(RefusalError):
    """A value that is not accepted."""

    code = "invalid"


class UnauthenticatedError(RefusalError):
    """Nobody is signed in."""

    status = 401
    code = "unauthenticated"


class ForbiddenError(RefusalError):
    """Somebody who may know of the thing, but may not do this with it."""

    status = 403
    code = "forbidden"


class NotFoundError(RefusalError):
    """What is not there, or not there for this person: the two look the same."""

    status = 404
    code = "not-found"


class ConflictError(RefusalError):
    """What cannot be done while something else is as it is."""

    status = 409
    code = "conflict"


class GoneError(RefusalError):
    """What was here and is not any more."""

    status = 410
    code = "gone"


class ChangedError(RefusalError):
    """Somebody else was quicker: both values are told."""

    status = 412
    code = "changed"

    def __init__(self, what: str, *, yours: Any, theirs: Any) -> None:  # noqa: ANN401 - any JSON
        """``yours`` is what was sent, ``theirs`` what is there now."""
        super().__init__(
            f"{what} was changed by somebody else",
            cure="Look at both values, then send yours again with the new ETag.",
        )
        self.yours = yours
        self.theirs = theirs

    @property
    def detail(self) -> dict[str, Any]:
        """What the answer says, with both values."""
        return {**super().detail, "yours": self.yours, "theirs": self.theirs}


class TooLargeError(RefusalError):
    """More bytes than are taken."""

    status = 413
    code = "too-large"


class QuotaError(RefusalError):
    """There is no room left for this."""

    status = 413
    code = "quota"


class UnsupportedTypeError(RefusalError):
    """Bytes of a kind that is not taken."""

    status = 415
    code = "unsupported-type"


class TooManyError(RefusalError):
    """More requests than this hour allows."""

    status = 429
    code = "too-many"

    def __init__(self, message: str, *, cure: str, retry_after_s: int) -> None:
        """``retry_after_s``: when the next one is taken, in seconds."""
        super().__init__(message, cure=cure)
        self.retry_after_s = retry_after_s


class UnavailableError(RefusalError):
    """What would work a little later, or on another server."""

    status = 503
    code = "unavailable"


def not_found(what: str) -> NotFoundError:
    """The answer for what is unknown and for what is not this person's to know."""
    return NotFoundError(
        f"There is no such {what}.",
        cure=f"Check the id, or ask its owner to share the {what} with you.",
    )
