"""Takes away what ended analyses no longer need; their results and reports stay."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from sqlalchemy.ext.asyncio import AsyncEngine

from agent.domain.base import Noun
from agent.memory.blobs import BlobInfo, BlobStore, FolderBlobs
from agent.memory.database import iso_utc, make_engine
from agent.memory.tables import analyses, run_events
from agent.settings import Settings
from graph.checkpoint import open_checkpoints
from graph.events import FINAL
from graph.evidence import FOLDER as EVIDENCE
from graph.evidence import is_current
from graph.wiring import open_bucket, reader_limits
from tools.pdf.reader import reader_version

_PASSING = ("stage", "indexing", "comparing", "synthesizing", "synthesis_piece", "postponed")
"""Events that only matter while a run goes on; the others tell its story for good."""
_AT_ONCE = 200


class Pruned(Noun):
    """What was taken away, or (in a dry run) would be."""

    analyses: int = 0
    """Ended analyses that are old enough."""
    threads: int = 0
    """Those of them whose checkpoints were there."""
    events: int = 0
    bundles: int = 0
    """Read reports of an earlier version of the reader."""
    evidence: int = 0
    """Materials found by earlier rules."""
    megabytes: float = 0.0
    """Size of both."""


async def prune(settings: Settings, days: float, *, dry_run: bool) -> Pruned:
    """Remove checkpoints and passing events of analyses that ended `days` ago, and what was read
    or found by earlier versions.

    A pruned analysis can be read and asked about as before; its failed companies can no longer
    be tried again. Raises StorageError.
    """
    before = datetime.now(UTC) - timedelta(days=days)
    engine = make_engine(settings.resolved_database_url)
    bucket = open_bucket(settings)
    try:
        ended = await _ended(engine, iso_utc(before))
        async with open_checkpoints(settings) as saver:
            threads = await _prune_threads(saver, ended, dry_run)
        events = await _prune_events(engine, ended, dry_run)
        blobs: BlobStore = bucket or FolderBlobs(settings.data_dir / "library")
        current = f"-{reader_version(reader_limits(settings))}.sqlite"
        bundles = await _prune_old(
            blobs, "bundles/", lambda key: key.endswith(current), before.timestamp(), dry_run
        )
        found: BlobStore = bucket or FolderBlobs(settings.data_dir)
        materials = await _prune_old(found, EVIDENCE, is_current, before.timestamp(), dry_run)
    finally:
        if bucket is not None:
            bucket.close()
        await engine.dispose()
    return Pruned(
        analyses=len(ended),
        threads=threads,
        events=events,
        bundles=len(bundles),
        evidence=len(materials),
        megabytes=round(sum(item.size for item in (*bundles, *materials)) / 1e6, 1),
    )


async def _ended(engine: AsyncEngine, before: str) -> list[str]:
    query = sa.select(analyses.c.id).where(
        analyses.c.state.in_(sorted(FINAL)), analyses.c.updated_at < before
    )
    async with engine.connect() as connection:
        return list((await connection.execute(query)).scalars())


async def _prune_threads(saver: BaseCheckpointSaver[Any], ids: Sequence[str], dry_run: bool) -> int:
    found = 0
    for analysis_id in ids:
        config: RunnableConfig = {"configurable": {"thread_id": analysis_id}}
        if await saver.aget_tuple(config) is None:
            continue
        found += 1
        if not dry_run:
            await saver.adelete_thread(analysis_id)
    return found


async def _prune_events(engine: AsyncEngine, ids: Sequence[str], dry_run: bool) -> int:
    found = 0
    for start in range(0, len(ids), _AT_ONCE):
        passing = sa.and_(
            run_events.c.analysis_id.in_(ids[start : start + _AT_ONCE]),
            run_events.c.kind.in_(_PASSING),
        )
        async with engine.begin() as connection:
            counted = sa.select(sa.func.count()).select_from(run_events).where(passing)
            found += (await connection.execute(counted)).scalar_one()
            if not dry_run:
                await connection.execute(sa.delete(run_events).where(passing))
    return found


async def _prune_old(
    blobs: BlobStore, folder: str, current: Callable[[str], bool], before: float, dry_run: bool
) -> list[BlobInfo]:
    """Blobs that no version of today opens; a new version is given a day for being rolled out."""
    newest = min(before, time.time() - 86400)
    old = [
        item
        for item in await blobs.listed(folder)
        if not current(item.key) and item.written < newest
    ]
    if not dry_run:
        for item in old:
            await blobs.delete(item.key)
    return old
