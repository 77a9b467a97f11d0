"""Puts one page record together: what is seen, in text, rows and tables."""

from typing import Any

import pypdfium2

from tools.pdf.glyphs import Glyphs
from tools.pdf.hidden import hidden_words, phrases
from tools.pdf.labels import LabelFinder
from tools.pdf.page import PageRecord
from tools.pdf.rows import visual_rows
from tools.pdf.scans import is_unreadable, largest_image_share
from tools.pdf.sides import side_texts
from tools.pdf.stand_ins import remove_stand_ins, unlike
from tools.pdf.tables import find_tables
from tools.pdf.text import TextCleaner, edit
from tools.pdf.words import Piece, page_words


class PageReader:
    """Reads the pages of one open pdfium document; lives in the worker process."""

    def __init__(self, document: Any, job: dict[str, Any], emit: Any) -> None:
        self._document = document
        self._job = job
        self._emit = emit
        self._cleaner = TextCleaner()
        self._labels = LabelFinder()

    def read(self, number: int) -> PageRecord:
        """The record of page `number` (1-based)."""
        try:
            page = self._document[number - 1]
            told = remove_stand_ins(page)
            textpage = page.get_textpage()
        except pypdfium2.PdfiumError:
            return PageRecord(number, 0.0, 0.0, "", lost="the page is damaged")
        try:
            glyphs = Glyphs(page, textpage)
            if self._job["text_only"]:
                text = self._cut(self._cleaner.clean(glyphs.text))
                return PageRecord(number, glyphs.width, glyphs.height, text)
            return self._record(number, page, glyphs, told)
        finally:
            textpage.close()
            page.close()

    def _record(self, number: int, page: Any, glyphs: Glyphs, told: tuple[str, ...]) -> PageRecord:
        sideways: list[Piece] = []
        words = page_words(glyphs, sideways=sideways)
        hidden: list[Piece] = []
        if (words or sideways) and not (self._job["bare"] and number == self._job["first"]):
            self._emit({"kind": "rendering"})
            count = len(words)
            unseen = hidden_words(page, glyphs, [*words, *sideways])
            words, hidden = _apart(words, [n for n in unseen if n < count])
            sideways, more = _apart(sideways, [n - count for n in unseen if n >= count])
            hidden = sorted([*hidden, *more], key=lambda word: word.start)
        rows = visual_rows(words)
        text = self._cut(self._cleaner.clean(edit(glyphs.text, hidden, words)))
        share = largest_image_share(page, glyphs, len(text))
        return PageRecord(
            number=number,
            width=glyphs.width,
            height=glyphs.height,
            text=text,
            rows=rows,
            tables=find_tables(number, rows, text, side_texts(sideways)),
            label=self._labels.find(number, rows, glyphs.height),
            hidden=(*phrases(hidden), *unlike(told, glyphs.text)),
            image_share=share,
            unreadable=is_unreadable(page, glyphs, text, share),
        )

    def _cut(self, text: str) -> str:
        longest: int = self._job["page_characters"]
        return text[:longest]


def _apart(words: list[Piece], hidden: list[int]) -> tuple[list[Piece], list[Piece]]:
    """Seen and hidden words; a mark whose word is hidden stands for itself."""
    if not hidden:
        return words, []
    gone = set(hidden)
    place: dict[int, int] = {}
    for index in range(len(words)):
        if index not in gone:
            place[index] = len(place)
    for word in words:
        word.host = place.get(word.host, -1)
    return [words[i] for i in place], [words[i] for i in hidden]
