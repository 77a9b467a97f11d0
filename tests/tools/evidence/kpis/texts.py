"""Figures of page texts, shortly."""

from tools.evidence.kpis.extract import extract_from_text

Figures = dict[tuple[str, int], str]


def figures(text: str, *, year: int = 2022) -> Figures:
    """Value and unit by KPI and year, with the basis of Scope 2 in the KPI's name."""
    return {
        (" ".join(filter(None, (r.kpi, r.basis))), r.year): f"{r.printed} {r.unit}"
        for r in extract_from_text(text, report_year=year)
    }
