"""Puts one page record together: text, rows, tables."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pypdfium2

from tools.pdf.page import PageRecord, Row, Table
from tools.pdf.text import clean_text
from tools.pdf.words import page_words, visual_rows


class PageReader:
    """Reads the pages of one open pdfium document; lives in the worker process."""

    def __init__(self, document: Any, job: dict[str, Any], emit: Any) -> None:
        self._document = document
        self._job = job
        self._emit = emit

    def read(self, number: int) -> PageRecord:
        """The record of page `number` (1-based)."""
        try:
            page = self._document[number - 1]
        except pypdfium2.PdfiumError:
            return PageRecord(number, 0.0, 0.0, "", lost="the page is damaged")
        try:
            return self._record(number, page)
        finally:
            page.close()

    def _record(self, number: int, page: Any) -> PageRecord:
        width, height = page.get_size()
        textpage = page.get_textpage()
        try:
            text = clean_text(textpage.get_text_bounded())[: self._job["page_characters"]]
        finally:
            textpage.close()
        rows = visual_rows(page_words(page))
        return PageRecord(
            number=number,
            width=width,
            height=height,
            text=text,
            rows=rows,
            tables=_tables(number, rows, text),
        )


def _tables(number: int, rows: tuple[Row, ...], text: str) -> tuple[Table, ...]:
    """The one place where tables are found."""
    if find_spec("tools.pdf.tables") is None:
        return ()
    found: tuple[Table, ...] = import_module("tools.pdf.tables").find_tables(number, rows, text)
    return found
