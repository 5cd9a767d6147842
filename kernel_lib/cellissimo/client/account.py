"""Plans about the server and about whoever asks: profile, tokens, notifications, jobs."""

from __future__ import annotations

from typing import Literal

from cellissimo.client.call import (
    Call,
    Plan,
    as_bytes,
    as_model,
    as_nothing,
    ask,
    at,
    given,
    if_match,
    query_of,
)
from cellissimo.schema.rest.about import About
from cellissimo.schema.rest.jobs import Job, JobList
from cellissimo.schema.rest.notifications import Marked, NotificationList
from cellissimo.schema.rest.people import Me, Profile, Usage
from cellissimo.schema.rest.tokens import TokenList, TokenMade

Scope = Literal["read", "write", "upload"]


def about() -> Plan[About]:
    """The server: its version, what it accepts, and who is asking."""
    return ask(Call("GET", "about", as_model(About)))


def me() -> Plan[Me]:
    """My own profile."""
    return ask(Call("GET", "users/me", as_model(Me)))


def change_me(
    *,
    display_name: str | None = None,
    bio: str | None = None,
    avatar_url: str | None = None,
    rev: int | None = None,
) -> Plan[Me]:
    """My profile with what is to change of it; with ``rev``, only where nobody was quicker."""
    body = given(displayName=display_name, bio=bio, avatarUrl=avatar_url)
    return ask(Call("PATCH", "users/me", as_model(Me), body=body, headers=if_match(rev)))


def profile(username: str) -> Plan[Profile]:
    """Somebody's page."""
    return ask(Call("GET", at("users", username), as_model(Profile)))


def usage() -> Plan[Usage]:
    """How much of each quota is used."""
    return ask(Call("GET", "users/me/usage", as_model(Usage)))


def export_account() -> Plan[Job]:
    """A job that gathers everything of mine into one file."""
    return ask(Call("POST", "users/me/export", as_model(Job), body={}))


def tokens() -> Plan[TokenList]:
    """My tokens, without their secrets."""
    return ask(Call("GET", "tokens", as_model(TokenList)))


def make_token(
    name: str, scopes: tuple[Scope, ...] = ("read",), expires_in: float | None = None
) -> Plan[TokenMade]:
    """A token for a script, with its secret for the only time; ``expires_in`` in days."""
    body = given(name=name, scopes=list(scopes), expiresIn=expires_in)
    return ask(Call("POST", "tokens", as_model(TokenMade), body=body))


def revoke_token(token_id: str) -> Plan[None]:
    """End a token."""
    return ask(Call("DELETE", at("tokens", token_id), as_nothing))


def notifications(
    *, unread: bool = False, page: int = 1, limit: int = 20
) -> Plan[NotificationList]:
    """What happened while I looked elsewhere, newest first."""
    query = query_of(unread=unread, page=page, limit=limit)
    return ask(Call("GET", "notifications", as_model(NotificationList), query=query))


def mark_read(ids: tuple[str, ...] = ()) -> Plan[Marked]:
    """Notifications as read: those, or all."""
    body = {"ids": list(ids)} if ids else {"all": True}
    return ask(Call("POST", "notifications/read", as_model(Marked), body=body))


def jobs(*, page: int = 1, limit: int = 20) -> Plan[JobList]:
    """My jobs, newest first."""
    query = query_of(page=page, limit=limit)
    return ask(Call("GET", "jobs", as_model(JobList), query=query))


def job(job_id: str) -> Plan[Job]:
    """A job as it is now."""
    return ask(Call("GET", at("jobs", job_id), as_model(Job)))


def job_file(job_id: str) -> Plan[bytes]:
    """The file that a job made."""
    return ask(Call("GET", at("jobs", job_id, "file"), as_bytes))


def cancel_job(job_id: str) -> Plan[Job]:
    """A job that is to stop."""
    return ask(Call("POST", at("jobs", job_id, "cancel"), as_model(Job), body={}))
