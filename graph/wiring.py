"""Makes the tools of a process from the settings."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncEngine

from agent.memory.artifacts import ArtifactStore
from agent.memory.blobs import BlobStore, FolderBlobs
from agent.memory.database import make_engine
from agent.memory.replies import StoredReplies
from agent.settings import Settings
from agent.tracing import make_tracing
from graph.context import ResearchContext
from graph.evidence import EvidenceStore
from graph.minds import make_minds
from graph.web import make_web
from tools.directory import load_directory
from tools.library.library import ReportLibrary
from tools.pdf.limits import ReaderLimits
from tools.search.shelf import Shelf
from tools.workers import CpuWorkers

if TYPE_CHECKING:
    from agent.memory.blobs_s3 import S3Blobs


def open_bucket(settings: Settings) -> "S3Blobs | None":
    """The bucket as set, to be closed at the end; None where everything is kept in the folder."""
    if not settings.blob_store:
        return None
    # Brings AWS's libraries in.
    from agent.memory.blobs_s3 import S3Blobs, S3Options

    options = S3Options.parse(
        settings.blob_store,
        region=settings.s3_region,
        endpoint=settings.s3_endpoint,
        kms_key=settings.s3_kms_key,
        cache_mb=settings.s3_cache_mb,
    )
    return S3Blobs(options, settings.data_dir / "cache")


def reader_limits(settings: Settings) -> ReaderLimits:
    """The limits of reading one PDF, as set."""
    return ReaderLimits(
        memory_mb=settings.reader_memory_mb,
        seconds=settings.reader_seconds,
        max_mb=settings.max_pdf_mb,
        max_pages=settings.max_pdf_pages,
        camelot=settings.camelot == "auto",
    )


def make_library(settings: Settings, blobs: BlobStore | None = None) -> ReportLibrary:
    """The report library, under the limits as set; without `blobs` in the data folder."""
    return ReportLibrary(
        settings.data_dir / "library",
        limits=reader_limits(settings),
        blobs=blobs,
        local_search=settings.local_search == "auto",
    )


@asynccontextmanager
async def open_context(
    settings: Settings, *, patient: bool = False
) -> AsyncIterator[tuple[ResearchContext, AsyncEngine]]:
    """The tools of a process and its database engine, closed in order at the end.

    A `patient` process comes again to a step whose model asked for a pause.
    """
    async with AsyncExitStack() as stack:
        engine = make_engine(settings.resolved_database_url)
        stack.push_async_callback(engine.dispose)
        workers = CpuWorkers()
        stack.callback(workers.close)
        bucket = open_bucket(settings)
        if bucket is not None:
            stack.callback(bucket.close)
        blobs: BlobStore = bucket or FolderBlobs(settings.data_dir)
        library = make_library(settings, bucket)
        tracing = make_tracing(settings)
        stack.push_async_callback(tracing.close)
        web = make_web(settings, library, workers)
        stack.push_async_callback(web.finder.aclose)
        context = ResearchContext(
            settings=settings,
            minds=await make_minds(
                settings, engine, library, workers, StoredReplies(blobs), patient=patient
            ),
            directory=load_directory(),
            library=library,
            shelf=Shelf(
                library,
                engine,
                workers,
                password=settings.pdf_password.get_secret_value() or None,
            ),
            artifacts=ArtifactStore(blobs),
            evidence=EvidenceStore(blobs, workers),
            workers=workers,
            tracing=tracing,
            web=web,
        )
        yield context, engine
