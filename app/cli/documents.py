"""Commands over one PDF: read, kpis, find, check-document."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from agent.domain import Company
from agent.settings import get_settings
from app.cli.output import existing_file, print_json, print_table, stderr
from app.cli.shapes import kpi_shape, report_shape
from graph.wiring import make_library
from tools.evidence.analyse import check_document, describe_report, gather
from tools.library.bundle import Bundle
from tools.pdf.page import PageRecord

File = Annotated[Path, typer.Argument(help="A PDF file.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("read")(read)
    app.command("kpis")(kpis)
    app.command("find")(find)
    app.command("check-document")(check)


def read(
    file: File,
    as_json: Json = False,
    text: Annotated[bool, typer.Option("--text", help="Include the text of every page.")] = False,
) -> None:
    """Read a PDF: pages, characters, time, memory, warnings."""
    bundle = _open(file)
    info = bundle.info
    shape: dict[str, Any] = {
        "file": file.name,
        "sha256": bundle.sha256,
        "pages": bundle.page_count,
        "characters": info.characters,
        "seconds": info.seconds,
        "peak_mb": info.peak_mb,
        "warnings": list(info.warnings),
    }
    if text:
        shape["page_texts"] = [{"page": p.number, "text": p.text} for p in bundle.pages()]
    if as_json:
        print_json(shape)
    else:
        print_table(
            file.name, ("what", "value"), [(k, v) for k, v in shape.items() if k != "page_texts"]
        )
        for page in shape.get("page_texts", []):
            print_table(f"page {page['page']}", ("text",), [(page["text"],)])


def kpis(
    file: File,
    company: Annotated[str, typer.Option(help="Company the report is of.")] = "",
    year: Annotated[int | None, typer.Option(help="Fiscal year of the report.")] = None,
    as_json: Json = False,
) -> None:
    """Figures of a report, each with page and verbatim quote."""
    bundle = _open(file)
    name = company or describe_report(bundle.path, file.name).company or file.stem
    material = gather(bundle.path, Company(id="asked", name=name), year, file.name)
    if as_json:
        print_json(
            {
                "report": report_shape(material.report),
                "kpis": [kpi_shape(record) for record in material.kpis],
            }
        )
        return
    print_table(
        f"{material.report.company}, {material.report.fiscal_year or 'year unknown'}",
        ("figure", "year", "value", "unit", "basis", "boundary", "page", "status"),
        [
            (
                record.kpi,
                record.year,
                record.printed,
                record.unit,
                record.basis or "",
                record.boundary,
                record.evidence.page,
                record.status,
            )
            for record in material.kpis
        ],
    )


def find(
    file: File,
    question: Annotated[str, typer.Argument(help="What to look for.")],
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="Pages at most.")] = 10,
    as_json: Json = False,
) -> None:
    """Pages of a report that answer a question, best first."""
    hits = _open(file).find(question, k)
    if as_json:
        print_json(
            {"hits": [{"page": h.page, "score": h.score, "snippet": h.snippet} for h in hits]}
        )
        return
    print_table(
        question,
        ("page", "score", "snippet"),
        [(hit.page, f"{hit.score:.2f}", hit.snippet) for hit in hits],
    )


def check(
    file: File,
    company: Annotated[str, typer.Option(help="Company the report should be of.")],
    year: Annotated[int | None, typer.Option(help="Fiscal year it should report on.")] = None,
    as_json: Json = False,
) -> None:
    """Whether a PDF is the report of this company (and year)."""
    bundle = _open(file)
    verdict = check_document(bundle.path, Company(id="asked", name=company), year, file.name)
    if as_json:
        print_json(verdict.model_dump(mode="json"))
        return
    print_table(
        f"{file.name}: {verdict.verdict}",
        ("reason",),
        [(reason,) for reason in verdict.reasons],
    )


def _open(file: Path) -> Bundle:
    """Read a file into the library (once) with progress on a terminal."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=stderr,
        transient=True,
        disable=not stderr.is_terminal,
    ) as progress:
        task = progress.add_task(f"Reading {file.name}", total=None)

        def on_page(page: PageRecord) -> None:
            progress.update(task, completed=page.number)

        return asyncio.run(_read(existing_file(file), on_page))


async def _read(file: Path, on_page: Callable[[PageRecord], None]) -> Bundle:
    settings = get_settings()
    library = make_library(settings)
    password = settings.pdf_password.get_secret_value() or None
    return await library.read(await library.add(file), on_page=on_page, password=password)
