"""A published analysis as the chat shows it: the message's text and the result's view."""

from collections import Counter
from typing import Any

from agent.analyst.wording import listed, phrase, reported, subject
from agent.domain import (
    Analysis,
    Answer,
    Cell,
    Claim,
    CompanyAnalysis,
    ComparisonTable,
    KpiRecord,
    Silence,
    Usage,
)
from app.chat.charts import chart_view
from app.chat.sources import Sources, target_words
from app.chat.text import plain, safe_markdown
from app.exports.content import SILENCES, choice_lines, register_words


def result_markdown(analysis: Analysis) -> str:
    """The synthesis with a link on every citation mark."""
    sources = Sources.of(analysis)
    return cited(analysis.synthesis.markdown, analysis.synthesis.claims, sources)


def answer_markdown(answer: Answer, analysis: Analysis) -> str:
    """An answer with a link on every citation mark."""
    return cited(answer.markdown, answer.claims, Sources.of(analysis))


def cited(markdown: str, claims: tuple[Claim, ...], sources: Sources) -> str:
    """Link `[n]` to the n-th claim; a mark without a claim stays plain text."""

    def link(number: int) -> str | None:
        if not 1 <= number <= len(claims):
            return None
        claim = claims[number - 1]
        if not claim.evidence:
            return None
        place = claim.evidence[0]
        trust = sources.trust(claim)
        title = f"{claim.company or 'Report'}, page {place.page} ({trust})".replace('"', "'")
        return f'[{number}](#cite-{number}-{trust} "{title}")'

    return safe_markdown(markdown, link)


def result_view(analysis: Analysis) -> dict[str, Any]:
    """Everything the result element shows, with indexes into one list of sources."""
    sources = Sources.of(analysis)
    view = {
        "analysis_id": analysis.analysis_id,
        "industry": analysis.industry.name,
        "fictional": any(company.fictional for company in analysis.companies),
        "year": analysis.request.year,
        "generated_by": analysis.synthesis.generated_by,
        "citations": [sources.add_claim(claim) for claim in analysis.synthesis.claims],
        "table": _table(analysis.table, analysis, sources),
        "companies": [_company(company, sources) for company in analysis.companies],
        "missing": _missing(analysis, sources),
        "facts": usage_facts(analysis),
    }
    view["charts"] = chart_view(analysis, sources)
    view["sources"] = sources.rows
    return view


def written_by(analysis: Analysis) -> str:
    """Everything that wrote a part of the result, each once, the synthesis first."""
    names = [analysis.synthesis.generated_by]
    names += [row.summary.generated_by for row in analysis.companies if row.status == "done"]
    return "; ".join(dict.fromkeys(names))


def answer_view(answer: Answer, analysis: Analysis) -> dict[str, Any]:
    """The sources of an answer, in the order of its citation marks."""
    sources = Sources.of(analysis)
    citations = [sources.add_claim(claim) for claim in answer.claims]
    return {
        "analysis_id": answer.analysis_id,
        "generated_by": answer.generated_by,
        "citations": citations,
        "sources": sources.rows,
    }


def usage_facts(analysis: Analysis) -> list[dict[str, str]]:
    """What the analysis took and cost, in words."""
    reports = [company.report for company in analysis.companies if company.report]
    figures = [record for company in analysis.companies for record in company.kpis]
    verified = sum(record.status == "verified" for record in figures)
    facts = [
        ("Reports read", f"{len(reports)}, {sum(report.pages for report in reports)} pages"),
        ("Figures", f"{len(figures)}, of these {verified} verified"),
        ("Time", duration(analysis.seconds)),
        ("Language model", model_use(analysis.usage)),
    ]
    return [{"name": name, "value": value} for name, value in facts]


def model_use(usage: Usage) -> str:
    """Calls, tokens and cost; an unknown price is said to be unknown."""
    if not usage.model_calls:
        return "none used, no cost"
    tokens = f"{usage.input_tokens + usage.output_tokens:,} tokens"
    cost = "cost unknown" if usage.usd is None else f"${usage.usd:.2f}"
    return f"{usage.model_calls} calls, {tokens}, {cost}"


def duration(seconds: float) -> str:
    """Seconds in words a person would use."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60):02d} s"


def _table(table: ComparisonTable, analysis: Analysis, sources: Sources) -> dict[str, Any]:
    fictional = {company.company_id for company in analysis.companies if company.fictional}
    return {
        "columns": [
            column.model_dump(mode="json", exclude={"best"}) | {"best": column.best}
            for column in table.columns
        ],
        "rows": [
            {
                "company_id": row.company_id,
                "company": row.company,
                "fictional": row.company_id in fictional,
                "cells": [_cell(cell, row.company, sources) for cell in row.cells],
            }
            for row in table.rows
        ],
        "notes": list(table.notes),
        "contradictions": list(table.contradictions),
    }


def _cell(cell: Cell, company: str, sources: Sources) -> dict[str, Any]:
    record = sources.records.get(cell.record or "")
    shown: dict[str, Any] = {
        "kpi": cell.kpi,
        "value": cell.value,
        "shown": cell.shown,
        "unit": cell.unit,
        "year": cell.year,
        "basis": cell.basis,
        "comparable": cell.comparable,
        "flags": list(cell.flags),
        "silence": SILENCES.get(cell.silence or "", cell.silence or ""),
        "trend": cell.trend_pct,
        "trust": record.status if record else None,
        "source": None,
    }
    if record is not None:
        shown["source"] = sources.add_record(record, company)
    return shown


def _company(company: CompanyAnalysis, sources: Sources) -> dict[str, Any]:
    report = company.report
    return {
        "id": company.company_id,
        "name": company.name,
        "status": company.status,
        "reason": company.reason,
        "fictional": company.fictional,
        "report": None
        if report is None
        else {
            "file": report.file,
            "kind": report.kind or "report",
            "year": report.fiscal_year,
            "pages": report.pages,
            "unreadable_pages": list(report.unreadable_pages),
            "identity": report.identity.verdict if report.identity else "",
            "reasons": list(report.identity.reasons) if report.identity else [],
        },
        "claims": [
            {
                "topic": claim.topic,
                "text": claim.text,
                "trust": sources.trust(claim),
                "sources": sources.add_claim(claim),
            }
            for claim in company.summary.claims
        ],
        "figures": [
            _figure(record, company.name, sources)
            for record in company.kpis
            if record.superseded_by is None
        ],
        "targets": [
            {
                "kind": target.kind.replace("_", " "),
                "words": target_words(target),
                "source": sources.add_target(target, company.name),
                "registers": register_words(company, target),
            }
            for target in company.targets
        ],
        "target_checks": [
            {"words": check.words, "matched_by": check.matched_by, "status": check.status}
            for check in company.target_checks
        ],
        "choices": choice_lines(company),
        "not_found_topics": list(company.summary.not_found_topics),
        "warnings": list(company.warnings),
    }


def _figure(record: KpiRecord, company: str, sources: Sources) -> dict[str, Any]:
    return {
        "title": subject(record),
        "year": record.year,
        "shown": reported(record),
        "trust": record.status,
        "flags": list(record.flags),
        "source": sources.add_record(record, company),
    }


def _missing(analysis: Analysis, sources: Sources) -> list[dict[str, Any]]:
    """What was not found, by kind, most telling first: said so, looked for, could not read."""
    groups = []
    for kind, words in SILENCES.items():
        items = [
            _silence(silence, company.name, sources)
            for company in analysis.companies
            for silence in company.silences
            if silence.kind == kind
        ]
        groups.append({"kind": kind, "words": words, "items": items})
    return groups


def _silence(silence: Silence, company: str, sources: Sources) -> dict[str, Any]:
    title = phrase(silence.kpi).subject
    place = None
    if silence.evidence is not None:
        place = sources.add(
            silence.evidence,
            said=f"{title}: the report says it is not disclosed",
            trust="verified",
            company=company,
        )
    return {"company": company, "title": title, "note": silence.note, "source": place}


def headline(analysis: Analysis) -> str:
    """One line on top of the result: what was analysed and how much of it worked."""
    counts = Counter(company.status for company in analysis.companies)
    text = (
        f"**{plain(analysis.industry.name)}**: "
        f"{counts['done']} of {len(analysis.companies)} companies analysed"
    )
    text += ", fictional sample companies." if analysis.industry.fictional else "."
    wanted = analysis.request.year
    other = [
        row.name
        for row in analysis.companies
        if wanted and row.report and row.report.fiscal_year not in {None, wanted}
    ]
    if other:
        text += (
            f" No report of {wanted} is at hand for {plain(listed(other))}: another year is used."
        )
    return text
