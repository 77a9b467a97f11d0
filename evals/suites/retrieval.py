"""Whether the page search leads to the pages that answer a question.

`gold/page_questions.jsonl`: report, question, gold_pages (1-based). Scores: any@5 (a gold page
among the first five), mrr (of the first gold page among ten), recall@5 (gold pages among five).
Pages are found by words, and with the `local-search` extra by meaning as well.
"""

import asyncio
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from evals.golden.lines import gold_lines
from evals.measures import Measure
from tools.library.bundle import Bundle
from tools.library.embedding import embedding_installed
from tools.library.library import ReportLibrary
from tools.pdf.limits import ReaderLimits

_FIRST, _LAST = 5, 10


def run(data: Path) -> dict[str, Any]:
    """The scores by words alone, and by meaning as well where the extra is installed."""
    questions = gold_lines(data, "page_questions.jsonl")
    with tempfile.TemporaryDirectory() as work:
        scores = asyncio.run(_scores(data, Path(work), questions, local_search=False))
        if embedding_installed():
            scores["local_search"] = asyncio.run(
                _scores(data, Path(work), questions, local_search=True)
            )
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
    early = Measure("any@5")
    recall = 0.0
    for question in questions:
        gold = set(question["gold_pages"])
        hits = bundle(question["report"]).find(question["question"], _LAST)
        pages = [hit.page for hit in hits]
        ranks.append(next((rank for rank, page in enumerate(pages, 1) if page in gold), 0))
        early.add(question["report"], 0 < ranks[-1] <= _FIRST, 1)
        recall += len(gold & set(pages[:_FIRST])) / len(gold)
    count = max(1, len(ranks))
    return {
        "n": len(ranks),
        "any@5": round(sum(0 < rank <= _FIRST for rank in ranks) / count, 3),
        "mrr": round(sum(1 / rank for rank in ranks if rank) / count, 3),
        "recall@5": round(recall / count, 3),
        "measures": [early.shape()],
    }
