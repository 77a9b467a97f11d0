"""True and altered claims made from real figures, targets and sentences, put to the check.

What is asked: no altered claim is verified, and 95 of 100 true ones are.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table as TextTable

from agent.domain import Company, KpiRecord
from evals.golden.lines import gold_lines
from evals.measures import Measure
from evals.reading import read_report
from evals.suites.claim_cases import (
    Case,
    figure_cases,
    record_of,
    sentence_cases,
    target_cases,
    without_repeats,
)
from tools.evidence.quotes import stands_on
from tools.evidence.verify import Verification, check
from tools.pdf.page import PageRecord

_SENTENCES = 12
"""Sentences a report."""


def run(shared: Path) -> dict[str, object]:
    """Check every case; prints a table by what was altered, and the cases that went wrong."""
    names = _company_names(shared)
    reports = sorted(names)
    other = {r: names[reports[(i + 3) % len(reports)]] for i, r in enumerate(reports)}
    companies = {r: Company(id=names[r].casefold(), name=names[r]) for r in reports}
    results: list[tuple[Case, Verification]] = []
    for report in reports:
        pages = {p.number: p for p in read_report(shared / "reports" / report)[0]}
        records = _records(shared, report, pages)
        by_id = {record.id: record for record in records}
        cases = without_repeats(_cases(shared, report, pages, records, names, other))
        results += [
            (case, check(case.claim, pages, records=by_id, companies=companies)) for case in cases
        ]
    _print(results)
    true = [v for case, v in results if case.true]
    altered = [v for case, v in results if not case.true]
    verified = sum(v.status == "verified" for v in true)
    held, refused = Measure("true_verified"), Measure("altered_refused", hard=True)
    for case, result in results:
        report = case.claim.evidence[0].report if case.claim.evidence else "?"
        sure = result.status == "verified"
        (held if case.true else refused).add(report, sure == case.true, 1)
    return {
        "true": len(true),
        "altered": len(altered),
        "true_verified": round(verified / len(true), 4) if true else None,
        "altered_verified": sum(v.status == "verified" for v in altered),
        "measures": [held.shape(), refused.shape()],
    }


def _company_names(shared: Path) -> dict[str, str]:
    lines = [
        *gold_lines(shared, "kpi_values.jsonl"),
        *gold_lines(shared, "targets.jsonl"),
        *gold_lines(shared, "targets_none.jsonl"),
    ]
    return {line["report"]: line["company"] for line in lines}


def _records(shared: Path, report: str, pages: Mapping[int, PageRecord]) -> list[KpiRecord]:
    """Hand-checked figures whose quote stands in the page's text as it is read today."""
    records = []
    for number, line in enumerate(gold_lines(shared, "kpi_values.jsonl")):
        if line["report"] != report or line.get("image") or line.get("doubtful"):
            continue
        if stands_on(line["quote"], pages[line["pdf_page"]]) is not None:
            records.append(record_of(line, number))
    return records


def _cases(
    shared: Path,
    report: str,
    pages: Mapping[int, PageRecord],
    records: Sequence[KpiRecord],
    names: Mapping[str, str],
    other: Mapping[str, str],
) -> Iterator[Case]:
    yield from figure_cases(records, names, other)
    targets = [
        line
        for line in gold_lines(shared, "targets.jsonl")
        if line["report"] == report and stands_on(line["quote"], pages[line["pdf_page"]])
    ]
    yield from target_cases(targets, names, other)
    texts = {number: page.text for number, page in pages.items()}
    yield from sentence_cases(report, names[report], texts, _SENTENCES)


def _print(results: Sequence[tuple[Case, Verification]]) -> None:
    counts: dict[str, Counter[str]] = {}
    for case, result in results:
        counts.setdefault(case.change, Counter())[result.status] += 1
    table = TextTable(title="Claims")
    table.add_column("altered")
    for status in ("verified", "unverified", "rejected"):
        table.add_column(status, justify="right")
    for change, statuses in sorted(counts.items(), key=lambda item: item[0] != "true"):
        table.add_row(change, *(str(statuses[s]) for s in ("verified", "unverified", "rejected")))
    console = Console()
    console.print(table)
    for case, result in results:
        if (result.status == "verified") != case.true:
            words = "not verified" if case.true else f"verified although altered ({case.change})"
            console.print(f"{words}: {case.claim.text} [{result.reason}]", markup=False)
