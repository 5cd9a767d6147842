"""People over HTTP: my profile and what I keep, everybody's page, guests."""

from __future__ import annotations

from cellissimo.schema.rest.jobs import Job
from cellissimo.schema.rest.people import (
    Claim,
    Claimed,
    Deletion,
    DeletionConfirmed,
    GuestMade,
    Me,
    MeChange,
    NewGuest,
    Profile,
    Usage,
)
from cellissimo.schema.rest.shape import Done
from cellissimo_server.access.identity import GUEST_COOKIE
from cellissimo_server.commands import accounts, guests, profiles
from cellissimo_server.commands.export_account import export_account
from cellissimo_server.commands.shown_audio import job_shape
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import Route


class MeHandler(Handler):
    """My own profile."""

    @operation("My profile", answer=Me, access="guest")
    async def get(self) -> Me:
        """Show it."""
        return await profiles.my_profile(self.services, self.person)

    @operation("Change my profile", body=MeChange, answer=Me, access="guest")
    async def patch(self, body: MeChange) -> Me:
        """Change what was sent."""
        return await profiles.change_profile(self.services, self.person, body, self.if_match)

    @operation("Delete my account", body=DeletionConfirmed, answer=Done, access="guest")
    async def delete(self, body: DeletionConfirmed) -> Done:
        """Do what the preview says."""
        await accounts.delete_account(self.services, self.person, body.confirm)
        return Done()


class DeletionHandler(Handler):
    """What deleting my account would do."""

    @operation("What would happen to what I own", answer=Deletion, access="guest")
    async def get(self) -> Deletion:
        """Say it before anything happens."""
        return await accounts.preview_deletion(self.services, self.person)


class UsageHandler(Handler):
    """What I keep here."""

    @operation("How much of my quotas I use", answer=Usage, access="guest")
    async def get(self) -> Usage:
        """Show it."""
        return await profiles.usage(self.services, self.person)


class ExportHandler(Handler):
    """All that is mine here."""

    @operation("Everything of mine in one zip", answer=Job, status=202)
    async def post(self) -> Job:
        """Give the job that gathers it."""
        return job_shape(await export_account(self.services, self.person))


class ClaimHandler(Handler):
    """What I made before I signed in."""

    @operation("Make what a guest has made mine", body=Claim, answer=Claimed)
    async def post(self, body: Claim) -> Claimed:
        """Take over what the guest of the token, or of this browser, has made."""
        token = body.guest_token or self.get_cookie(GUEST_COOKIE) or ""
        claimed = await guests.claim(self.services, self.person, token)
        self.clear_cookie(GUEST_COOKIE, path=self.base_url)
        return claimed


class UserHandler(Handler):
    """Somebody's page."""

    @operation("Somebody's profile", answer=Profile, access="guest")
    async def get(self, username: str) -> Profile:
        """Show it."""
        return await profiles.profile(self.services, username)


class GuestsHandler(Handler):
    """Coming in without an account."""

    @operation("Become a guest", body=NewGuest, answer=GuestMade, status=201, access="anyone")
    async def post(self, body: NewGuest) -> GuestMade:
        """Make a guest, and remember them in a cookie."""
        made = await guests.make_guest(self.services, body.display_name, self.address)
        self.set_guest(made.token)
        return made


ROUTES = [
    Route("users/me", MeHandler),
    Route("users/me/deletion", DeletionHandler),
    Route("users/me/usage", UsageHandler),
    Route("users/me/export", ExportHandler),
    Route("users/me/claim", ClaimHandler),
    Route("users/{username}", UserHandler),
    Route("guests", GuestsHandler),
]
