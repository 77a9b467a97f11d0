"""Progress of a run on stderr: one line a company on a terminal, plain lines elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn

from graph.events import RunEvent

_STAGES = {
    "search_report": "looking for the report",
    "retrieve_pdf": "fetching the report",
    "read_pdf": "reading",
    "extract_kpis": "finding figures",
    "summarize": "summarizing",
    "verify_summary": "checking every sentence",
}
_RUN = {
    "indexing": "Looking through the reports at hand",
    "retrying": "Trying the companies that failed once more",
    "comparing": "Comparing the figures",
    "synthesizing": "Writing the synthesis",
    "cancelled": "Stopped.",
}


class RunProgress:
    """Shows the events of one run."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}
        self._names: dict[str, str] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave the terminal to a question."""
        self._progress.stop()
        yield
        self._progress.start()

    def show(self, event: RunEvent) -> None:
        """Show one event."""
        if event.kind == "confirmed":
            self._confirmed(event)
        elif event.kind == "stage" and event.company_id:
            self._stage(event.company_id, event)
        elif event.kind in {"company_done", "company_failed"} and event.company_id:
            self._ended(event.company_id, event)
        elif event.kind == "report_refused":
            self._line(f"  {event.data.get('name')}: not taken: {event.data.get('url')}")
            self._line(f"    {event.data.get('reason')}")
        elif event.kind == "indexing":
            if not event.data.get("file"):
                self._line(_RUN["indexing"])
        elif event.kind == "postponed":
            self._line(f"{event.data.get('reason', '')} The analysis goes on after a pause.")
        elif event.kind in _RUN:
            self._line(_RUN[event.kind])

    def _confirmed(self, event: RunEvent) -> None:
        companies = event.data["companies"]
        if isinstance(companies, list):
            for item in companies:
                if isinstance(item, dict):
                    self._names[str(item["id"])] = str(item["name"])

    def _stage(self, company_id: str, event: RunEvent) -> None:
        name = self._names.get(company_id, company_id)
        doing = _STAGES.get(str(event.data.get("stage")), "working")
        pages = event.data.get("pages")
        text = f"{name}: {doing}" + (f", {pages} pages" if pages else "")
        if company_id not in self._tasks:
            self._tasks[company_id] = self._progress.add_task(text, total=None)
        self._progress.update(self._tasks[company_id], description=text)

    def _ended(self, company_id: str, event: RunEvent) -> None:
        if company_id in self._tasks:
            self._progress.remove_task(self._tasks.pop(company_id))
        name = self._names.get(company_id, company_id)
        if event.kind == "company_done":
            self._line(
                f"✓ {name}: {event.data.get('figures')} figures, "
                f"{event.data.get('claims')} cited sentences"
            )
        else:
            self._line(f"✗ {name}: {event.data.get('reason')}")
            choices = event.data.get("choices")
            for choice in choices if isinstance(choices, list) else []:
                if isinstance(choice, dict):
                    self._line(f"    {choice['title']}: {choice['url']}")

    def _line(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)
