"""Content indexes found, by framework and page, against those named by hand.

A page counts once for each framework; a hand-made entry that names several frameworks ("columns
in the data tables") is met by any of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table as TextTable

from evals.golden.lines import gold_lines
from evals.reading import read_report
from tools.evidence.coverage import extract_coverage, index_sections
from tools.pdf.page import PageRecord


@dataclass(frozen=True, slots=True)
class CoverageScore:
    """One report: indexes and index pages by hand, shown, and right among the shown."""

    report: str
    indexes: int
    indexes_found: int
    gold: int
    shown: int
    right: int
    entries: int


def run(shared: Path) -> dict[str, object]:
    """Score every report of the set; prints a table and gives precision and recall of pages."""
    scores = []
    for line in gold_lines(shared, "reports.jsonl"):
        pages, _ = read_report(shared / "reports" / line["file"])
        scores.append(_score(line["file"], pages, line["content_index"]))
    _print(scores)
    shown, right = sum(s.shown for s in scores), sum(s.right for s in scores)
    gold = sum(s.gold for s in scores)
    return {
        "precision": round(right / shown, 3) if shown else None,
        "recall": round(right / gold, 3) if gold else None,
        "indexes": sum(s.indexes for s in scores),
        "indexes_found": sum(s.indexes_found for s in scores),
        "shown": shown,
        "gold": gold,
        "entries": sum(s.entries for s in scores),
    }


def _score(
    report: str, pages: Sequence[PageRecord], known: Sequence[dict[str, Any]]
) -> CoverageScore:
    shown = {(s.framework, page) for s in index_sections(pages) for page in s.pages}
    gold = {(entry["framework"], page) for entry in known for page in entry["pages"]}
    met = {g for g in gold if any(_names(g[0], s[0]) and g[1] == s[1] for s in shown)}
    shown_pages = {s for s in shown if any(_names(g[0], s[0]) and g[1] == s[1] for g in gold)}
    found = sum(
        any((entry["framework"], page) in met for page in entry["pages"]) for entry in known
    )
    joint = {g for g in gold if "/" in g[0]}
    right = len({(s[1] if joint else s) for s in shown_pages})
    total = len({(s[1] if joint else s) for s in shown})
    entries = len(extract_coverage(pages, report=report))
    return CoverageScore(report, len(known), found, len(gold), total, right, entries)


def _names(by_hand: str, framework: str) -> bool:
    """ "GRI" meets "IPIECA/SASB/GRI columns in the data tables"."""
    return framework.casefold() in by_hand.casefold() or by_hand.casefold() in framework.casefold()


def _print(scores: Sequence[CoverageScore]) -> None:
    table = TextTable(title="Content indexes")
    table.add_column("report")
    for column in ("indexes", "found", "pages by hand", "shown", "right", "entries"):
        table.add_column(column, justify="right")
    for s in scores:
        row = (s.indexes, s.indexes_found, s.gold, s.shown, s.right, s.entries)
        table.add_row(s.report, *map(str, row))
    Console().print(table)
