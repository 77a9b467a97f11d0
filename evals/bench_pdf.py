"""What reading costs and what it finds, side by side with other engines, on real reports.

`python -m evals.bench_pdf [FOLDER]` reads every PDF below FOLDER/reports, prints a table and
writes build/bench/pdf.json. Times are CPU time (worker and parent, process start included); they
depend on the machine and are compared within one run only, so nothing here is asserted. The slow
engines read every tenth page.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import re
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table as Grid

from evals.golden.lines import gold_lines
from evals.suites.retrieval import page_questions
from tools.library.bundle import Bundle
from tools.library.library import ReportLibrary
from tools.pdf.camelot_screen import is_worth_camelot
from tools.pdf.confine import peak_mb
from tools.pdf.limits import ReaderLimits
from tools.pdf.page import PageRecord, Table
from tools.pdf.reader import read_pdf

_OUT = Path("build/bench/pdf.json")
_EVERY = 10
_Json = dict[str, Any]


@dataclass(slots=True)
class Cost:
    """CPU milliseconds a page, largest memory, and how many pages that is over."""

    ms: float = 0.0
    pages: int = 0
    peak: float = 0.0

    def add(self, ms: float, pages: int, peak: float) -> None:
        self.ms += ms
        self.pages += pages
        self.peak = max(self.peak, peak)

    @property
    def per_page(self) -> float:
        return round(self.ms / max(1, self.pages), 2)


async def measure_ours(files: list[Path], library: ReportLibrary) -> tuple[Cost, Cost, _Json]:
    """Text alone, everything into the library, and the dearest document."""
    text, whole = Cost(), Cost()
    dearest: _Json = {"seconds": 0.0}
    for file in files:
        started = time.process_time()
        result = await read_pdf(file, limits=ReaderLimits(text_only=True, ocr=False))
        own = (time.process_time() - started) * 1000
        text.add(result.cpu_ms + own, result.pages, result.peak_mb)
        started = time.process_time()
        bundle = await library.read(await library.add(file))
        own = (time.process_time() - started) * 1000
        cost = bundle.info.cpu_ms + own
        whole.add(cost, bundle.page_count, bundle.info.peak_mb)
        if cost / 1000 > dearest["seconds"]:
            dearest = {"seconds": round(cost / 1000, 2), "pages": bundle.page_count}
        bundle.close()
    return text, whole, dearest


def measure_pypdf(files: list[Path]) -> tuple[float, int, float]:
    """Plain text of every tenth page; CPU ms, pages, peak MB."""
    import logging

    from pypdf import PdfReader

    logging.disable(logging.CRITICAL)
    started, pages = time.process_time(), 0
    for file in files:
        for page in PdfReader(file).pages[::_EVERY]:
            page.extract_text()
            pages += 1
    return (time.process_time() - started) * 1000, pages, peak_mb()


def measure_pdfplumber(files: list[Path]) -> tuple[float, int, float]:
    """Text of every tenth page; CPU ms, pages, peak MB."""
    import logging

    import pdfplumber

    logging.disable(logging.CRITICAL)
    started, pages = time.process_time(), 0
    for file in files:
        with pdfplumber.open(file) as document:
            for page in document.pages[::_EVERY]:
                page.extract_text()
                page.close()
                pages += 1
    return (time.process_time() - started) * 1000, pages, peak_mb()


def measure_pdfminer(files: list[Path]) -> tuple[float, int, float]:
    """Text of every tenth page; CPU ms, pages, peak MB."""
    import logging

    from pdfminer.high_level import extract_text
    from pypdf import PdfReader

    logging.disable(logging.CRITICAL)
    counts = [len(PdfReader(file).pages) for file in files]
    started, pages = time.process_time(), 0
    for file, count in zip(files, counts, strict=True):
        numbers = list(range(0, count, _EVERY))
        extract_text(file, page_numbers=numbers)
        pages += len(numbers)
    return (time.process_time() - started) * 1000, pages, peak_mb()


def measure_other(
    measure: Callable[[list[Path]], tuple[float, int, float]], files: list[Path]
) -> Cost:
    """Run another engine in a process of its own."""
    cost = Cost()
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        cost.add(*pool.apply(measure, (files,)))
    return cost


def table_facts(rows: Iterable[_Json], page: Callable[[str, int], PageRecord]) -> _Json:
    """How many figures of the gold rows the tables hold under the right column."""
    right = wrong = total = 0
    missed: list[str] = []
    for row in rows:
        tables = page(row["report"], row["pdf_page"]).tables
        for column, value in zip(row["columns"], row["values"], strict=True):
            total += 1
            found = {_plain(cell) for cell in _cells(tables, row["label_regex"], column)}
            if _plain(value) in found:
                right += 1
            else:
                wrong += bool(found)
                missed.append(f"{row['report']} p. {row['pdf_page']} {row['label_regex']} {column}")
    return {"right": right, "wrong": wrong, "total": total, "missed": missed}


def _cells(tables: tuple[Table, ...], label: str, column: str) -> Iterable[str]:
    year = re.search(r"(?:19|20)\d\d", column)
    for table in tables:
        for position, header in enumerate(table.columns):
            if year is None or year[0] not in header:
                continue
            for row in table.rows:
                # An indicator's name may stand in the group cell ("Waste" | "Total").
                name = row.label if table.method != "indicator" else f"{row.section} {row.label}"
                if row.cells[position] and re.search(label, name):
                    yield row.cells[position]


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\u2010-\u2015\u2212]", "-", text).replace(" ", "").strip("[]")


async def run(folder: Path, work: Path, *, meaning: bool, camelot: bool) -> _Json:
    """Everything the benchmark measures."""
    files = sorted((folder / "reports").rglob("*.pdf"))
    library = ReportLibrary(work, ReaderLimits(ocr=False))
    text, whole, dearest = await measure_ours(files, library)
    bundles = {
        str(file.relative_to(folder / "reports")): await library.open(await library.add(file))
        for file in files
    }
    results: _Json = {
        "ours": {
            "text_ms_per_page": text.per_page,
            "all_ms_per_page": whole.per_page,
            "peak_mb": round(whole.peak),
            "pages": whole.pages,
            "dearest": dearest,
        }
    }
    others = {
        "pypdf": measure_pypdf,
        "pdfplumber": measure_pdfplumber,
        "pdfminer": measure_pdfminer,
    }
    for name, measure in others.items():
        cost = await asyncio.to_thread(measure_other, measure, files)
        results[name] = {
            "text_ms_per_page": cost.per_page,
            "peak_mb": round(cost.peak),
            "pages": cost.pages,
        }
    rows = gold_lines(folder, "table_rows.jsonl")
    results["table_facts"] = table_facts(rows, lambda name, page: bundles[name].page(page))
    by_report = {
        name: table_facts(
            [row for row in rows if row["report"] == name],
            lambda report, page: bundles[report].page(page),
        )
        for name in sorted({row["report"] for row in rows})
    }
    results["table_facts"]["by_report"] = {
        name: {key: found[key] for key in ("right", "wrong", "total")}
        for name, found in by_report.items()
    }
    questions = gold_lines(folder, "page_questions.jsonl")
    results["questions"] = page_questions(questions, bundles.__getitem__)
    if camelot:
        pages = [page for bundle in bundles.values() for page in map(bundle.page, _numbers(bundle))]
        results["camelot"] = {
            "screened": sum(is_worth_camelot(page) for page in pages),
            **await _with_camelot(files, folder / "reports", work, rows),
        }
    if meaning:
        results["questions_local_search"] = await _by_meaning(folder, work, questions)
    return results


def _numbers(bundle: Bundle) -> range:
    return range(1, bundle.page_count + 1)


async def _with_camelot(files: list[Path], folder: Path, work: Path, rows: list[_Json]) -> _Json:
    """The same figures in tables with camelot, what it adds beside them, and what it costs."""
    library = ReportLibrary(work, ReaderLimits(ocr=False, camelot=True))
    started = os.times()
    bundles = {
        str(file.relative_to(folder)): await library.read(await library.add(file)) for file in files
    }
    ended = os.times()
    spent = ended.children_user + ended.children_system + ended.user + ended.system
    spent -= started.children_user + started.children_system + started.user + started.system
    added = [
        table
        for bundle in bundles.values()
        for number in _numbers(bundle)
        for table in bundle.page(number).tables
        if table.method == "camelot"
    ]
    facts = table_facts(rows, lambda name, page: bundles[name].page(page))
    return {
        **{key: facts[key] for key in ("right", "wrong", "total")},
        "tables": len(added),
        "cells": sum(bool(cell) for table in added for row in table.rows for cell in row.cells),
        "all_ms_per_page": round(1000 * spent / sum(b.page_count for b in bundles.values()), 2),
    }


async def _by_meaning(folder: Path, work: Path, questions: list[_Json]) -> _Json:
    """The same questions with vectors, and what making them costs."""
    library = ReportLibrary(work, ReaderLimits(ocr=False), local_search=True)
    started = os.times()
    bundles = {
        name: await library.read(await library.add(folder / "reports" / name))
        for name in {str(question["report"]) for question in questions}
    }
    ended = os.times()
    spent = ended.children_user + ended.user - started.children_user - started.user
    pages = sum(bundle.page_count for bundle in bundles.values())
    return {
        **page_questions(questions, bundles.__getitem__),
        "index_ms_per_page": round(1000 * spent / pages),
    }


def show(results: _Json, console: Console) -> None:
    """Print the results as tables."""
    grid = Grid("engine", "text ms/page", "all ms/page", "peak MB", "pages", title="CPU time")
    for name in ("ours", "pypdf", "pdfplumber", "pdfminer"):
        row = results[name]
        grid.add_row(
            name,
            str(row["text_ms_per_page"]),
            str(row.get("all_ms_per_page", "")),
            str(row["peak_mb"]),
            str(row["pages"]),
        )
    console.print(grid)
    dearest = results["ours"]["dearest"]
    console.print(f"dearest document: {dearest['pages']} pages in {dearest['seconds']} s CPU")
    facts, questions = results["table_facts"], results["questions"]
    console.print(
        f"table facts: {facts['right']} right, {facts['wrong']} wrong of {facts['total']}"
    )
    for missed in facts["missed"]:
        console.print(f"  not right: {missed}", markup=False)
    for report, found in facts["by_report"].items():
        console.print(f"  {report}: {found['right']} right, {found['wrong']} wrong", markup=False)
    if seen := results.get("camelot"):
        console.print(
            f"with camelot: {seen['right']} right, {seen['wrong']} wrong of {seen['total']}; "
            f"{seen['screened']} pages screened, {seen['tables']} tables and {seen['cells']} cells "
            f"more; {seen['all_ms_per_page']} ms/page"
        )
    for name, scores in (
        ("by words", questions),
        ("with local-search", results.get("questions_local_search")),
    ):
        if scores is not None:
            console.print(
                f"page questions {name}: any@5 {scores['any@5']}, recall@5 {scores['recall@5']}, "
                f"MRR {scores['mrr']} over {scores['n']}"
            )


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    parser.add_argument("folder", nargs="?", type=Path, default=default)
    parser.add_argument(
        "--meaning", action="store_true", help="with the local-search extra, too (takes minutes)"
    )
    parser.add_argument(
        "--camelot", action="store_true", help="with the tables extra, too (takes minutes)"
    )
    arguments = parser.parse_args()
    folder: Path = arguments.folder
    console = Console()
    if not (folder / "reports").is_dir():
        console.print(f"There are no real reports in {folder}; give their folder.")
        return
    with tempfile.TemporaryDirectory() as work:
        results = asyncio.run(
            run(folder, Path(work), meaning=arguments.meaning, camelot=arguments.camelot)
        )
    show(results, console)
    _OUT.parent.mkdir(parents=True, exist_ok=True)
    _OUT.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
