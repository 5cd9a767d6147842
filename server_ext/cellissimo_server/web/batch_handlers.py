"""Several requests in one: the same handlers answer, each with its own rights."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from jupyter_server.utils import url_path_join

from cellissimo.schema.rest.batch import Batch, BatchAnswer, BatchedAnswer, BatchedRequest
from cellissimo_server.errors import InvalidError
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.inner_request import answered, inner_request
from cellissimo_server.web.operation import operation, operations_of
from cellissimo_server.web.routes import Route
from cellissimo_server.web.unknown import UnknownHandler

_JSON = "application/json"


class BatchHandler(Handler):
    """Many requests at once."""

    @operation("Send up to 50 requests in one", body=Batch, answer=BatchAnswer, access="guest")
    async def post(self, body: Batch) -> BatchAnswer:
        """Answer one after the other; a refused one does not stop the others."""
        found = [self._found(one, place) for place, one in enumerate(body.requests)]
        return BatchAnswer(responses=[await self._answer(*one) for one in found])

    def _found(self, one: BatchedRequest, place: int) -> tuple[Any, Any]:
        """What answers a request, and the request as the server makes it to itself.

        Raises:
            InvalidError: it is none that a batch takes; then nothing of the batch is done.
        """
        api = url_path_join(self.services.base_url, "cellissimo/api/v1")
        uri = f"{api}/{one.path.lstrip('/')}"
        headers = {"Content-Type": _JSON} | ({"If-Match": one.if_match} if one.if_match else {})
        content = b"" if one.body is None else json.dumps(one.body).encode()
        request = inner_request(self, one.method, uri, content, headers)
        delegate: Any = self.application.find_handler(request)
        if urlsplit(uri).fragment or not _is_taken(delegate.handler_class, one.method):
            raise InvalidError(
                f"A batch does not take {one.method} {one.path}.",
                field=f"requests[{place}].path",
                value=one.path,
                accepted="what goes in and comes out as JSON, but no batch",
                cure="Send this request by itself.",
            )
        return delegate, request

    async def _answer(self, delegate: Any, request: Any) -> BatchedAnswer:  # noqa: ANN401 - tornado's
        found = await answered(delegate, request)
        return BatchedAnswer(status=found.status, body=found.json, etag=found.headers.get("ETag"))


def _is_taken(handler: type[Any] | None, method: str) -> bool:
    """Whether a handler takes JSON and answers with it; what is not there answers for itself."""
    if handler is None or not issubclass(handler, Handler) or handler is BatchHandler:
        return False
    declared = operations_of(handler).get(method.lower())
    if declared is None or handler is UnknownHandler:
        return True
    plain = declared.media == _JSON and declared.body_media == _JSON
    return plain and declared.answer is not None and declared.cost != "upload"


ROUTES = [Route("batch", BatchHandler)]
