"""What is answered where nothing is."""

from __future__ import annotations

from cellissimo_server.errors import NotFoundError
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation

_CURE = "Check the address; /cellissimo/api/v1/openapi.json lists what there is."


class UnknownHandler(Handler):
    """Every address of the interface that no route has."""

    @operation("Nothing", access="anyone")
    async def get(self) -> None:
        """Say that there is nothing.

        Raises:
            NotFoundError: always.
        """
        raise NotFoundError("There is nothing at this address.", cure=_CURE)

    head = post = put = patch = delete = get
