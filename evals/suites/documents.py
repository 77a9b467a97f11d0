"""Document identity: real reports accepted for their company and year, everything else refused.

Every report is asked for under its own name, under the name of every other company of the set
and for wrong years; documents filed under a wrong company are asked for under that name.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table as TextTable

from evals.golden.lines import gold_lines
from evals.measures import Measure, measured
from evals.reading import read_report
from tools.evidence.identity import describe, identify
from tools.evidence.identity.names import core

_WRONG_YEARS = (-2, -1, 1, 2)


@dataclass(frozen=True, slots=True)
class DocumentScore:
    """How one document was judged."""

    file: str
    accepted: bool
    named: bool
    year_right: bool
    wrong_years_refused: int
    others_refused: int
    others: int


def run(shared: Path) -> dict[str, object]:
    """Score every document of the set; prints a table."""
    reports = gold_lines(shared, "reports.jsonl")
    scores = [_score(shared, line, reports) for line in reports]
    wrong = _wrong_documents(shared)
    refused = [_refused(shared, entry) for entry in wrong]
    _print(scores, list(zip(wrong, refused, strict=True)))
    return {
        "accepted": sum(s.accepted for s in scores),
        "reports": len(scores),
        "company_named": sum(s.named for s in scores),
        "year_right": sum(s.year_right for s in scores),
        "wrong_refused": sum(refused),
        "wrong": len(wrong),
        "other_companies_refused": sum(s.others_refused for s in scores),
        "other_companies": sum(s.others for s in scores),
        "wrong_years_refused": sum(s.wrong_years_refused for s in scores),
        "wrong_years": len(_WRONG_YEARS) * len(scores),
        "measures": [measure.shape() for measure in _measures(scores, wrong, refused)],
    }


def _measures(
    scores: Sequence[DocumentScore], wrong: Sequence[Mapping[str, str]], refused: Sequence[bool]
) -> tuple[Measure, ...]:
    years = len(_WRONG_YEARS)
    filed = {entry["file"]: (int(r), 1) for entry, r in zip(wrong, refused, strict=True)}
    return (
        measured("accepted", {s.file: (s.accepted, 1) for s in scores}),
        measured("others_refused", {s.file: (s.others_refused, s.others) for s in scores}),
        measured("wrong_years_refused", {s.file: (s.wrong_years_refused, years) for s in scores}),
        measured("wrong_documents_refused", filed, hard=True),
    )


def _score(
    shared: Path, line: Mapping[str, Any], reports: Sequence[Mapping[str, Any]]
) -> DocumentScore:
    pages, metadata = read_report(shared / "reports" / line["file"])
    name, year = line["company"], line["fiscal_year"]
    described = describe(pages, metadata)
    others = [r["company"] for r in reports if r["company"] != name]
    return DocumentScore(
        file=line["file"],
        accepted=identify(pages, metadata, company=name, year=year).verdict == "match",
        named=_same_name(described.company, name),
        year_right=described.year == year,
        wrong_years_refused=sum(
            identify(pages, metadata, company=name, year=year + step).verdict != "match"
            for step in _WRONG_YEARS
        ),
        others_refused=sum(
            identify(pages, metadata, company=other).verdict != "match" for other in others
        ),
        others=len(others),
    )


def _same_name(found: str | None, known: str) -> bool:
    if found is None:
        return False
    ours, theirs = set(core(found)), set(core(known))
    return ours <= theirs or theirs <= ours


def _wrong_documents(shared: Path) -> list[dict[str, str]]:
    path = shared / "gold" / "wrong_documents.json"
    return list(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else []


def _refused(shared: Path, entry: Mapping[str, str]) -> bool:
    pages, metadata = read_report(shared / "reports" / entry["file"])
    return identify(pages, metadata, company=entry["asked_for"]).verdict == "mismatch"


def _print(
    scores: Sequence[DocumentScore], wrong: Sequence[tuple[Mapping[str, str], bool]]
) -> None:
    table = TextTable(title="Documents")
    table.add_column("document")
    for column in ("accepted", "named", "year", "wrong years refused", "others refused"):
        table.add_column(column, justify="right")
    for s in scores:
        table.add_row(
            s.file,
            _mark(s.accepted),
            _mark(s.named),
            _mark(s.year_right),
            f"{s.wrong_years_refused}/{len(_WRONG_YEARS)}",
            f"{s.others_refused}/{s.others}",
        )
    for entry, refused in wrong:
        table.add_row(entry["file"], "refused" if refused else "NOT REFUSED", "", "", "", "")
    Console().print(table)


def _mark(right: bool) -> str:
    return "yes" if right else "NO"
