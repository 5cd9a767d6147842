"""Tokens for scripts over HTTP."""

from __future__ import annotations

from cellissimo.schema.rest.shape import Done
from cellissimo.schema.rest.tokens import NewToken, TokenList, TokenMade
from cellissimo_server.commands import tokens
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import Route


class TokensHandler(Handler):
    """My tokens."""

    @operation("My tokens", answer=TokenList)
    async def get(self) -> TokenList:
        """List them, without their secrets."""
        return await tokens.list_tokens(self.services, self.person)

    @operation("Make a token", body=NewToken, answer=TokenMade, status=201)
    async def post(self, body: NewToken) -> TokenMade:
        """Make one; its secret is in this answer and nowhere else."""
        return await tokens.make_token(self.services, self.person, body)


class TokenHandler(Handler):
    """One of my tokens."""

    @operation("Revoke a token at once", answer=Done)
    async def delete(self, token_id: str) -> Done:
        """Revoke it."""
        await tokens.revoke_token(self.services, self.person, token_id)
        return Done()


ROUTES = [
    Route("tokens", TokensHandler),
    Route("tokens/{token_id}", TokenHandler),
]
