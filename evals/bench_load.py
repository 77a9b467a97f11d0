"""How many analyses one small process carries, and what a second worker adds.

`python -m evals.bench_load` runs 20 analyses of 5 companies at once, with a model that answers
after 0.5 s, in one process held to 1 CPU and 2 GB; then the same through the queue with one and
with two workers, where a Postgres is at hand. Times depend on the machine; nothing is asserted.
"""

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from rich.console import Console
from rich.table import Table

from agent.domain import AnalysisRequest
from agent.errors import IsraError
from agent.logs import configure_logs
from agent.memory.database import upgrade
from agent.settings import Settings
from evals.environment import environment_of
from graph.events import FINAL
from graph.runner import Research, open_research

_OUT = Path("build/bench/load.json")
_MEMORY_BYTES = 2 * 1024**3
_INDUSTRY = "sample cement industry"
_RUN_SECONDS = 1800


@dataclass(frozen=True, slots=True)
class Measured:
    """The numbers others read; `two_workers_speedup` is None where there is no Postgres."""

    analyses: int
    companies: int
    finished: int
    seconds: float
    cpu_seconds: float
    peak_mb: int
    event_lag_p95_s: float
    two_workers_speedup: float | None = None
    one_worker_s: float | None = None
    two_workers_s: float | None = None


async def _follow(research: Research, analysis_id: str, lags: list[float]) -> bool:
    """Follow one analysis as a chat does; whether it was published."""
    began = time.time()
    async for event in research.events(analysis_id):
        at = datetime.fromisoformat(event.at).astimezone(UTC).timestamp()
        lags.append(time.time() - max(at, began))
        if event.kind in FINAL:
            return event.kind == "published"
    return False


async def _start(research: Research, count: int, companies: int) -> list[str]:
    request = AnalysisRequest(industry=_INDUSTRY, limit=companies, unattended=True)
    return [
        await research.start(request.model_copy(update={"owner": f"user-{number}"}))
        for number in range(count)
    ]


async def _at_once(settings: Settings, count: int, companies: int) -> dict[str, Any]:
    """All analyses in this process."""
    lags: list[float] = []
    began, cpu = time.monotonic(), _cpu_seconds()
    async with open_research(settings, "here") as research:
        ids = await _start(research, count, companies)
        done = await asyncio.gather(*(_follow(research, one, lags) for one in ids))
    seconds = time.monotonic() - began
    return {
        "finished": sum(done),
        "seconds": round(seconds, 1),
        "cpu_seconds": round(_cpu_seconds() - cpu, 1),
        # Of this process; the readers it starts have their own limit and end with their PDF.
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "event_lag_p95_s": round(sorted(lags)[int(len(lags) * 0.95)], 3),
    }


def _cpu_seconds() -> float:
    own, children = os.times(), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.user + own.system + children.ru_utime + children.ru_stime


async def _queued(settings: Settings, count: int, companies: int, workers: int) -> float:
    """Seconds until all analyses are published by that many workers, each on one CPU."""
    cpus = sorted(os.sched_getaffinity(0))
    with _workers(settings, [cpus[n % len(cpus)] for n in range(workers)]):
        async with open_research(settings, "workers") as research:
            # The first run of each worker pays for its start.
            warm = await _start(research, workers, 1)
            await asyncio.gather(*(_follow(research, one, []) for one in warm))
            began = time.monotonic()
            ids = await _start(research, count, companies)
            await asyncio.gather(*(_follow(research, one, []) for one in ids))
            return time.monotonic() - began


@contextmanager
def _workers(settings: Settings, cpus: list[int]) -> Iterator[None]:
    script = (
        "import os, sys; os.sched_setaffinity(0, {int(sys.argv[1])});"
        "sys.argv[1:] = ['worker']; from app.cli.main import main; main()"
    )
    environment = {**os.environ, **environment_of(settings)}
    started = [
        subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-c", script, str(cpu)], env=environment
        )
        for cpu in cpus
    ]
    try:
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(60)


def _settings(data_dir: Path, model_url: str, database_url: str = "") -> Settings:
    return Settings(
        data_dir=data_dir,
        database_url=database_url,
        model="openai:fake",
        model_base_url=f"{model_url}/v1",
        model_concurrency=32,
        openai_api_key=SecretStr("not-a-key"),
        worker_concurrency=10,
        log_level="error",
    )


def _limited(folder: Path, model_url: str, count: int, companies: int) -> dict[str, Any]:
    """The first measurement, in a process of its own held to 1 CPU and 2 GB."""
    command = [sys.executable, "-m", "evals.bench_load", "--inner", str(folder), model_url]
    done = subprocess.run(  # noqa: S603 - our own module
        [*command, "--analyses", str(count), "--companies", str(companies)],
        stdout=subprocess.PIPE,
        check=True,
        timeout=_RUN_SECONDS,
    )
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _inner(folder: str, model_url: str, count: int, companies: int) -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    # Data, not address space: what is mapped and never touched costs nothing.
    resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY_BYTES, _MEMORY_BYTES))
    settings = _settings(Path(folder), model_url)
    upgrade(settings.resolved_database_url)
    measured = asyncio.run(_at_once(settings, count, companies))
    sys.stdout.write(json.dumps(measured) + "\n")


def _two_workers(folder: Path, model_url: str, count: int, companies: int) -> dict[str, float]:
    """Seconds with one and with two workers; empty where there is no Postgres."""
    try:
        from tests.postgres import postgres_server
    except ImportError:
        return {}
    with postgres_server() as server:
        if server is None:
            return {}
        seconds = []
        for workers in (1, 2):
            with server.database() as url:
                settings = _settings(folder / f"workers-{workers}", model_url, url)
                upgrade(settings.resolved_database_url)
                seconds.append(asyncio.run(_queued(settings, count, companies, workers)))
    return {
        "one_worker_s": round(seconds[0], 1),
        "two_workers_s": round(seconds[1], 1),
        "two_workers_speedup": round(seconds[0] / seconds[1], 2),
    }


def main() -> None:
    """Measure, print a table, write build/bench/load.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--analyses", type=int, default=20)
    parser.add_argument("--companies", type=int, default=5)
    parser.add_argument("--latency", type=float, default=0.5, help="Seconds a model call takes.")
    parser.add_argument("--no-workers", action="store_true", help="Leave the queue out.")
    parser.add_argument("--inner", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    configure_logs("error")
    if given.inner:
        folder_name, model_url = given.inner
        _inner(folder_name, model_url, given.analyses, given.companies)
        return
    from tests.fakes.llm.analyst import careful
    from tests.fakes.llm.server import FakeModels, serve
    from tests.fakes.llm.wire import Call, Reply

    def answer(call: Call) -> Reply:
        return Reply(text=careful(call).text, delay=given.latency)

    with tempfile.TemporaryDirectory() as name, serve(FakeModels(answer)) as model_url:
        folder = Path(name)
        try:
            limited = _limited(folder / "one", model_url, given.analyses, given.companies)
            more = (
                {}
                if given.no_workers
                else _two_workers(folder, model_url, given.analyses, given.companies)
            )
        except (IsraError, subprocess.SubprocessError) as error:
            raise SystemExit(f"bench-load: {error}") from error
    values: dict[str, Any] = {**limited, **more}
    measured = Measured(analyses=given.analyses, companies=given.companies, **values)
    table = Table("measure", "value", title="Load")
    for measure, value in asdict(measured).items():
        table.add_row(measure, "-" if value is None else str(value))
    Console().print(table)
    _OUT.parent.mkdir(parents=True, exist_ok=True)
    _OUT.write_text(json.dumps(asdict(measured), indent=1) + "\n")


if __name__ == "__main__":
    main()
