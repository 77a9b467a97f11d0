"""The survivor: plain text with pypdf under strict limits, inside a worker process."""

import logging

from pypdf import Configuration, PdfReader, overwrite_configuration
from pypdf.errors import FileNotDecryptedError, LimitReachedError, PyPdfError

from tools.pdf.codec import pack
from tools.pdf.confine import budget, peak_mb
from tools.pdf.page import PageRecord
from tools.pdf.text import TextCleaner
from tools.pdf.worker import Emit, Job

_STRICT = Configuration(
    maximum_declared_stream_length=30_000_000,
    array_based_stream_maximum_output_length=30_000_000,
    jbig2_maximum_output_length=30_000_000,
    lzw_maximum_output_length=30_000_000,
    run_length_maximum_output_length=30_000_000,
    zlib_maximum_output_length=30_000_000,
    stream_decoding_work_maximum_length=100_000_000,
    stream_parsing_work_maximum_count=1_000_000,
    page_tree_maximum_entries=20_000,
    xform_maximum_invocations_per_extraction=1_000,
    jbig2dec_binary=None,
)
_FAILURES = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What pypdf raises on broken input; the sandbox catches whatever else there is."""


def read_pages(job: Job, emit: Emit) -> None:
    """Emit the document line and one line a page from `first` to `last`."""
    logging.disable(logging.CRITICAL)
    overwrite_configuration(_STRICT)
    budget(job["page_cpu_seconds"])
    try:
        reader = PdfReader(job["path"], password=job["password"])
        count = len(reader.pages)
    except FileNotDecryptedError:
        emit({"kind": "error", "code": "password", "detail": "needs a password"})
        return
    except _FAILURES as error:
        emit({"kind": "error", "code": "damaged", "detail": type(error).__name__})
        return
    emit({"kind": "document", "pages": count, "metadata": {}})
    if count > job["max_pages"]:
        return
    cleaner = TextCleaner()
    for number in range(job["first"], min(job["last"] or count, count) + 1):
        budget(job["page_cpu_seconds"])
        page = pack(_read(reader, number, cleaner, job["page_characters"]))
        emit({"kind": "page", "page": page.head, "peak_mb": peak_mb()}, page.body)


def _read(reader: PdfReader, number: int, cleaner: TextCleaner, longest: int) -> PageRecord:
    try:
        page = reader.pages[number - 1]
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        text = cleaner.clean(page.extract_text())[:longest]
    except _FAILURES as error:
        limit = isinstance(error, LimitReachedError)
        why = "it asks for more work than a page may" if limit else "the page is damaged"
        return PageRecord(number, 0.0, 0.0, "", lost=why, reader="pypdf")
    return PageRecord(number, width, height, text, reader="pypdf")
