"""Notifications: what happened to somebody while they looked elsewhere."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from cellissimo.schema.rest.lists import Page, PageQuery
from cellissimo.schema.rest.people import Person
from cellissimo.schema.rest.shape import Request, Shape, Time

Id = Annotated[str, Field(max_length=100)]


class Notification(Shape):
    """One notification; ``words`` says it in a sentence, ``actor`` is who caused it."""

    id: str
    kind: str
    piece_id: str | None
    actor: Person | None
    detail: dict[str, Any]
    words: str
    created_at: Time
    read_at: Time | None


class NotificationList(Page):
    """One page of notifications, newest first, and how many are unread in all."""

    notifications: list[Notification]
    unread: int


class NotificationsQuery(PageQuery):
    """Which notifications: all, or those not yet read."""

    unread: bool = False


class NotificationsRead(Request):
    """Which notifications somebody has read: those ``ids``, or all of them."""

    ids: Annotated[tuple[Id, ...], Field(max_length=500)] = ()
    all: bool = False


class Marked(Shape):
    """How many were unread before, and how many are now."""

    marked: int
    unread: int
