"""Cases for the prompts that write about reports, each scored by what a user would be shown.

Every case is what the product itself gives the prompt: the material of a report, companies side
by side, a question with the passages found for it, sentences to be translated.
"""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from agent.analyst.model import (
    ANSWER_TOKENS,
    SUMMARY_SENTENCES,
    SUMMARY_TOKENS,
    SYNTHESIS_SENTENCES,
    SYNTHESIS_TOKENS,
    ModelAnalyst,
)
from agent.analyst.model_evidence import answer_sheet, material_sheet, synthesis_sheet
from agent.domain import Analysis, Company, CompanyAnalysis, KpiRecord, Material, Passage
from agent.errors import ProviderError
from evals.ab.case import Case, Result
from evals.ab.reports import as_text, checked, held_up, read_bundle, read_sources
from evals.analysed import Analysed, analysed, files_by_sha
from evals.golden.lines import gold_lines
from evals.suites.followups import is_right, questions_of
from graph.followup import PASSAGES_A_REPORT
from graph.verified import keep_verified
from tools.evidence.analyse import Source, answer_passages, gather

_LANGUAGES = {"de": "German", "fr": "French", "es": "Spanish", "it": "Italian"}
_TRANSLATED = 12
"""Sentences of a report that are translated."""


async def summaries(data: Path, folder: Path) -> list[Case]:
    """A report each, of `reports.jsonl`."""
    cases = []
    for line in gold_lines(data, "reports.jsonl"):
        company = Company(id=line["company"], name=line["company"])
        bundle = await read_bundle(folder, data / "reports" / line["file"])
        material = await asyncio.to_thread(gather, bundle, company, None, line["file"])
        cases.append(
            Case(
                name=line["file"],
                write=partial(_summary, material, Source(bundle, company)),
                question=f"What does the sustainability report of {company.name} say?",
                evidence=material_sheet(material, SUMMARY_TOKENS).text,
            )
        )
    return cases


async def _summary(material: Material, source: Source, analyst: ModelAnalyst) -> Result:
    summary = await analyst.summarize(material)
    held = held_up(await checked({material.report.sha256: source}, summary.claims, material.kpis))
    return Result(min(len(held), SUMMARY_SENTENCES) / SUMMARY_SENTENCES, as_text(held))


async def syntheses(data: Path, folder: Path) -> list[Case]:
    """Two companies side by side each, every company beside the one before and the one after.

    The pairs overlap, so what they tell is about these companies.
    """
    made = await _analysed(data)
    rows = sorted(_done(made.analysis), key=lambda row: row.company_id)
    sources = await read_sources(folder, data, rows, files_by_sha(data))
    return [_beside(made.analysis, pair, sources) for pair in side_by_side(rows)]


def side_by_side(rows: Sequence[CompanyAnalysis]) -> list[tuple[CompanyAnalysis, ...]]:
    """Every company with the next one, the last with the first; two or one are one case."""
    if len(rows) <= 2:
        return [tuple(rows)] if rows else []
    return [(row, rows[(at + 1) % len(rows)]) for at, row in enumerate(rows)]


def _beside(
    analysis: Analysis, pair: tuple[CompanyAnalysis, ...], sources: Mapping[str, Source]
) -> Case:
    names = " and ".join(row.name for row in pair)
    return Case(
        name=names,
        write=partial(_synthesis, analysis, pair, sources),
        question=f"How do {names} compare on sustainability?",
        evidence=synthesis_sheet(pair, SYNTHESIS_TOKENS * len(pair)).text,
    )


async def _synthesis(
    analysis: Analysis,
    pair: tuple[CompanyAnalysis, ...],
    sources: Mapping[str, Source],
    analyst: ModelAnalyst,
) -> Result:
    text = await analyst.synthesize(analysis.industry, pair, analysis.table)
    held = held_up(await checked(sources, text.claims, _records(pair)))
    spoken = sum(
        any(row.name == claim.company or row.name in claim.text for claim in held) for row in pair
    )
    share = min(len(held), SYNTHESIS_SENTENCES) / SYNTHESIS_SENTENCES
    return Result(share * spoken / len(pair), as_text(held))


async def answers(data: Path, folder: Path) -> list[Case]:
    """A question of the follow-ups each, asked of the analysis of the whole set."""
    made = await _analysed(data)
    files = files_by_sha(data)
    rows = _done(made.analysis)
    sources = await read_sources(folder, data, rows, files)
    cases = []
    for question in questions_of(data):
        passages = await asyncio.to_thread(_passages, rows, sources, question["question"])
        cases.append(
            Case(
                name=f"{question['report']}: {question['question']}",
                write=partial(_answer, made.analysis, question, passages, sources, files),
                question=question["question"],
                evidence=answer_sheet(rows, passages, ANSWER_TOKENS).text,
            )
        )
    return cases


def _passages(
    rows: Sequence[CompanyAnalysis], sources: Mapping[str, Source], question: str
) -> tuple[Passage, ...]:
    return tuple(
        passage
        for row in rows
        if row.report is not None
        for passage in answer_passages(
            sources[row.report.sha256].bundle, row.name, question, PASSAGES_A_REPORT
        )
    )


async def _answer(
    analysis: Analysis,
    question: Mapping[str, object],
    passages: tuple[Passage, ...],
    sources: Mapping[str, Source],
    files: Mapping[str, str],
    analyst: ModelAnalyst,
) -> Result:
    draft = await analyst.answer(str(question["question"]), analysis, passages)
    claims = await checked(sources, draft.claims, _records(analysis.companies))
    shown = keep_verified(draft, claims)
    return Result(float(is_right(question, shown, files)), as_text(shown.claims))


async def translations(data: Path, folder: Path) -> list[Case]:
    """Sentences of a report each, into a language that is not its own."""
    made = await _analysed(data)
    cases = []
    for at, row in enumerate(_done(made.analysis)):
        sentences = [claim.text for claim in row.summary.claims[:_TRANSLATED]]
        own = (row.report.language or "") if row.report else ""
        others = [name for code, name in _LANGUAGES.items() if not own.startswith(code)]
        language = others[at % len(others)]
        if sentences:
            cases.append(
                Case(
                    name=f"{row.name} in {language}",
                    write=partial(_translation, sentences, language),
                    question=f"Translate each sentence of the evidence into {language}.",
                    evidence="\n".join(sentences),
                )
            )
    return cases


async def _translation(sentences: list[str], language: str, analyst: ModelAnalyst) -> Result:
    found = await analyst.translate(sentences, language)
    if found is None:
        raise ProviderError("No model translates.", "Set ISRA_MODEL.")
    # A sentence copied as it stands has all its figures, and is no translation.
    given = [text for text, own in zip(found, sentences, strict=True) if text and text != own]
    return Result(len(given) / len(sentences), "\n".join(given))


async def _analysed(data: Path) -> Analysed:
    """The set's analysis without a model: what every arm writes from. Raises IsraError."""
    # A loop of its own, which a thread of its own has room for.
    return await asyncio.to_thread(analysed, data)


def _done(analysis: Analysis) -> tuple[CompanyAnalysis, ...]:
    return tuple(row for row in analysis.companies if row.status == "done")


def _records(rows: Sequence[CompanyAnalysis]) -> tuple[KpiRecord, ...]:
    return tuple(record for row in rows for record in row.kpis)
