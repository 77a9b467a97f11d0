"""Arms of the summary prompt on every report of a golden set.

Quality is what the prompt asks for and code can check: how many of twelve sentences were written
and held up on their page.
"""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

from agent.analyst.model import ModelAnalyst
from agent.domain import Company, Material
from agent.errors import ConfigurationError
from agent.ledger import MemoryLedger
from agent.models.gateway import CallContext, ModelGateway
from agent.models.settings import ModelSettings
from agent.prompts.registry import PromptRegistry
from evals.ab.paired import Trial
from evals.golden.lines import gold_lines
from tools.evidence.analyse import Source, gather, verify_claims
from tools.library.library import ReportLibrary
from tools.pdf.limits import ReaderLimits

_SENTENCES = 12


def run_summaries(
    data: Path, models: ModelSettings, prompts: PromptRegistry, arms: Sequence[str]
) -> tuple[list[Trial], list[str]]:
    """Every report of `reports.jsonl` with every arm, and the names of the cases.

    Raises:
        ConfigurationError: no model writes summaries.
        NotFoundError: there is no such arm.
    """
    if models.spec("summarize").extractive:
        raise ConfigurationError("Arms of a prompt need a model.", "Set ISRA_MODEL.")
    for arm in arms:
        prompts.get("summarize", arm)
    lines = gold_lines(data, "reports.jsonl")
    with tempfile.TemporaryDirectory() as folder:
        library = ReportLibrary(Path(folder), ReaderLimits(ocr=False))
        trials = asyncio.run(_trials(data, lines, library, models, prompts, arms))
    return trials, [line["file"] for line in lines]


async def _trials(
    data: Path,
    lines: Sequence[dict[str, str]],
    library: ReportLibrary,
    models: ModelSettings,
    prompts: PromptRegistry,
    arms: Sequence[str],
) -> list[Trial]:
    trials = []
    for line in lines:
        company = Company(id=line["company"], name=line["company"])
        bundle = await library.read(await library.add(data / "reports" / line["file"]))
        path = bundle.path
        bundle.close()
        material = await asyncio.to_thread(gather, path, company, None, line["file"])
        source = Source(path, company)
        for arm in arms:
            trials.append(await _trial(line["file"], arm, material, source, models, prompts))
    return trials


async def _trial(
    case: str,
    arm: str,
    material: Material,
    source: Source,
    models: ModelSettings,
    prompts: PromptRegistry,
) -> Trial:
    ledger = MemoryLedger()
    analyst = ModelAnalyst(ModelGateway(models, sink=ledger), prompts=prompts).bound(
        CallContext(analysis="evaluation", thread="evaluation"), {"summarize": arm}
    )
    summary = await analyst.summarize(material)
    checked = await asyncio.to_thread(
        verify_claims, {material.report.sha256: source}, summary.claims, material.kpis
    )
    held = sum(claim.status == "verified" for claim in checked)
    prices = [row.usd for row in ledger.rows]
    known = [usd for usd in prices if usd is not None]
    return Trial(
        case=case,
        arm=arm,
        quality=min(held, _SENTENCES) / _SENTENCES,
        usd=sum(known) if len(known) == len(prices) else None,
        seconds=sum(row.ms for row in ledger.rows) / 1000,
        tokens=sum((row.input_tokens or 0) + (row.output_tokens or 0) for row in ledger.rows),
    )
