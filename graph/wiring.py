"""Makes the tools of a process from the settings."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from agent.memory.artifacts import ArtifactStore
from agent.memory.database import make_engine
from agent.settings import Settings
from graph.context import ResearchContext
from graph.minds import make_minds
from tools.directory import load_directory
from tools.library.library import ReportLibrary
from tools.pdf.limits import ReaderLimits
from tools.search.shelf import Shelf
from tools.workers import CpuWorkers


def make_library(settings: Settings) -> ReportLibrary:
    """The report library in the data folder, under the limits as set."""
    limits = ReaderLimits(
        memory_mb=settings.reader_memory_mb,
        seconds=settings.reader_seconds,
        max_mb=settings.max_pdf_mb,
        max_pages=settings.max_pdf_pages,
    )
    return ReportLibrary(
        settings.data_dir / "library",
        limits=limits,
        local_search=settings.local_search == "auto",
    )


@asynccontextmanager
async def open_context(settings: Settings) -> AsyncIterator[tuple[ResearchContext, AsyncEngine]]:
    """The tools of a process and its database engine, closed in order at the end."""
    async with AsyncExitStack() as stack:
        engine = make_engine(settings.resolved_database_url)
        stack.push_async_callback(engine.dispose)
        workers = CpuWorkers()
        stack.callback(workers.close)
        library = make_library(settings)
        context = ResearchContext(
            settings=settings,
            minds=await make_minds(settings, engine, library, workers),
            directory=load_directory(),
            library=library,
            shelf=Shelf(
                library,
                engine,
                workers,
                password=settings.pdf_password.get_secret_value() or None,
            ),
            artifacts=ArtifactStore(settings.data_dir / "artifacts"),
            workers=workers,
        )
        yield context, engine
