"""Reports of abuse over HTTP."""

from __future__ import annotations

from cellissimo.schema.rest.reports import (
    Decision,
    NewReport,
    Report,
    ReportList,
    ReportMade,
    ReportsQuery,
)
from cellissimo_server.commands import reports
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import Route


class ReportsHandler(Handler):
    """The queue of reports."""

    @operation("The queue of reports", query=ReportsQuery, answer=ReportList, access="moderator")
    async def get(self, query: ReportsQuery) -> ReportList:
        """List one page of it, oldest first."""
        return await reports.list_reports(self.services, query)

    @operation("Report abuse", body=NewReport, answer=ReportMade, status=201, access="anyone")
    async def post(self, body: NewReport) -> ReportMade:
        """Put a report into the queue; whoever sees a piece may report it."""
        return await reports.make_report(self.services, self.person, body)


class ReportHandler(Handler):
    """One report."""

    @operation("Decide a report", body=Decision, answer=Report, access="moderator")
    async def patch(self, report_id: str, body: Decision) -> Report:
        """Dismiss or uphold it."""
        return await reports.decide_report(self.services, self.person, report_id, body)


ROUTES = [
    Route("reports", ReportsHandler),
    Route("reports/{report_id}", ReportHandler),
]
