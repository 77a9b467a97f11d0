"""The table beside the records its cells show: what the synthesis is written from."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.domain import (
    Cell,
    CompanyAnalysis,
    ComparisonColumn,
    ComparisonTable,
    KpiRecord,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One company's cell with its record and, where the trend needs it, the year before."""

    company: str
    cell: Cell
    record: KpiRecord
    column: ComparisonColumn


@dataclass(frozen=True, slots=True)
class Overview:
    """The companies with a report, and the table they stand in."""

    companies: tuple[CompanyAnalysis, ...]
    table: ComparisonTable

    @classmethod
    def of(cls, companies: Sequence[CompanyAnalysis], table: ComparisonTable) -> "Overview":
        return cls(tuple(row for row in companies if row.status == "done"), table)

    def company(self, company_id: str) -> CompanyAnalysis | None:
        return next((row for row in self.companies if row.company_id == company_id), None)

    def columns(self, kpi: str) -> list[tuple[int, ComparisonColumn]]:
        """The columns of a KPI (one a basis) with their place in the table."""
        return [
            (index, column) for index, column in enumerate(self.table.columns) if column.kpi == kpi
        ]

    def cells(self, index: int) -> list[Shown]:
        """The filled cells of one column, in the table's order."""
        column = self.table.columns[index]
        shown = []
        for row in self.table.rows:
            company = self.company(row.company_id)
            cell = row.cells[index]
            record = company and next((r for r in company.kpis if r.id == cell.record), None)
            if company and record:
                shown.append(Shown(company.name, cell, record, column))
        return shown

    def records(self, company: str) -> tuple[KpiRecord, ...]:
        return next((row.kpis for row in self.companies if row.name == company), ())
