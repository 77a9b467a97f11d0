"""Stated targets against the hand-checked ones."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz
from rich.console import Console
from rich.table import Table

from agent.domain import Target
from evals.golden.lines import gold_lines
from evals.measures import Measure
from evals.reading import read_report
from tools.evidence.targets import extract_targets

LEFT_OUT = frozenset({"siemens-2024", "freenet-2023", "ct-reit-2022"})
"""Reports that were left aside while the rules were written; scored apart."""
_REDUCTIONS = frozenset({"reduction_absolute", "reduction_intensity"})
_ALIKE = 70.0
_SAME_FIGURE = 50.0


@dataclass
class Tally:
    """Counts of one group of targets."""

    shown: int = 0
    right: int = 0
    gold: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        self.shown += other.shown
        self.right += other.right
        self.gold += other.gold
        self.wrong += other.wrong
        self.missed += other.missed

    def scores(self) -> dict[str, object]:
        precision = self.right / self.shown if self.shown else None
        recall = self.right / self.gold if self.gold else None
        counts = {"shown": self.shown, "right": self.right, "gold": self.gold}
        return {"precision": precision, "recall": recall, **counts}


def run(data: Path) -> dict[str, object]:
    """Score the targets of every report in `targets.jsonl` and `targets_none.jsonl`.

    Climate targets (net zero, reductions, renewable energy, SBTi) and the kind `other` are
    counted apart: of `other`, reports hold more than the golden truth lists.
    """
    gold: dict[str, list[dict[str, Any]]] = {}
    for line in gold_lines(data, "targets.jsonl"):
        gold.setdefault(line["report"], []).append(line)
    none = [line["report"] for line in gold_lines(data, "targets_none.jsonl")]
    tallies: dict[str, Tally] = {}
    precision, recall, none_shown = (
        Measure("precision"),
        Measure("recall"),
        Measure("none_where_none"),
    )
    invented = 0
    for name in sorted({*gold, *none}):
        pages, _ = read_report(data / "reports" / name)
        found = extract_targets(pages, report=name)
        if name in none:
            invented += len(found)
            none_shown.add(name, not found, 1)
            continue
        apart = " (left out)" if Path(name).stem in LEFT_OUT else ""
        for group, tally in _compare(found, gold[name], name).items():
            tallies.setdefault(group + apart, Tally()).add(tally)
            precision.add(name, tally.right, tally.shown)
            recall.add(name, tally.right, tally.gold)
    _print(tallies, invented)
    total = Tally()
    for tally in tallies.values():
        total.add(tally)
    groups = {group: tally.scores() for group, tally in sorted(tallies.items())}
    measures = [measure.shape() for measure in (precision, recall, none_shown)]
    return {
        **total.scores(),
        "groups": groups,
        "shown_where_none": invented,
        "measures": measures,
    }


def _compare(
    found: Sequence[Target], gold: Sequence[dict[str, Any]], report: str
) -> dict[str, Tally]:
    """Pair each target with the golden one it fits best, one to one."""
    pairs = sorted(
        ((score, i, j) for i, t in enumerate(found) for j, g in enumerate(gold)
         if (score := agreement(t, g))),
        key=lambda pair: -pair[0],
    )  # fmt: skip
    of_found: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in pairs:
        if i not in of_found and j not in taken:
            of_found[i] = j
            taken.add(j)
    tallies = {"climate": Tally(), "other": Tally()}
    for i, target in enumerate(found):
        tally = tallies["other" if target.kind == "other" else "climate"]
        tally.shown += 1
        tally.right += i in of_found
        if i not in of_found:
            tally.wrong.append(f"{report} p. {target.evidence.page}: {target.kind}")
    for j, line in enumerate(gold):
        tally = tallies["other" if line["kind"] == "other" else "climate"]
        tally.gold += 1
        if j not in taken:
            tally.missed.append(f"{report} p. {line['pdf_page']}: {line['kind']}")
    return tallies


def agreement(target: Target, line: dict[str, Any]) -> float:
    """How well a target fits a golden one; 0 where kind, year, per cent or scopes differ.

    A scope or quote that only one side gives is no difference; the page decides between equals.
    """
    if target.kind != line["kind"]:
        return 0.0
    on_page = target.evidence.page in {line["pdf_page"], *line.get("also_pages", ())}
    alike = fuzz.partial_ratio(line["quote"].lower(), target.evidence.quote.lower())
    fits = target.kind == "sbti_status" or _fits(target, line, alike, on_page=on_page)
    return 1.0 + on_page + alike / 100 if fits else 0.0


def _fits(target: Target, line: dict[str, Any], alike: float, *, on_page: bool) -> bool:
    """Whether year, per cent and scopes agree, and what is meant where no figure tells."""
    if target.target_year != line["target_year"]:
        return False
    if line["scopes"] and target.scopes and target.scopes != line["scopes"].split(" ")[0]:
        return False
    same = target.reduction_pct == line["reduction_pct"]
    if target.kind in _REDUCTIONS:
        return bool(same)
    if target.kind == "other":
        figure = same and target.reduction_pct is not None
        return alike >= (_SAME_FIGURE if figure else _ALIKE)
    return target.target_year is not None or on_page or alike >= _ALIKE


def _print(tallies: dict[str, Tally], invented: int) -> None:
    table = Table("targets", "shown", "right", "known", "precision", "recall", title="Targets")
    for group, tally in sorted(tallies.items()):
        scores = tally.scores()
        table.add_row(
            group,
            *(str(scores[key]) for key in ("shown", "right", "gold")),
            *(_share(scores[key]) for key in ("precision", "recall")),
        )
    console = Console(stderr=True)
    console.print(table)
    console.print(f"Targets shown for reports without any: {invented}")
    for group, tally in sorted(tallies.items()):
        for title, lines in (("not known", tally.wrong), ("missed", tally.missed)):
            for line, count in sorted(Counter(lines).items()):
                console.print(f"  {group}, {title}: {line}" + (f" × {count}" if count > 1 else ""))


def _share(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else "–"
