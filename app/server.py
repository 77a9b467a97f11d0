"""The server: our own routes, the guard, and the chat mounted at the root."""

import gc
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.routing import Route

from agent.errors import IsraError
from agent.logs import get_logger
from agent.memory.addresses import is_postgres
from agent.memory.database import make_engine
from agent.memory.outbox import FeedbackOutbox
from agent.metrics import collecting
from agent.settings import Settings, get_settings
from agent.tracing_feedback import open_feedback
from app.auth.modes import SignIn, check_exposure
from app.chat.boot import load_chainlit, mount_chat
from app.guard import Guard, GuardOptions

if TYPE_CHECKING:
    from graph.runner import Research

log = get_logger(__name__)
OpenResearch = Callable[[Settings], AbstractAsyncContextManager["Research"]]


def create_app(settings: Settings | None = None, opened: OpenResearch | None = None) -> FastAPI:
    """The ASGI application of one process. The database must have been migrated.

    None means the settings of the process, and the real research.

    Raises:
        ConfigurationError: the server would be open to others without sign-in, or the way to
            sign in lacks a setting.
    """
    settings = settings or get_settings()
    check_exposure(settings)
    # Everything of the chat imports Chainlit, which reads its settings when imported.
    load_chainlit(settings.data_dir, settings.session_secret.get_secret_value())
    from app import pictures
    from app.api import application, health, problems
    from app.auth import callbacks, gate
    from app.chat import owner_page, page, routes
    from app.mcp import http

    sign_in = SignIn.of(settings)
    callbacks.register(sign_in)
    assistants = http.make_http_server()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        with collecting(settings):
            async with (
                _running(settings, sign_in, opened or _real_research()),
                assistants.session_manager.run(),
            ):
                yield

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(gate.SessionGate, sign_in=sign_in)
    app.add_middleware(
        Guard,
        options=GuardOptions(
            hosts=sign_in.hosts,
            https=sign_in.https,
            max_upload_bytes=(settings.max_pdf_mb + 1) * 1_000_000,
        ),
    )
    app.add_exception_handler(IsraError, problems.of_ours)
    for router in (page.router, routes.router, pictures.router, owner_page.router, health.router):
        app.include_router(router)
    methods = ["GET", "POST", "DELETE"]
    app.router.routes.append(Route(http.PATH, http.TokenDoor(assistants), methods=methods))
    app.mount(application.PREFIX, application.make_api(settings))
    mount_chat(app)
    return app


def _real_research() -> OpenResearch:
    from graph.runner import open_research

    return open_research


@asynccontextmanager
async def _running(
    settings: Settings, sign_in: SignIn, opened: OpenResearch
) -> AsyncIterator[None]:
    from app.auth.limits import RateLimits
    from app.chat.data_layer import ChatDataLayer
    from app.chat.runtime import Runtime, set_runtime
    from app.chat.turns import TurnStore

    engine = make_engine(settings.resolved_database_url)
    try:
        async with (
            opened(settings) as research,
            open_feedback(settings, FeedbackOutbox(engine), research.trace) as feedback,
        ):
            set_runtime(
                Runtime(
                    settings=settings,
                    sign_in=sign_in,
                    limits=RateLimits(
                        settings, engine if is_postgres(settings.resolved_database_url) else None
                    ),
                    research=research,
                    data_layer=ChatDataLayer(engine),
                    turns=TurnStore(engine),
                    feedback=feedback,
                )
            )
            recovered = await research.recover()
            if recovered:
                log.info("runs taken up again", count=len(recovered))
            if not gc.isenabled():
                # What is loaded stays: the collector need not look at it ever again.
                gc.freeze()
                gc.enable()
            try:
                yield
            finally:
                set_runtime(None)
    finally:
        await engine.dispose()
