"""Reads pages with pdfium, inside a worker process only (pdfium must not run in threads)."""

from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium_c

from tools.pdf.assemble import PageReader
from tools.pdf.codec import to_json
from tools.pdf.confine import budget, cpu_ms, peak_mb

_REASONS = {pdfium_c.FPDF_ERR_PASSWORD: "password", pdfium_c.FPDF_ERR_SECURITY: "password"}


def read_pages(job: dict[str, Any], emit: Any) -> None:
    """Emit the document line and one line a page from `first` on."""
    budget(job["page_cpu_seconds"])
    document = open_document(job, emit)
    if document is None:
        return
    count = len(document)
    emit({"kind": "document", "pages": count, "metadata": _metadata(document)})
    if count > job["max_pages"]:
        return
    last = min(job["last"] or count, count)
    reader = PageReader(document, job, emit)
    for number in range(job["first"], last + 1):
        budget(job["page_cpu_seconds"])
        before = cpu_ms()
        record = reader.read(number)
        emit(
            {
                "kind": "page",
                "page": to_json(record),
                "cpu_ms": round(cpu_ms() - before, 1),
                "peak_mb": round(peak_mb(), 1),
            }
        )


def open_document(job: dict[str, Any], emit: Any) -> Any:
    """The pdfium document, or None after an error line."""
    try:
        return pypdfium2.PdfDocument(job["path"], password=job["password"])
    except pypdfium2.PdfiumError as error:
        code = _REASONS.get(error.err_code, "damaged")
        emit({"kind": "error", "code": code, "detail": str(error)})
        return None


def _metadata(document: Any) -> dict[str, str]:
    metadata = document.get_metadata_dict(skip_empty=True)
    return {key: value[:500] for key, value in metadata.items()}
