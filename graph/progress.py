"""Page counts while a report is read, at most two events a second."""

import time

from graph.context import ResearchRuntime, tell
from tools.pdf.page import PageRecord

_EVERY_SECONDS = 0.5


class PageProgress:
    """Called with every page that was read."""

    def __init__(self, runtime: ResearchRuntime, company_id: str) -> None:
        self._runtime = runtime
        self._company_id = company_id
        self._pages = 0
        self._told_at = 0.0

    def __call__(self, page: PageRecord) -> None:
        self._pages = max(self._pages, page.number)
        now = time.monotonic()
        if now - self._told_at >= _EVERY_SECONDS:
            self._told_at = now
            tell(self._runtime, "stage", self._company_id, stage="read_pdf", pages=self._pages)
