"""A whole analysis of an evaluation set by the extractive analyst, made once a process."""

import asyncio
import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from agent.domain import Analysis, AnalysisRequest, Answer
from agent.errors import IsraError
from agent.memory.database import upgrade
from agent.settings import Settings
from evals.environment import OwnSettings
from graph.runner import Research, open_research

Asked = tuple[str, str]
"""Company and question."""


@dataclass(frozen=True)
class Analysed:
    """The analysis of all reports of a set, and the answers to the questions asked of it."""

    analysis: Analysis
    answers: dict[Asked, Answer]


@lru_cache(maxsize=2)
def analysed(data: Path, asked: tuple[Asked, ...] = ()) -> Analysed:
    """Analyse `data/reports` as a user with that folder would, then ask the questions.

    Raises IsraError where the analysis fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        # The scores are those of the code, whatever is set on the machine.
        settings = OwnSettings(
            data_dir=Path(folder),
            offline=True,
        )
        upgrade(settings.resolved_database_url)
        return asyncio.run(_analysed(settings, data, asked))


async def _analysed(settings: Settings, data: Path, asked: Sequence[Asked]) -> Analysed:
    async with open_research(settings, "here") as research:
        analysis = await _analysis(research, data)
        answers = {key: await research.ask(analysis.analysis_id, key[1]) for key in asked}
        return Analysed(analysis, answers)


async def _analysis(research: Research, data: Path) -> Analysis:
    # Links are followed here: a library is looked through without them.
    library = str((data / "reports").resolve())
    request = AnalysisRequest(industry="evaluation", library=library, unattended=True, limit=50)
    analysis_id = await research.start(request)
    async for event in research.events(analysis_id):
        if event.kind in ("failed", "cancelled"):
            raise IsraError(f"The analysis of {data.name} ended: {event.data.get('what', '')}")
    return await research.result(analysis_id)


def files_by_sha(data: Path) -> dict[str, str]:
    """The file of each report, as gold names it, by its sha256."""
    root = (data / "reports").resolve()
    found = {}
    for path in sorted(root.rglob("*.pdf")):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        found[digest] = path.relative_to(root).as_posix()
    return found
