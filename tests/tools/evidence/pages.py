"""Pages for tests: from lines of text, or read from a real PDF with the project's word maker."""

import re
from functools import lru_cache
from pathlib import Path

import pypdfium2

from tools.pdf.page import PageRecord, Row, Word
from tools.pdf.words import page_words, visual_rows


def page(number: int, *lines: str) -> PageRecord:
    """A page whose text and visual rows are the same lines."""
    rows = tuple(
        Row(
            tuple(
                Word(word, 60.0 * i, 14.0 * n, 60.0 * i + 50, 14.0 * n + 10, 10)
                for i, word in enumerate(line.split())
            )
        )
        for n, line in enumerate(lines)
        if line.split()
    )
    return PageRecord(number, 595, 842, "\r\n".join(lines), rows)


def document(*pages: list[str]) -> list[PageRecord]:
    return [page(number, *lines) for number, lines in enumerate(pages, start=1)]


@lru_cache(maxsize=2)
def real_document(path: Path) -> tuple[tuple[PageRecord, ...], dict[str, str]]:
    """Pages and metadata of a real PDF."""
    pdf = pypdfium2.PdfDocument(path)
    records = []
    for index in range(len(pdf)):
        sheet = pdf[index]
        textpage = sheet.get_textpage()
        text = re.sub("[\ufffe\x02]\\s*", "", textpage.get_text_bounded())
        textpage.close()
        rows = visual_rows(page_words(sheet))
        records.append(PageRecord(index + 1, sheet.get_width(), sheet.get_height(), text, rows))
        sheet.close()
    metadata = {k: v for k, v in pdf.get_metadata_dict().items() if v}
    pdf.close()
    return tuple(records), metadata
