"""Makes the tools from the settings."""

from agent.settings import Settings
from tools.library.library import ReportLibrary
from tools.pdf.limits import ReaderLimits


def reader_limits(settings: Settings) -> ReaderLimits:
    """The PDF reader's limits as set."""
    return ReaderLimits(
        memory_mb=settings.reader_memory_mb,
        seconds=settings.reader_seconds,
        max_mb=settings.max_pdf_mb,
        max_pages=settings.max_pdf_pages,
    )


def make_library(settings: Settings) -> ReportLibrary:
    """The report library in the data folder."""
    return ReportLibrary(settings.data_dir / "library", limits=reader_limits(settings))
