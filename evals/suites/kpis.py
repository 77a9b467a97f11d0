"""Figures against hand-checked ones: precision of what is shown, recall of what is there.

A record is right when company report, KPI, year, value, unit and basis agree with a gold figure;
a value may differ by rounding of the printed digits. A record of a KPI-year that gold does not
know counts neither way, unless gold says the report does not give it (`absent`). Scope figures
and the others are scored apart too, and so are the reports that were left aside while the first
rules were written. Of `table_rows`, the emission rows are looked for by year and printed value.
"""

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from agent.domain import KpiRecord
from evals.golden.lines import gold_lines
from evals.measures import Measure, measured
from evals.reading import read_report
from tools.evidence.kpis.extract import extract_kpis
from tools.evidence.units import parse_unit

Gold = dict[str, Any]
LEFT_OUT = frozenset({"freenet-2023", "polytec-2023", "siemens-2024"})
"""Left aside while the first rules were written; the later ones were written knowing them."""
_EMISSIONS = ("scope", "ghg")
_EMISSION_ROW = re.compile(r"scope", re.IGNORECASE)
_SLACK = 1.02
_DECIMALS = re.compile(r"[.,](\d{1,2})$")


def run(data: Path) -> dict[str, object]:
    """Score all reports of an evaluation set; prints a table by report and one by KPI."""
    gold = gold_lines(data, "kpi_values.jsonl")
    absent = gold_lines(data, "absent.jsonl")
    rows = gold_lines(data, "table_rows.jsonl")
    by_report: dict[str, Counter[str]] = {}
    by_kpi: defaultdict[str, Counter[str]] = defaultdict(Counter)
    in_rows: Counter[str] = Counter()
    for report in sorted({row["report"] for row in [*gold, *absent, *rows]}):
        pages, _ = read_report(data / "reports" / report)
        records = extract_kpis(pages, report=report)
        by_report[report] = _judge(
            records,
            [row for row in gold if row["report"] == report],
            [row for row in absent if row["report"] == report],
            by_kpi,
        )
        in_rows += _row_values(records, [row for row in rows if row["report"] == report])
    _print("Figures by report", by_report.items())
    _print("Figures by KPI", sorted(by_kpi.items()))
    groups = {
        "scopes": _sum(c for kpi, c in by_kpi.items() if kpi.startswith("scope")),
        "others": _sum(c for kpi, c in by_kpi.items() if not kpi.startswith("scope")),
        "left_out": _sum(c for name, c in by_report.items() if Path(name).stem in LEFT_OUT),
    }
    _print("Figures by group", groups.items(), total=False)
    return {
        **_scores(_sum(by_report.values())),
        **{name: _scores(counts) for name, counts in groups.items()},
        "table_rows": {
            "recall": _share(in_rows["found"], in_rows["gold"]),
            "gold": in_rows["gold"],
        },
        "measures": [measure.shape() for measure in _measures(by_report)],
    }


def _measures(by_report: dict[str, Counter[str]]) -> tuple[Measure, ...]:
    precision = {
        name: (c["right_verified"], c["right_verified"] + c["wrong_verified"])
        for name, c in by_report.items()
    }
    recall = {name: (c["found"], c["gold"]) for name, c in by_report.items()}
    return measured("precision", precision), measured("recall", recall)


def _sum(counts: Iterable[Counter[str]]) -> Counter[str]:
    return sum(counts, Counter())


def _row_values(records: Sequence[KpiRecord], rows: Iterable[Gold]) -> Counter[str]:
    """How many values of emission rows there are, and how many have a record of their year."""
    counts: Counter[str] = Counter()
    shown = {
        (r.year, re.sub(r"\D", "", r.printed)) for r in records if r.kpi.startswith(_EMISSIONS)
    }
    for row in rows:
        if not _EMISSION_ROW.search(row["label_regex"]):
            continue
        for column, value in zip(row["columns"], row["values"], strict=True):
            year = re.search(r"(?:19|20)\d\d", column)
            digits = re.sub(r"\D", "", value)
            if year and digits:
                counts["gold"] += 1
                counts["found"] += (int(year[0]), digits) in shown
    return counts


def _judge(
    records: Iterable[KpiRecord],
    gold: list[Gold],
    absent: list[Gold],
    by_kpi: defaultdict[str, Counter[str]],
) -> Counter[str]:
    counts: Counter[str] = Counter()
    found: dict[int, set[str]] = defaultdict(set)
    for record in records:
        said, hits = verdict(record, gold, absent)
        for at in hits:
            found[at].add(record.status)
        if said:
            for tally in (counts, by_kpi[record.kpi]):
                tally[f"{said}_{record.status}"] += 1
    for at, row in enumerate(gold):
        statuses = found.get(at, set())
        for tally in (counts, by_kpi[row["kpi"]]):
            tally["gold"] += 1
            tally["found"] += bool(statuses)
            tally["found_verified"] += "verified" in statuses
    return counts


def verdict(record: KpiRecord, gold: list[Gold], absent: list[Gold]) -> tuple[str, list[int]]:
    """`right`, `wrong` or "" (not known to gold), and the gold figures it gives."""
    same = [
        (at, row)
        for at, row in enumerate(gold)
        if row["kpi"] == record.kpi and row["year"] == record.year
    ]
    if not same:
        return ("wrong" if any(_is_absent(record, row) for row in absent) else ""), []
    hits = [
        at
        for at, row in same
        if row["basis"] in (None, record.basis) and _same_unit(record, row) and _equal(record, row)
    ]
    if hits:
        return "right", hits
    other_basis = record.basis and all(row["basis"] not in (None, record.basis) for _, row in same)
    return ("" if other_basis and not any(_equal(record, row) for _, row in same) else "wrong"), []


def _is_absent(record: KpiRecord, row: Gold) -> bool:
    return (
        row["kpi"] == record.kpi
        and (not row.get("years") or record.year in row["years"])
        and (not row.get("basis") or row["basis"] == record.basis)
    )


def _size(unit: str) -> tuple[str, float]:
    """What a unit measures and its size in the base unit of that; unknown ones stand alone."""
    if unit.startswith("t CO2e/"):
        return "intensity", 1.0
    parsed = parse_unit(unit)
    return (parsed.dimension, parsed.factor) if parsed else (unit, 1.0)


def _same_unit(record: KpiRecord, row: Gold) -> bool:
    ours, theirs = _size(record.unit), _size(row["unit"])
    return ours[0] == theirs[0] and (ours[0] != "rate" or ours[1] == theirs[1])


def _equal(record: KpiRecord, row: Gold) -> bool:
    ours, theirs = _size(record.unit)[1], _size(row["unit"])[1]
    gap = abs(record.value * ours - row["value"] * theirs)
    rounding = max(_half_digit(record.printed) * ours, _half_digit(str(row["printed"])) * theirs)
    return bool(gap <= max(rounding * _SLACK, 1e-6 * abs(row["value"] * theirs)))


def _half_digit(printed: str) -> float:
    """Half of the last printed digit: what rounding can hide."""
    decimals = _DECIMALS.search(printed.strip("% "))
    return 0.5 * 10.0 ** -(len(decimals[1]) if decimals else 0)


def _scores(counts: Counter[str]) -> dict[str, object]:
    right, wrong = counts["right_verified"], counts["wrong_verified"]
    all_right = right + counts["right_candidate"]
    shown = all_right + wrong + counts["wrong_candidate"]
    gold = counts["gold"]
    return {
        "precision": _share(right, right + wrong),
        "recall": _share(counts["found"], gold),
        "recall_verified": _share(counts["found_verified"], gold),
        "precision_all": _share(all_right, shown),
        "shown": shown,
        "shown_verified": right + wrong,
        "gold": gold,
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _print(title: str, rows: Iterable[tuple[str, Counter[str]]], *, total: bool = True) -> None:
    columns = ("", "gold", "found", "verified", "P verified", "R", "P all", "shown")
    table = Table(*columns, title=title, title_justify="left")
    rows = list(rows)
    for name, counts in [*rows, ("all", _sum(c for _, c in rows))] if total else rows:
        scores = _scores(counts)
        table.add_row(
            name,
            str(counts["gold"]),
            str(counts["found"]),
            str(counts["found_verified"]),
            *(str(scores[key]) for key in ("precision", "recall", "precision_all", "shown")),
        )
    Console(file=sys.stderr, width=120).print(table)
