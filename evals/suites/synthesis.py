"""The text over all companies: is every figure in it true, cited, and nobody left out?

Scored without a model, against hand-checked figures (`kpi_values.jsonl`): of every claim of the
synthesis whether it was verified and is cited by its number, and of every number whether a claim
stands behind it; of every figure cited whether the golden figure agrees; of every
company whether it is spoken of. What reads well is for the judge, not for code
(`isra eval judge synthesize`).
"""

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from agent.domain import Analysis, KpiRecord
from evals.analysed import analysed, files_by_sha
from evals.golden.lines import gold_lines
from evals.measures import Measure
from evals.suites.followups import asked_of
from evals.suites.kpis import verdict

_CITED = re.compile(r"\[(\d+)\]")


def run(data: Path) -> dict[str, object]:
    """Analyse the whole set with the extractive analyst and score its synthesis."""
    files = files_by_sha(data)
    # With its questions, so that one analysis serves both suites.
    analysis = analysed(data, asked_of(data)).analysis
    scores = score(
        analysis,
        files,
        gold_lines(data, "kpi_values.jsonl"),
        gold_lines(data, "absent.jsonl"),
    )
    Console(file=sys.stderr, width=100).print(
        "Synthesis: " + ", ".join(f"{m['name']} {m['right']:g}/{m['of']:g}" for m in scores)
    )
    return {
        **{str(measure["name"]): measure["value"] for measure in scores},
        "sentences": len(analysis.synthesis.claims),
        "measures": scores,
    }


def score(
    analysis: Analysis,
    files: Mapping[str, str],
    gold: Sequence[dict[str, Any]],
    absent: Sequence[dict[str, Any]],
) -> list[dict[str, Any]]:
    """The measures of one analysis; `files` names each report as gold does, by sha256.

    A figure that gold knows nothing of counts neither way.
    """
    cited, figures = Measure("cited_and_verified", hard=True), Measure("figures_true", hard=True)
    spoken = Measure("companies_spoken_of")
    claims = analysis.synthesis.claims
    records = {record.id: record for row in analysis.companies for record in row.kpis}
    numbers = {int(number) for number in _CITED.findall(analysis.synthesis.markdown)}
    for number, claim in enumerate(claims, 1):
        held = claim.status == "verified" and bool(claim.evidence) and number in numbers
        cited.add("synthesis", held, 1)
    # A number without a claim behind it looks like a proof and is none.
    cited.add("synthesis", 0, len(numbers - set(range(1, len(claims) + 1))))
    for claim in claims:
        for record in (records[name] for name in claim.kpis if name in records):
            report = files.get(record.evidence.report, "")
            right = _true(record, report, gold, absent)
            if right is not None:
                figures.add(report, right, 1)
    said = "\n".join(claim.text for claim in claims)
    for row in analysis.companies:
        if row.status == "done":
            of_it = any(claim.company == row.name for claim in claims) or row.name in said
            spoken.add(row.name, of_it, 1)
    return [measure.shape() for measure in (cited, figures, spoken)]


def _true(
    record: KpiRecord, report: str, gold: Sequence[dict[str, Any]], absent: Sequence[dict[str, Any]]
) -> bool | None:
    known = [row for row in gold if row["report"] == report]
    missing = [row for row in absent if row["report"] == report]
    said, _ = verdict(record, known, missing)
    return None if not said else said == "right"
