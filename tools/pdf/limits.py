"""What one document may cost before the reader gives up on it."""

import os
from dataclasses import dataclass


def usable_cores() -> int:
    """Cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class ReaderLimits:
    """Limits of one document; each is enforced in or around the worker process.

    `memory_mb` is address space (RLIMIT_AS), `cpu_seconds` the CPU time of one worker,
    `page_cpu_seconds` the CPU time of one page, `seconds` the wall time of the whole document
    without OCR, `crashes` how many workers may die before the rest is read another way.
    """

    max_pages: int = 1000
    max_mb: int = 150
    memory_mb: int = 512
    cpu_seconds: int = 120
    page_cpu_seconds: float = 6.0
    seconds: float = 300.0
    crashes: int = 3
    page_characters: int = 200_000
    """Longest text of one page that is kept."""
    text_only: bool = False
    """Read the text alone: no rows, tables, labels or search for hidden text."""
    ocr: bool = True
    """Read scanned pages by OCR where the `ocr` extra is installed."""
    ocr_pages: int = 40
    """Scanned pages of one document that OCR reads; the others stay unreadable."""
    ocr_memory_mb: int = 2048
    ocr_page_seconds: float = 120.0
    camelot: bool = False
    """Look for further tables with camelot where the `tables` extra is installed."""
    camelot_pages: int = 40
    """Screened pages of one document that camelot looks at."""
    camelot_memory_mb: int = 1536
    camelot_page_seconds: float = 30.0


DEFAULT_LIMITS = ReaderLimits()
