"""Keeps of a report's material only what the user wants to hear about."""

from agent.analyst.wording import figure_phrases
from agent.domain import AnalysisRequest, CompanySummary, ComparisonTable, Material

_TARGETS = "Climate targets"


def narrowed(material: Material, request: AnalysisRequest) -> Material:
    """The material without the figures left out and outside of no topic asked for.

    What is taken out here is nowhere in the result: not in the table, the text or the silences.
    """
    if not request.topics and not request.without:
        return material
    topics, without = request.topics, without_parts(request.without)
    words = _scope_words(request.without)
    return material.model_copy(
        update={
            "kpis": tuple(row for row in material.kpis if _wanted(row.kpi, topics, without)),
            "silences": tuple(
                row for row in material.silences if _wanted(row.kpi, topics, without)
            ),
            "targets": tuple(
                row
                for row in material.targets
                if (not topics or _TARGETS in topics) and row.scopes not in words
            ),
            "passages": tuple(
                row
                for row in material.passages
                if (not topics or row.topic in topics)
                and not any(f"scope {one}" in row.text.casefold() for one in words)
            ),
        }
    )


def narrowed_summary(summary: CompanySummary, request: AnalysisRequest) -> CompanySummary:
    """The summary without topics that were not asked for, also among those not found."""
    if not request.topics:
        return summary
    wanted = set(request.topics)
    return summary.model_copy(
        update={
            "claims": tuple(one for one in summary.claims if one.topic in wanted),
            "not_found_topics": tuple(one for one in summary.not_found_topics if one in wanted),
        }
    )


def narrowed_table(table: ComparisonTable, request: AnalysisRequest) -> ComparisonTable:
    """The table without the columns of what was left out."""
    topics, without = request.topics, without_parts(request.without)
    kept = [n for n, one in enumerate(table.columns) if _wanted(one.kpi, topics, without)]
    return table.model_copy(
        update={
            "columns": tuple(table.columns[n] for n in kept),
            "rows": tuple(
                row.model_copy(update={"cells": tuple(row.cells[n] for n in kept)})
                for row in table.rows
            ),
        }
    )


def without_parts(kpis: tuple[str, ...]) -> frozenset[str]:
    """The figures with their parts and the sums they are in: Scope 3 takes its categories and
    "Scope 1, 2 and 3" along."""
    out = set(kpis)
    for known in figure_phrases():
        if any(known.startswith(f"{kpi}_") for kpi in kpis if kpi == "scope_3"):
            out.add(known)
        if _scopes(known) and any(_scopes(kpi) and _scopes(kpi) <= _scopes(known) for kpi in kpis):
            out.add(known)
    return frozenset(out)


def _wanted(kpi: str, topics: tuple[str, ...], without: frozenset[str]) -> bool:
    if kpi in without:
        return False
    known = figure_phrases().get(kpi)
    return not topics or known is None or known.topic in topics


def _scopes(kpi: str) -> frozenset[str]:
    """The scopes a figure adds up: scope_1_2 is 1 and 2, a category of Scope 3 is none."""
    parts = kpi.split("_")
    if parts[0] != "scope" or (parts[1:2] == ["3"] and len(parts) > 2):
        return frozenset()
    return frozenset(parts[1:])


def _scope_words(kpis: tuple[str, ...]) -> frozenset[str]:
    return frozenset(kpi.removeprefix("scope_") for kpi in kpis if _scopes(kpi))
