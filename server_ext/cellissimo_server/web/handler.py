"""The handler that all others are made of: identity, limits, bodies, answers and errors."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from http.client import responses
from typing import Any

import pydantic
from jupyter_server.base.handlers import APIHandler
from tornado import web

from cellissimo.domain.errors import CellissimoError
from cellissimo.schema.rest.shape import Shape
from cellissimo_server.access import identity
from cellissimo_server.access.person import VISITOR, ByLink, Person
from cellissimo_server.access.secrets import hash_of
from cellissimo_server.errors import (
    ForbiddenError,
    InvalidError,
    RefusalError,
    TooManyError,
    UnauthenticatedError,
    UnavailableError,
    not_found,
)
from cellissimo_server.services import Services
from cellissimo_server.web import log, metrics
from cellissimo_server.web.addresses import household_of, parts_of
from cellissimo_server.web.inner_request import is_inner
from cellissimo_server.web.invalid import invalid
from cellissimo_server.web.operation import Operation, operations_of
from cellissimo_server.web.traffic import RETRY_AFTER_S, Traffic
from cellissimo_server.web.writable import check_writable, is_writable

SETTINGS_KEY = "cellissimo"
"""Where tornado's settings hold the services."""

TRAFFIC_KEY = "cellissimo-traffic"
"""Where tornado's settings hold the requests that are under way."""

LINK = "X-Cellissimo-Link"
"""The token of a share link that somebody has come with; an address would be logged on its way."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_RANKS = {"member": 0, "moderator": 1, "admin": 2}


class Handler(APIHandler):
    """A handler whose methods are declared by ``operation``."""

    person: Person = VISITOR
    route = ""
    _is_inside = False

    def initialize(self, route: str = "") -> None:
        """``route``: the path as the OpenAPI document names it, for logs and metrics."""
        self.route = route

    async def prepare(self) -> None:  # type: ignore[override] # as Jupyter's APIHandler
        """Come in: known method, not stopping, and whatever Jupyter asks of any request."""
        self._traffic.enter()
        self._is_inside = True
        if self.request.method != "OPTIONS" and not self._methods & {self.request.method}:
            raise web.HTTPError(405)
        await super().prepare()

    def on_finish(self) -> None:
        """Go out, and be counted."""
        if self._is_inside:
            self._traffic.leave()
        seconds = self.request.request_time()
        metrics.observe(self.request.method or "", self.route, self.get_status(), seconds)
        super().on_finish()

    @property
    def _traffic(self) -> Traffic:
        found: Traffic = self.settings[TRAFFIC_KEY]
        return found

    @property
    def _methods(self) -> set[str]:
        return {method.upper() for method in operations_of(type(self))}

    @property
    def services(self) -> Services:
        """What the use cases work with."""
        found: Services = self.settings[SETTINGS_KEY]
        return found

    # -- who asks --------------------------------------------------------------------------------

    @property
    def bearer(self) -> str | None:
        """Our own token that came with the request, if one did."""
        scheme, _, token = self.request.headers.get("Authorization", "").partition(" ")
        is_ours = scheme.lower() in {"bearer", "token"} and token.startswith(identity.PREFIX)
        return token if is_ours else None

    def check_xsrf_cookie(self) -> None:
        """Nobody else's page can make a browser send our token: no second proof is needed."""
        if is_inner(self.request):
            return  # the request that it came in has proved it
        if not hasattr(self, "_jupyter_current_user"):
            return  # tornado asks before anybody knows who it is; Jupyter asks again
        if self.bearer is None and self.current_user is not None:
            super().check_xsrf_cookie()
        elif self.bearer is None and self.get_cookie(identity.GUEST_COOKIE):
            self._refuse_foreign()

    def _refuse_foreign(self) -> None:
        origin = self.request.headers.get("Origin")
        if origin is None or parts_of(origin).netloc != self.request.host:
            raise web.HTTPError(403, "this request came from a page of another site")

    async def perform(self, declared: Operation, run: Callable[..., Awaitable[Any]]) -> None:
        """Run a declared method: everything that all methods have in common."""
        self.person = await self.who_asks()
        self._renew_guest()
        await self._admit(declared)
        if not all(is_writable(value) for value in self.path_kwargs.values() if value):
            raise not_found("address")
        given: dict[str, Any] = {}
        if declared.query is not None:
            given["query"] = self._read_query(declared.query)
        if declared.body is not None:
            given["body"] = self._read_body(declared.body)
        answer = await run(**given)
        if self.request.method not in SAFE:
            self.services.events.nudge()
            self.services.rooms.recheck()
        if answer is not None:
            self.answer(answer, declared.status)

    async def who_asks(self) -> Person:
        """Who asks, with the share link that came along."""
        return self._with_link(await identity.person_of(self, self.services))

    def _with_link(self, person: Person) -> Person:
        """``person`` with the share link that came along, if one did."""
        token = self.request.headers.get(LINK)
        if not token:
            return person
        return replace(person, link=ByLink(hash_of(token), self.services.clock()))

    async def _admit(self, declared: Operation) -> None:
        self._check_access(declared)
        if self.current_user is not None and self.bearer is None:
            await self._check_authorizer(declared)
        if self.person.is_known:
            self._check_scope(declared)
        if declared.cost != "free" and not (self.person.exempt or is_inner(self.request)):
            who = self.person.id or self.address
            self.services.rates.spend(who, declared.cost, self.services.clock())

    @property
    def address(self) -> str:
        """From where somebody has come whom nobody knows."""
        return household_of(self.request.remote_ip or "")

    def _check_scope(self, declared: Operation) -> None:
        enough = {"write"}
        if self.request.method in SAFE:
            enough = {"read"}
        elif declared.cost == "upload":
            enough = {"upload", "write"}
        if not enough & self.person.scopes:
            raise ForbiddenError(
                f"This token has the scopes {sorted(self.person.scopes)}.",
                field="scopes",
                accepted=" or ".join(sorted(enough)),
                cure="Make a token with that scope and use that one.",
            )

    def set_guest(self, token: str) -> None:
        """Remember a guest in a cookie that no script can read and no other site can send."""
        self.set_cookie(
            identity.GUEST_COOKIE,
            token,
            path=self.base_url,
            expires_days=self.services.settings.guest_days,
            httponly=True,
            samesite="Lax",
            secure=self.request.protocol == "https",
        )

    def _renew_guest(self) -> None:
        token = self.get_cookie(identity.GUEST_COOKIE)
        if token and self.bearer is None and self.person.kind == "guest":
            self.set_guest(token)

    def _check_access(self, declared: Operation) -> None:
        access, person = declared.access, self.person
        if access == "anyone":
            return
        if not person.is_known or (access != "guest" and person.kind == "guest"):
            raise UnauthenticatedError(
                "Nobody is signed in.",
                cure="Sign in, or send a token: 'Authorization: Bearer cel_…'.",
            )
        if _RANKS[person.site_role] < _RANKS.get(access, 0):
            raise ForbiddenError(
                f"This is for the role {access} of the site.",
                cure="Ask an administrator of this server.",
            )

    async def _check_authorizer(self, declared: Operation) -> None:
        action = "read" if self.request.method in SAFE else "write"
        allowed = self.authorizer.is_authorized(self, self.current_user, action, "cellissimo")
        if isinstance(allowed, Awaitable):
            allowed = await allowed
        if not allowed and declared.access != "anyone":
            raise ForbiddenError(
                f"This server does not let you {action} here.",
                cure="Ask its administrator for the scope of cellissimo.",
            )

    # -- what goes in ----------------------------------------------------------------------------

    def _read_query(self, model: type[pydantic.BaseModel]) -> pydantic.BaseModel:
        named = set(model.model_fields) | {f.alias for f in model.model_fields.values()}
        given = {key: self.get_query_argument(key) for key in self.request.query_arguments}
        known = {key: value for key, value in given.items() if key in named}
        check_writable(known, json.dumps(known).encode())
        return _validated(lambda: model.model_validate(known))

    def _read_body(self, model: type[pydantic.BaseModel]) -> pydantic.BaseModel:
        return _validated(lambda: model.model_validate(self.json_body()))

    def json_body(self) -> Any:  # noqa: ANN401 - any JSON
        """The body as JSON.

        Raises:
            InvalidError: it is not JSON.
        """
        try:
            found = json.loads(self.request.body or b"{}")
            check_writable(found, self.request.body)
        except (ValueError, RecursionError) as error:
            raise InvalidError(
                "The body is not JSON.", cure=f"Send a JSON object; {error}."
            ) from error
        return found

    @property
    def if_match(self) -> int | None:
        """The revision that the change was made for, where ``If-Match`` says one."""
        given = self.request.headers.get("If-Match", "").strip()
        found = re.fullmatch(r'(?:W/)?"?(\d{1,18})"?', given)
        if given and given != "*" and not found:
            raise InvalidError(
                f"If-Match is {given!r}.",
                field="If-Match",
                value=given,
                accepted='"<rev>"',
                cure="Send the ETag that came with the entity.",
            )
        return int(found[1]) if found else None

    # -- what comes out --------------------------------------------------------------------------

    def answer(self, model: Shape, status: int = 200) -> None:
        """Send a model as JSON, with its ``rev`` as ETag, trimmed to ``?fields=``."""
        content = model.to_json()
        rev = content.get("rev")
        if rev is not None:
            self.set_header("ETag", f'"{rev}"')
        self.set_header("Cache-Control", "no-store")
        self.set_status(status)
        self.finish(json.dumps(self._trimmed(content), ensure_ascii=False))

    def _trimmed(self, content: dict[str, Any]) -> dict[str, Any]:
        wanted = self.get_query_argument("fields", "")
        if not wanted:
            return content
        names = set(wanted.split(","))
        lists = {k: v for k, v in content.items() if isinstance(v, list) and "total" in content}
        if lists:
            return content | {
                key: [{n: v for n, v in item.items() if n in names} for item in items]
                for key, items in lists.items()
            }
        return {key: value for key, value in content.items() if key in names}

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ANN401 - tornado's
        """Every error has one shape."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        detail = self._detail(status_code, error)
        if isinstance(error, TooManyError):
            self.set_header("Retry-After", str(error.retry_after_s))
        if isinstance(error, UnavailableError):
            self.set_header("Retry-After", str(RETRY_AFTER_S))
        if status_code == 405:
            self.set_header("Allow", ", ".join(sorted(self._methods)))
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps({"error": detail}, ensure_ascii=False, default=str))

    def _detail(self, status: int, error: BaseException | None) -> dict[str, Any]:
        if isinstance(error, RefusalError):
            self.set_status(error.status)
            return error.detail
        if isinstance(error, CellissimoError):
            self.set_status(InvalidError.status)
            return InvalidError(str(error), cure="Change the value and send it again.").detail
        said = getattr(error, "log_message", None) or responses.get(status, "Unknown")
        code = _CODES.get(status, "failed")
        cure = _CURES.get(status, "Try again; if it stays, tell the server's administrator.")
        return RefusalError(str(said), cure=cure).detail | {"code": code}

    def log_exception(self, _: Any, value: Any, tb: Any) -> None:  # noqa: ANN401 - tornado's
        """Refusals are answers, not faults of the server; of a fault no word of the request."""
        if not isinstance(value, RefusalError | CellissimoError | web.HTTPError):
            log.fault(logging.getLogger(log.LOGGER), value, tb, route=self.route)


def facts_of(handler: object) -> dict[str, Any] | None:
    """What the log says of a request; None where the handler is not ours."""
    if not isinstance(handler, Handler):
        return None
    return {
        "method": handler.request.method,
        "route": handler.route,
        "status": handler.get_status(),
        "ms": round(handler.request.request_time() * 1000, 2),
        "user": handler.person.id or None,
    }


_CODES = {
    400: "bad-request", 401: "unauthenticated", 403: "forbidden", 404: "not-found",
    405: "bad-request", 413: "too-large", 415: "unsupported-type", 503: "unavailable",
}  # fmt: skip
_CURES = {
    403: "Sign in, and send the request from a page of this server.",
    404: "Check the address; /cellissimo/api/v1/openapi.json lists what there is.",
    405: "Use a method that the address has; /cellissimo/api/v1/openapi.json lists them.",
}


def _validated(validate: Callable[[], pydantic.BaseModel]) -> pydantic.BaseModel:
    try:
        return validate()
    except pydantic.ValidationError as error:
        raise invalid(error) from None
