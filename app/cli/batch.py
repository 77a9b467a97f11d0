"""Several analyses at once: a file of industries, here or through the queue."""

import asyncio
from pathlib import Path
from typing import Any

from agent.domain import AnalysisRequest
from agent.errors import InputError, IsraError
from agent.settings import Settings
from app.cli.output import existing_file, print_json, print_table, stderr
from graph.dispatch import Priority
from graph.events import FINAL
from graph.runner import Research, open_research

_AT_ONCE = 3


def industries_in(path: Path) -> list[str]:
    """The industries of a file, one a line; empty lines and those that begin with # are left out.

    Raises:
        InputError: it is not a text file, or names none.
    """
    try:
        lines = existing_file(path).read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not a text file.", "Write one industry a line.") from error
    named = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if not named:
        raise InputError(f"{path} names no industry.", "Write one industry a line.")
    return list(dict.fromkeys(named))


def enqueue(settings: Settings, requests: list[AnalysisRequest], *, as_json: bool) -> None:
    """Put the analyses into the queue and show their ids."""
    ids = asyncio.run(_enqueue(settings, requests))
    rows = [
        {"analysis_id": id_, "industry": request.industry, "state": "running"}
        for id_, request in zip(ids, requests, strict=True)
    ]
    _show(rows, as_json)
    stderr.print("Workers (`isra worker`) take them up; `isra events ID` follows one.")


async def _enqueue(settings: Settings, requests: list[AnalysisRequest]) -> list[str]:
    priority: Priority = "batch" if len(requests) > 1 else "interactive"
    async with open_research(settings, "workers") as service:
        return [await service.start(request, priority=priority) for request in requests]


def run_here(settings: Settings, requests: list[AnalysisRequest], *, as_json: bool) -> None:
    """Run the analyses in this process, a few at a time, and show how each ended."""
    _show(asyncio.run(_run_here(settings, requests)), as_json)


async def _run_here(settings: Settings, requests: list[AnalysisRequest]) -> list[dict[str, Any]]:
    places = asyncio.Semaphore(_AT_ONCE)
    async with open_research(settings, "here") as service:

        async def one(request: AnalysisRequest) -> dict[str, Any]:
            async with places:
                return await _run(service, request)

        return list(await asyncio.gather(*(one(request) for request in requests)))


async def _run(service: Research, request: AnalysisRequest) -> dict[str, Any]:
    analysis_id = await service.start(request, priority="batch")
    try:
        async for event in service.events(analysis_id):
            if event.kind in FINAL:
                break
        status = await service.status(analysis_id)
        state, why = status.state, f"{status.what} {status.do}".strip()
    except IsraError as error:
        state, why = "failed", str(error)
    stderr.print(f"{request.industry}: {state}. {why}", markup=False)
    return {
        "analysis_id": analysis_id,
        "industry": request.industry,
        "state": state,
        "reason": why,
    }


def _show(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        print_json({"analyses": rows})
        return
    print_table(
        "Analyses",
        ("id", "industry", "state"),
        [(row["analysis_id"], row["industry"], row["state"]) for row in rows],
    )
