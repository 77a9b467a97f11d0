"""The client's page: Chainlit's, without its outside hosts, and with the visitor signed in."""

import base64
import hashlib
import re
from dataclasses import dataclass

from chainlit.auth import set_auth_cookie
from chainlit.auth.jwt import create_jwt
from chainlit.server import get_html_template
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.auth.callbacks import user_of
from app.chat.identity import signed_in
from app.chat.runtime import get_data_layer, get_runtime
from app.guard import content_security_policy

router = APIRouter(include_in_schema=False)

# Font hosts, a style sheet for formulas we do not show, and a banner address: the page must
# not name a host it may never call.
_OUTSIDE = re.compile(
    r"<link\b[^>]*href=\"https?://[^>]*>|<meta property=\"og:(?:image|url)\"[^>]*>", re.DOTALL
)
_TITLE = "Industry Sustainability Research Agent"
_ROOT = '<div id="root">'
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Page:
    """The HTML and the policy that allows exactly its inline scripts."""

    html: str
    policy: str


def build_page() -> Page:
    """Make the page from Chainlit's template."""
    html = _OUTSIDE.sub("", get_html_template(""))
    # The client has no heading of its own for the page.
    html = html.replace(
        '<div id="root">', f'<header><h1 class="sr-only">{_TITLE}</h1></header><div id="root">'
    )
    hashes = [
        base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        for script in _INLINE_SCRIPT.findall(html)
    ]
    return Page(html, content_security_policy(hashes))


@router.get("/")
@router.get("/login")
@router.get("/login/callback")
@router.get("/thread/{thread_id}")
@router.get("/element/{element_id}")
async def page(request: Request) -> HTMLResponse:
    """Serve the client; a visitor the request itself names has a session from then on."""
    built = build_page()
    response = HTMLResponse(
        built.html,
        headers={"content-security-policy": built.policy, "cache-control": "no-store"},
    )
    user = user_of(await get_runtime().sign_in.visitor(request.headers))
    if user is not None and signed_in(request) is None:
        await get_data_layer().create_user(user)
        set_auth_cookie(request, response, create_jwt(user))
    return response
