"""One analysis against a model of fixed latency, and the work that it cannot do without."""

import asyncio
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import sqlalchemy as sa
from pydantic import SecretStr

from agent.domain import Analysis, AnalysisRequest, Company, CompanyAnalysis, Report
from agent.memory.database import make_engine, upgrade
from agent.memory.ledger_table import model_calls
from agent.settings import Settings
from evals.made_reports import make_reports
from graph.events import RunEvent
from graph.runner import Research, open_research
from graph.wiring import make_library
from tools.evidence.analyse import Source, describe_report, gather, verify_claims
from tools.evidence.compare import compare
from tools.pdf.reader import read_pdf

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CallUsed:
    """One call as the ledger has it; `company` is empty for calls about all of them."""

    company: str
    prompt: str
    tokens: int


@dataclass(frozen=True, slots=True)
class CriticalPath:
    """Lower bounds of an analysis' wall time in seconds, and the CPU seconds they come from."""

    bound: float
    """On the cores there are."""
    chain: float
    """On unlimited cores: the longest chain of steps that wait for one another."""
    reading: float
    finding: float
    checking: float
    comparing: float
    checking_text: float

    @property
    def work(self) -> float:
        """CPU seconds of all of it."""
        return self.reading + self.finding + self.checking + self.comparing + self.checking_text


@dataclass(frozen=True, slots=True)
class Measured:
    """What one process measured."""

    companies: int
    concurrency: int
    calls: tuple[CallUsed, ...]
    wall_s: float
    main_cpu_s: float
    """CPU seconds of this process during the run: graph, database, HTTP, progress."""
    children_cpu_s: float
    """CPU seconds of the processes that read and that find and check evidence."""
    path: CriticalPath
    peak_mb: int
    workers_peak_mb: int
    second_run_calls: int
    second_run_s: float
    moments: dict[str, float]
    """Seconds after the start at which a part of the run was reached."""

    @classmethod
    def load(cls, document: dict[str, Any]) -> "Measured":
        """Read it back from JSON."""
        calls = tuple(CallUsed(**call) for call in document["calls"])
        return cls(**{**document, "calls": calls, "path": CriticalPath(**document["path"])})


async def measure(
    reports: Path, data: Path, address: str, *, companies: int, concurrency: int, latency: float
) -> Measured:
    """Run the analysis twice over an empty data folder, then its indispensable work alone."""
    settings = Settings(
        _env_file=None,
        data_dir=data,
        model="openai:fixed",
        model_base_url=f"{address}/v1",
        openai_api_key=SecretStr("not-a-key"),
        model_concurrency=concurrency,
    )
    await asyncio.to_thread(upgrade, settings.resolved_database_url)
    request = AnalysisRequest(industry="made materials", library=str(reports), limit=companies)
    async with open_research(settings) as research:
        make_reports(data / "first", 2 * (os.cpu_count() or 1), 3, first=90)
        await _analyse(research, AnalysisRequest(industry="other", library=str(data / "first")))
        before, children_before = time.process_time(), _children_cpu()
        analysis, events, wall = await _analyse(research, request)
        main_cpu = time.process_time() - before
        children_cpu = _children_cpu() - children_before
        peak, workers = _peak_mb("self"), _workers_peak_mb()
        again, _, second_wall = await _analyse(research, request)
    calls = await _calls(settings, analysis.analysis_id)
    second = len(await _calls(settings, again.analysis_id))
    return Measured(
        companies=companies,
        concurrency=concurrency,
        calls=calls,
        wall_s=wall,
        main_cpu_s=main_cpu,
        children_cpu_s=children_cpu,
        path=await _critical_path(settings, analysis, reports, calls, latency),
        peak_mb=peak,
        workers_peak_mb=workers,
        second_run_calls=second,
        second_run_s=second_wall,
        moments=_moments(events),
    )


async def _analyse(
    research: Research, request: AnalysisRequest
) -> tuple[Analysis, list[RunEvent], float]:
    started = time.perf_counter()
    analysis_id = await research.start(request)
    events = []
    async for event in research.events(analysis_id):
        events.append(event)
        if event.kind == "proposed":
            await research.confirm(analysis_id, await research.proposal(analysis_id))
    wall = time.perf_counter() - started
    analysis = await research.result(analysis_id)
    failed = [row.reason for row in analysis.companies if row.status != "done"]
    if failed or not analysis.synthesis.claims:
        raise RuntimeError(f"The analysis is not whole, its times mean nothing: {failed}")
    return analysis, events, wall


async def _calls(settings: Settings, analysis_id: str) -> tuple[CallUsed, ...]:
    """The calls of an analysis, as the ledger has them."""
    c = model_calls.c
    engine = make_engine(settings.resolved_database_url)
    try:
        async with engine.connect() as connection:
            query = sa.select(c.company, c.prompt, c.input_tokens, c.status)
            query = query.where(c.analysis == analysis_id).order_by(c.at)
            rows = (await connection.execute(query)).all()
    finally:
        await engine.dispose()
    if failed := [row.status for row in rows if row.status != "ok"]:
        raise RuntimeError(f"Calls failed: {failed}")
    return tuple(CallUsed(row.company, row.prompt, row.input_tokens) for row in rows)


async def _critical_path(
    settings: Settings,
    analysis: Analysis,
    reports: Path,
    calls: tuple[CallUsed, ...],
    latency: float,
) -> CriticalPath:
    cores = os.cpu_count() or 1
    files = await asyncio.to_thread(lambda: sorted(reports.glob("*.pdf")))
    reading = {file.name: (await read_pdf(file)).cpu_ms / 1000 for file in files}
    finding, checking, sources = [], [], {}
    library = make_library(settings)
    for row in analysis.companies:
        report = _report(row)
        bundle = (await library.open(report.sha256)).path
        company = Company(id=row.company_id, name=row.name, aliases=(report.company,))
        sources[report.sha256] = Source(bundle, company)
        own = {report.sha256: sources[report.sha256]}
        finding.append(_cpu(gather, bundle, company, None, report.file))
        checking.append(_cpu(verify_claims, own, row.summary.claims, row.kpis))
        # Every report of the folder is identified before the list is shown.
        reading[report.file] += _cpu(describe_report, bundle, report.file)
    records = tuple(record for row in analysis.companies for record in row.kpis)
    comparing = _cpu(compare, list(analysis.companies))
    text = _cpu(verify_claims, sources, analysis.synthesis.claims, records)
    of_company = {row.name: 0 for row in analysis.companies}
    for call in calls:
        if call.company in of_company:
            of_company[call.company] += 1
    chains = [
        find + latency * of_company[row.name] + check
        for row, find, check in zip(analysis.companies, finding, checking, strict=True)
    ]
    shared = sum(call.company not in of_company for call in calls) * latency + comparing + text
    last = min(chain - find for chain, find in zip(chains, finding, strict=True))
    longest, all_read = max(reading.values()), sum(reading.values())
    return CriticalPath(
        bound=max(longest, all_read / cores) + max(*chains, sum(finding) / cores + last) + shared,
        chain=longest + max(chains) + shared,
        reading=all_read,
        finding=sum(finding),
        checking=sum(checking),
        comparing=comparing,
        checking_text=text,
    )


def _report(row: CompanyAnalysis) -> Report:
    if row.report is None:
        raise RuntimeError(f"{row.name} has no report.")
    return row.report


def _cpu(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> float:
    """CPU seconds of a call; the second one counts, so that no import or table is in it."""
    function(*args, **kwargs)
    started = time.process_time()
    function(*args, **kwargs)
    return time.process_time() - started


def _moments(events: list[RunEvent]) -> dict[str, float]:
    """When each part was first reached, and when the last company was done."""
    begin = datetime.fromisoformat(events[0].at)
    moments: dict[str, float] = {}
    for event in events:
        name = str(event.data.get("stage")) if event.kind == "stage" else event.kind
        after = round((datetime.fromisoformat(event.at) - begin).total_seconds(), 2)
        if name == "company_done":
            moments["last company_done"] = after
        elif name != "indexing":
            moments.setdefault(f"first {name}" if event.kind == "stage" else name, after)
    return moments


def _children_cpu() -> float:
    """CPU seconds of children so far, of those that ended and of those that still run (Linux).

    The model's server is not one of them: it was started by the benchmark's own process.
    """
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = ended.ru_utime + ended.ru_stime
    for pid in _children():
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def _children() -> list[str]:
    """Ids of the children that run, whichever thread started them."""
    tasks = Path("/proc/self/task").iterdir()
    return [pid for task in tasks for pid in (task / "children").read_text().split()]


def _peak_mb(pid: int | str) -> int:
    """The most memory a process has held (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // 1024


def _workers_peak_mb() -> int:
    """The peak of the largest child that still runs: a worker that finds evidence."""
    return max((_peak_mb(pid) for pid in _children()), default=0)


def main() -> None:
    """One run in a process of its own: the order as JSON in its argument, the numbers in a file."""
    asked = json.loads(sys.argv[1])
    with tempfile.TemporaryDirectory() as data:
        measured = asyncio.run(
            measure(
                Path(asked["reports"]),
                Path(data),
                asked["address"],
                companies=asked["companies"],
                concurrency=asked["concurrency"],
                latency=asked["latency"],
            )
        )
    Path(asked["out"]).write_text(json.dumps(asdict(measured)))
