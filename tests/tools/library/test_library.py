"""The library stores a PDF by its content and reads it once, whoever asks and how often."""

import asyncio
import hashlib
import sys
from pathlib import Path

import pytest

from agent.errors import DocumentError, InputError, NotFoundError
from tests.conftest import REPOSITORY
from tests.fixtures import hostile
from tools.library.bundle import Bundle
from tools.library.library import ReportLibrary
from tools.pdf.limits import ReaderLimits
from tools.pdf.page import PageRecord

READ_IN_ANOTHER_PROCESS = """
import asyncio, sys
from pathlib import Path
from tools.library.library import ReportLibrary
from tools.pdf.limits import ReaderLimits

async def main():
    library = ReportLibrary(Path(sys.argv[1]), ReaderLimits(ocr=False))
    pages = []
    bundle = await library.read(sys.argv[2], on_page=pages.append)
    print(len(pages), bundle.page_count)

asyncio.run(main())
"""


async def test_a_report_is_stored_by_its_content(library: ReportLibrary, report: Path) -> None:
    sha256 = await library.add(report)
    assert sha256 == hashlib.sha256(report.read_bytes()).hexdigest()
    copy = report.with_name("The same under another name.pdf")
    copy.write_bytes(report.read_bytes())
    assert await library.add(copy) == sha256
    assert (await library.pdf_path(sha256)).read_bytes() == report.read_bytes()
    assert (await library.read(sha256)).info.file == report.name


async def test_a_second_reading_opens_the_first(library: ReportLibrary, report: Path) -> None:
    sha256 = await library.add(report)
    pages: list[PageRecord] = []
    first = await library.read(sha256, on_page=pages.append)
    again = await library.read(sha256, on_page=pages.append)
    assert [page.number for page in pages] == list(range(1, 9))
    assert first.path == again.path
    assert (await library.open(sha256)).page(3) == pages[2]


async def test_two_at_the_same_moment_read_once(library: ReportLibrary, report: Path) -> None:
    sha256 = await library.add(report)
    pages: list[PageRecord] = []
    bundles = await asyncio.gather(*(library.read(sha256, on_page=pages.append) for _ in range(4)))
    assert len(pages) == 8
    assert {bundle.page_count for bundle in bundles} == {8}


async def test_two_processes_at_the_same_moment_read_once(
    library: ReportLibrary, report: Path, tmp_path: Path
) -> None:
    sha256 = await library.add(report)
    command = [sys.executable, "-c", READ_IN_ANOTHER_PROCESS, str(tmp_path / "library"), sha256]
    readers = await asyncio.gather(
        *(
            asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, cwd=REPOSITORY)
            for _ in range(3)
        )
    )
    outputs = [(await reader.communicate())[0].decode().split() for reader in readers]
    assert sorted(outputs) == [["0", "8"], ["0", "8"], ["8", "8"]]


async def test_a_reading_that_is_stopped_leaves_no_bundle_and_no_file(
    library: ReportLibrary, report: Path, tmp_path: Path
) -> None:
    class StopError(Exception):
        pass

    def stop(page: PageRecord) -> None:
        if page.number == 5:
            raise StopError

    sha256 = await library.add(report)
    with pytest.raises(StopError):
        await library.read(sha256, on_page=stop)
    with pytest.raises(NotFoundError):
        await library.open(sha256)
    left = {path.suffix for path in (tmp_path / "library").rglob("*") if path.is_file()}
    assert left <= {".pdf", ".json", ".lock"}
    assert (await library.read(sha256)).page_count == 8


async def test_what_a_killed_process_left_is_not_taken_for_a_bundle(
    library: ReportLibrary, report: Path, tmp_path: Path
) -> None:
    sha256 = await library.add(report)
    part = tmp_path / "library" / "work"
    part.mkdir(parents=True)
    bundle = await library.read(sha256)
    name = bundle.path.stem
    bundle.path.unlink()
    (part / f"{name}.part").write_bytes(b"half a database")
    assert (await library.read(sha256)).page_count == 8
    assert list(part.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "code"),
    [("12_web_page.pdf", "web_page"), ("13_empty.pdf", "empty")],
)
async def test_what_is_no_pdf_is_not_stored(
    library: ReportLibrary, tmp_path: Path, name: str, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(hostile.FILES[name]())
    with pytest.raises(DocumentError) as caught:
        await library.add(path)
    assert caught.value.code == code
    assert not (tmp_path / "library").exists()


async def test_a_large_file_is_refused_with_the_setting(tmp_path: Path, report: Path) -> None:
    with pytest.raises(DocumentError, match="ISRA_MAX_PDF_MB"):
        await ReportLibrary(tmp_path / "library", ReaderLimits(max_mb=0)).add(report)


async def test_what_is_not_there_is_told(library: ReportLibrary, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        await library.add(tmp_path / "gone.pdf")
    with pytest.raises(NotFoundError):
        await library.read("0" * 64)
    with pytest.raises(NotFoundError):
        await library.picture("0" * 64, 1)


async def test_a_name_that_is_no_digest_reaches_no_file(library: ReportLibrary) -> None:
    with pytest.raises(DocumentError):
        await library.read("../../etc/passwd")


async def test_a_picture_is_drawn_once(
    library: ReportLibrary, report: Path, tmp_path: Path
) -> None:
    sha256 = await library.add(report)
    drawn = await library.picture(sha256, 3, "Scope 1 1,110")
    assert drawn.found
    (await library.pdf_path(sha256)).write_bytes(b"no longer a PDF")
    assert await library.picture(sha256, 3, "Scope 1 1,110") == drawn
    with pytest.raises(DocumentError):
        await library.picture(sha256, 3, "Scope 1 1,111")


async def test_a_bundle_opens_by_its_path_alone(library: ReportLibrary, report: Path) -> None:
    bundle = await library.read(await library.add(report))
    with Bundle.open(bundle.path) as opened:
        assert opened.sha256 == bundle.sha256
        assert opened.info == bundle.info
        assert list(opened.pages()) == list(bundle.pages())
