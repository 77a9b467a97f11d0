"""OCR of page drawings with rapidocr (PP-OCR models on ONNX), inside a worker process only."""

import json
import sys
from typing import Any

from rapidocr import RapidOCR

from tools.pdf.codec import pack
from tools.pdf.confine import budget, peak_mb
from tools.pdf.digest import Digester
from tools.pdf.page import PageRecord
from tools.pdf.pdfium_pages import open_document
from tools.pdf.rows import visual_rows
from tools.pdf.words import Piece
from tools.pdf.worker import Emit, Job

_DPI = 170
_MAX_PIXELS = 5_000_000
_SURE = 0.75
"""Lines the engine is less sure of are left out: no text is better than a wrong figure."""
_THREADS = 1


def read_pages(job: Job, emit: Emit) -> None:
    """Answer each line with a page number from standard input by the page as OCR reads it."""
    document = open_document(job, emit)
    if document is None:
        return
    engine = RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": _THREADS,
        }
    )
    digester = Digester()
    for line in sys.stdin.buffer:
        budget(job["page_cpu_seconds"])
        number = json.loads(line)["page"]
        record = _read(engine, document[number - 1], number, job["page_characters"])
        page = pack(record, digester.digest(record))
        emit({"kind": "page", "page": page.head, "peak_mb": peak_mb()}, page.body)


def _read(engine: Any, page: Any, number: int, longest: int) -> PageRecord:
    width, height = page.get_size()
    scale = min(_DPI / 72, (_MAX_PIXELS / max(1.0, width * height)) ** 0.5)
    found = engine(page.render(scale=scale, may_draw_forms=False).to_numpy())
    words: list[Piece] = []
    if found.boxes is not None:
        for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
            if score >= _SURE:
                words += _words(box / scale, str(text), len(words))
    rows = visual_rows(words)
    text = "\n".join(row.text for row in rows)[:longest]
    return PageRecord(number, width, height, text, rows, reader="ocr", unreadable=not text.strip())


def _words(box: Any, text: str, first: int) -> list[Piece]:
    """Words of a line the engine found, spread over its box by their length."""
    x0, x1 = float(box[:, 0].min()), float(box[:, 0].max())
    top, bottom = float(box[:, 1].min()), float(box[:, 1].max())
    step = (x1 - x0) / max(1, len(text))
    words, place = [], 0
    for word in text.split():
        start = text.index(word, place)
        place = start + len(word)
        words.append(
            Piece(
                word, x0 + start * step, top, x0 + place * step, bottom, bottom - top, first, first
            )
        )
    return words
