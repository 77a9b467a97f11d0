"""Content indexes found on their pages, and the kinds of silence told apart."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from agent.domain import KpiRecord, Silence
from evals.golden.lines import gold_lines
from evals.measures import Measure
from evals.reading import read_report
from evals.suites.targets import LEFT_OUT
from tools.evidence.coverage import find_indexes
from tools.evidence.kpis.extract import extract_kpis
from tools.evidence.silences import find_silences
from tools.pdf.page import PageRecord

_NAMES = re.compile(r"GRI|ESRS|SASB|TCFD|IFRS S2|DNK|WEF|IPIECA|UN Global Compact")
_Place = tuple[str, int]


@dataclass
class Pages:
    """Pages of content indexes, as (framework, page) pairs of all reports."""

    shown: int = 0
    right: int = 0
    gold: int = 0

    def add(self, found: set[_Place], known: set[_Place]) -> None:
        self.shown += len(found)
        self.right += len(found & known)
        self.gold += len(known)

    def scores(self) -> dict[str, object]:
        return {
            "precision": self.right / self.shown if self.shown else None,
            "recall": self.right / self.gold if self.gold else None,
            "shown": self.shown,
            "right": self.right,
            "gold": self.gold,
        }


def run(data: Path) -> dict[str, object]:
    """Score index pages against `reports.jsonl` and silences against `absent.jsonl`.

    A silence counts as a contradiction where the golden figures give the KPI and a record for
    it was extracted.
    """
    absent = gold_lines(data, "absent.jsonl")
    pages, held = Pages(), Pages()
    indexes = {"known": 0, "found": 0}
    silences = {"right": 0, "known": 0}
    contradictions: list[str] = []
    shown, told = Measure("index_pages_precision"), Measure("silences")
    indexed = Measure("index_pages_recall")
    table = Table("report", "indexes known", "indexes found", "silences", title="Coverage")
    for report in gold_lines(data, "reports.jsonl"):
        name = report["file"]
        record, _ = read_report(data / "reports" / name)
        known = _known(report)
        found = {(i.framework, page) for i in find_indexes(record) for page in i.pages}
        (held if Path(name).stem in LEFT_OUT else pages).add(found, known)
        for framework in {framework for framework, _ in known}:
            indexes["known"] += 1
            indexes["found"] += any(p in known for p in found if p[0] == framework)
        of_report = [line for line in absent if line["report"] == name and not _in_part(line)]
        right, wrong = _silences(record, report, of_report)
        silences["right"] += right
        silences["known"] += len(of_report)
        contradictions += wrong
        shown.add(name, len(found & known), len(found))
        indexed.add(name, len(found & known), len(known))
        told.add(name, right, len(of_report))
        table.add_row(name, _ranges(known), _ranges(found), f"{right} of {len(of_report)}")
    console = Console(stderr=True)
    console.print(table)
    for line in contradictions:
        console.print(f"  silence beside a record: {line}")
    return {
        "indexes": indexes,
        "pages": pages.scores(),
        "pages_left_out": held.scores(),
        "silences": {**silences, "contradictions": len(contradictions)},
        "measures": [measure.shape() for measure in (shown, indexed, told)],
    }


def _known(report: dict[str, Any]) -> set[_Place]:
    """The golden index pages; an index of several frameworks counts once for each."""
    return {
        (framework, page)
        for index in report["content_index"]
        for framework in _NAMES.findall(index["framework"])
        for page in index["pages"]
    }


def _in_part(line: dict[str, Any]) -> bool:
    """Absent for one basis or earlier years only: the KPI itself has a record."""
    return bool(line.get("basis") or line.get("years"))


def _silences(
    pages: Sequence[PageRecord], report: dict[str, Any], absent: Sequence[dict[str, Any]]
) -> tuple[int, list[str]]:
    """Silences of the right kind, and those for KPIs that have a record."""
    records: tuple[KpiRecord, ...] = extract_kpis(
        pages, report=report["file"], fiscal_year=report["fiscal_year"]
    )
    found: dict[str, Silence] = {
        silence.kpi: silence for silence in find_silences(pages, records, report=report["file"])
    }
    right = sum(
        line["kpi"] in found and found[line["kpi"]].kind == line["silence"] for line in absent
    )
    recorded = {record.kpi for record in records}
    return right, [f"{report['file']} {kpi}" for kpi in sorted(recorded & set(found))]


def _ranges(places: set[_Place]) -> str:
    spans: dict[str, list[int]] = {}
    for framework, page in sorted(places):
        spans.setdefault(framework, []).append(page)
    return ", ".join(f"{name} {pages[0]}–{pages[-1]}" for name, pages in spans.items()) or "–"
