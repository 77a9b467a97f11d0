"""The whole key-free way over the sample library: read, find, write, and check every sentence."""

import asyncio
import hashlib
from pathlib import Path

import pytest

from agent.analyst.extractive import ExtractiveAnalyst
from agent.domain import Claim, Company, CompanyAnalysis, Industry, Material, Report
from tests.conftest import REPOSITORY
from tools.evidence.compare import compare
from tools.evidence.kpis.extract import extract_kpis
from tools.evidence.passages import topic_passages
from tools.evidence.verify import check
from tools.pdf.page import PageRecord
from tools.pdf.reader import read_pdf

SAMPLES = REPOSITORY / "tools" / "library" / "samples" / "sample-beverages"
Pages = dict[str, list[PageRecord]]


def read(path: Path) -> list[PageRecord]:
    pages: list[PageRecord] = []
    asyncio.run(read_pdf(path, on_page=pages.append))
    return pages


def analysed(path: Path, pages: list[PageRecord], sha256: str) -> CompanyAnalysis:
    name = " ".join(path.stem.split("-")[:2]).title()
    records = extract_kpis(pages, report=sha256)
    report = Report(sha256=sha256, company=name, file=path.name, pages=len(pages))
    passages = topic_passages(pages, report=sha256, names=(name,))
    material = Material(report=report, kpis=records, passages=passages)
    summary = asyncio.run(ExtractiveAnalyst().summarize(material))
    return CompanyAnalysis(
        company_id=path.stem,
        name=name,
        status="done",
        report=report,
        summary=summary,
        kpis=records,
    )


@pytest.fixture(scope="module")
def library() -> tuple[list[CompanyAnalysis], Pages]:
    rows: list[CompanyAnalysis] = []
    read_pages: Pages = {}
    for path in sorted(SAMPLES.glob("*.pdf")):
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        read_pages[sha256] = read(path)
        rows.append(analysed(path, read_pages[sha256], sha256))
    assert len(rows) >= 3
    return rows, read_pages


def verified(claim: Claim, rows: list[CompanyAnalysis], pages: Pages) -> bool:
    companies = {
        row.report.sha256: Company(id=row.company_id, name=row.name) for row in rows if row.report
    }
    records = {record.id: record for row in rows for record in row.kpis}
    found = check(
        claim,
        lambda report, number: pages[report][number - 1],
        records=records,
        companies=companies,
    )
    return found.status == "verified"


def test_every_sentence_taken_from_a_report_is_borne_out_by_its_page(
    library: tuple[list[CompanyAnalysis], Pages],
) -> None:
    rows, pages = library
    quoted = [c for row in rows for c in row.summary.claims if not c.kpis]
    assert len(quoted) > 20
    assert [claim.text for claim in quoted if not verified(claim, rows, pages)] == []


def test_sentences_made_from_verified_figures_are_borne_out(
    library: tuple[list[CompanyAnalysis], Pages],
) -> None:
    rows, pages = library
    status = {record.id: record.status for row in rows for record in row.kpis}
    made = [
        claim
        for row in rows
        for claim in row.summary.claims
        if claim.kpis and all(status[kpi] == "verified" for kpi in claim.kpis)
    ]
    assert len(made) > 20
    failed = [claim.text for claim in made if not verified(claim, rows, pages)]
    assert len(failed) <= 0.05 * len(made), failed


def test_the_synthesis_of_the_samples_is_borne_out(
    library: tuple[list[CompanyAnalysis], Pages],
) -> None:
    rows, pages = library
    industry = Industry(id="beverages", name="Beverages", fictional=True)
    written = asyncio.run(ExtractiveAnalyst().synthesize(industry, tuple(rows), compare(rows)))
    assert len(written.claims) >= 8
    failed = [claim.text for claim in written.claims if not verified(claim, rows, pages)]
    assert len(failed) <= 0.05 * len(written.claims), failed


def test_hidden_text_of_a_report_is_nowhere_in_what_is_written(
    library: tuple[list[CompanyAnalysis], Pages],
) -> None:
    rows, pages = library
    hidden = [text for own in pages.values() for page in own for text in page.hidden if text]
    assert hidden, "one sample hides a sentence"
    written = " ".join(claim.text for row in rows for claim in row.summary.claims)
    for text in hidden:
        assert " ".join(text.split()) not in written
