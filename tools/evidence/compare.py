"""The industry table, in code only: a row a company, a column a KPI.

A cell counts as comparable when year, basis, boundary and unit are those of its column and the
figure is verified; all others are shown with what sets them apart. Best, median and range are
taken over comparable cells alone.
"""

import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence

from agent.analyst.wording import ended, phrase
from agent.domain import (
    Cell,
    CompanyAnalysis,
    ComparisonColumn,
    ComparisonRow,
    ComparisonTable,
    KpiRecord,
)
from tools.evidence.compare_cells import ColumnFrame, empty_cell, make_cell, records_of, tidy
from tools.evidence.compare_checks import contradictions, restatements
from tools.evidence.compare_columns import REPORTED, ColumnSpec, table_columns

_LEAST_FOR_STATISTICS = 2
_LEAST_FOR_COLUMN = 2


def compare(
    companies: Sequence[CompanyAnalysis], columns: Sequence[ColumnSpec] | None = None
) -> ComparisonTable:
    """Lay the companies' figures side by side.

    The year of a column is the most common latest year of its figures. `columns` replaces the
    columns of `columns.yaml`, of which those that fewer than two companies fill are left out
    unless marked `always`.
    """
    wanted = table_columns() if columns is None else columns
    least = min(_LEAST_FOR_COLUMN, len(companies)) if columns is None else 0
    built = [
        (column, cells)
        for spec in wanted
        for column, cells in [_column(spec, companies)]
        if spec.always or sum(cell.record is not None for cell in cells) >= least
    ]
    rows = tuple(
        ComparisonRow(
            company_id=company.company_id,
            company=company.name,
            cells=tuple(cells[index] for _, cells in built),
        )
        for index, company in enumerate(companies)
    )
    return ComparisonTable(
        columns=tuple(column for column, _ in built),
        rows=rows,
        notes=_notes(built, companies),
        contradictions=tuple(text for company in companies for text in contradictions(company)),
    )


def _column(
    spec: ColumnSpec, companies: Sequence[CompanyAnalysis]
) -> tuple[ComparisonColumn, list[Cell]]:
    found = [records_of(company.kpis, spec) for company in companies]
    frame = _frame(spec, found)
    cells = [
        make_cell(records, frame) if records else empty_cell(company, spec)
        for company, records in zip(companies, found, strict=True)
    ]
    return _with_statistics(spec, frame, cells), cells


def _frame(spec: ColumnSpec, found: Sequence[Sequence[KpiRecord]]) -> ColumnFrame:
    """The year, unit and qualifier that most companies' newest figures share."""
    newest = [max(records, key=lambda r: (r.status == "verified", r.year)) for records in found
              if records]  # fmt: skip
    years = Counter(record.year for record in newest)
    year = max(years, key=lambda y: (years[y], y)) if years else None
    unit = spec.unit
    if unit == REPORTED:
        units = Counter(record.unit for record in newest)
        unit = units.most_common(1)[0][0] if units else ""
    return ColumnFrame(spec, year, unit)


def _with_statistics(
    spec: ColumnSpec, frame: ColumnFrame, cells: Sequence[Cell]
) -> ComparisonColumn:
    values = [cell.value for cell in cells if cell.comparable and cell.value is not None]
    enough = len(values) >= _LEAST_FOR_STATISTICS
    return ComparisonColumn(
        kpi=spec.kpi,
        title=spec.title,
        unit=frame.unit,
        year=frame.year,
        basis=spec.basis,
        best=_best(spec, values) if enough else None,
        median=tidy(statistics.median(values)) if enough else None,
        low=min(values) if enough else None,
        high=max(values) if enough else None,
        comparable=len(values),
    )


def _best(spec: ColumnSpec, values: Sequence[float]) -> float | None:
    """The best value of a relative figure; an absolute one says more about size."""
    known = phrase(spec.kpi)
    if known.scale == "absolute" or known.better == "none":
        return None
    return min(values) if known.better == "lower" else max(values)


def _notes(
    built: Sequence[tuple[ComparisonColumn, Sequence[Cell]]], companies: Sequence[CompanyAnalysis]
) -> tuple[str, ...]:
    """What a reader must know before comparing."""
    notes: list[str] = []
    years = Counter(
        company.report.fiscal_year
        for company in companies
        if company.report and company.report.fiscal_year
    )
    if len(years) > 1:
        spread = ", ".join(f"{year} ({count})" for year, count in sorted(years.items()))
        notes.append(f"The reports cover different fiscal years: {spread}.")
    if any(phrase(column.kpi).scale == "absolute" for column, _ in built):
        notes.append(
            "Absolute figures grow with the size of a company; they are not ranked. "
            "Compare intensities, shares and trends."
        )
    notes += _flag_notes(built, companies)
    for company in companies:
        notes += restatements(company)
    return tuple(notes)


def _flag_notes(
    built: Sequence[tuple[ComparisonColumn, Sequence[Cell]]], companies: Sequence[CompanyAnalysis]
) -> list[str]:
    """What keeps cells from being compared, a line a reason: which figures of which companies."""
    apart: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for column, cells in built:
        for company, cell in zip(companies, cells, strict=True):
            for flag in () if cell.comparable or not cell.record else cell.flags:
                apart[flag][company.name].append(column.title)
    return [
        ended(
            f"Not comparable ({flag}): "
            + "; ".join(f"{', '.join(titles)} of {name}" for name, titles in by_company.items())
        )
        for flag, by_company in apart.items()
    ]
