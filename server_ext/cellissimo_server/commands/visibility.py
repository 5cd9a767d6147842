"""Who may see a piece, as a request says it: in one word, or as public or not."""

from __future__ import annotations

from cellissimo_server.errors import InvalidError


def visibility_of(
    visibility: str | None,
    is_public: bool | None,  # noqa: FBT001 - a field of the request
    before: str | None = None,
) -> str | None:
    """The visibility that a request asks for; ``before`` where it says nothing.

    Not public turns a public piece private, and leaves an unlisted one as it is.

    Raises:
        InvalidError: the two contradict each other.
    """
    if visibility is not None and is_public is not None:
        if (visibility == "public") != is_public:
            raise InvalidError(
                f"visibility is {visibility!r}, but isPublic is {is_public}.",
                field="isPublic",
                value=is_public,
                accepted=str(visibility == "public").lower(),
                cure="Send one of the two.",
            )
        return visibility
    if visibility is not None or is_public is None:
        return visibility or before
    if is_public:
        return "public"
    return "private" if before in (None, "public") else before
