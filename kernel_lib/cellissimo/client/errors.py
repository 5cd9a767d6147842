"""What a server refuses, as errors: each says what was wrong, what is accepted, and the cure."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cellissimo.domain.errors import CellissimoError


class ServerError(CellissimoError):
    """A server's refusal. ``status`` is that of HTTP, 0 where no answer came."""

    def __init__(
        self, message: str, *, status: int = 0, detail: Mapping[str, Any] | None = None
    ) -> None:
        """Keep the parts of the answer apart."""
        super().__init__(message)
        told = detail or {}
        self.status = status
        self.code = str(told.get("code", ""))
        self.field = told.get("field")
        self.value = told.get("value")
        self.accepted = told.get("accepted")
        self.cure = str(told.get("cure", ""))
        self.detail = dict(told)

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the line of one's own that asked, and the message.

        The way through this library says nothing of a server's refusal. *Source*: IPython asks
        errors for it; ``%tb`` and ``traceback`` have all of it.
        """
        steps = traceback.extract_tb(self.__traceback__)
        own = [step for step in steps if _is_own(step.filename)]
        asked = [f"line {step.lineno}: {step.line}" for step in own[:1] if step.line]
        return [*asked, f"{type(self).__name__}: {self}"]


class NoServerError(ServerError):
    """There is no server, or it does not answer."""


class UnsavedError(NoServerError):
    """Edits that are not on the server's disk yet: they wait here, and go there by themselves."""


class InvalidRequestError(ServerError):
    """A value that the server does not accept."""


class SignInError(ServerError):
    """Nobody is signed in: the token is missing, revoked or out of date."""


class ForbiddenError(ServerError):
    """What this person may not do with a thing that they may know of."""


class NotThereError(ServerError):
    """What is not there, or not this person's to know of: the two look the same."""


class ConflictError(ServerError):
    """What cannot be done while something else is as it is."""


class GoneError(ServerError):
    """What was here and is not any more."""


class ChangedError(ServerError):
    """Somebody else was quicker; ``yours`` was sent, ``theirs`` is there."""

    @property
    def yours(self) -> Any:  # noqa: ANN401 - any JSON
        """What was sent."""
        return self.detail.get("yours")

    @property
    def theirs(self) -> Any:  # noqa: ANN401 - any JSON
        """What is there now."""
        return self.detail.get("theirs")


class TooLargeError(ServerError):
    """More bytes than the server takes."""


class QuotaError(TooLargeError):
    """There is no room left for this."""


class UnsupportedTypeError(ServerError):
    """Bytes of a kind that the server does not take."""


class TooManyError(ServerError):
    """More requests than this hour allows."""


class UnavailableError(ServerError):
    """What would work a little later."""


_BY_CODE: Mapping[str, type[ServerError]] = {
    "bad-request": InvalidRequestError,
    "invalid": InvalidRequestError,
    "unauthenticated": SignInError,
    "forbidden": ForbiddenError,
    "not-found": NotThereError,
    "conflict": ConflictError,
    "gone": GoneError,
    "changed": ChangedError,
    "too-large": TooLargeError,
    "quota": QuotaError,
    "unsupported-type": UnsupportedTypeError,
    "too-many": TooManyError,
    "unavailable": UnavailableError,
}

_BY_STATUS: Mapping[int, type[ServerError]] = {
    400: InvalidRequestError,
    401: SignInError,
    403: ForbiddenError,
    404: NotThereError,
    409: ConflictError,
    410: GoneError,
    412: ChangedError,
    413: TooLargeError,
    415: UnsupportedTypeError,
    429: TooManyError,
    502: UnavailableError,
    503: UnavailableError,
    504: UnavailableError,
}

_SIGN_IN = (
    "Put a token of yours into CELLISSIMO_TOKEN, or come with "
    'on=cm.Client("…/cellissimo", token="cel_…"); POST /cellissimo/api/v1/tokens makes one.'
)
"""The cure in Python, where a server's own speaks of headers."""

_HERE = Path(__file__).resolve().parents[1]


def _is_own(file: str) -> bool:
    """Whether a file is neither of this library nor of another that is installed."""
    path = Path(file)
    return _HERE not in path.parents and "site-packages" not in path.parts


def refusal(status: int, body: Any, where: str) -> ServerError:  # noqa: ANN401 - any JSON
    """The error of an answer: what it says of itself, or what its status means.

    ``where`` names the request, for an answer that is none of ours.
    """
    detail = body.get("error") if isinstance(body, Mapping) else None
    if not isinstance(detail, Mapping):
        kind = _BY_STATUS.get(status, ServerError)
        cure = "see whether the address is that of a Jupyter server with cellissimo"
        return kind(f"{where} was answered with {status}; {cure}", status=status)
    kind = _BY_CODE.get(str(detail.get("code")), _BY_STATUS.get(status, ServerError))
    message, cure = str(detail.get("message", "")), str(detail.get("cure", ""))
    if kind is SignInError:
        cure, detail = _SIGN_IN, {**detail, "cure": _SIGN_IN}
    return kind(" ".join(part for part in (message, cure) if part), status=status, detail=detail)
