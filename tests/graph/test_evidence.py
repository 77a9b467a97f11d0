from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.domain import Company
from agent.memory.blobs import FolderBlobs
from graph.evidence import EvidenceStore
from tools.evidence.analyse import gather
from tools.library.bundle import Bundle
from tools.library.library import ReportLibrary
from tools.library.samples import sample_files
from tools.workers import CpuWorkers


@pytest.fixture
async def bundle(tmp_path: Path) -> Bundle:
    library = ReportLibrary(tmp_path / "library")
    smallest = min(sample_files(), key=lambda path: path.stat().st_size)
    return await library.read(await library.add(smallest))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[EvidenceStore]:
    workers = CpuWorkers(1)
    yield EvidenceStore(FolderBlobs(tmp_path / "data"), workers)
    workers.close()


async def test_the_same_report_is_searched_once(store: EvidenceStore, bundle: Bundle) -> None:
    company = Company(id="a", name="Cementos Altarrama")
    first = await store.material(bundle, company, 2024, "a.pdf", "https://a.example/a.pdf")
    assert first == gather(bundle.path, company, 2024, "a.pdf", "https://a.example/a.pdf")
    assert first.kpis
    assert first.passages
    # Nothing can be found anew without the bundle.
    bundle.path.unlink()
    again = await store.material(bundle, company, 2024, "a.pdf", "upload")
    assert again.report.source == "upload"
    assert again == first.model_copy(update={"report": again.report})


async def test_another_question_to_the_report_is_searched_anew(
    store: EvidenceStore, bundle: Bundle
) -> None:
    company = Company(id="a", name="Cementos Altarrama")
    first = await store.material(bundle, company, None, "a.pdf", "")
    other = await store.material(bundle, Company(id="b", name="Brenner AG"), None, "a.pdf", "")
    assert first.report.identity != other.report.identity
    old = await store.material(bundle, company, 1999, "a.pdf", "")
    assert old.report.identity != first.report.identity
