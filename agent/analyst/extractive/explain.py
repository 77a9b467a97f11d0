"""Where a number comes from: its place, its unit, its conversion and why it is trusted."""

import re
from collections.abc import Iterator, Sequence

from agent.analyst.extractive.figures import figure_claim
from agent.analyst.wording import number, printed_label, quantity, subject
from agent.domain import Claim, CompanyAnalysis, KpiRecord

_NUMBER = re.compile(r"(?<![\w.,])\d[\d.,]*\d(?![\w])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MOST = 3


def explained(question: str, companies: Sequence[CompanyAnalysis]) -> Iterator[tuple[Claim, str]]:
    """The figures whose number stands in the question, each with its story in words."""
    asked = {n for n in _NUMBER.findall(question) if not _YEAR.fullmatch(n)}
    told = 0
    for company in companies:
        for record in company.kpis:
            shown = {record.printed, number(record.value)}
            if record.normalised is not None:
                shown.add(number(record.normalised.value))
            if told < _MOST and asked & shown:
                told += 1
                yield (
                    figure_claim(record, company.kpis, company=company.name),
                    _story(record, company),
                )


def _story(record: KpiRecord, company: CompanyAnalysis) -> str:
    file = company.report.file if company.report else "the report"
    where = f"printed as “{record.printed}” on page {record.evidence.page} of {file}"
    parts = [f"{subject(record)} {record.year} of {company.name}: {where}, found in {_by(record)}"]
    if label := printed_label(record):
        parts.append(f"row “{label}”")
    base = record.normalised
    if base and base.unit != record.unit:
        parts.append(f"{quantity(base.value, base.unit)} ({base.conversion})")
    trust = "; ".join(record.confirmations)
    if record.status == "candidate":
        parts.append("a candidate: not confirmed a second way")
    elif trust:
        parts.append(f"verified: {trust}")
    return ". ".join(parts) + "."


def _by(record: KpiRecord) -> str:
    return {"table": "a table", "prose": "a sentence", "model": "a reply of the model"}[
        record.method
    ]
