"""Reports of an evaluation set, read once a process with the product's own reader."""

import asyncio
from functools import lru_cache
from pathlib import Path

from tools.pdf.page import PageRecord
from tools.pdf.reader import read_pdf


@lru_cache(maxsize=4)
def read_report(path: Path) -> tuple[tuple[PageRecord, ...], dict[str, str]]:
    """Pages and metadata of one PDF. Raises DocumentError where it cannot be read."""
    pages: list[PageRecord] = []
    result = asyncio.run(read_pdf(path, on_page=pages.append))
    return tuple(pages), dict(result.metadata)
