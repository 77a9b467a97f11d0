"""Whether the page search leads to the pages that answer a question.

`gold/page_questions.jsonl`: report, question, gold_pages (1-based). Scores: any@5 (a gold page
among the first five), mrr (of the first gold page among ten), recall@5 (gold pages among five).
Pages are found by words, and with ISRA_LOCAL_SEARCH=auto by meaning as well: measures of that are
named after it.
"""

import asyncio
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from agent.settings import get_settings
from evals.golden.lines import gold_lines
from evals.measures import Measure
from tools.library.bundle import Bundle
from tools.library.embedding import embedding_installed
from tools.library.library import ReportLibrary
from tools.pdf.limits import ReaderLimits

_FIRST, _LAST = 5, 10


def run(data: Path) -> dict[str, Any]:
    """The scores by words alone, and by meaning as well where that is set and installed."""
    questions = gold_lines(data, "page_questions.jsonl")
    with tempfile.TemporaryDirectory() as work:
        scores = asyncio.run(_scores(data, Path(work), questions, local_search=False))
        if get_settings().local_search == "auto" and embedding_installed():
            found = asyncio.run(_scores(data, Path(work), questions, local_search=True))
            scores["measures"] += [
                {**measure, "name": f"{measure['name']} local-search"}
                for measure in found.pop("measures")
            ]
            scores["local_search"] = found
    return scores


async def _scores(
    data: Path, work: Path, questions: list[dict[str, Any]], *, local_search: bool
) -> dict[str, Any]:
    library = ReportLibrary(work, ReaderLimits(ocr=False), local_search=local_search)
    bundles: dict[str, Bundle] = {}
    for name in sorted({str(question["report"]) for question in questions}):
        bundles[name] = await library.read(await library.add(data / "reports" / name))
    try:
        return page_questions(questions, bundles.__getitem__)
    finally:
        for bundle in bundles.values():
            bundle.close()


def page_questions(
    questions: Iterable[dict[str, Any]], bundle: Callable[[str], Bundle]
) -> dict[str, Any]:
    """How early the pages that answer come; `bundle` opens a report by its name."""
    ranks: list[int] = []
    early, first, among = Measure("any@5"), Measure("mrr"), Measure("recall@5")
    for question in questions:
        gold = set(question["gold_pages"])
        hits = bundle(question["report"]).find(question["question"], _LAST)
        pages = [hit.page for hit in hits]
        ranks.append(next((rank for rank, page in enumerate(pages, 1) if page in gold), 0))
        early.add(question["report"], 0 < ranks[-1] <= _FIRST, 1)
        first.add(question["report"], 1 / ranks[-1] if ranks[-1] else 0, 1)
        among.add(question["report"], len(gold & set(pages[:_FIRST])) / len(gold), 1)
    measures = (early, first, among)
    return {
        "n": len(ranks),
        **{measure.name: round(measure.value or 0.0, 3) for measure in measures},
        "measures": [measure.shape() for measure in measures],
    }
