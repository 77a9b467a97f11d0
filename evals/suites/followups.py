"""Follow-up questions about figures the reports give, and about some they do not.

The questions are made from hand-checked figures (`kpi_values.jsonl`) and from `absent.jsonl`, one
a report and KPI, for its newest year; a set may add its own in `followups.jsonl` (report, company,
question, and what the answer must hold: `printed`, or `absent`). An answer is right when it gives
the printed figure with a quote from a page of that report that carries it, and wrong when it gives
another figure for it. A figure that is not there must not be answered with one.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from agent.domain import Answer
from evals.analysed import Asked, analysed, files_by_sha
from evals.golden.lines import gold_lines
from evals.measures import Measure

_SUBJECTS = {
    "scope_1": "Scope 1 emissions",
    "scope_3": "Scope 3 emissions",
    "energy_total": "total energy consumption",
    "water_withdrawal": "water withdrawal",
    "waste_total": "total waste",
    "employees": "number of employees",
    "ltifr": "lost-time injury frequency rate",
    "trir": "total recordable incident rate",
}
_A_REPORT = 3
"""Questions of each kind a report."""


def run(data: Path) -> dict[str, object]:
    """Ask every question of one analysis of the whole set."""
    questions = list(questions_of(data))
    files = files_by_sha(data)
    answers = analysed(data, asked_of(data)).answers
    given, held_back = Measure("answered_right"), Measure("absent_not_invented")
    wrong = []
    for question in questions:
        answer = answers[question["company"], question["question"]]
        right = is_right(question, answer, files)
        (held_back if question.get("absent") else given).add(question["report"], right, 1)
        if not right:
            wrong.append(question["question"])
    console = Console(file=sys.stderr, width=100)
    console.print(f"Follow-ups: {given.right:g}/{given.of:g} answered right, "
                  f"{held_back.right:g}/{held_back.of:g} absent ones not invented")  # fmt: skip
    for text in wrong:
        console.print(f"  not right: {text}", markup=False)
    return {
        "n": len(questions),
        given.name: given.value,
        held_back.name: held_back.value,
        "measures": [given.shape(), held_back.shape()],
    }


def asked_of(data: Path) -> tuple[Asked, ...]:
    """The questions as they are asked; other suites ask for the analysis with the same ones."""
    return tuple((q["company"], q["question"]) for q in questions_of(data))


def questions_of(data: Path) -> Iterator[dict[str, Any]]:
    """The questions of a set, each with what its answer must hold."""
    yield from gold_lines(data, "followups.jsonl")
    figures = gold_lines(data, "kpi_values.jsonl")
    newest: dict[tuple[str, str], int] = {}
    for line in figures:
        key = (line["report"], line["kpi"])
        newest[key] = max(newest.get(key, 0), line["year"])
    taken: dict[tuple[str, str], int] = {}
    seen: set[tuple[str, str]] = set()
    for kind, lines in (("given", figures), ("absent", gold_lines(data, "absent.jsonl"))):
        for line in lines:
            report, kpi = line["report"], line["kpi"]
            if kpi not in _SUBJECTS or (report, kpi) in seen or line.get("years"):
                continue
            if line.get("boundary", "group") != "group" or line.get("doubtful"):
                continue
            year = newest.get((report, kpi))
            if (kind == "given" and line["year"] != year) or taken.get((report, kind), 0) >= (
                _A_REPORT
            ):
                continue
            if kind == "absent" and year is not None:
                continue
            seen.add((report, kpi))
            taken[report, kind] = taken.get((report, kind), 0) + 1
            yield _question(line, year)


def _question(line: Mapping[str, Any], year: int | None) -> dict[str, Any]:
    subject, company = _SUBJECTS[line["kpi"]], line["company"]
    question = {"report": line["report"], "company": company, "subject": subject}
    if year is None:
        return {**question, "question": f"What is the {subject} of {company}?", "absent": True}
    words = f"What was the {subject} of {company} in {year}?"
    pages = [line["pdf_page"], *line.get("also_pages", [])]
    return {**question, "question": words, "printed": line["printed"], "pages": pages}


def is_right(question: Mapping[str, Any], answer: Answer, files: Mapping[str, str]) -> bool:
    """Whether the answer gives the figure with its place, or none where there is none."""
    places = [
        (evidence, claim)
        for claim in answer.claims
        for evidence in claim.evidence
        if files.get(evidence.report) == question["report"]
    ]
    if question.get("absent"):
        return not any(_gives_figure(claim.text, question["subject"]) for _, claim in places)
    printed = question["printed"]
    return any(_states(claim.text, printed) and _shows(evidence.quote, printed)
               for evidence, claim in places)  # fmt: skip


_FIGURE = re.compile(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d[\d.,'’]*\d|\d")
"""A figure of a text. Blanks are within one only between thousands: columns stand apart."""
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d.,]*\d)")


def _gives_figure(text: str, subject: str) -> bool:
    """Whether a sentence about the subject holds a figure besides years and the subject's own."""
    folded, named = text.casefold(), subject.casefold()
    if named not in folded:
        return False
    return bool(_FIGURE.search(_YEAR.sub(" ", folded.replace(named, " "))))


def _states(text: str, printed: str) -> bool:
    """Whether a sentence gives the figure, which it may write with other marks."""
    return _digits(printed) in {_digits(figure) for figure in _FIGURE.findall(text)}


def _shows(quote: str, printed: str) -> bool:
    """Whether the figure stands in the quote as it is printed, alone or in a row of columns."""
    words = r"\s+".join(map(re.escape, printed.split()))
    return re.search(rf"(?<!\d)(?<!\d[.,]){words}(?![.,]?\d)", quote) is not None


def _digits(printed: str) -> str:
    return re.sub(r"\D", "", printed)
