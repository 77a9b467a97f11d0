"""Stated targets against those found by hand.

A target found is right when kind, target year and per cent are those of one by hand and the place
agrees: its page (or another page the hand-made entry names), or overlapping quotes. A target that
a report states again elsewhere in the same terms (scopes and base year, or the status word of a
science-based target) is the same target. Each hand-made target is found at most once. Reports
that state no target count through what is shown for them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table as TextTable

from agent.domain import Target
from evals.golden.lines import gold_lines
from evals.reading import read_report
from tools.evidence.quotes import normalise
from tools.evidence.targets import extract_targets

_SAME_WORDS = 0.6


@dataclass(frozen=True, slots=True)
class TargetScore:
    """One report's counts; `wrong` and `missed` name what to look at."""

    report: str
    shown: int
    right: int
    gold: int
    wrong: tuple[str, ...]
    missed: tuple[str, ...]


def run(shared: Path) -> dict[str, object]:
    """Score every report of the set; prints a table and gives precision and recall."""
    by_report: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in gold_lines(shared, "targets.jsonl"):
        by_report[line["report"]].append(line)
    for line in gold_lines(shared, "targets_none.jsonl"):
        by_report.setdefault(line["report"], [])
    scores = []
    for report in sorted(by_report):
        pages, _ = read_report(shared / "reports" / report)
        scores.append(
            score_report(report, extract_targets(pages, report=report), by_report[report])
        )
    _print(scores)
    shown, right = sum(s.shown for s in scores), sum(s.right for s in scores)
    gold = sum(s.gold for s in scores)
    return {
        "precision": round(right / shown, 3) if shown else None,
        "recall": round(right / gold, 3) if gold else None,
        "shown": shown,
        "gold": gold,
        "shown_where_there_is_none": sum(s.shown for s in scores if not s.gold),
    }


def score_report(
    report: str, found: Sequence[Target], gold: Sequence[Mapping[str, Any]]
) -> TargetScore:
    """Pair targets found with those by hand, the ones at the same place first."""
    left, wrong, right = list(gold), [], 0
    pairs = sorted(
        ((_agreement(target, line), i, j) for i, target in enumerate(found)
         for j, line in enumerate(gold) if _agreement(target, line)),
        reverse=True,
    )  # fmt: skip
    used_found: set[int] = set()
    used_gold: set[int] = set()
    for _, i, j in pairs:
        if i not in used_found and j not in used_gold:
            used_found.add(i)
            used_gold.add(j)
            right += 1
    wrong = [_words(t) for i, t in enumerate(found) if i not in used_found]
    missed = [
        f"p. {g['pdf_page']} {g['kind']}: {g['quote']}"
        for j, g in enumerate(left)
        if j not in used_gold
    ]
    return TargetScore(report, len(found), right, len(gold), tuple(wrong), tuple(missed))


def _agreement(target: Target, line: Mapping[str, Any]) -> int:
    """0 for another target, 3 for the same at the same place, less for one said elsewhere."""
    if target.kind != line["kind"] or target.target_year != line["target_year"]:
        return 0
    percent = line["reduction_pct"]
    if (percent is None) != (target.reduction_pct is None):
        return 0
    if percent is not None and abs(percent - (target.reduction_pct or 0.0)) > 0.05:
        return 0
    if _overlap(target.evidence.quote, line["quote"]):
        return 3
    if target.evidence.page in (line["pdf_page"], *line.get("also_pages", ())):
        return 2
    if target.kind == "sbti_status":
        said, known = (
            (target.status_words or "").casefold(),
            (line["status_words"] or "").casefold(),
        )
        return int(bool(said) and said[:6] in known)
    same = (target.scopes, target.base_year) == (line["scopes"], line["base_year"])
    return int(same and line["target_year"] is not None)


def _overlap(one: str, other: str) -> bool:
    plain, theirs = normalise(one).text, normalise(other).text
    if plain in theirs or theirs in plain:
        return True
    ours, words = set(one.casefold().split()), set(other.casefold().split())
    return len(ours & words) >= _SAME_WORDS * min(len(ours), len(words))


def _words(target: Target) -> str:
    return (
        f"p. {target.evidence.page} {target.kind} {target.reduction_pct or ''} "
        f"{target.target_year or ''}: {target.evidence.quote[:160]}"
    )


def _print(scores: Sequence[TargetScore]) -> None:
    console = Console()
    table = TextTable(title="Stated targets")
    for column in ("report", "shown", "right", "by hand"):
        table.add_column(column, justify="left" if column == "report" else "right")
    for score in scores:
        table.add_row(score.report, str(score.shown), str(score.right), str(score.gold))
    console.print(table)
    for score in scores:
        for words in score.wrong:
            console.print(f"not by hand  {score.report}  {words}", highlight=False, markup=False)
        for words in score.missed:
            console.print(f"missed       {score.report}  {words}", highlight=False, markup=False)
