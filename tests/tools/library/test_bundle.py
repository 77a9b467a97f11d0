"""A bundle gives back what was read, and says so where it cannot."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from agent.errors import NotFoundError, StorageError
from tools.library.bundle import Bundle
from tools.library.library import ReportLibrary


async def test_pages_and_texts_come_in_order(library: ReportLibrary, report: Path) -> None:
    bundle = await library.read(await library.add(report))
    pages = list(bundle.pages())
    assert [page.number for page in pages] == list(range(1, 9))
    assert [text for _, text in bundle.texts()] == [page.text for page in pages]
    assert bundle.page(4) == pages[3]
    assert pages[3].label == "4"
    assert bundle.info.characters == sum(len(page.text) for page in pages)
    assert bundle.info.warnings == ()


async def test_a_page_that_is_not_there_is_told(library: ReportLibrary, report: Path) -> None:
    bundle = await library.read(await library.add(report))
    with pytest.raises(NotFoundError, match="no page 9"):
        bundle.page(9)


async def test_threads_may_share_a_bundle(library: ReportLibrary, report: Path) -> None:
    bundle = await library.read(await library.add(report))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda n: bundle.page(n % 8 + 1).number, range(200)))
        hits = list(pool.map(lambda _: bundle.find("water withdrawal", 1)[0].page, range(20)))
    assert found == [n % 8 + 1 for n in range(200)]
    assert set(hits) == {4}


def test_no_bundle_and_no_database_are_told(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        Bundle.open(tmp_path / "gone.sqlite")
    other = tmp_path / "other.sqlite"
    other.write_bytes(b"SQLite format 3\0 but not really")
    with pytest.raises(StorageError):
        Bundle.open(other)
