"""The MCP server over HTTP at /mcp: the same tools, for the user whose token a call brings."""

from typing import Any, cast

from mcp.server.fastmcp import FastMCP
from mcp.server.transport_security import TransportSecuritySettings
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from agent.errors import IsraError
from app.api.callers import Caller, find_caller
from app.api.problems import UnauthorizedError, of_ours
from app.auth.roles import ForbiddenError
from app.chat.runtime import get_research, get_runtime
from app.mcp.tools import INSTRUCTIONS, AnyContext, Desk, add_tools

PATH = "/mcp"
_CALLER = "isra.caller"


def make_http_server() -> FastMCP[Any]:
    """The server; it keeps nothing between calls, so any process answers any of them."""
    server: FastMCP[Any] = FastMCP(
        "isra",
        instructions=INSTRUCTIONS,
        stateless_http=True,
        streamable_http_path=PATH,
        # Hosts and origins are checked before anything gets here.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    add_tools(server, _desk)
    # Makes the session manager, which the server's lifespan runs.
    server.streamable_http_app()
    return server


def _desk(context: AnyContext) -> Desk:
    request: Request = cast(Request, context.request_context.request)
    caller: Caller = request.scope[_CALLER]
    return Desk(
        get_research(),
        caller.identifier,
        writes="write" in caller.scopes,
        limits=get_runtime().limits,
    )


class TokenDoor:
    """Lets calls with a valid token through to the server; a browser's session opens nothing."""

    def __init__(self, server: FastMCP[Any]) -> None:
        self._app: ASGIApp = server.session_manager.handle_request

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            caller = await _token_caller(Request(scope))
            await get_runtime().limits.call(caller.identifier)
        except IsraError as error:
            answer = await of_ours(Request(scope), error)
            await answer(scope, receive, send)
            return
        await self._app({**scope, _CALLER: caller}, receive, send)


async def _token_caller(request: Request) -> Caller:
    if "authorization" not in request.headers:
        raise UnauthorizedError(
            "Who calls is not known.", "Send a token: Authorization: Bearer isra_…"
        )
    caller = await find_caller(request)
    if "read" not in caller.scopes:
        raise ForbiddenError("This needs the scope “read”.", "Use a token that has it.")
    return caller
