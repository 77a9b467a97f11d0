"""Reads pages with pdfium, inside a worker process only (pdfium must not run in threads)."""

from io import BytesIO
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium_c

from tools.pdf.assemble import PageReader
from tools.pdf.camelot_screen import is_worth_camelot
from tools.pdf.codec import pack
from tools.pdf.confine import budget, peak_mb
from tools.pdf.digest import Digester
from tools.pdf.worker import Emit, Job

_LOCKED = {pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY}
_LONGEST_VALUE = 500
_LARGEST_COPY = 32 * 1024 * 1024


def read_pages(job: Job, emit: Emit) -> None:
    """Emit the document line and one line a page from `first` on."""
    budget(job["page_cpu_seconds"])
    document = open_document(job, emit)
    if document is None:
        return
    count = len(document)
    emit({"kind": "document", "pages": count, "metadata": _metadata(document)})
    if count > job["max_pages"]:
        return
    reader, digester = PageReader(document, job, emit), Digester()
    for number in range(job["first"], min(job["last"] or count, count) + 1):
        budget(job["page_cpu_seconds"])
        record = reader.read(number)
        page = pack(record, digester.digest(record))
        bare = job["bare"] and number == job["first"]
        if job["screen"] and not bare and is_worth_camelot(record):
            emit({"kind": "rendering"})
            emit({"kind": "copy"}, _copy(document, number))
        emit({"kind": "page", "page": page.head, "peak_mb": peak_mb()}, page.body)


def _copy(document: Any, number: int) -> bytes:
    """The page as a document of its own, without the restrictions of the whole; b"" if too big."""
    copy, buffer = pypdfium2.PdfDocument.new(), BytesIO()
    copy.import_pages(document, [number - 1])
    copy.save(buffer)
    copy.close()
    return buffer.getvalue() if buffer.tell() <= _LARGEST_COPY else b""


def open_document(job: Job, emit: Emit) -> Any:
    """The pdfium document, or None after an error line."""
    try:
        return pypdfium2.PdfDocument(job["path"], password=job["password"])
    except pypdfium2.PdfiumError as error:
        code = "password" if error.err_code in _LOCKED else "damaged"
        emit({"kind": "error", "code": code, "detail": str(error)})
        return None


def _metadata(document: Any) -> dict[str, str]:
    metadata = document.get_metadata_dict(skip_empty=True)
    return {key: value[:_LONGEST_VALUE] for key, value in metadata.items()}
