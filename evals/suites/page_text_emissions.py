"""Emission values from the text of single pages, with no layout to help.

A value is right when scope, basis, year, value and unit agree with the gold of its page. A record
of a scope and year that gold does not give for the page counts neither way. Gold files a Scope 2
without a stated basis under location-based.
"""

import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from agent.domain import KpiRecord
from evals.golden.lines import gold_lines
from evals.measures import measured
from tools.evidence.kpis.extract import extract_from_text
from tools.evidence.units import parse_unit

Gold = dict[str, Any]
_SCOPES = {
    "1": ("scope_1", None),
    "2lb": ("scope_2", "location"),
    "2mb": ("scope_2", "market"),
    "3": ("scope_3", None),
}
_SLACK = 0.005


def run(data: Path) -> dict[str, object]:
    """Score all pages of `page_text_emissions.jsonl`; prints one table by scope."""
    counts: dict[str, Counter[str]] = {scope: Counter() for scope in _SCOPES}
    pages = gold_lines(data, "page_text_emissions.jsonl")
    for page in pages:
        records = extract_from_text(page["text"], report_year=page["report_year"])
        for scope, (kpi, basis) in _SCOPES.items():
            rows = [row for row in page["gold"] if row["scope"] == scope]
            counts[scope] += _judge(records, rows, kpi, basis)
    table = Table("scope", "gold", "found", "precision", "recall", title="Emissions in page texts")
    total: Counter[str] = sum(counts.values(), Counter())
    for name, tally in [*counts.items(), ("all", total)]:
        scores = _scores(tally)
        table.add_row(name, *(str(v) for v in (tally["gold"], tally["found"], *scores.values())))
    Console(file=sys.stderr, width=100).print(table)
    of_all = "page texts"
    precision = measured("precision", {of_all: (total["right"], total["right"] + total["wrong"])})
    recall = measured("recall", {of_all: (total["found"], total["gold"])})
    return {
        "pages": len(pages),
        "gold": total["gold"],
        **_scores(total),
        "measures": [precision.shape(), recall.shape()],
    }


def _judge(
    records: tuple[KpiRecord, ...], rows: list[Gold], kpi: str, basis: str | None
) -> Counter[str]:
    bases = (basis, None) if basis == "location" else (basis,)
    shown = [r for r in records if r.kpi == kpi and (basis is None or r.basis in bases)]
    years = {row["year"] for row in rows}
    right = [r for r in shown if any(_same(r, row) for row in rows)]
    wrong = [r for r in shown if r.year in years and r not in right]
    found = [row for row in rows if any(_same(r, row) for r in shown)]
    return Counter(gold=len(rows), found=len(found), right=len(right), wrong=len(wrong))


def _same(record: KpiRecord, row: Gold) -> bool:
    unit = parse_unit(record.unit)
    if unit is None or record.year != row["year"]:
        return False
    ours = record.value * unit.factor
    return any(
        abs(ours - row["value"] * size) <= max(_SLACK * abs(row["value"] * size), 0.5 * size)
        for size in _sizes(row["unit"])
    )


def _sizes(unit: str) -> tuple[float, ...]:
    """Tonnes in one of the golden unit, which is copied from headings: "CO2 (in 1,000 t)".

    "Mt" and "MT" are written for metric tons as well as for megatonnes.
    """
    text = unit.casefold()
    if re.search(r"\bkt|kilo|thousand|1[,.'’]000", text):
        return (1e3,)
    if re.search(r"million|\bmm|\bm (?:t|metric)", text):
        return (1e6,)
    return (1.0, 1e6) if re.match(r"mt", text) else (1.0,)


def _scores(counts: Counter[str]) -> dict[str, float | None]:
    shown = counts["right"] + counts["wrong"]
    return {
        "precision": round(counts["right"] / shown, 4) if shown else None,
        "recall": round(counts["found"] / counts["gold"], 4) if counts["gold"] else None,
    }
