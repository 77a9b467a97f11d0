"""Reading a document: whole, in part, refused, stopped; and what is left behind (nothing)."""

import asyncio
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from agent.errors import DocumentError, InputError
from tests.fixtures import hostile
from tests.tools.pdf.conftest import MakePdf, Paint, child_processes
from tools.pdf.limits import ReaderLimits, usable_cores
from tools.pdf.page import PageRecord
from tools.pdf.reader import read_pdf


def _saying(text: str) -> Paint:
    def paint(canvas: Canvas) -> None:
        canvas.drawString(50, 700, text)

    return paint


def _write(folder: Path, data: bytes, name: str = "report.pdf") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


async def test_pages_arrive_in_order_with_text_rows_and_metadata(make_pdf: MakePdf) -> None:
    def titled(canvas: Canvas) -> None:
        canvas.setTitle("Sustainability report 2023")
        canvas.setAuthor("Someone")
        canvas.drawString(50, 700, "Scope 1 111 108")

    pages: list[PageRecord] = []
    path = make_pdf(titled, *(_saying(f"page {n}") for n in range(2, 20)))
    result = await read_pdf(path, on_page=pages.append)
    assert [page.number for page in pages] == list(range(1, 20))
    assert pages[0].text.strip() == "Scope 1 111 108"
    assert [word.text for word in pages[0].rows[0].words] == ["Scope", "1", "111", "108"]
    assert result.pages == 19
    assert result.metadata["Title"] == "Sustainability report 2023"
    assert result.metadata["Author"] == "Someone"
    assert 0 < result.peak_mb < 300
    assert result.warnings == ()


async def test_a_page_that_kills_its_reader_costs_only_itself(tmp_path: Path) -> None:
    pages: list[PageRecord] = []
    path = _write(tmp_path, hostile.with_bomb(pages=30, bomb=20))
    result = await read_pdf(path, on_page=pages.append)
    assert [page.number for page in pages] == list(range(1, 31))
    assert [page.number for page in pages if page.lost] == [20]
    assert [(page.number, bool(page.reason)) for page in result.lost] == [(20, True)]
    assert all(f"Page {n}: Scope 1" in pages[n - 1].text for n in range(1, 31) if n != 20)
    assert all(page.rows for page in pages if page.number != 20)


async def test_a_page_pdfium_dies_on_is_read_by_pypdf(tmp_path: Path) -> None:
    pages: list[PageRecord] = []
    path = _write(tmp_path, hostile.form_in_itself())
    result = await read_pdf(path, on_page=pages.append)
    assert pages[0].reader == "pypdf"
    assert "x" in pages[0].text
    assert "Page 1" in result.warnings[0]


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("12_web_page.pdf", "web_page", "not a PDF, it is a web page"),
        ("13_empty.pdf", "empty", "0 bytes"),
        ("10_cut_in_half.pdf", "truncated", "cut off"),
        ("15_user_password.pdf", "password", "ISRA_PDF_PASSWORD"),
    ],
)
async def test_a_refusal_says_what_is_wrong(
    tmp_path: Path, name: str, code: str, said: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        await read_pdf(_write(tmp_path, hostile.FILES[name]()))
    assert caught.value.code == code
    assert said in str(caught.value)
    assert "report.pdf" in str(caught.value)


async def test_something_else_under_a_pdf_name_is_told(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        await read_pdf(_write(tmp_path, b"PK\x03\x04 a spreadsheet"))
    assert caught.value.code == "not_pdf"


async def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no file gone\.pdf"):
        await read_pdf(tmp_path / "gone.pdf")


async def test_limits_name_their_setting(make_pdf: MakePdf) -> None:
    path = make_pdf(*(_saying(f"page {n}") for n in range(12)))
    with pytest.raises(DocumentError, match="ISRA_MAX_PDF_PAGES") as many:
        await read_pdf(path, limits=ReaderLimits(max_pages=10))
    with pytest.raises(DocumentError, match="ISRA_MAX_PDF_MB") as large:
        await read_pdf(path, limits=ReaderLimits(max_mb=0))
    assert (many.value.code, large.value.code) == ("too_many_pages", "too_large")


async def test_the_right_password_opens_and_a_wrong_one_is_told(tmp_path: Path) -> None:
    path = _write(tmp_path, hostile.user_password())
    assert (await read_pdf(path, password="secret")).pages == 3
    with pytest.raises(DocumentError, match="does not open") as caught:
        await read_pdf(path, password="wrong")
    assert caught.value.code == "password"


async def test_a_document_without_text_is_told(make_pdf: MakePdf) -> None:
    with pytest.raises(DocumentError) as caught:
        await read_pdf(make_pdf(lambda canvas: canvas.rect(50, 50, 100, 100)))
    assert caught.value.code == "no_text"


async def test_a_document_that_takes_too_long_is_told(make_pdf: MakePdf) -> None:
    with pytest.raises(DocumentError, match="time limit") as caught:
        await read_pdf(make_pdf(_saying("one")), limits=ReaderLimits(seconds=0.0))
    assert caught.value.code == "deadline"


async def test_a_page_that_takes_too_much_work_is_stopped(tmp_path: Path) -> None:
    path = _write(tmp_path, hostile.operator_bomb())
    limits = ReaderLimits(page_cpu_seconds=0.5, memory_mb=4096)
    with pytest.raises(DocumentError, match=r"more work than a page may|processor time"):
        await read_pdf(path, limits=limits)


async def test_cancelling_kills_the_worker(tmp_path: Path) -> None:
    path = _write(tmp_path, hostile.operator_bomb())
    before = child_processes()
    task = asyncio.create_task(read_pdf(path, limits=ReaderLimits(memory_mb=4096)))
    started: set[int] = set()
    for _ in range(1000):
        started = started or child_processes() - before
        await asyncio.sleep(0.02 if not started else 0)
    assert started
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not child_processes() & started


async def test_stopping_after_one_page_kills_the_worker(make_pdf: MakePdf) -> None:
    class EnoughError(Exception):
        pass

    def enough(_: PageRecord) -> None:
        raise EnoughError

    before = child_processes()
    with pytest.raises(EnoughError):
        await read_pdf(make_pdf(*(_saying(f"page {n}") for n in range(50))), on_page=enough)
    assert child_processes() <= before


async def test_no_more_workers_run_than_cores_and_none_knows_a_secret(
    make_pdf: MakePdf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISRA_SOME_API_KEY", "sk-secret")
    path = make_pdf(*(_saying(f"page {n}") for n in range(60)))
    before, most, environments = child_processes(), 0, []
    reading = asyncio.gather(*(read_pdf(path) for _ in range(2 * usable_cores() + 2)))
    while not reading.done():
        workers = child_processes() - before
        most = max(most, len(workers))
        for pid in workers:
            try:
                environments.append(Path(f"/proc/{pid}/environ").read_bytes())
            except OSError:
                continue
        await asyncio.sleep(0.01)
    assert {result.pages for result in await reading} == {60}
    assert 0 < most <= usable_cores()
    assert environments
    assert not any(b"sk-secret" in environment for environment in environments)


async def test_no_file_is_left_behind(
    make_pdf: MakePdf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_pdf(_saying("one"), _saying("two"))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.chdir(scratch)
    await read_pdf(path)
    assert list(scratch.iterdir()) == []
    assert {item.name for item in tmp_path.iterdir()} == {"made.pdf", "scratch"}


async def test_text_alone_can_be_asked_for(make_pdf: MakePdf) -> None:
    pages: list[PageRecord] = []
    path = make_pdf(_saying("Water withdrawal 1,234 m3"))
    await read_pdf(path, limits=ReaderLimits(text_only=True), on_page=pages.append)
    assert pages[0].text.strip() == "Water withdrawal 1,234 m3"
    assert pages[0].rows == ()
