"""Reports of abuse: anybody makes one, moderators decide, both sides are told."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from cellissimo.schema.policy import Action
from cellissimo.schema.rest.reports import Decision, NewReport, ReportList, ReportMade, ReportsQuery
from cellissimo.schema.rest.reports import Report as ReportShape
from cellissimo.schema.rest.shape import to_time
from cellissimo_server.access.person import Person
from cellissimo_server.access.secrets import hash_of
from cellissimo_server.access.standing import permitted
from cellissimo_server.commands import audit
from cellissimo_server.commands.notify import notify
from cellissimo_server.commands.shown import person_shown
from cellissimo_server.errors import ConflictError, InvalidError, not_found
from cellissimo_server.store import pieces, reports, shares, users
from cellissimo_server.store.database import Connection
from cellissimo_server.store.paging import Paging
from cellissimo_server.store.reports import Report

if TYPE_CHECKING:
    from cellissimo_server.services import Services


async def make_report(services: Services, person: Person, wanted: NewReport) -> ReportMade:
    """A report in the queue; whoever reports a piece twice adds nothing.

    Raises:
        InvalidError: it names no piece, or two.
        NotFoundError: whoever reports cannot see such a piece.
    """
    if (wanted.piece_id is None) == (wanted.share_token is None):
        raise InvalidError(
            "A report is about one piece.",
            field="pieceId",
            accepted="either pieceId or shareToken",
            cure="Send the id of the piece, or the token of its link.",
        )
    now = services.clock()
    made = await services.database.write(lambda db: _made(db, person, wanted, now))
    return ReportMade(id=made.id, state=made.state)


def _made(db: Connection, person: Person, wanted: NewReport, now: int) -> Report:
    piece_id = _piece_of(db, person, wanted, now)
    again = reports.open_of(db, piece_id, person.id) if person.is_known else None
    if again is not None:
        return again
    made = Report(
        id=str(uuid.uuid4()),
        piece_id=piece_id,
        reporter_id=person.id or None,
        reason=wanted.reason,
        message=wanted.message,
        state="open",
        decision=None,
        decided_by=None,
        decided_at=None,
        created_at=now,
    )
    reports.insert(db, made)
    return made


def _piece_of(db: Connection, person: Person, wanted: NewReport, now: int) -> str:
    if wanted.piece_id is not None:
        return permitted(db, wanted.piece_id, person, Action.READ)[0].id
    link = shares.by_hash(db, hash_of(wanted.share_token or ""))
    if link is None or link.revoked_at is not None or now >= (link.expires_at or now + 1):
        raise not_found("link")
    piece = pieces.by_id(db, link.piece_id)
    if piece is None or piece.trashed_at is not None:
        raise not_found("link")
    return piece.id


async def list_reports(services: Services, wanted: ReportsQuery) -> ReportList:
    """One page of the queue, oldest first; for moderators."""
    paging = Paging(wanted.page, wanted.limit, wanted.after)

    def work(db: Connection) -> ReportList:
        found = reports.listed(db, paging, wanted.state)
        return ReportList(
            reports=[_shown(db, one) for one in found.rows],
            total=found.total,
            page=found.page,
            limit=found.limit,
            has_more=found.has_more,
            next=found.next,
        )

    return await services.database.read(work)


async def decide_report(
    services: Services, moderator: Person, report_id: str, wanted: Decision
) -> ReportShape:
    """Close a report. Upheld: the piece is private from now on, its links end, its owner is told.

    Raises:
        NotFoundError: there is no such report.
        ConflictError: somebody has decided it already.
    """
    now = services.clock()

    def work(db: Connection) -> ReportShape:
        report = reports.by_id(db, report_id)
        if report is None:
            raise not_found("report")
        _decide(db, report, moderator, wanted, now)
        return _shown(db, reports.by_id(db, report_id) or report)

    decided = await services.database.write(work)
    services.caches.piece_changed()
    services.caches.share_changed()
    return decided


def _decide(db: Connection, report: Report, moderator: Person, wanted: Decision, now: int) -> None:
    state = "upheld" if wanted.decision == "uphold" else "dismissed"
    if not reports.decide(db, report.id, state, wanted.message, moderator.id, now):
        raise ConflictError(
            f"This report was {report.state} already.",
            cure="Look at it: GET /cellissimo/api/v1/reports?state=" + report.state,
        )
    if state == "upheld":
        _hide(db, report, moderator, now)
    if report.reporter_id is not None:
        detail = {"to": "reporter", "state": state}
        notify(db, report.reporter_id, "report", report.piece_id, None, detail, now)
    facts = {"state": state, "piece": report.piece_id, "reason": report.reason}
    audit.record(db, moderator.id, "report.decide", report.id, facts, now)


def _hide(db: Connection, report: Report, moderator: Person, now: int) -> None:
    piece = pieces.change(db, report.piece_id, None, visibility="private")
    ended = shares.revoke_all(db, report.piece_id, now)
    if piece is not None:
        detail = {"to": "owner", "reason": report.reason}
        notify(db, piece.owner_id, "report", piece.id, None, detail, now)
    facts: dict[str, str | int] = {"report": report.id, "links": ended}
    audit.record(db, moderator.id, "piece.hide", report.piece_id, facts, now)


def _shown(db: Connection, one: Report) -> ReportShape:
    piece = pieces.by_id(db, one.piece_id)
    people = {key for key in (one.reporter_id, one.decided_by, piece and piece.owner_id) if key}
    found = {key: person_shown(user) for key, user in users.by_ids(db, people).items()}
    return ReportShape(
        id=one.id,
        piece_id=one.piece_id,
        piece_name=None if piece is None else piece.name,
        owner=None if piece is None else found.get(piece.owner_id),
        reporter=found.get(one.reporter_id or ""),
        reason=one.reason,
        message=one.message,
        state=one.state,
        decision=one.decision,
        decided_by=found.get(one.decided_by or ""),
        decided_at=None if one.decided_at is None else to_time(one.decided_at),
        created_at=to_time(one.created_at),
    )
